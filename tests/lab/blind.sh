#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who passes an interface without being seen is missed: a program in front of ours that ends the line
# makes the agent say that it is blind.  tests/lab/blind.sh
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

# Two thousand packets, well above what may be in flight.
pass() {
	lab_in a python3 -c 'import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(2000):
    sock.sendto(b"x", ("10.78.0.2", 9))'
}

# The interface's own counters are told every few seconds.
says_blind() {
	pass
	grep -qs '^skua: blind on eth0' "$LAB_DIR/blind.err"
}

lab_need jq nft
lab_open
lab_need_bpf
lab_pair a b
lab_in b sysctl -qw net.ipv4.icmp_ratelimit=1000 2>/dev/null
lab_agent b blind -i eth0=uplink --hook clsact
ok $? "skua watches by clsact"
pass
grep -qs '^skua: blind' "$LAB_DIR/blind.err"
is $? 1 "it sees what passes, and says nothing"
# An agent that is behind reads several counts of the interface at once, and its own only once.
kill -STOP "$(cat "$LAB_DIR/blind.pid")"
for _ in 1 2 3 4 5 6; do
	pass
	sleep 2
done
kill -CONT "$(cat "$LAB_DIR/blind.pid")"
sleep 2
grep -qs '^skua: blind' "$LAB_DIR/blind.err"
is $? 1 "one that was held up for twelve seconds does not take that for blindness"
# A tcx program that says TC_ACT_OK: filters of clsact are not asked any more.
lab_start b said "$LAB_BUILD/lab/tenant" tcx "$LAB_BUILD/lab/foreign.bpf.o" eth0
lab_until 30 grep -qs attached "$LAB_DIR/said"
ok $? "somebody puts a program in front that ends the line"
lab_in b nft 'add table inet mute; add chain inet mute out { type filter hook output priority 0; policy drop; }'
# Links that come and go meanwhile must not keep the agent from comparing.
lab_in b sh -c 'while ip link add busy0 type veth peer name busy1 && ip link del busy0; do sleep 0.2; done' &
lab_remember $!
lab_until 60 says_blind
ok $? "skua says that it is blind on eth0" "$(cat "$LAB_DIR/blind.err")"
note "$(grep blind "$LAB_DIR/blind.err")"
lab_stop blind
is $? 0 "it ends with status 0"
is "$(sed 's/^[0-9.]* //' "$LAB_DIR/blind.out" | jq -r 'select(.event_type == "warning") | .event_type')" warning \
	"the warning is a record as well"
lab_close
