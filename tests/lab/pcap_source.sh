#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Live packets through libpcap and the native engine, between namespaces: what is found, what is
# counted beside the interfaces' own counters, what a stop says.  OUT=build tests/lab/pcap_source.sh
set -u
cd "$(dirname "$0")/../.." || exit
driver=$(realpath "${OUT:-build}")/lab/source_driver
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}
[ "$(id -u)" = 0 ] || skip "network namespaces need root"
for tool in python3 ip jq; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
# One of ours (pod) behind the host, the world before it.
pod=skpc-$$-pod host=skpc-$$-host world=skpc-$$-world
work=$(mktemp -d)
pid='' other=''
clean() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$other" ] || kill "$other" 2>/dev/null
	for ns in $pod $host $world; do
		ip netns del $ns 2>/dev/null
	done
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM
for ns in $pod $host $world; do
	ip netns add $ns 2>/dev/null || skip "network namespaces are not permitted here"
	ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
# Who asks a quiet neighbour whether it is still there would be counted, or not, as it happens.
wire() { # wire NAMESPACE NETWORK HOST_END: a veth pair to the host, .2 there and .1 at the host
	ip -n "$1" link add eth0 type veth peer name "$3" netns $host || skip "veth is not there"
	ip -n "$1" addr add "$2.2/24" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$1" route add default via "$2.1"
	ip -n $host addr add "$2.1/24" dev "$3"
	ip -n $host link set "$3" up
	mac=$(ip -n "$1" -o link show eth0 | sed 's/.*ether \([^ ]*\).*/\1/')
	ip -n $host neigh replace "$2.2" lladdr "$mac" dev "$3" nud permanent
	mac=$(ip -n $host -o link show "$3" | sed 's/.*ether \([^ ]*\).*/\1/')
	ip -n "$1" neigh replace "$2.1" lladdr "$mac" dev eth0 nud permanent
}
wire $pod 10.78.1 pod0
wire $world 203.0.113 up0
ip netns exec $host sysctl -qw net.ipv4.ip_forward=1

n=0 failed=0
ok() { # ok SENTENCE COMMAND...
	n=$((n + 1))
	sentence=$1
	shift
	if "$@" >"$work/why" 2>&1; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		{ head -n 20 "$work/why" && cat "$work/said"; } | sed 's/^/# /'
	fi
}
is() {
	echo "is $2, should be $1"
	[ "$1" = "$2" ]
}
within() { # within SECONDS COMMAND...: until it succeeds
	left=$(($1 * 20))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.05
	done
}
start() { # start ARGUMENT...
	before=$(counters)
	: >"$work/said"
	ip netns exec $host "$driver" "$@" >"$work/found" 2>"$work/said" &
	pid=$!
	within 60 grep -q listening "$work/said"
}
# Nothing is on its way any more.
quiet() {
	was=$(counters)
	sleep 0.3
	[ "$(counters)" = "$was" ]
}
stop() {
	within 30 quiet
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	pid=
	after=$(counters)
}
said() { # said WORD: the number behind it
	sed -n "s/^$1 //p" "$work/said"
}
# Packets and bytes of up0 and pod0, both ways.
counters() {
	for interface in up0 pod0; do
		for what in packets bytes; do
			set -- $(ip netns exec $host sh -c "cat /sys/class/net/$interface/statistics/?x_$what")
			echo $(($1 + $2))
		done
	done | xargs
}
grown() { # grown N: by how much the Nth of them has
	echo $(($(echo "$after" | cut -d' ' -f"$1") - $(echo "$before" | cut -d' ' -f"$1")))
}
scan() { # scan NAMESPACE ADDRESS: connects to 40 ports, nobody there
	ip netns exec "$1" python3 -c '
import socket, sys
for port in range(1000, 1040):
    with socket.socket() as s:
        s.settimeout(30)
        s.connect_ex((sys.argv[1], port))' "$2"
}
# Sends a mark from the pod to the world, which repeats it; the connection stays open.
talk() {
	: >"$work/talking"
	: >"$work/taking"
	ip netns exec $world python3 -c '
import socket, sys
s = socket.create_server(("203.0.113.2", 8080))
open(sys.argv[1], "w").write("yes")
c = s.accept()[0]
c.sendall(c.recv(99))
c.recv(99)' "$work/taking" &
	within 60 test -s "$work/taking"
	ip netns exec $pod python3 -c '
import socket, sys, time
s = socket.create_connection(("203.0.113.2", 8080))
s.sendall(b"skua-mark of the test")
s.recv(99)
open(sys.argv[1], "w").write("yes")
time.sleep(1200)' "$work/talking" &
	other=$!
	within 60 test -s "$work/talking"
}
# The driver has read what both interfaces have counted.
caught_up() {
	lines=$(wc -l <"$work/said")
	kill -USR2 "$pid"
	within 10 said_more "$lines"
	after=$(counters)
	[ "$(said so_far | tail -n 1)" = $(($(grown 1) + $(grown 3))) ]
}
said_more() { # said_more LINES
	[ "$(wc -l <"$work/said")" -gt "$1" ]
}
now() { # milliseconds
	echo $(($(date +%s%N) / 1000000))
}

# The uplink: ours is what it sends.
start up0=uplink
scan $world 203.0.113.1
talk
stop
kill $other
wait $other 2>/dev/null
inbound='select(.event_type == "scan" and .scan.direction == "inbound" and
	.src_ip == "203.0.113.2" and .dest_ip == "203.0.113.1") | .scan.outcomes.refused'
ok "a connect scan of 40 closed ports is found" is 40 "$(jq -r "$inbound" "$work/found" | tail -n 1)"
ok "each attempt was seen to be refused, as a stranger's" is "40 0" \
	"$(said refused_theirs) $(said refused_ours)"
ok "packets are what the interface counts" is "$(grown 1)" "$(said packets)"
ok "and so are bytes" is "$(grown 2)" "$(said bytes)"
ok "every packet ends in one row" is "$(said packets)" "$(said sum)"
ok "other interfaces are not even copied" is "0 1" "$(said unwanted) $(($(grown 3) > 0))"
ok "nothing was lost, nothing came behind its tick" is "0 0" "$(said dropped) $(said late)"
ok "the bytes of samples lie where they say" is 2 "$(said marks)"
ok "the mark of our side is ours, the answer not" is 1 "$(said marks_ours)"
ok "the stop says the conversation that is open" is 1 "$(said flows_stop)"
ok "and lets the clock go on for a minute" is 61 "$(said ended)"
ok "ticks are a second apart" is 0 "$(said unsteady)"
ok "the driver ended well" is 0 $status

# The host's side of one of ours: ours is what it receives.
start pod0=workload
scan $pod 203.0.113.2
stop
ok "a pod's scan of the world is ours" is "0 40" "$(said refused_theirs) $(said refused_ours)"
ok "and found as outbound" is outbound "$(jq -r 'select(.src_ip == "10.78.1.2") | .scan.direction' \
	"$work/found" | tail -n 1)"

# Two interfaces that see the same packets, then one of them.
start up0=uplink pod0=workload
scan $pod 203.0.113.2
within 30 caught_up # what waits of an interface that is left out is not looked at
kill -USR1 "$pid"
within 30 grep -q fewer "$work/said"
both=$(($(counters | awk '{ print $1 + $3 }') - $(echo "$before" | awk '{ print $1 + $3 }')))
middle=$(counters | cut -d' ' -f1)
scan $pod 203.0.113.2
stop
ok "two interfaces are counted together, and each attempt is said once" is \
	"$((both + $(echo "$after" | cut -d' ' -f1) - middle)) 80" \
	"$(said packets) $(said refused_ours)"

# Interfaces that come and go: the filter in the kernel is changed under way.
start -b 67108864 up0=uplink # as much as is sent, should it have no processor meanwhile
ip netns exec $world python3 tests/lab/send.py eth0 20000 1.5 &
sending=$!
while kill -0 $sending 2>/dev/null; do
	kill -USR1 "$pid"
	sleep 0.1
done
wait $sending
stop
ok "no packet is lost while interfaces change" is "$(grown 1) 0" "$(said packets) $(said dropped)"

# One packet each 5 ms, which the kernel holds back for longer than that.
start -t up0=uplink
ip netns exec $world python3 tests/lab/send.py eth0 500 2.5
stop
ok "no second is told before its packets" is "500 0" "$(said packets) $(said late)"

# A mirror port.
start up0=tap
kill -USR1 "$pid"
within 30 grep -q fewer "$work/said"
ok "a tap is promiscuous, once" sh -c "ip -d -n $host link show up0 | grep -q 'promiscuity 1'"
scan $world 203.0.113.1
stop
ok "and no longer when we have gone" sh -c "ip -d -n $host link show up0 | grep -q 'promiscuity 0'"
ok "whose packets are followed as well" is 40 "$(($(said refused_ours) + $(said refused_theirs)))"

# Silence.
begun=$(now)
start up0=uplink
listens=$(now)
sleep 3.6
told=$(now)
stop
ended=$(now)
ticks=$(($(said ticks) - $(said ended)))
# One for each second that it listened, which may begin late, one for the first, and one for the part of a
# second at each end.
least=$(((told - listens - 500) / 1000 + 1)) most=$(((ended - begun) / 1000 + 3))
ok "ticks come although nothing arrives" is "0 1" "$(said packets) $((ticks >= least && ticks <= most))"
start up0=uplink
ip netns exec $host sh -c 'ip neigh replace 203.0.113.77 lladdr 02:00:00:00:00:77 dev up0'
ip netns exec $host python3 -c '
import socket
s = socket.socket()
s.setblocking(False)
s.connect_ex(("203.0.113.77", 9))'
sleep 6.8
unanswered=$(jq -c . "$work/found" | wc -l)
stop
ok "an attempt that nobody answers is decided" is 1 "$(said unanswered_ours)"
ok "and calls nobody a scanner" is 0 "$unanswered"

# A filter.
start -f 'tcp portrange 1000-1019' up0=uplink
scan $world 203.0.113.1
stop
ok "a filter is obeyed" is "40 20" "$(said packets) $(said refused_theirs)"

# A ring of 256 KiB, and nobody who reads it.
start -b 262144 up0=uplink
kill -STOP "$pid"
ip netns exec $world python3 tests/lab/send.py eth0 4000 0.5
kill -CONT "$pid"
stop
ok "a ring too small loses packets, and says so" is 1 "$(($(said dropped) > 0))"
ok "and the sum is right" is "$(grown 1)" "$(($(said packets) + $(said dropped)))"

# What waits when it stops, though somebody else has the processor just then.
start -l up0=uplink
kill -STOP "$pid"
ip netns exec $world python3 tests/lab/send.py eth0 300 0.3
kill -TERM "$pid"
kill -CONT "$pid"
wait "$pid"
pid=
after=$(counters)
ok "what came before a stop is read, however late" is "$(grown 1)" "$(said packets)"

refused() { # refused WORDS COMMAND...: fails with these words
	words=$1
	shift
	ip netns exec $host "$@" >/dev/null 2>"$work/said"
	[ $? = 2 ] && grep -qF "$words" "$work/said"
}
ok "without privilege it says which" refused "any: capturing is not permitted; it needs root or" \
	setpriv --reuid 65534 --clear-groups "$driver" up0=uplink
alone() { # as somebody with this capability
	: >"$work/said"
	ip netns exec $host setpriv --reuid 65534 --clear-groups --inh-caps -all,+net_raw \
		--ambient-caps -all,+net_raw "$driver" up0=tap >/dev/null 2>"$work/said" &
	pid=$!
	within 60 grep -q listening "$work/said"
	kill -TERM "$pid"
	wait "$pid"
	pid=
	grep -q '^ended 61' "$work/said"
}
ok "with CAP_NET_RAW alone it works" alone
ok "a filter that is none is named" refused "filter 'hots 1': " "$driver" -f 'hots 1' up0=uplink
echo "1..$n"
exit $failed
