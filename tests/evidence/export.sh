#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua export` makes of captures, as capinfos and tshark see it.
set -u
cd "$(dirname "$0")/../.."
for tool in capinfos tshark tcpdump editcap gzip python3; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh check"
		exit 77
	}
done
corpus=${SKUA_CORPUS:-../shared/corpus}
captures=-
# A few are enough here: `tests/evidence/export.sh all` takes all of them.
every=30
[ "${1:-sample}" = sample ] || every=1
[ ! -d "$corpus" ] || captures=$(ls "$corpus"/*/*.pcap* | awk -v n=$every 'NR % n == 0')
# shellcheck disable=SC2086  # a list of words
exec python3 tests/evidence/export.py "${OUT:-build}" $captures
