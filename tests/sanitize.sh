#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every capture that is odd, torn or hostile, through a build with address and undefined behaviour
# sanitizers, evidence included: no crash, no hang, an exit status that says what happened.
set -u
cd "$(dirname "$0")/.."
out=${OUT:-build}/asan
${MAKE:-make} --no-print-directory -j2 OUT="$out" SAN=address,undefined "$out/skua" >"${OUT:-build}/asan.log" 2>&1 || {
	tail -n 20 "${OUT:-build}/asan.log"
	exit 1
}
n=0 failed=0
run() {
	n=$((n + 1))
	rm -rf "$out/vault"
	# One MB of either, so that both are full in the larger ones.
	timeout 120 "$out/skua" replay --format json --min-score 0 --compat --snapshots "$out/vault" \
		--recorder 1 --keep 1 "$1" >/dev/null 2>"$out/run.log"
	status=$?
	case $status in
	0 | 2 | 4) echo "ok $n - ${1##*/}: exit status $status" ;;
	*)
		failed=1
		echo "not ok $n - ${1##*/}: exit status $status"
		grep -E 'ERROR|runtime error|#[0-4] ' "$out/run.log" | head -n 4
		;;
	esac
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
