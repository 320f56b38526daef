#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What analyst commands say beside tshark, over the corpus: tests/oracle/tshark.sh
# rows|ja4|tables|packets|hierarchy|analyze|credentials [--all], objects quick|all
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
kind=$1
shift
exec python3 "tests/oracle/$kind.py" "${OUT:-build}/skua" "$corpus" "$@"
