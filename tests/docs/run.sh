#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the README and the manual say is so: commands run, outputs and options are as printed there.
cd "$(dirname "$0")/../.."
for tool in jq mandoc tcpdump zstd lz4 curl pgrep; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh check"
		exit 77
	}
done
exec python3 -B tests/docs/run.py "${OUT:-build}"
