#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# skua doctor on hosts that lack something, and among programs of others: what it says is so, and
# nothing is changed by asking.  usage: OUT=build tests/doctor/run.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${OUT:-build} skua=${OUT:-build}/skua
if [ "$(id -u)" != 0 ] || ! ip netns add skua-doctor 2>/dev/null; then
	echo "1..0 # SKIP namespaces and programs of others need root"
	exit 0
fi
dir=$(mktemp -d)
PATH=$PATH:/usr/sbin:/sbin
tenant=
clean() {
	[ -z "$tenant" ] || kill "$tenant" 2>/dev/null
	ip netns del skua-doctor
	rm -rf "$dir"
}
trap clean EXIT
n=0 failed=0
check() {
	sentence=$1
	shift
	n=$((n + 1))
	if "$@" >"$dir/said" 2>&1; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		tail -n 12 "$dir/said" | sed 's/^/# /'
	fi
}
inside() {
	ip netns exec skua-doctor "$@"
}
# is FILTER: true of the answers, an array
is() {
	jq -es "$1" "$dir/answers"
}
ask() {
	inside "$@" "$skua" doctor --format json --snapshots "$dir/vault" --socket "$dir/none" \
		>"$dir/answers"
}
# What could be changed: programs, maps, links and whatever hangs at an interface, but for the ages
# and counts of what others do meanwhile.
state() {
	inside bpftool -j net show
	inside ip -j -d link show
	inside tc qdisc show
	inside tc filter show dev near ingress
	inside tc filter show dev near egress
	inside sysctl -a 2>/dev/null | grep -E 'bpf|memlock'
	find "$dir/vault" /run/skua 2>/dev/null
	find /sys/fs/bpf
	bpftool prog show | sed -n 's/^\([0-9]*\): .* name \(skua[^ ]*\).*/\1 \2/p'
	bpftool map show | sed -n 's/^\([0-9]*\): .* name \(flows_[^ ]*\).*/\1 \2/p'
}

inside ip link add near type veth peer name far
inside ip link set near up
inside tc qdisc add dev near clsact
inside tc filter add dev near ingress pref 10 bpf da obj "$out/lab/foreign.bpf.o" sec tc
inside tc filter add dev near egress pref 7 u32 match u32 0 0 flowid 1:1
inside "$out/lab/tenant" xdp "$out/lab/foreign.bpf.o" near >"$dir/tenant" 2>&1 &
tenant=$!
for _ in $(seq 600); do
	inside ip -d link show near | grep -q xdp && break
	sleep 0.1
done

# Agents of others may come and go meanwhile.
for _ in 1 2 3 4 5; do
	state >"$dir/before"
	ask
	status=$?
	state >"$dir/after"
	cmp -s "$dir/before" "$dir/after" && break
	sleep 2
done
check "it ends with 0 where skua runs" test $status = 0
check "nothing is changed by asking" cmp "$dir/before" "$dir/after"
check "the programs are loaded to see whether they do" \
	is 'any(.check == "programs" and .state == "good")'
check "another's XDP program is told, and what follows" \
	is 'any(.check == "attached" and (.found | test("^near: xdp 1: ")) and (.remedy | test("uses tc")))'
check "so is a filter, with its program" \
	is 'any(.check == "attached" and (.found | test("clsact ingress 1: .*\\(id [1-9]")))'
check "and one without" is 'any(.check == "attached" and (.found | test("clsact egress [0-9]: u32")))'
check "whose other end is free" is 'any(.check == "attached" and .found == "far: nobody")'
check "the driver is named, and its XDP" \
	is 'any(.check == "driver" and (.found | test("near: driver veth, native XDP (yes|not told)")))'
check "room is told where evidence will be" \
	is 'any(.check == "vault" and (.found | test("; it will be made$")))'
check "that no agent answers is told" is 'any(.check == "agent" and .state == "note")'
check "each answer says where, what and how it is" \
	is 'all(has("area") and has("check") and has("found") and
		(.state | IN("good", "note", "warn", "bad")))'
check "whoever prevents says a remedy" is 'all(.state != "bad" or has("remedy"))'

three="-all,+bpf,+net_admin,+perfmon"
ask setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps "$three" --ambient-caps "$three" \
	--bounding-set "$three"
check "three capabilities suffice" test $? = 0
check "the fourth is worth a note" is 'any(.check == "CAP_NET_RAW" and .state == "note")'
two="-all,+bpf,+net_admin"
ask setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps "$two" --ambient-caps "$two" \
	--bounding-set "$two"
check "without CAP_PERFMON the end is 1" test $? = 1
check "because the verifier refuses" \
	is 'any(.check == "programs" and .state == "bad") and
		any(.check == "CAP_PERFMON" and .state == "bad" and (.remedy | test("verifier")))'
ask setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all
check "nobody at all is told the three that are missing" \
	is 'map(select(.state == "bad" and .area == "rights") | .check) ==
		["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"]'
ask tests/doctor/filtered.py open
check "a seccomp filter is told" \
	is 'any(.check == "seccomp" and .state == "note" and (.found | test("a filter is set")))'
ask tests/doctor/filtered.py mute
check "so is one that forbids to ask for it" is 'any(.check == "seccomp" and .state == "note")'
ask tests/doctor/filtered.py open unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh
check "and one where there is no /proc" is 'any(.check == "seccomp" and .state == "note")'
inside "$skua" doctor --format table --socket "$dir/none" >"$dir/table"
check "the table ends with the sum" \
	sh -c "tail -n 1 '$dir/table' | grep -qE '^[0-9]+ good, .* 0 that prevent: skua run works here$'"
echo "1..$n"
exit $failed
