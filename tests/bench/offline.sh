#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Replay beside other tools, on the same generated captures, in one run: wall time as the median
# of ROUNDS (5), the commands taking turns, and peak memory.  Ratios count, not seconds.
set -eu
cd "$(dirname "$0")/../.."
out=${OUT:-build}
work=$out/bench
mkdir -p "$work"
for size in 1m 10m; do
	[ -e "$work/bulk$size.pcap" ] || "$out/skua-gen" "tests/scenarios/bulk$size.scn" -o "$work/bulk$size.pcap"
done
python3 tests/bench/offline.py "$out" "$work" "${ROUNDS:-5}"
exec python3 tests/bench/recorder.py "$out" "$work" "${ROUNDS:-5}"
