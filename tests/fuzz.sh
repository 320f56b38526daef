#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Run fuzz harnesses, seeded with what the generator makes: tests/fuzz.sh SECONDS HARNESS...
# A harness written HARNESS@SECONDS has seconds of its own.  As many run at a time as there are
# processors (JOBS).  Corpora live in $OUT/corpus-NAME and grow from run to run; a crash is kept in
# $OUT/crashes.  FUZZ_SEED=N draws the same inputs from the same corpora each time, as far as the time
# reaches; without it, others.
set -u
seconds=$1
shift
out=${OUT:-build}
jobs=${JOBS:-$(nproc)}
mkdir -p "$out/crashes"
# Where addresses are very random, the sanitizers of older compilers find no room for themselves now and then.
fixed="setarch -R"
$fixed true 2>/dev/null || fixed=
for scenario in odd tunnels; do
	[ -e "$out/$scenario-seed.pcap" ] ||
		"$out/skua-gen" "tests/scenarios/$scenario.scn" -o "$out/$scenario-seed.pcap"
done

# One harness; what there is to say of it goes to its own file, so that lines do not mix.
run() {
	harness=${1%@*} time=$seconds
	[ "$harness" = "$1" ] || time=${1##*@}
	name=$(basename "$harness")
	mkdir -p "$out/corpus-$name"
	[ -n "$(ls "$out/corpus-$name")" ] || for scenario in odd tunnels; do
		python3 tests/fuzz/seed.py "$name" "$out/$scenario-seed.pcap" "$out/corpus-$name"
	done
	# shellcheck disable=SC2086  # a command and its option, or nothing
	if ASAN_OPTIONS=detect_leaks=1 $fixed "$harness" -seed="${FUZZ_SEED:-0}" -reload=0 \
		-max_total_time="$time" -timeout=60 \
		-rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$out/crashes/$name-" \
		"$out/corpus-$name" >"$out/fuzz-$name.log" 2>&1
	then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/fuzz-$name.log")
		echo "ok - $name: $runs runs in $time s find nothing"
	else
		echo "not ok - $name finds something: see $out/fuzz-$name.log"
		grep -aE 'ERROR|SUMMARY|runtime error|Assertion|^pieces|#[0-4] ' "$out/fuzz-$name.log" |
			head -n 6 | sed 's/^/# /'
	fi >"$out/fuzz-$name.tap"
}

running=0
for harness in "$@"; do
	[ "$running" -lt "$jobs" ] || { wait; running=0; }
	run "$harness" &
	running=$((running + 1))
done
wait
for harness in "$@"; do
	cat "$out/fuzz-$(basename "${harness%@*}").tap"
done | awk '
	/^ok / { sub(/^ok/, "ok " ++n) }
	/^not ok / { sub(/^not ok/, "not ok " ++n); failed = 1 }
	{ print }
	END { print "1.." n + 0; exit failed }'
