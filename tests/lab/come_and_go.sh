#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Interfaces that come, go, fall, rise, are renamed and move to another namespace while the agent
# runs are followed within a second, by the best of a few tries.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

index() { # namespace device
	ip -n "$LAB-$1" -o link show "$2" | cut -d : -f 1
}

# How many links of the attacher's the device has, as the kernel tells it.
links() { # ifindex
	cat /proc/"$attacher"/fdinfo/* 2>/dev/null | grep -cE "^ifindex:[[:space:]]*$1\$"
}

# In both directions, as what was there from the beginning.
watched() { # ifindex
	[ "$(links "$1")" -ge "$wanted" ]
}

unwatched() { # ifindex
	[ "$(links "$1")" = 0 ]
}

# That it happens, and how long after what happened before.
soon() { # sentence command...
	sentence=$1
	shift
	begun=$(date +%s%N)
	lab_until 30 "$@"
	status=$?
	echo "$((($(date +%s%N) - begun) / 1000000)) $status $hook: $sentence" >>"$LAB_DIR/took"
}

# For each sentence of this hook the shortest time, and whether it ever was not so.
best() {
	awk -v hook="$hook:" '$3 == hook {
		took = $1; bad = $2; sub(/^[0-9]+ [0-9]+ /, "")
		if (!($0 in least)) { order[++n] = $0; least[$0] = took }
		if (took < least[$0]) least[$0] = took
		worst[$0] += bad
	}
	END { for (i = 1; i <= n; i++) print least[order[i]], worst[order[i]], order[i] }' "$LAB_DIR/took"
}

# What another program took the processor from is tried again: who can do it within a second, does.
all_soon() {
	best | awk '$1 > 1000 { slow = 1 } END { exit slow }'
}

judge() {
	best >"$LAB_DIR/best"
	while read -r took status sentence; do
		[ "$status" = 0 ] && [ "$took" -le 1000 ]
		ok $? "$sentence within a second" "after $took ms at best, status $status"
		note "$sentence: $took ms"
	done <"$LAB_DIR/best"
}

# Ten packets to the peer of a device, until the stack there has them; what the agent counts is looked at
# in the end.
ten() { # device of ours
	sent=$((sent + 10))
	lab_until 20 lab_is_up far "$1"
	heard=$(lab_received near Ip InReceives)
	lab_in far python3 -c 'import socket, sys
sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sock.bind((sys.argv[1], 0))
frame = bytes.fromhex("ffffffffffff0200000000010800") + bytes.fromhex(
    "4500002000010000401100000a4e09010a4e0902") + bytes.fromhex("00090009000c0000") + b"\0" * 18
for number in range(10):
    sock.send(frame)' "$1"
	lab_until 20 lab_has_received near Ip InReceives $((heard + 10)) || note "not ten packets arrive by $1"
}

pair() { # device
	ip -n "$LAB-near" link add "$1" type veth peer name "$1" netns "$LAB-far"
	ip -n "$LAB-near" link set "$1" addrgenmode none up
	ip -n "$LAB-far" link set "$1" addrgenmode none up
}

# Comes, falls and rises, gets other names, moves, comes back, goes.
turn() {
	pair pod2
	soon "a pod that comes is watched" watched "$(index near pod2)"
	ten pod2

	pair other
	ip -n "$LAB-near" link set pod2 down
	ip -n "$LAB-near" link set pod2 up
	soon "down and up, it still is" watched "$(index near pod2)"
	ten pod2
	unwatched "$(index near other)"
	ok $? "$hook: what has another name is not"

	ip -n "$LAB-near" link set pod2 down
	ip -n "$LAB-near" link set pod2 name pod7
	ip -n "$LAB-near" link set pod7 up
	soon "renamed within the pattern it is watched" watched "$(index near pod7)"
	ten pod2
	number=$(index near other)
	ip -n "$LAB-near" link set other down
	ip -n "$LAB-near" link set other name pod8
	ip -n "$LAB-near" link set pod8 up
	soon "what gets such a name is watched" watched "$number"
	ten other

	number=$(index near pod7)
	ip -n "$LAB-near" link set pod7 netns "$LAB-aside"
	soon "what moves to another namespace is let go" unwatched "$number"
	ip -n "$LAB-aside" link set pod7 netns "$LAB-near"
	ip -n "$LAB-near" link set pod7 up
	soon "when it is back it is watched" watched "$(index near pod7)"
	ten pod2

	number=$(index near pod8)
	ip -n "$LAB-near" link del pod8
	soon "what goes is let go" unwatched "$number"
	ip -n "$LAB-near" link del pod7
}

lab_need
lab_open
lab_need_bpf
for name in near far aside; do
	lab_namespace $name
	lab_in $name sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
done
pair pod1
for hook in tc xdp; do
	lab_agent near $hook -i 'pod*=workload' --hook $hook
	ok $? "$hook: skua watches pod*"
	attacher=$(lab_children "$(cat "$LAB_DIR/$hook.pid")" | tr -d ' ')
	sent=0
	wanted=$(links "$(index near pod1)")
	[ "$wanted" -gt 0 ]
	ok $? "$hook: what is there is watched"
	ten pod1
	turn
	for _ in 1 2 3 4; do
		all_soon || turn
	done
	judge
	lab_stop $hook
	is $? 0 "$hook: ends with status 0"
	is "$(lab_stat $hook .packets)" $sent "$hook: each of the packets on its way was counted"
done
lab_close
