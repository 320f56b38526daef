#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Nobody notices the agent: streams arrive unchanged, other people's programs keep working, and
# neither blinds the other.  tests/lab/interfere.sh quick|all
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
bytes=8000000 datagrams=2000
tenants='xdp:xdp tcx:tc'
[ "${1:-quick}" = quick ] || {
	bytes=200000000 datagrams=40000
	tenants='xdp:auto xdp:xdp xdp:xdp-generic tcx:tc tcx:xdp tcx:xdp-generic'
}

streams() { # file for the sums
	for stream in a:10.78.0.2 a:fd78::2 b:10.78.0.1; do
		lab_in "${stream%%:*}" python3 "$LAB_HERE/stream.py" tcp "${stream#*:}" $bytes &&
			lab_in "${stream%%:*}" python3 "$LAB_HERE/stream.py" udp "${stream#*:}" $datagrams ||
			echo "what $stream sent is not what arrived"
	done >"$1" 2>&1
}

check_streams() {
	for end in a b; do
		lab_start $end take.$end python3 "$LAB_HERE/stream.py" take
		lab_until 30 grep -qs taking "$LAB_DIR/take.$end" || exit 1
	done
	streams "$LAB_DIR/sums.without"
	is "$(grep -cE '^[0-9a-f]{64}$' "$LAB_DIR/sums.without")" 6 "without skua six streams arrive"
	for hook in tc clsact xdp xdp-generic; do
		lab_agent b $hook -i eth0=uplink --hook $hook
		ok $? "skua watches by $hook"
		streams "$LAB_DIR/sums.$hook"
		same "$LAB_DIR/sums.without" "$LAB_DIR/sums.$hook" \
			"with $hook the same bytes arrive in the same order"
		lab_stop $hook
		is $? 0 "$hook ends with status 0"
		[ "$(lab_stat $hook .packets)" -gt $((datagrams * 3)) ]
		ok $? "$hook saw them: $(lab_stat $hook .packets) packets"
	done
}

# A program of somebody else on b's device, which says on demand how much it has seen.
tenant_open() { # xdp|tcx
	lab_start b "$1.said" "$LAB_BUILD/lab/tenant" "$1" "$LAB_BUILD/lab/foreign.bpf.o" eth0
	tenant_pid=$LAB_PID
	lab_until 30 grep -qs attached "$LAB_DIR/$1.said"
}

tenant_saw() { # xdp|tcx
	before=$(wc -l <"$LAB_DIR/$1.said")
	kill -USR1 "$tenant_pid"
	lab_until 30 tenant_answered "$1" "$before"
	tail -n 1 "$LAB_DIR/$1.said"
}

tenant_answered() { # xdp|tcx lines
	[ "$(wc -l <"$LAB_DIR/$1.said")" -gt "$2" ]
}

tenant_close() {
	lab_kill "$tenant_pid"
}

# To a port where nobody listens, which the stack behind all programs counts.
hundred() {
	heard=$(lab_received b Udp NoPorts)
	lab_in a python3 -c 'import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(100):
    sock.sendto(b"x", ("10.78.0.2", 9))'
	lab_until 30 lab_has_received b Udp NoPorts $((heard + 100)) || note "not a hundred packets arrive"
}

# Both see a hundred packets each, the tenant before, with and after the agent.
check_tenant() { # xdp|tcx hook
	tenant_open "$1"
	ok $? "somebody's $1 program is there first" "$(cat "$LAB_DIR/$1.said")"
	lab_snapshot b >"$LAB_DIR/tenant.before"
	lab_agent b "beside-$1-$2" -i eth0=uplink --hook "$2"
	ok $? "skua watches by $2 beside it"
	note "$(cat "$LAB_DIR/beside-$1-$2.err")"
	begun=$(tenant_saw "$1")
	hundred
	is $(($(tenant_saw "$1") - begun)) 100 "beside $2 the $1 program sees a hundred packets of a hundred"
	lab_stop "beside-$1-$2"
	[ "$(lab_stat "beside-$1-$2" .packets)" -ge 100 ]
	ok $? "and so does skua: $(lab_stat "beside-$1-$2" .packets), with what was answered"
	begun=$(tenant_saw "$1")
	hundred
	is $(($(tenant_saw "$1") - begun)) 100 "and the $1 program still does when skua has gone"
	lab_left_as "$LAB_DIR/tenant.before" "what was attached is what was attached before" b
	tenant_close
}

# How many packets the filter's program has seen.
filter_saw() {
	number=$(lab_in b tc -j filter show dev eth0 ingress |
		jq '[.[].options.prog? | select(.name == "lab_foreign_tc") | .id][0]')
	bpftool -j map dump id "$(bpftool -j prog show id "$number" | jq '.map_ids[0]')" | jq '.[1].formatted.value'
}

# A filter of clsact that ends the line: ours must come before it, and leave it.
check_filter() { # hook
	lab_in b tc qdisc add dev eth0 clsact
	lab_in b tc filter add dev eth0 ingress pref 10 bpf da obj "$LAB_BUILD/lab/foreign.bpf.o" sec tc
	ok $? "somebody's filter of clsact is there first"
	lab_snapshot b >"$LAB_DIR/filter.before"
	lab_agent b "filter-$1" -i eth0=uplink --hook "$1"
	ok $? "skua watches by $1 beside it"
	begun=$(filter_saw)
	hundred
	is $(($(filter_saw) - begun)) 100 "beside $1 the filter sees a hundred packets of a hundred"
	lab_stop "filter-$1"
	[ "$(lab_stat "filter-$1" .packets)" -ge 100 ]
	ok $? "by $1 skua sees a hundred packets beside it: $(lab_stat "filter-$1" .packets)"
	lab_left_as "$LAB_DIR/filter.before" "qdisc and filter are left as they were found by $1" b
	lab_in b tc qdisc del dev eth0 clsact
}

# Two agents on one device: what the second does at its start and end leaves the first one seeing.
check_two() {
	lab_agent b first -i eth0=uplink --hook clsact && lab_agent b second -i eth0=uplink --hook tc
	ok $? "two agents watch one device, by clsact and by tc"
	hundred
	lab_stop second
	hundred
	lab_stop first
	[ "$(lab_stat second .packets)" -ge 100 ] && [ "$(lab_stat first .packets)" -ge 200 ]
	ok $? "each sees what passes in its time" \
		"first $(lab_stat first .packets) of 200 and more, second $(lab_stat second .packets) of 100 and more"
}

lab_need jq
lab_open
lab_need_bpf
lab_pair a b
lab_snapshot a b >"$LAB_DIR/before"
check_streams
for tenant in $tenants; do
	check_tenant "${tenant%:*}" "${tenant#*:}"
done
check_filter tc
check_filter clsact
check_two
lab_left_as "$LAB_DIR/before" "the namespaces are as they were" a b
lab_close
