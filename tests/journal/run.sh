#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Journals written while captures are replayed, replayed again: the same bytes of output.
set -u
cd "$(dirname "$0")/../.."
corpus=${SKUA_CORPUS:-../shared/corpus}
captures=-
# Every tenth is enough here: `tests/journal/run.sh all` takes all of them.
every=10
[ "${1:-sample}" = sample ] || every=1
[ ! -d "$corpus" ] || captures=$(ls "$corpus"/*/*.pcap* | awk -v n=$every 'NR % n == 0')
# shellcheck disable=SC2086  # a list of words
exec python3 tests/journal/run.py "${OUT:-build}" $captures
