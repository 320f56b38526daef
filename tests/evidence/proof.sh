#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Snapshots prove their findings, and other tools read them: tests/evidence/proof.sh [sample|all]
set -u
cd "$(dirname "$0")/../.."
corpus=${SKUA_CORPUS:-../shared/corpus}
captures=
# Every fourth is enough for `make check`.
every=4
[ "${1:-sample}" = sample ] || every=1
[ ! -d "$corpus" ] || captures=$(ls "$corpus"/*/*.pcap* | awk -v n=$every 'NR % n == 0')
# shellcheck disable=SC2086  # a list of words
exec python3 tests/evidence/proof.py "${OUT:-build}" "${1:-sample}" $captures
