#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Interfaces that come, go, fall, rise, are renamed and move to another namespace while the agent
# runs are followed within a second.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

index() { # namespace device
	ip -n "$LAB-$1" -o link show "$2" | cut -d : -f 1
}

# The device has a link of the attacher's, as the kernel tells it.
watched() { # ifindex
	grep -qsE "^ifindex:[[:space:]]*$1\$" /proc/"$attacher"/fdinfo/*
}

unwatched() { # ifindex
	! watched "$1"
}

# Within a second of what happened before.
soon() { # sentence command...
	sentence=$1
	shift
	begun=$(date +%s%N)
	lab_until 3 "$@"
	status=$?
	took=$((($(date +%s%N) - begun) / 1000000))
	[ $status = 0 ] && [ $took -le 1000 ]
	ok $? "$sentence within a second" "after $took ms, status $status"
	note "$sentence: $took ms"
}

# Ten packets to the peer of a device; what the agent counts is looked at in the end.
ten() { # device of ours
	sent=$((sent + 10))
	lab_in far python3 -c 'import socket, sys
sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sock.bind((sys.argv[1], 0))
frame = bytes.fromhex("ffffffffffff0200000000010800") + bytes.fromhex(
    "4500002000010000401100000a4e09010a4e0902") + bytes.fromhex("00090009000c0000") + b"\0" * 18
for number in range(10):
    sock.send(frame)' "$1"
}

pair() { # device
	ip -n "$LAB-near" link add "$1" type veth peer name "$1" netns "$LAB-far"
	ip -n "$LAB-near" link set "$1" addrgenmode none up
	ip -n "$LAB-far" link set "$1" addrgenmode none up
}

lab_need
lab_open
lab_need_bpf
for name in near far aside; do
	lab_namespace $name
	lab_in $name sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
done
sent=0
pair pod1
for hook in tc xdp; do
	lab_agent near $hook -i 'pod*=workload' --hook $hook
	ok $? "$hook: skua watches pod*"
	attacher=$(lab_children "$(cat "$LAB_DIR/$hook.pid")" | tr -d ' ')
	sent=0
	watched "$(index near pod1)"
	ok $? "$hook: what is there is watched"
	ten pod1

	pair pod2
	soon "$hook: a pod that comes is watched" watched "$(index near pod2)"
	ten pod2

	pair other
	ip -n "$LAB-near" link set pod2 down
	ip -n "$LAB-near" link set pod2 up
	lab_until 3 sh -c "ip -n $LAB-near link show pod2 | grep -q LOWER_UP"
	soon "$hook: down and up, it still is" watched "$(index near pod2)"
	ten pod2
	unwatched "$(index near other)"
	ok $? "$hook: what has another name is not"

	ip -n "$LAB-near" link set pod2 down
	ip -n "$LAB-near" link set pod2 name pod7
	ip -n "$LAB-near" link set pod7 up
	soon "$hook: renamed within the pattern it is watched" watched "$(index near pod7)"
	ten pod2
	number=$(index near other)
	ip -n "$LAB-near" link set other down
	ip -n "$LAB-near" link set other name pod8
	ip -n "$LAB-near" link set pod8 up
	soon "$hook: what gets such a name is watched" watched "$number"
	ten other

	number=$(index near pod7)
	ip -n "$LAB-near" link set pod7 netns "$LAB-aside"
	soon "$hook: what moves to another namespace is let go" unwatched "$number"
	ip -n "$LAB-aside" link set pod7 netns "$LAB-near"
	ip -n "$LAB-near" link set pod7 up
	soon "$hook: when it is back it is watched" watched "$(index near pod7)"
	ten pod2

	number=$(index near pod8)
	ip -n "$LAB-near" link del pod8
	soon "$hook: what goes is let go" unwatched "$number"
	ip -n "$LAB-near" link del pod7
	lab_stop $hook
	is $? 0 "$hook: ends with status 0"
	is "$(lab_stat $hook .packets)" $sent "$hook: each of the packets on its way was counted"
done
lab_close
