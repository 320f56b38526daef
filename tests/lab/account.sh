#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every packet that the interface counts is counted by the agent, at full speed and when it cannot
# follow.  tests/lab/account.sh quick|all
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
seconds=3 hooks='tc xdp'
[ "${1:-quick}" = quick ] || seconds=30 hooks='tc clsact xdp xdp-generic'

sums() { # name
	is "$(lab_stat "$1" '.packets - .accounted - ([.ignored[], .lost[], 0] | add)')" 0 \
		"$1: packets = accounted + ignored + lost"
}

# Small packets one way, a stream of large ones the other way, as fast as this machine can.
at_full_speed() { # hook
	lab_until 30 lab_quiet b eth0 || note "$1: the link is never quiet"
	before=$(lab_packets b eth0)
	lab_agent b "$1" -i eth0=uplink --hook "$1"
	ok $? "$1: skua watches"
	lab_start a sent.1 "$LAB_BUILD/lab/blast" 10.78.0.2 9 $seconds
	first=$LAB_PID
	lab_in a "$LAB_BUILD/lab/blast" fd78::2 9 $seconds >"$LAB_DIR/sent.2"
	wait $first
	lab_in b python3 "$LAB_HERE/stream.py" tcp 10.78.0.1 $((seconds * 50000000)) >/dev/null
	ok $? "$1: the stream arrived"
	lab_until 30 lab_quiet b eth0
	after=$(lab_packets b eth0)
	lab_stop "$1"
	is $? 0 "$1: ends with status 0"
	is "$(lab_stat "$1" .packets)" $((after - before)) \
		"$1: skua counts what the interface counts, $((after - before)) packets in $seconds s"
	sums "$1"
	note "$1: $(cat "$LAB_DIR/sent.1") and $(cat "$LAB_DIR/sent.2") small packets sent in $seconds s;" \
		"lost or given up: $(lab_stat "$1" '.lost + .tables' | tr -d ' \n')"
}

# The reader stands still while questions come: the small ring fills.
starved() {
	questions=40000
	lab_until 30 lab_quiet b eth0
	before=$(lab_packets b eth0)
	lab_agent b starved -i eth0=uplink --hook tc --ring 1
	ok $? "starved: skua watches with a small ring"
	worker=$(cat "$LAB_DIR/starved.pid")
	kill -STOP "$worker"
	lab_in b python3 "$LAB_HERE/actors.py" questions --to 10.78.0.1 --count $questions
	ok $? "starved: $questions questions are asked while it stands still"
	kill -CONT "$worker"
	lab_until 30 lab_quiet b eth0
	after=$(lab_packets b eth0)
	lab_stop starved
	is $? 0 "starved: ends with status 0"
	is "$(lab_stat starved .packets)" $((after - before)) \
		"starved: every packet is counted all the same, $((after - before))"
	sums starved
	lost=$(lab_stat starved '.tables.events_ring_full // 0') events=$(lab_stat starved .events)
	[ "$lost" -gt 0 ]
	ok $? "starved: what the ring did not take is counted as that: $lost events"
	[ $((lost + events)) -ge $questions ]
	ok $? "starved: said and lost are at least the questions: $events + $lost"
}

lab_need jq
lab_open
lab_need_bpf
lab_pair a b
lab_start a take python3 "$LAB_HERE/stream.py" take
lab_until 30 grep -qs taking "$LAB_DIR/take" || exit 1
for hook in $hooks; do
	at_full_speed $hook
done
starved
lab_close
