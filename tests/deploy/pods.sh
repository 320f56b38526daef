#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who names pods, against an API server that lists, watches, forgets, stalls and fails.
cd "$(dirname "$0")/../.." || exit 1
for library in libcurl jansson; do
	"${OUT:-build}/skua" version | grep "^$library: " | grep -qv no || {
		echo "1..0 # SKIP this skua is built without $library"
		exit 77
	}
done
exec python3 tests/deploy/pods.py "${OUT:-build}"
