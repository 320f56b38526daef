#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every question to a capture in one pass, beside tshark's command for each and a script with scapy:
# one run side by side, on 100,000 generated packets and, where there is a corpus of real captures,
# on as many of those.  Ratios count, not seconds.
set -eu
cd "$(dirname "$0")/../.."
out=${OUT:-build}
work=$out/bench
mkdir -p "$work"
for tool in tshark mergecap editcap; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh bench"
		exit 77
	}
done
make_generated() {
	"$out/skua-gen" tests/scenarios/everyday.scn -o "$work/everyday.pcap"
	editcap -F pcap -r "$work/everyday.pcap" "$1" 1-100000
	rm "$work/everyday.pcap"
}
# Captures of Ethernet, one after the other, until there are enough packets; again if need be.
make_real() {
	corpus=${SKUA_CORPUS:-../shared/corpus}
	files=
	for file in "$corpus"/content/* "$corpus"/benign/* "$corpus"/exfil/* "$corpus"/beacon/*; do
		case $(capinfos -T -r -E "$file" 2>/dev/null) in
		*ether*) files="$files $file" ;;
		esac
	done
	mergecap -a -F pcap -w "$work/once.pcap" $files
	copies= packets=0 one=$(capinfos -T -r -c "$work/once.pcap" -M | awk '{ print $NF }')
	while [ "$packets" -lt 100000 ]; do
		copies="$copies $work/once.pcap" packets=$((packets + one))
	done
	mergecap -a -F pcap -w "$work/all.pcap" $copies
	editcap -F pcap -r "$work/all.pcap" "$1" 1-100000
	rm "$work/once.pcap" "$work/all.pcap"
}
captures=$work/generated100k.pcap
[ -e "$captures" ] || make_generated "$captures"
if [ -d "${SKUA_CORPUS:-../shared/corpus}" ]; then
	[ -e "$work/real100k.pcap" ] || make_real "$work/real100k.pcap"
	captures="$captures $work/real100k.pcap"
fi
exec python3 tests/bench/analyze.py "$out" "$work" "${ROUNDS:-5}" $captures
