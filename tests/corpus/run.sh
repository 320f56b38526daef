#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The scoreboard over a folder of real captures, if it is there: tests/corpus/run.sh [SKUA]
set -eu
cd "$(dirname "$0")/../.."
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ ! -e "$corpus/MANIFEST.tsv" ]; then
	echo "1..1"
	echo "ok 1 - the corpus of real captures # SKIP no $corpus/MANIFEST.tsv: set SKUA_CORPUS"
	exit 0
fi
python3 tests/corpus/score.py "${1:-${OUT:-build}/skua}" "$corpus"
