#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every capture that is odd, torn or hostile, through a build with address and undefined behaviour
# sanitizers, evidence included: no crash, no hang, an exit status that says what happened.
# tests/sanitize.sh [quick|all]: with all each command of analysts goes over every capture, in every
# format; otherwise all questions at once over a sample of them.
set -u
how=${1:-quick}
cd "$(dirname "$0")/.."
out=${OUT:-build}/asan
${MAKE:-make} --no-print-directory -j2 OUT="$out" SAN=address,undefined "$out/skua" >"${OUT:-build}/asan.log" 2>&1 || {
	tail -n 20 "${OUT:-build}/asan.log"
	exit 1
}
# Where addresses are very random, the sanitizers of older compilers find no room for themselves now and then.
fixed="setarch -R"
$fixed true 2>/dev/null || fixed=
n=0 failed=0
# NAME STATUS [REPLAY'S]: a command must not refuse what replay reads.
judge() {
	n=$((n + 1))
	case $2/${3:-2} in
	0/* | 2/2 | 4/*) echo "ok $n - $1: exit status $2" ;;
	*)
		failed=1
		echo "not ok $n - $1: exit status $2"
		grep -E 'ERROR|runtime error|#[0-4] ' "$out/run.log" | head -n 4
		;;
	esac
}
# FILE COMMAND...: one command of analysts; replay's status is in $status.
ask() {
	file=$1
	shift
	rm -rf "$out/answers"
	# shellcheck disable=SC2086  # a command and its option, or nothing
	timeout 600 $fixed "$out/skua" "$@" "$file" >/dev/null 2>"$out/run.log"
	judge "$* ${file##*/}" $? "$status"
}
ask_each() {
	formats="json csv table"
	for question in dns http tls credentials 'objects -o '"$out/answers" 'smb --all' conversations \
		'conversations --layer ip --gap 0.1..60 --per-pair' talkers 'packets --gap 0..1' \
		'hierarchy --frames' suspicious; do
		format=${formats%% *}
		formats="${formats#* } $format"
		ask "$1" $question --format "$format"
	done
	ask "$1" analyze -o "$out/answers" --format table
}
count=0
run() {
	rm -rf "$out/vault"
	# One MB of either, so that both are full in the larger ones.
	# shellcheck disable=SC2086  # as above
	timeout 600 $fixed "$out/skua" replay --format json --min-score 0 --compat --records flow,dns,tls,http,file --snapshots "$out/vault" \
		--recorder 1 --keep 1 "$1" >/dev/null 2>"$out/run.log"
	status=$?
	judge "${1##*/}" $status
	count=$((count + 1))
	if [ "$how" = all ]; then
		ask_each "$1"
	elif [ $((count % 6)) = 0 ]; then
		ask "$1" analyze --all -o "$out/answers"
	fi
}
# Captures of ours, whole and cut at odd places.
for scenario in odd scans tunnels; do
	[ -e "tests/scenarios/$scenario.scn" ] || continue
	"${OUT:-build}/skua-gen" "tests/scenarios/$scenario.scn" -o "$out/$scenario.pcap"
	run "$out/$scenario.pcap"
	for cut in 3 23 24 30 40 41 1000 54321; do
		head -c $cut "$out/$scenario.pcap" >"$out/$scenario-cut-$cut.pcap"
		run "$out/$scenario-cut-$cut.pcap"
	done
done
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ -d "$corpus" ]; then
	for file in "$corpus"/*/*.pcap*; do
		run "$file"
	done
else
	n=$((n + 1))
	echo "ok $n - the corpus of real captures # SKIP no $corpus: set SKUA_CORPUS"
fi
echo "1..$n"
exit $failed
