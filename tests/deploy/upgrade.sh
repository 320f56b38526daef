#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One agent follows another under steady traffic: what nobody saw in between, and what is attached then.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab/lab.sh"

HERE=$LAB_ROOT/tests/deploy
RATE=1000 # of steady.py; each datagram is answered by a refusal

# Pins live as long as this mount namespace.
pins_open() {
	unshare -m sh -c 'mount -t bpf bpf /sys/fs/bpf && echo mounted && exec sleep 600' >"$LAB_DIR/pins" 2>&1 &
	holder=$!
	lab_remember $holder
	lab_until 60 grep -qs mounted "$LAB_DIR/pins"
}

agent() { # name [option]
	name=$1
	shift
	rm -f "$LAB_DIR/$name.err"
	nsenter -t $holder -m --net="/run/netns/$LAB-b" "$SKUA" run --source kernel --format json --socket none -i eth0 "$@" \
		>"$LAB_DIR/$name.lines" 2>"$LAB_DIR/$name.err" &
	echo $! >"$LAB_DIR/$name.pid"
	lab_remember $!
	lab_until 60 lab_watching "$name"
	grep -q '^skua: watching' "$LAB_DIR/$name.err"
}

attached() {
	lab_in b python3 "$HERE/attached.py" eth0
}

is_detached() {
	[ "$(attached)" = 0 ]
}

# Each datagram is a packet, and at most one answers it.
has_passed_enough() {
	[ $(($(lab_packets b eth0) - before)) -ge 2500 ]
}

counted() { # name
	jq 'select(.stats) | .stats.packets' "$LAB_DIR/$1.lines" | tail -n 1
}

milliseconds() {
	date +%s%3N
}

# Sets how many packets passed and were counted by nobody.
upgrade() { # way [option]
	way=$1
	shift
	agent "old$way" "$@"
	ok $? "$way: the old agent watches" "$(cat "$LAB_DIR/old$way.err")"
	before=$(lab_packets b eth0)
	lab_start a steady python3 "$HERE/steady.py" 10.78.0.2
	steady=$LAB_PID
	lab_until 60 grep -qs sending "$LAB_DIR/steady"
	sleep 1
	begun=$(milliseconds)
	lab_stop "old$way"
	is $? 0 "$way: it ends with status 0 while packets pass"
	ended=$(milliseconds)
	agent "new$way" "$@"
	ok $? "$way: the new one watches" "$(cat "$LAB_DIR/new$way.err")"
	note "$way: the old one took $((ended - begun)) ms to end, the new one $(($(milliseconds) - ended)) ms to watch"
	is "$(attached)" 2 "$way: nothing is attached twice"
	lab_until 60 has_passed_enough
	lab_kill "$steady"
	sent=$(sed -n 's/^sent \([0-9]*\) .*/\1/p' "$LAB_DIR/steady")
	lab_stop "new$way"
	is $? 0 "$way: it ends with status 0"
	passed=$(($(lab_packets b eth0) - before))
	[ "${sent:-0}" -ge 1000 ] && [ "$passed" -ge "$sent" ]
	ok $? "$way: steady traffic passed all the time: $sent of $passed packets"
}

tell() { # name goal
	missed=$((passed - seen))
	awk -v name="$1" -v missed=$missed -v rate=$((passed * RATE / sent)) -v goal="$2" 'BEGIN {
		printf "# figure: upgrade %s: %d packets missed, a gap of %.2f s (goal %s)\n", name, missed, missed / rate, goal }'
}

lab_need jq unshare
lab_open
lab_need_bpf
lab_pair a b
pins_open
ok $? "there is a BPF file system to pin in" "$(cat "$LAB_DIR/pins")"

upgrade without-pin
seen=$(($(counted oldwithout-pin) + $(counted newwithout-pin)))
[ "$seen" -le "$passed" ]
ok $? "without-pin: no packet is counted by both" "$seen counted of $passed"
tell without-pin '< 1 s'
lab_until 60 is_detached
ok $? "without-pin: nothing stays attached" "$(attached)"

upgrade with-pin --pin
# Tables and counters are handed on: the new one's count is that of both.
note "counted by the old $(counted oldwith-pin), by the new $(counted newwith-pin), passed $passed"
seen=$(counted newwith-pin)
tell with-pin none
is $((passed - seen)) 0 "with-pin: every packet is counted, once"
is "$(attached)" 2 "with-pin: the next one finds what this one left"
kill $holder
wait $holder 2>/dev/null
lab_until 60 is_detached
ok $? "with-pin: nothing stays attached when its pins are gone"
lab_close
