# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# A small network of namespaces to run the agent and real tools in; sourced by the tests here.
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
	ip netns exec "$LAB-probe" sysctl -qw net.ipv4.ip_forward=1 2>"$LAB_DIR/netns.err"
	lab_status=$?
	ip netns del "$LAB-probe"
	[ $lab_status = 0 ] || skip_all "namespaces cannot be set up here: $(cat "$LAB_DIR/netns.err")"
}

# What of ours the machine itself holds: nothing, before and after.  Other people's is not looked at.
lab_machine() {
	ip netns list | grep "^$LAB-" || true
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

# Until a command succeeds, looking twenty times a second; fails when the time is over: times for a
# machine that is slow and busy, which cost nothing on another.  A command that takes long itself is
# tried for four times as long.  In a shell of its own, so that the command may do the same.
lab_until() ( # seconds command...
	left=$(($1 * 20))
	read -r lab_uptime _ </proc/uptime
	lab_deadline=$((${lab_uptime%.*} + $1 * 4))
	shift
	until "$@"; do
		left=$((left - 1))
		read -r lab_uptime _ </proc/uptime
		[ "$left" -gt 0 ] && [ "${lab_uptime%.*}" -lt "$lab_deadline" ] || exit 1
		sleep 0.05
	done
)

# shellcheck source=tests/lab/net.sh
. "$LAB_HERE/net.sh"
# shellcheck source=tests/lab/agent.sh
. "$LAB_HERE/agent.sh"
