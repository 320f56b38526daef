#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua run` says when it cannot do what it is asked: object, reason, remedy, and the status.
set -u
cd "$(dirname "$0")/../.." || exit 1
skua=${OUT:-build}/skua
tests=0 failed=0

says() { # status words argument...
	status=$1 words=$2
	shift 2
	tests=$((tests + 1))
	said=$("$skua" run --duration 1 "$@" 2>&1 >/dev/null)
	got=$?
	if [ "$got" = "$status" ] && [ "$said" = "skua: $words" ]; then
		echo "ok $tests - run $*: $words"
	else
		failed=1
		echo "not ok $tests - run $*: $words"
		printf '%s\n' "exit $got, wanted $status: $said" | sed 's/^/# /'
	fi
}

says 2 "no interface: name one, as in -i eth0, or -i any"
says 2 "'tcp': a filter is for -w or --source pcap; the kernel programs look at all that passes" -i lo tcp
says 2 "-C, -G, -W and -s are for -w: name a file with it" -i lo -C 5
says 2 "-w: one interface at a time; -i any has them all" -i lo -i eth0 -w /tmp/x
says 2 "--ring: '3' is not a power of two from 1 to 1024" -i lo --ring 3
says 2 "--flows: '99999999' is not a whole number from 1 to 16777216" -i lo --flows 99999999
says 2 "--duration: '1m' is not a whole number from 1 on" -i lo --duration 1m
says 2 "--hook: 'bpf' is none of: auto xdp xdp-generic tc clsact" -i lo --hook bpf
says 2 "--user: there is no account 'nobody-of-that-name'" -i lo --user nobody-of-that-name
says 2 "/nonexistent/run/x.sock: its folder is not there: create it, or name another --socket" \
	-i lo --source pcap --socket /nonexistent/run/x.sock
if [ "$(id -u)" = 0 ]; then
	says 2 "/dev/null: that is a file and no socket: remove it, or name another --socket" \
		-i lo --source pcap --socket /dev/null
else
	tests=$((tests + 1))
	echo "ok $tests - a file is no socket # SKIP capturing needs root"
fi
# Told to end before it watches, and just when it does.
check() { # status sentence detail
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		failed=1
		echo "not ok $tests - $2"
		printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
if ! "$skua" run -q --source kernel -i lo --socket none --duration 1 >"$dir/out" 2>"$dir/err"; then
	tests=$((tests + 1))
	echo "ok $tests - run ends in order whenever it is told # SKIP $(head -n 1 "$dir/err")"
	echo "1..$tests"
	exit $failed
fi
# Held as soon as it takes signals: whatever the machine's speed, it does not watch yet.
takes_signals() { # pid: bit 14 of what it catches is SIGTERM; what a shell runs before it is skua catches nothing
	caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null) && [ -n "$caught" ] &&
		[ "$(readlink "/proc/$1/exe")" = "$(realpath "$skua")" ] && [ $((0x$caught >> 14 & 1)) = 1 ]
}
held() { # pid
	kill -STOP "$1"
	for _ in $(seq 500); do
		! grep -qs '^State:[[:space:]]*[TXZ]' "/proc/$1/status" || break
		sleep 0.02
	done
	! grep -q watching "$dir/err"
}
for _ in 1 2 3 4 5 6 7 8 9 10; do # until one was held in time
	"$skua" run --source kernel -i lo --socket none >"$dir/out" 2>"$dir/err" &
	until takes_signals $! || ! kill -0 $! 2>/dev/null; do :; done
	held $!
	early=$?
	kill -TERM $!
	kill -CONT $!
	wait $!
	status=$?
	[ $early != 0 ] || break
done
# It waits three seconds for the other process, which a busy machine may keep in the kernel for longer.
! grep -vE '^skua: the attacher \(pid [0-9]+\) does not answer: it detaches when it is back$' "$dir/err" >"$dir/more"
[ "$early" = 0 ] && [ "$status" = 0 ] && [ ! -s "$dir/more" ] && [ ! -s "$dir/out" ]
check $? "run told to end before it watches ends quietly" "exit $status: $(cat "$dir/err" "$dir/out")"
"$skua" run --source kernel --format json -i lo --socket none >"$dir/out" 2>"$dir/err" &
for _ in $(seq 1200); do
	! grep -qs '^skua: watching' "$dir/err" || break
	sleep 0.05
done
kill -TERM $!
wait $!
status=$?
[ "$status" = 0 ] && grep -q '"event_type":"stats"' "$dir/out" && ! grep -q '"1970' "$dir/out"
check $? "run told to end at once says its sums, with the time of day" "exit $status: $(cat "$dir/err" "$dir/out")"
echo "1..$tests"
exit $failed
