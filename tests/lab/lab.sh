# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# A small network of namespaces to run the agent and real tools in; sourced by the tests here.
#
#   hosts h*                 sw                      gw                        net
#   eth0 10.77.0.N ---- hN  br0  trunk ---- lan 10.77.0.1   wan ---- eth0    the world
#        fd77::N                 (plain, VLAN, VXLAN)  masquerade, forwarding   203.0.113.0/24, 2001:db8::/64,
#                                                                               198.18.N.1, 2001:db8:N::1
#
# Names are unique for each run; whatever is made here is gone when the shell ends, however it ends.

LAB_ROOT=${LAB_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
LAB_BUILD=${OUT:-build}
case $LAB_BUILD in /*) ;; *) LAB_BUILD=$LAB_ROOT/$LAB_BUILD ;; esac
LAB_HERE=$LAB_ROOT/tests/lab
SKUA=${SKUA:-$LAB_BUILD/skua}
LAB=${LAB_PREFIX:-skla}$$
LAB_PIDS= LAB_TESTS=0 LAB_FAILURES=0 LAB_CLOSED=
unset LANGUAGE
export LC_ALL=C.UTF-8

# --- what is said -------------------------------------------------------------------------------

ok() { # status sentence [detail]
	LAB_TESTS=$((LAB_TESTS + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $LAB_TESTS - $2"
	else
		LAB_FAILURES=$((LAB_FAILURES + 1))
		echo "not ok $LAB_TESTS - $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | head -n 40 | cut -c 1-300 | sed 's/^/# /'
	fi
}

is() { # got wanted sentence
	if [ "$1" = "$2" ]; then ok 0 "$3"; else ok 1 "$3" "got $1, wanted $2"; fi
}

skip() { # sentence reason
	LAB_TESTS=$((LAB_TESTS + 1))
	echo "ok $LAB_TESTS - $1 # SKIP $2"
}

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

skip_all() { # reason
	echo "1..0 # SKIP $1"
	exit 77
}

# Two lists of lines must be the same.
same() { # before after sentence
	if lab_diff=$(diff "$1" "$2"); then ok 0 "$3"; else ok 1 "$3" "$lab_diff"; fi
}

# --- beginning and end --------------------------------------------------------------------------

lab_need() { # tool...
	[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"
	for lab_tool in ip tc bpftool nsenter python3 "$@"; do
		command -v "$lab_tool" >/dev/null ||
			skip_all "$lab_tool is not installed: tools/setup.sh ${LAB_SET:-check}"
	done
	"$SKUA" run --help >/dev/null 2>&1 || skip_all "$SKUA cannot run live"
	LAB_QUIET=$("$SKUA" run --help | grep -q -e --socket && echo '--socket none')
}

# Where the agent's capabilities are denied nothing of this can be shown.
lab_need_bpf() {
	[ -z "${LAB_BPF_SHOWN:-}" ] || return 0
	lab_pair probe peer
	lab_agent probe probe -i eth0 2>/dev/null && lab_stop probe && return
	grep -qi 'permi' "$LAB_DIR/probe.err" &&
		skip_all "loading BPF programs needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
	sed 's/^/# /' "$LAB_DIR/probe.err"
	exit 1
}

lab_open() {
	LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/$LAB.XXXXXX") || exit 1
	chmod 755 "$LAB_DIR"
	trap lab_clean EXIT
	trap 'exit 1' INT TERM HUP
	lab_machine >"$LAB_DIR/machine.before"
	if ! ip netns add "$LAB-probe" 2>"$LAB_DIR/netns.err"; then
		skip_all "no network namespaces here: $(cat "$LAB_DIR/netns.err")"
	fi
	ip netns del "$LAB-probe"
}

# What of ours the machine itself holds: nothing, before and after.  Other people's is not looked at.
lab_machine() {
	ip netns list | grep "^$LAB" || true
	ip -o link | grep "$LAB" || true
	find /sys/fs/bpf -path "*$LAB*" 2>/dev/null || true
}

lab_remember() { # pid
	LAB_PIDS="$LAB_PIDS $1"
}

lab_kill() { # pid...: end processes that were started here, and wait for them
	kill "$@" 2>/dev/null
	for lab_pid in "$@"; do
		lab_until 5 lab_dead "$lab_pid" || kill -KILL "$lab_pid" 2>/dev/null
		wait "$lab_pid" 2>/dev/null
	done
}

# A process that has ended and waits for its parent to look is dead too.
lab_dead() { # pid
	! lab_state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) ||
		[ -z "$lab_state" ] || [ "$lab_state" = Z ]
}

lab_down() {
	[ -z "$LAB_CLOSED" ] || return 0
	LAB_CLOSED=1
	# shellcheck disable=SC2086  # a list of numbers
	[ -z "$LAB_PIDS" ] || lab_kill $LAB_PIDS
	for lab_name in $(ip netns list | sed -n "s/^\($LAB-[^ ]*\).*/\1/p"); do
		for lab_pid in $(ip netns pids "$lab_name"); do
			kill -KILL "$lab_pid" 2>/dev/null
		done
		ip netns del "$lab_name"
	done
	lab_machine >"$LAB_DIR/machine.after"
}

lab_clean() {
	lab_status=$?
	trap - EXIT INT TERM HUP
	lab_down
	if [ -n "${LAB_KEEP:-}" ]; then echo "# kept: $LAB_DIR"; else rm -rf "$LAB_DIR"; fi
	exit "$lab_status"
}

# The last test of each file; says how many there were, ends the shell.
lab_close() {
	lab_down
	same "$LAB_DIR/machine.before" "$LAB_DIR/machine.after" "the machine is left as it was found"
	echo "1..$LAB_TESTS"
	exit $((LAB_FAILURES > 0))
}

# Until a command succeeds, looking twenty times a second; fails when the time is over.  In a shell of
# its own, so that the command may do the same.
lab_until() ( # seconds command...
	left=$(($1 * 20))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || exit 1
		sleep 0.05
	done
)

# --- namespaces and links -----------------------------------------------------------------------

lab_in() { # namespace command...
	lab_where=$LAB-$1
	shift
	ip netns exec "$lab_where" "$@"
}

lab_namespace() { # name
	ip netns add "$LAB-$1" || exit 1
	# No duplicate address detection, no solicitations, group reports at once: nothing is sent
	# later that nobody asked for.
	lab_in "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0 \
		net.ipv6.conf.default.mldv2_unsolicited_report_interval=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	ip -n "$LAB-$1" link set lo up
}

lab_veth() { # namespace device namespace device
	ip -n "$LAB-$1" link add "$2" type veth peer name "$4" netns "$LAB-$3" || exit 1
	ip -n "$LAB-$1" link set "$2" up
	ip -n "$LAB-$3" link set "$4" up
}

lab_address() { # namespace device address...
	lab_ns=$LAB-$1 lab_dev=$2
	shift 2
	for lab_addr in "$@"; do
		case $lab_addr in
		*:*) ip -n "$lab_ns" addr add "$lab_addr" dev "$lab_dev" nodad ;;
		*) ip -n "$lab_ns" addr add "$lab_addr" dev "$lab_dev" ;;
		esac || exit 1
	done
}

# Two namespaces and the link between them, where nothing is sent that a test did not ask for.
lab_pair() { # name name
	lab_namespace "$1"
	lab_namespace "$2"
	lab_veth "$1" eth0 "$2" eth0
	lab_address "$1" eth0 10.78.0.1/24 fd78::1/64
	lab_address "$2" eth0 10.78.0.2/24 fd78::2/64
	# Whom they talk to they know: no question comes when nobody asked.
	for lab_end in "$1 $2 2" "$2 $1 1"; do
		# shellcheck disable=SC2086  # three words
		set -- $lab_end
		lab_mac=$(ip -n "$LAB-$2" -o link show eth0 | sed 's/.*ether \([^ ]*\).*/\1/')
		ip -n "$LAB-$1" neigh add "10.78.0.$3" lladdr "$lab_mac" dev eth0 nud permanent
		ip -n "$LAB-$1" neigh add "fd78::$3" lladdr "$lab_mac" dev eth0 nud permanent
	done
}

# The world, the router and the switch; how the switch reaches the router is the argument.
lab_net() { # plain|vlan|vxlan
	for lab_name in sw gw net; do lab_namespace $lab_name; done
	ip -n "$LAB-sw" link add br0 type bridge mcast_snooping 0 forward_delay 0
	ip -n "$LAB-sw" link set br0 up
	lab_veth sw trunk gw under
	ip -n "$LAB-gw" link set under name lan
	LAB_TRUNK=$1
	if [ "$1" = vxlan ]; then
		lab_vxlan
	else
		ip -n "$LAB-sw" link set trunk master br0
	fi
	lab_address gw lan 10.77.0.1/24 fd77::1/64
	[ "$1" != vlan ] || lab_tagged gw lan
	lab_world
	lab_nat
	lab_until 5 lab_forwarding
}

lab_world() {
	lab_veth gw wan net eth0
	lab_address gw wan 198.51.100.1/24 2001:db8:51::1/64
	lab_address net eth0 198.51.100.2/24 2001:db8:51::2/64
	for lab_number in 5 6 7 9 53 54; do
		lab_address net lo "203.0.113.$lab_number/32" "2001:db8::$lab_number/128" \
			"198.18.$lab_number.1/32" "2001:db8:$lab_number::1/128"
	done
	# Whom nobody has is not there, without a word.
	ip -n "$LAB-net" route add blackhole 203.0.113.0/24
	ip -n "$LAB-net" -6 route add blackhole 2001:db8::/64
	ip -n "$LAB-net" route add 10.77.0.0/24 via 198.51.100.1
	ip -n "$LAB-net" -6 route add fd77::/64 via 2001:db8:51::1
	ip -n "$LAB-gw" route add default via 198.51.100.2
	ip -n "$LAB-gw" -6 route add default via 2001:db8:51::2
	lab_in gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# 10.77.0.20 and fd77::20 are reached from outside at port 8080 of the router.
lab_nat() {
	lab_in gw nft -f - <<-EOT || exit 1
		table inet lab {
			chain in {
				type nat hook prerouting priority dstnat;
				iifname wan meta nfproto ipv4 tcp dport 8080 dnat ip to 10.77.0.20:80
				iifname wan meta nfproto ipv6 tcp dport 8080 dnat ip6 to [fd77::20]:80
			}
			chain out {
				type nat hook postrouting priority srcnat;
				oifname wan ip saddr 10.77.0.0/24 masquerade
				oifname wan ip6 saddr fd77::/64 masquerade
			}
		}
	EOT
}

lab_vxlan() {
	ip -n "$LAB-gw" link set lan name under
	for lab_name in sw:trunk:1:tunnel gw:under:2:lan; do
		lab_dev=${lab_name#*:} lab_number=${lab_name#*:*:}
		lab_dev=${lab_dev%%:*} lab_end=${lab_number#*:} lab_number=${lab_number%:*}
		lab_name=$LAB-${lab_name%%:*}
		ip -n "$lab_name" link set "$lab_dev" mtu 1600
		ip -n "$lab_name" addr add "192.168.77.$lab_number/24" dev "$lab_dev"
		ip -n "$lab_name" link add "$lab_end" type vxlan id 77 dstport 4789 \
			remote "192.168.77.$((3 - lab_number))" dev "$lab_dev" || exit 1
		ip -n "$lab_name" link set "$lab_end" mtu 1500 up
	done
	ip -n "$LAB-sw" link set tunnel master br0
}

# This kernel may have no VLAN devices, so two programs put tag 77 on what leaves and take it off.
lab_tagged() { # namespace device
	lab_in "$1" tc qdisc add dev "$2" clsact || exit 1
	for lab_way in egress:push ingress:pop; do
		lab_in "$1" tc filter add dev "$2" "${lab_way%:*}" bpf da \
			obj "$LAB_BUILD/lab/vlan.bpf.o" sec "tc/${lab_way#*:}" || exit 1
	done
}

lab_host() { # name number
	lab_namespace "$1"
	lab_veth sw "$1" "$1" eth0
	ip -n "$LAB-sw" link set "$1" master br0
	lab_address "$1" eth0 "10.77.0.$2/24" "fd77::$2/64"
	ip -n "$LAB-$1" route add default via 10.77.0.1
	ip -n "$LAB-$1" -6 route add default via fd77::1
	[ "$LAB_TRUNK" != vlan ] || lab_tagged "$1" eth0
}

lab_forwarding() {
	! ip netns exec "$LAB-sw" bridge link | grep -qE 'state (listening|learning|disabled)'
}

# --- agent and tcpdump --------------------------------------------------------------------------

# Start `skua run` and wait until it watches: NAME.out has its lines with the time of each,
# NAME.err its words, NAME.pid its number.
lab_agent() { # namespace name argument...
	lab_ns=$LAB-$1 lab_name=$2
	shift 2
	rm -f "$LAB_DIR/$lab_name.fifo"
	mkfifo "$LAB_DIR/$lab_name.fifo"
	python3 "$LAB_HERE/stamp.py" <"$LAB_DIR/$lab_name.fifo" >"$LAB_DIR/$lab_name.out" &
	lab_remember $!
	# shellcheck disable=SC2086  # nothing or two words
	ip netns exec "$lab_ns" "$SKUA" run --format json $LAB_QUIET "$@" \
		>"$LAB_DIR/$lab_name.fifo" 2>"$LAB_DIR/$lab_name.err" &
	echo $! >"$LAB_DIR/$lab_name.pid"
	lab_remember $!
	lab_until 15 lab_watching "$lab_name"
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
	lab_until 20 lab_dead "$lab_pid" || {
		kill -KILL "$lab_pid"
		echo "# $1 did not stop within 20 s"
	}
	wait "$lab_pid"
}

lab_dump() { # namespace name device [expression]
	lab_ns=$LAB-$1 lab_name=$2 lab_dev=$3
	shift 3
	ip netns exec "$lab_ns" tcpdump -Z root -i "$lab_dev" -U -s 0 -B 4096 -w "$LAB_DIR/$lab_name.pcap" "$@" \
		2>>"$LAB_DIR/$lab_name.tcpdump" &
	echo $! >"$LAB_DIR/$lab_name.dumper"
	lab_remember $!
	lab_until 10 grep -qs 'listening on' "$LAB_DIR/$lab_name.tcpdump"
}

# tcpdump leaves unread what still waits for it when it is told to end, so first it must say that it has
# captured what it received; and then that nothing was dropped.
lab_dumped() { # name
	lab_dumper=$(cat "$LAB_DIR/$1.dumper")
	lab_until 10 lab_caught_up "$1" || echo "# tcpdump $1 does not catch up"
	kill -INT "$lab_dumper"
	wait "$lab_dumper"
	tail -n 3 "$LAB_DIR/$1.tcpdump" | grep -q '^0 packets dropped by kernel'
}

lab_caught_up() { # name: "tcpdump: 12 packets captured, 12 packets received by filter, 0 packets dropped..."
	lab_said=$(wc -l <"$LAB_DIR/$1.tcpdump")
	kill -USR1 "$lab_dumper"
	lab_until 2 lab_said_more "$1" "$lab_said"
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

lab_packets() { # namespace device: received and sent, as the interface counts
	ip -n "$LAB-$1" -s -j link show "$2" |
		python3 -c 'import json, sys
stats = json.load(sys.stdin)[0]["stats64"]
print(stats["rx"]["packets"] + stats["tx"]["packets"])'
}

# A number of the agent's last line, such as .packets or .lost.ring_full.
lab_stat() { # name path
	sed 's/^[0-9.]* //' "$LAB_DIR/$1.out" | jq -s "map(select(.stats)) | last | .stats | $2"
}
