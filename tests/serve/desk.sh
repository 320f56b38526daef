# SPDX-License-Identifier: BSD-2-Clause
# To be sourced at the top of the tree: an agent of tests/serve/agent.c, and tests of who asks it.
out=$(cd "${OUT:-build}" && pwd)
skua=$out/skua
scratch=$(mktemp -d) agent= n=0 failed=0
socket=$scratch/run/control.sock
trap 'stop_agent; rm -rf "$scratch"' EXIT
ok() { # CONDITION SENTENCE: what the last command said is shown if it fails
	n=$((n + 1))
	if eval "$1"; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		echo "# status $status"
		sed 's/^/# /' "$scratch/out" "$scratch/err" | head -n 20
	fi
}
start_agent() {
	mkfifo "$scratch/said"
	"$out/serve/agent" "$socket" "$1" >"$scratch/said" 2>"$scratch/log" &
	agent=$!
	read -r _ <"$scratch/said"
	rm "$scratch/said"
}
stop_agent() {
	[ -z "$agent" ] || { kill "$agent" && wait "$agent"; }
	agent=
}
run() {
	"$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}
# Is it so within a minute?  Costs nothing where it is so sooner.
until_so() { # CONDITION
	end=$(($(date +%s) + 60))
	until eval "$1"; do
		[ "$(date +%s)" -lt $end ] || return 1
		sleep 0.1
	done
}
# Starts what goes on until it is told to end: writes to out and err, as run does.
begin() { # COMMAND...
	"$@" >"$scratch/out" 2>"$scratch/err" &
	follower=$!
}
# Tells it to end; it has done so as it should, or not, when this returns.
tell() { # SIGNAL
	kill -s "$1" "$follower"
	wait "$follower"
	status=$?
}
# What went wrong is one line: the object, the reason, the remedy; and nothing on standard output.
says() { [ "$status" = "$1" ] && [ ! -s "$scratch/out" ] && printf '%s\n' "skua: $2" | cmp -s - "$scratch/err"; }
skip() { # SENTENCE REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
# The packets of tests/serve/packets.h have numbers: these of a file, one a line.
numbers() { tshark -r "$1" -T fields -e ip.id 2>/dev/null; }
# None is missing, none came twice, all in order.
are_in_a_row() {
	python3 -c 'import sys
n = [int(line, 16) for line in sys.stdin]
sys.exit(not n or n != list(range(n[0], n[0] + len(n))))'
}
mkdir -m 755 "$scratch/run"
chmod 755 "$scratch"
