#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Run fuzz harnesses, seeded with what the generator makes: tests/fuzz.sh SECONDS HARNESS...
# Corpora live in $OUT/corpus-NAME and grow from run to run; a crash is kept in $OUT/crashes.
set -u
seconds=$1
shift
out=${OUT:-build}
mkdir -p "$out/crashes"
seed() {
	for scenario in odd tunnels; do
		[ -e "$out/$scenario-seed.pcap" ] ||
			"$out/skua-gen" "tests/scenarios/$scenario.scn" -o "$out/$scenario-seed.pcap"
		python3 tests/fuzz/seed.py "$1" "$out/$scenario-seed.pcap" "$out/corpus-$1"
	done
}
n=0 failed=0
for harness in "$@"; do
	n=$((n + 1))
	name=$(basename "$harness")
	mkdir -p "$out/corpus-$name"
	[ -n "$(ls "$out/corpus-$name")" ] || seed "$name"
	if ASAN_OPTIONS=detect_leaks=1 "$harness" -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$out/crashes/$name-" \
		"$out/corpus-$name" >"$out/fuzz-$name.log" 2>&1
	then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/fuzz-$name.log")
		echo "ok $n - $name: $runs runs in $seconds s find nothing"
	else
		failed=1
		echo "not ok $n - $name finds something: see $out/fuzz-$name.log"
		grep -E 'ERROR|SUMMARY|runtime error|#[0-4] ' "$out/fuzz-$name.log" | head -n 4
	fi
done
echo "1..$n"
exit $failed
