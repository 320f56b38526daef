#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What passes two watched interfaces is accounted at one of them, in both directions: between two pods,
# and between a pod and a stranger behind a watched uplink, whose attempt is nobody's but its own.
set -u
LAB_PREFIX=${LAB_PREFIX:-skpod}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/cast.sh
. "$LAB_HERE/cast.sh"

link() { # node's device, namespace, network
	lab_veth node "$1" "$2" eth0
	# One frame is one segment, as on a wire.
	ip -n "$LAB-node" link set "$1" gso_max_segs 1
	ip -n "$LAB-$2" link set eth0 gso_max_segs 1
	lab_address node "$1" "$3.1/24"
	lab_address "$2" eth0 "$3.2/24"
	ip -n "$LAB-$2" route add default via "$3.1"
}

watch() { # name argument...
	rm -rf "$LAB_DIR/wire.pcap"
	lab_dump two wire eth0 tcp || exit 1
	lab_agent node "$@" --hook tc --indicators "$LAB_DIR/listed" --snapshots "$LAB_DIR/$1.d"
	ok $? "$1: skua watches" "$(cat "$LAB_DIR/$1.err")"
	cast_act one beacon --to 10.81.0.2 --count 2 --every 1 >"$LAB_DIR/play" 2>&1 &&
		cast_act far beacon --to 10.81.0.2 --count 2 --every 1 >>"$LAB_DIR/play" 2>&1
	ok $? "$1: a pod and a stranger call another pod" "$(cat "$LAB_DIR/play")"
	lab_until 30 lab_quiet two eth0 || note "$1: the link is never quiet"
	lab_dumped wire
	lab_stop "$1"
	is $? 0 "$1: SIGTERM ends it with status 0"
	is "$(lab_stat "$1" '.packets - .accounted - ([.ignored[], .lost[], 0] | add)')" 0 \
		"$1: every packet is in one row of the accounting"
	for caller in 10.80.0.2 203.0.113.2; do
		said=$(python3 "$LAB_HERE/pods.py" "$LAB_DIR/wire.pcap" "$LAB_DIR/$1.out" "$LAB_DIR/$1.d" $caller)
		ok $? "$1: the file of $caller holds each packet once, whole, as the pod saw it" "$said"
	done
}

lab_need tcpdump jq
lab_open
lab_need_bpf
for name in node one two far; do lab_namespace $name; done
link pod1 one 10.80.0
link pod2 two 10.81.0
link up0 far 203.0.113
lab_in node sysctl -qw net.ipv4.ip_forward=1
cast_server two
echo 10.81.0.2 >"$LAB_DIR/listed"
watch pods -i 'pod*=workload'
watch node -i 'pod*=workload' -i up0=uplink
lab_close
