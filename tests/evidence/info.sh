#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua info` says of captures is what capinfos and tshark say.
set -u
cd "$(dirname "$0")/../.."
for tool in capinfos tshark editcap mergecap gzip python3; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh check"
		exit 77
	}
done
corpus=${SKUA_CORPUS:-../shared/corpus}
captures=-
[ ! -d "$corpus" ] || captures=$(ls "$corpus"/*/*.pcap*)
# shellcheck disable=SC2086  # a list of words
exec python3 tests/evidence/info.py "${OUT:-build}" $captures
