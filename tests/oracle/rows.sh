#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The rows of the analyst commands beside tshark's, over the corpus: tests/oracle/rows.sh [--all]
set -eu
cd "$(dirname "$0")/../.."
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	echo "1..0 # SKIP no corpus at $corpus (set SKUA_CORPUS)"
	exit 0
fi
if ! command -v tshark >/dev/null; then
	echo "1..0 # SKIP tshark is not installed"
	exit 0
fi
exec python3 tests/oracle/rows.py "${OUT:-build}/skua" "$corpus" "$@"
