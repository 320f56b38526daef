#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What passes while the agent is away: with --pin the next one knows of it, without it does not.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

# A mount namespace with a BPF file system of its own, in which pins live as long as it does.
pins_open() {
	unshare -m sh -c 'mount -t bpf bpf /sys/fs/bpf && echo mounted && exec sleep 1200' >"$LAB_DIR/pins" 2>&1 &
	holder=$!
	lab_remember $holder
	lab_until 30 grep -qs mounted "$LAB_DIR/pins"
}

# As lab_agent, where the pins are.
agent() { # name argument...
	name=$1
	shift
	nsenter -t $holder -m --net="/run/netns/$LAB-b" "$SKUA" run --source kernel --format json $LAB_QUIET -i eth0=workload "$@" \
		>"$LAB_DIR/$name.lines" 2>"$LAB_DIR/$name.err" &
	echo $! >"$LAB_DIR/$name.pid"
	lab_remember $!
	lab_until 60 lab_watching "$name"
	grep -q '^skua: watching' "$LAB_DIR/$name.err"
}

sent() { # megabytes: the interface has received so much
	[ "$(ip -n "$LAB-b" -s -j link show eth0 | jq '.[0].stats64.rx.bytes')" -ge $((at_first + $1 * 1000000)) ]
}

# A 60 MB upload goes on over a restart, 12 of them while nobody watches.  Says what the second agent
# found.
restart() { # option
	at_first=$(ip -n "$LAB-b" -s -j link show eth0 | jq '.[0].stats64.rx.bytes')
	agent "first$1" $1 || return 1
	lab_start a upload python3 "$LAB_HERE/actors.py" upload --to 198.18.7.1 --speed 10 \
		--pause "12:$LAB_DIR/away$1" --pause "24:$LAB_DIR/back$1"
	lab_until 30 sent 12
	lab_stop "first$1" || echo "the first ends with status $?"
	touch "$LAB_DIR/away$1"
	lab_until 30 sent 24
	agent "second$1" $1 || return 1
	touch "$LAB_DIR/back$1"
	wait "$LAB_PID"
	lab_stop "second$1" || echo "the second ends with status $?"
	jq -r 'select(.event_type == "exfil") | .exfil.bytes_out' "$LAB_DIR/second$1.lines" | tail -n 1
}

lab_need jq unshare
lab_open
lab_need_bpf
lab_pair a b
lab_address b eth0 198.18.7.1/32
ip -n "$LAB-a" route add 198.18.7.1 via 10.78.0.2
lab_start b serve python3 "$LAB_HERE/actors.py" serve
lab_until 30 grep -qs serving "$LAB_DIR/serve"
pins_open
ok $? "there is a BPF file system to pin in" "$(cat "$LAB_DIR/pins")"
is "$(restart '')" "" "without --pin the agent that comes late has not seen 50 MB of an upload"
is "$(restart --pin)" 60000000 "with --pin it has seen it all"
# Stopped while hundreds of thousands of packets a second pass.
busy() { # option
	# shellcheck disable=SC2086  # nothing or one word
	agent "busy$1" $1
	ok $? "skua watches ${1:-without --pin} while it is busy"
	at_first=$(ip -n "$LAB-b" -s -j link show eth0 | jq '.[0].stats64.rx.bytes')
	lab_start a blast "$LAB_BUILD/lab/blast" 10.78.0.2 9 300
	lab_until 60 sent 5
	lab_stop "busy$1"
	is $? 0 "it ends with status 0"
	kill "$LAB_PID"
}
busy ''
busy --pin
for name in busy busy--pin first--pin second--pin; do
	is "$(jq 'select(.stats) | .stats | .packets - .accounted - ([.ignored[], .lost[], 0] | add)' \
		"$LAB_DIR/$name.lines")" 0 "$name: packets = accounted + ignored + lost, though programs go on"
done
note "$(cat "$LAB_DIR/second--pin.err")"
is "$(nsenter -t $holder -m sh -c 'find /sys/fs/bpf -name "link-*" | wc -l')" 2 "the links stay pinned for the one after"
kill $holder
wait $holder 2>/dev/null
unpinned() {
	lab_snapshot b >"$LAB_DIR/now"
	! grep -E '^(net|filter|qdisc) .*(skua_|clsact)' "$LAB_DIR/now"
}
lab_until 20 unpinned >"$LAB_DIR/left"
unpinned
ok $? "and go with the file system they are pinned in"
lab_close
