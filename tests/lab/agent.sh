# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# The agent and tcpdump in the lab's network, and what the kernel holds of them; sourced by lab.sh.

# Start `skua run` and wait until it watches: NAME.out has its lines with the time of each,
# NAME.err its words, NAME.pid its number.
lab_agent() { # namespace name argument...
	lab_ns=$LAB-$1 lab_name=$2
	shift 2
	rm -f "$LAB_DIR/$lab_name.fifo" "$LAB_DIR/$lab_name.err"
	mkfifo "$LAB_DIR/$lab_name.fifo"
	python3 "$LAB_HERE/stamp.py" <"$LAB_DIR/$lab_name.fifo" >"$LAB_DIR/$lab_name.out" &
	lab_remember $!
	# shellcheck disable=SC2086  # nothing or two words
	ip netns exec "$lab_ns" "$SKUA" run --source kernel --format json $LAB_QUIET "$@" \
		>"$LAB_DIR/$lab_name.fifo" 2>"$LAB_DIR/$lab_name.err" &
	echo $! >"$LAB_DIR/$lab_name.pid"
	lab_remember $!
	lab_until 60 lab_watching "$lab_name"
	grep -qs '^skua: watching' "$LAB_DIR/$lab_name.err" && return 0
	sed 's/^/# /' "$LAB_DIR/$lab_name.err" >&2
	return 1
}

lab_watching() { # name
	grep -qs '^skua: watching' "$LAB_DIR/$1.err" || lab_dead "$(cat "$LAB_DIR/$1.pid")"
}

# The exit status of the agent after SIGTERM.
lab_stop() { # name
	lab_pid=$(cat "$LAB_DIR/$1.pid")
	kill -TERM "$lab_pid" 2>/dev/null
	lab_until 60 lab_dead "$lab_pid" || {
		kill -KILL "$lab_pid"
		echo "# $1 did not stop within 60 s"
	}
	wait "$lab_pid"
}

# With room for what comes while it must wait for a processor.
lab_dump() { # namespace name device [expression]
	lab_ns=$LAB-$1 lab_name=$2 lab_dev=$3
	shift 3
	ip netns exec "$lab_ns" tcpdump -Z root -i "$lab_dev" -U -s 0 -B 65536 -w "$LAB_DIR/$lab_name.pcap" "$@" \
		2>"$LAB_DIR/$lab_name.tcpdump" &
	echo $! >"$LAB_DIR/$lab_name.dumper"
	lab_remember $!
	lab_until 60 grep -qs 'listening on' "$LAB_DIR/$lab_name.tcpdump"
}

# tcpdump leaves unread what still waits for it when it is told to end, so first it must say that it has
# captured what it received; and then that nothing was dropped.
lab_dumped() { # name
	lab_dumper=$(cat "$LAB_DIR/$1.dumper")
	lab_until 60 lab_caught_up "$1" || echo "# tcpdump $1 does not catch up"
	kill -INT "$lab_dumper"
	wait "$lab_dumper"
	tail -n 3 "$LAB_DIR/$1.tcpdump" | grep -q '^0 packets dropped by kernel'
}

lab_caught_up() { # name: "tcpdump: 12 packets captured, 12 packets received by filter, 0 packets dropped..."
	lab_said=$(wc -l <"$LAB_DIR/$1.tcpdump")
	kill -USR1 "$lab_dumper"
	lab_until 20 lab_said_more "$1" "$lab_said"
	tail -n 1 "$LAB_DIR/$1.tcpdump" | awk '{ exit $2 != $5 }'
}

lab_said_more() { # name lines
	[ "$(wc -l <"$LAB_DIR/$1.tcpdump")" -gt "$2" ]
}

# --- what the kernel holds of an agent ----------------------------------------------------------

lab_children() { # pid
	cat /proc/"$1"/task/*/children 2>/dev/null
}

# Programs, maps and links that these processes hold: lines "prog 12".
lab_objects() { # pid...
	for lab_pid in "$@"; do
		cat /proc/"$lab_pid"/fdinfo/* 2>/dev/null
	done | sed -n 's/^\(prog\|map\|link\)_id:[[:space:]]*/\1 /p' | sort -u
}

lab_remaining() { # file with lines of lab_objects
	while read -r lab_kind lab_id; do
		bpftool "$lab_kind" show id "$lab_id" >/dev/null 2>&1 && echo "$lab_kind $lab_id"
	done <"$1"
	return 0
}

lab_none_remain() { # file
	[ -z "$(lab_remaining "$1")" ]
}

# What a namespace holds: links with the XDP programs on them, addresses, routes, qdiscs and filters.
lab_snapshot() { # name...
	for lab_name in "$@"; do
		lab_ns=$LAB-$lab_name
		ip -n "$lab_ns" -o link | sed 's/^/link /'
		ip -n "$lab_ns" -o addr | sed 's/^/addr /'
		ip -n "$lab_ns" route | sed 's/^/route /'
		ip -n "$lab_ns" -6 route | sed 's/^/route /'
		ip netns exec "$lab_ns" tc qdisc | sed 's/^/qdisc /'
		for lab_dev in $(ip -n "$lab_ns" -o link | sed 's/^[0-9]*: \([^:@]*\).*/\1/'); do
			for lab_way in ingress egress; do
				ip netns exec "$lab_ns" tc filter show dev "$lab_dev" "$lab_way" 2>/dev/null
			done
		done | sed 's/^/filter /'
		ip netns exec "$lab_ns" bpftool net | sed 's/^/net /'
	done
}

# Links of a kernel come and go behind the one who asked for it.
lab_left_as() { # file sentence name...: these namespaces hold what they held, in the end
	lab_before=$1 lab_sentence=$2
	shift 2
	lab_until 20 lab_is_as "$lab_before" "$@"
	same "$lab_before" "$lab_before.now" "$lab_sentence"
}

lab_is_as() { # file name...
	lab_before=$1
	shift
	lab_snapshot "$@" >"$lab_before.now"
	cmp -s "$lab_before" "$lab_before.now"
}

lab_packets() { # namespace device: received and sent, as the interface counts
	ip -n "$LAB-$1" -s -j link show "$2" |
		python3 -c 'import json, sys
stats = json.load(sys.stdin)[0]["stats64"]
print(stats["rx"]["packets"] + stats["tx"]["packets"])'
}

# Nothing on its way: the counter stands still for half a second.
lab_quiet() { # namespace device
	lab_was=$(lab_packets "$1" "$2")
	sleep 0.5
	[ "$(lab_packets "$1" "$2")" = "$lab_was" ]
}

# Packets that the stack of a namespace has taken or turned away: who sent them knows only that they are
# on their way.
lab_received() { # namespace protocol counter...: of /proc/net/snmp
	lab_in "$1" awk -v name="$2:" -v wanted="$3" '$1 == name {
		for (i = 2; i <= NF; i++)
			if (at) { if (i == at) print $i } else if ($i == wanted) found = i
		at = found
	}' /proc/net/snmp
}

lab_has_received() { # namespace protocol counter number
	[ "$(lab_received "$1" "$2" "$3")" -ge "$4" ]
}

# A number of the agent's last line, such as .packets or .lost.ring_full.
lab_stat() { # name path
	sed 's/^[0-9.]* //' "$LAB_DIR/$1.out" | jq -s "map(select(.stats)) | last | .stats | $2"
}
