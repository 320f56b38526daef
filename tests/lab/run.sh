#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# All tests of the lab as one list: tests/lab/run.sh quick|all
# quick is for every `make check` and takes three minutes; all plays every combination.
set -u
cd "$(dirname "$0")" || exit 1
how=${1:-quick}
OUT=$(cd ../.. && realpath -m "${OUT:-build}")
export OUT
log=$(mktemp)
child=
trap 'rm -f "$log"' EXIT
# The one that runs takes its network down first.
trap 'kill $child; wait $child; exit 1' INT TERM HUP

scenes='4 plain'
[ "$how" = quick ] || scenes='4 plain
6 plain
4 vlan
6 vlan
4 vxlan
6 vxlan
4 plain peers
6 vxlan peers'

number=0 failed=0
one() { # script argument...
	name="$*"
	echo "# $name"
	sh "$@" >"$log" 2>&1 </dev/null &
	child=$!
	wait $child
	status=$?
	if grep -q '^1\.\.0 # SKIP' "$log"; then
		number=$((number + 1))
		echo "ok $number - $name # SKIP $(sed -n 's/^1\.\.0 # SKIP //p' "$log")"
		return
	fi
	export LAB_BPF_SHOWN=1 # once is enough
	plan=$(sed -n 's/^1\.\.//p' "$log")
	awk -v n=$number -v name="${name%% *}" '
		/^(not )?ok [0-9]+ / { n++; sub(/ok [0-9]+ -/, "ok " n " - " name ":"); print; next }
		/^1\.\./ { next }
		{ print (/^#/ ? "" : "# ") $0 }' "$log"
	number=$((number + $(grep -cE '^(not )?ok ' "$log")))
	[ "$status" = 0 ] || failed=1
	if [ "$plan" != "$(grep -cE '^(not )?ok ' "$log")" ]; then
		number=$((number + 1))
		echo "not ok $number - $name reaches its end: status $status"
		failed=1
	fi
}

one rights.sh
one interfere.sh "$how"
one account.sh "$how"
one cycle.sh "$how"
one come_and_go.sh
one blind.sh
one gap.sh
one tun.sh "$how"
one selftest.sh
one pods.sh
one pod_names.sh
one pod_policy.sh
one pod_reads.sh
one pretrigger.sh "$how"
one evidence.sh "$how"
one tools.sh "$how"
while read -r scene; do
	# shellcheck disable=SC2086  # words
	one scene.sh $scene
done <<EOT
$scenes
EOT
echo "1..$number"
exit $failed
