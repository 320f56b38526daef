# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# `skua run` in the guest: a pair of interfaces, a scan through it, and what is left behind.

NOBODY=65534
NET_ADMIN=0000000000001000 # the capability, as /proc shows it

# patiently COMMAND...: true as soon as the command is; an emulated machine is slow
patiently() {
	until=$(($(date +%s) + 300))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $until ] || return 1
		sleep 0.1
	done
}

# Nothing is sent but by the tests: no IPv6, and neighbours that are known.
make_net() {
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
	ip netns add far &&
		ip link add near address 02:00:00:00:00:01 type veth \
			peer name far address 02:00:00:00:00:02 netns far &&
		ip addr add 10.9.0.1/24 dev near && ip link set near up &&
		ip -n far addr add 10.9.0.2/24 dev far && ip -n far link set far up &&
		ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev near &&
		ip -n far neigh add 10.9.0.1 lladdr 02:00:00:00:00:01 dev far &&
		patiently ping -c 1 -W 1 10.9.0.2
}

# What an agent could leave behind; the numbers of programs grow, their kinds and names do not.
attached() {
	ip -d link show near | grep -o 'xdp[a-z]*'
	tc qdisc show dev near | grep clsact
	tc filter show dev near ingress
	tc filter show dev near egress
	bpftool prog show | sed -n 's/^[0-9]*: \(.* name skua[^ ]*\).*/\1/p'
	bpftool map show | grep -E 'name (flows_out|events|sightings)'
	bpftool link show
}

nothing_attached() {
	[ -z "$(attached)" ]
}

filters() {
	tc filter show dev near ingress | grep -c 'handle 0x'
	tc filter show dev near egress | grep -c 'handle 0x'
}

# A link goes with the agent that holds it.
as_a_killed_one_leaves_it() {
	case $(at_tc) in
	clsact) [ "$(filters | tr '\n' ' ')" = "1 1 " ] ;;
	*) nothing_attached ;;
	esac
}

packets() {
	echo $(($(cat /sys/class/net/near/statistics/rx_packets) + \
		$(cat /sys/class/net/near/statistics/tx_packets)))
}

# start [OPTION]...: the worker is $worker, its child $attacher
start() {
	rm -f /tmp/words
	# shellcheck disable=SC2086  # words before the command, or none
	$as /test/skua run -i near=uplink --socket none --format json "$@" >/tmp/found 2>/tmp/words &
	worker=$!
	patiently grep -q watching /tmp/words || {
		cat /tmp/words
		return 1
	}
	attacher=$(cat "/proc/$worker/task/$worker/children")
	attacher=${attacher% }
	before=$(packets)
}

watches_by() {
	grep "watching near (uplink, $1)" /tmp/words
}

scan() {
	for port in $(seq 1 40); do
		nc -w 1 10.9.0.2 "$port" </dev/null
	done 2>/dev/null
	true
}

# What runs when tc decides: since 6.6 a link, before a filter.
at_tc() {
	case $(uname -r) in
	6.1.*) echo clsact ;;
	*) echo tc ;;
	esac
}

scan_found() {
	grep -q '"event_type":"scan".*"src_ip":"10.9.0.1".*"dest_ip":"10.9.0.2"' /tmp/found
}

# status_of PID FIELD: from /proc
status_of() {
	sed -n "s/^$2:[[:space:]]*\([^[:space:]]*\).*/\1/p" "/proc/$1/status"
}

worker_has_nothing() {
	grep -E '^(Uid|Cap|NoNewPrivs|Seccomp)' "/proc/$worker/status"
	[ "$(status_of "$worker" Uid)" = $NOBODY ] && [ "$(status_of "$worker" NoNewPrivs)" = 1 ] &&
		for set in CapInh CapPrm CapEff CapBnd CapAmb; do
			[ "$(status_of "$worker" $set)" = 0000000000000000 ] || return 1
		done
}

# Once what no link needed yet is loaded too; verifying takes seconds in an emulated machine.
attacher_has_one() {
	for _ in $(seq 600); do
		[ "$(status_of "$attacher" CapEff)" != $NET_ADMIN ] || break
		sleep 0.5
	done
	grep -E '^(Uid|Cap|NoNewPrivs|Seccomp)' "/proc/$attacher/status"
	[ "$(status_of "$attacher" CapEff)" = $NET_ADMIN ] &&
		[ "$(status_of "$attacher" CapPrm)" = $NET_ADMIN ]
}

# stop: SIGTERM, and the worker's exit status
stop() {
	kill -TERM "$worker"
	wait "$worker"
}

# The interface counted as many.
all_counted() {
	passed=$(($(packets) - before))
	echo "$passed packets passed"
	tail -n 1 /tmp/found
	tail -n 1 /tmp/found | grep -q "\"stats\":{\"packets\":$passed,.*\"lost\":{}"
}

kill_both() {
	kill -KILL "$attacher" "$worker"
	wait "$worker" 2>/dev/null
	patiently test ! -d "/proc/$attacher"
}

pings() {
	ping -c 3 -W 2 10.9.0.2
}

# A program that nobody listens to does not even count.
rests() {
	sleep 11 # longer than an agent's lease
	bpftool map dump name links >/tmp/before &&
		pings &&
		bpftool map dump name links >/tmp/after &&
		[ -s /tmp/before ] && cmp /tmp/before /tmp/after
}

# run_by HOOK WORDS [OPTION]...: a whole life of the agent; how it says that it is attached
run_by() {
	hook=$1 words=$2
	shift 2
	check "run --hook $hook starts" start --hook "$hook" "$@"
	check "--hook $hook: near is watched by $words" watches_by "$words"
	check "--hook $hook: the worker is nobody, without capabilities" worker_has_nothing
	check "--hook $hook: the attacher has one capability" attacher_has_one
	scan
	check "--hook $hook: a scan of 40 ports is found while it runs" patiently scan_found
	check "--hook $hook: SIGTERM ends it with status 0" stop
	check "--hook $hook: what passed was counted, and nothing was lost" all_counted
	check "--hook $hook: nothing is left behind" patiently nothing_attached
}

kill_worker() {
	kill -KILL "$worker"
	wait "$worker" 2>/dev/null
	patiently nothing_attached
}

step_live() {
	as=
	check "two ends of a link reach each other" make_net
	tc=$(at_tc)
	run_by auto "$tc" --snapshots /tmp/vault --recorder 8 --keep 8
	check "its evidence proves what was found" /test/skua verify --proof /tmp/vault
	[ "$tc" = clsact ] || run_by clsact clsact
	# A filter is named beside it; a link is what one expects.
	with=$([ "$tc" = tc ] || echo " and $tc")
	run_by xdp "xdp$with"
	run_by xdp-generic "xdp-generic$with"
	as=$(as_nobody "$THREE")
	check "run starts as nobody with three capabilities" start
	scan
	check "and finds a scan" patiently scan_found
	as=
	check "an attacher without its worker leaves nothing behind" kill_worker
	check "run starts, and will be killed" start
	check "killed: both processes are gone" kill_both
	check "killed: what is left is as it should be with $tc" as_a_killed_one_leaves_it
	if [ "$tc" = clsact ]; then
		check "killed: packets pass, and what is left rests" rests
	else
		check "killed: packets pass" pings
	fi
	check "run starts where a killed one was" start
	[ "$tc" != clsact ] ||
		check "killed: the filters are taken over, not doubled" as_a_killed_one_leaves_it
	scan
	check "killed: the next one finds a scan" patiently scan_found
	check "killed: the next one ends with status 0" stop
	check "killed: the next one leaves nothing" patiently nothing_attached
}
