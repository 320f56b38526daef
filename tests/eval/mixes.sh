#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes the journals of harmless traffic that tests/eval lays beacons over: one for each view and
# seed of the lists, below OUT/eval/mix.  Those newer than their scenario and their makers stay.
cd "$(dirname "$0")/../.." || exit 1
out=${OUT:-build} to=${1:-${OUT:-build}/eval/mix}
mkdir -p "$to" || exit 1
for seed in $(sed -n 's/^seeds //p' tests/eval/tune.txt tests/eval/report.txt); do
	for view in host node tap; do
		scenario=tests/eval/mix/$view.scn journal=$to/$view-$seed
		[ "$journal/done" -nt "$scenario" ] && [ "$journal/done" -nt "$out/skua-gen" ] &&
			[ "$journal/done" -nt "$out/capture.a" ] && continue
		rm -rf "$journal"
		"$out/skua-gen" "$scenario" --seed "$seed" -o - |
			"$out/skua" replay -q --journal "$journal" - >"$journal.found" || exit 1
		mv "$journal.found" "$journal/found.txt" && touch "$journal/done" || exit 1
	done
done
