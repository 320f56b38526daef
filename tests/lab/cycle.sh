#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Attached and detached, stopped and killed: nothing remains.  tests/lab/cycle.sh quick|all
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
cycles=4 kills=3 inert=2
[ "${1:-quick}" = quick ] || cycles=100 kills=48 inert='0 1 2'

hook_of() { # number
	set -- $(($1 % 4)) tc xdp xdp-generic clsact
	shift $(($1 + 1))
	echo "$1"
}

begin() { # name hook
	lab_agent b "$1" -i eth0=uplink --hook "$2" || return 1
	worker=$(cat "$LAB_DIR/$1.pid")
	attacher=$(lab_children "$worker" | tr -d ' ')
	lab_objects "$worker" "$attacher" >"$LAB_DIR/$1.objects"
	[ "$(grep -c prog "$LAB_DIR/$1.objects")" -gt 0 ]
}

ended() {
	lab_dead "$worker" && lab_dead "$attacher"
}

# What is wrong after an agent has ended: a line for each thing that remains.
remains() { # name
	lab_until 30 ended || echo "$1: worker $worker or attacher $attacher still runs"
	lab_until 30 lab_none_remain "$LAB_DIR/$1.objects" ||
		echo "$1: $(lab_remaining "$LAB_DIR/$1.objects" | tr '\n' ' ')"
	lab_until 20 lab_is_as "$LAB_DIR/before" b
	diff "$LAB_DIR/before" "$LAB_DIR/before.now" | sed "s/^/$1: /"
}

check_cycles() {
	number=0
	: >"$LAB_DIR/bad"
	while [ $number -lt $cycles ]; do
		name=cycle$number-$(hook_of $number)
		begin "$name" "$(hook_of $number)" || echo "$name does not start"
		lab_stop "$name" || echo "$name ends with status $?"
		remains "$name"
		number=$((number + 1))
	done >>"$LAB_DIR/bad"
	[ ! -s "$LAB_DIR/bad" ]
	ok $? "$cycles times attached and detached, by all hooks: no program, map, link, qdisc or filter" \
		"$(cat "$LAB_DIR/bad")"
}

victims() { # number
	case $(($1 % 3)) in
	0) echo "$worker" ;;
	1) echo "$attacher" ;;
	2) echo "$worker $attacher" ;;
	esac
}

# By links: they die with whoever held them.
check_kills() {
	number=0
	: >"$LAB_DIR/bad"
	while [ $number -lt $kills ]; do
		hook=$(hook_of $((number / 3 % 3)))
		name=kill$number-$hook
		begin "$name" "$hook" || echo "$name does not start"
		# shellcheck disable=SC2046  # one number or two
		kill -KILL $(victims $number)
		remains "$name"
		number=$((number + 1))
	done >>"$LAB_DIR/bad" 2>/dev/null
	[ ! -s "$LAB_DIR/bad" ]
	ok $? "$kills times killed, worker, attacher and both in turn: nothing is left" "$(cat "$LAB_DIR/bad")"
}

filters() {
	for way in ingress egress; do
		lab_in b tc filter show dev eth0 $way | grep skua_
	done | wc -l
}

# By clsact, where the kernel has no tcx links, a killed agent leaves its filters, at most one in
# each direction.  They rest; the next agent takes them over and takes them away.
check_inert() {
	for number in $inert; do
		begin inert$number clsact
		# shellcheck disable=SC2046  # one number or two
		kill -KILL $(victims $number)
		lab_until 30 ended
		ok $? "killed by clsact, case $number, both processes end"
		[ "$(filters)" -le 2 ]
		ok $? "and at most one filter is left in a direction" "$(filters)"
	done 2>/dev/null
	begin again clsact
	ok $? "the next agent starts beside them"
	is "$(filters)" 2 "it takes them over"
	lab_stop again
	remains again >"$LAB_DIR/bad"
	[ ! -s "$LAB_DIR/bad" ]
	ok $? "and away" "$(cat "$LAB_DIR/bad")"
}

lab_need
lab_open
lab_need_bpf
lab_pair a b
lab_snapshot b >"$LAB_DIR/before"
check_cycles
check_kills
check_inert
lab_close
