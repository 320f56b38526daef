#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Both engines over whole captures: tests/parity/replay.sh sample|all  (root with BPF, or it skips)
set -eu
cd "$(dirname "$0")/../.."
out=${OUT:-build}
scenarios="demo scans"
[ "${1:-sample}" = sample ] || scenarios="demo scans beacons benign tunnels uploads odd"
mkdir -p "$out/parity-captures"
captures=
for scenario in $scenarios; do
	capture=$out/parity-captures/$scenario.pcap
	"$out/skua-gen" "tests/scenarios/$scenario.scn" -o "$capture"
	captures="$captures $capture"
done
if ! "$out/skua" replay -q --engine kernel "$out/parity-captures/scans.pcap" >/dev/null 2>"$out/parity.log"; then
	if grep -q 'not permitted' "$out/parity.log"; then
		echo "1..0 # SKIP loading BPF programs needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
		exit 0
	fi
	cat "$out/parity.log"
	exit 1
fi
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ -d "$corpus" ]; then
	every=10
	[ "${1:-sample}" = sample ] || every=1
	captures="$captures $(ls "$corpus"/*/*.pcap* | awk -v n=$every 'NR % n == 0')"
else
	captures="$captures -"
fi
# shellcheck disable=SC2086  # a list of words
exec python3 tests/parity/replay.py "$out" $captures
