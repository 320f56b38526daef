#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Run tests that speak TAP and add up what they say: tests/run.sh [COMMAND... --] COMMAND...
# Each argument is a command line.  Those before -- run as many at a time as there are processors: they
# touch neither interfaces nor each other's files; the rest run one after the other.  Prints what failed,
# what was skipped and "# figure:" lines, in the order of the arguments, then "N passed, N failed, N
# skipped"; exit 1 when anything failed.  A command has TEST_LIMIT seconds (1200; 0: as long as it
# likes), and TEST_GRACE (10) more from being told to end to being killed, with all it started.
# With TEST_AGAIN=1 up to three commands that failed, and did not hang, are run once more at the end, by
# themselves; one that passes then is counted so, and named beside what it had said: a fault that comes and goes is
# to be looked for, but a busy machine need not refuse a change.
set -u
# What the agent of this machine is told is not for those that are tested.
if [ "$(id -u)" = 0 ] && [ -n "$(ls -A /etc/skua 2>/dev/null)" ] && unshare -m true 2>/dev/null; then
	exec unshare -m sh -c 'mount -t tmpfs tmpfs /etc/skua || exit; exec "$0" "$@"' "$0" "$@"
fi
limit=${TEST_LIMIT:-1200} grace=${TEST_GRACE:-10} again=${TEST_AGAIN:-0}
passed=0 failed=0 skipped=0 lanes= fallen= unsteady=
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# Ends what still runs, lanes first: they would begin more.
# shellcheck disable=SC2086  # a list of numbers
stop() { # status
	trap - INT TERM
	echo "tests/run.sh: stopped" >&2
	[ -z "$lanes" ] || kill $lanes 2>/dev/null
	for log in "$logs"/*.pid; do
		[ -e "${log%.pid}.end" ] || end_group "${log%.pid}"
	done
	wait
	exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM

# What timeout leads, and may have left: asked to end, after a while made to.
end_group() { # log without .pid
	[ -s "$1.pid" ] || return 0
	group=$(cat "$1.pid") left=$((grace * 10))
	kill "$group" 2>/dev/null
	kill -- "-$group" 2>/dev/null
	while [ $left -gt 0 ] && kill -s 0 -- "-$group" 2>/dev/null; do
		left=$((left - 1))
		sleep 0.1
	done
	kill -s KILL -- "-$group" 2>/dev/null
	return 0
}

# What it says goes to $logs/N.log, its exit status and seconds to $logs/N.end.  In the background, so
# that this shell hears signals meanwhile; a shell ignores Ctrl-C for those, which tests may not.
play() { # N command
	begun=$(date +%s)
	# Who will be timeout says which number it has before it begins: this shell may be killed meanwhile.
	sh -c 'echo $$ >"$0"; exec "$@"' "$logs/$1.pid" env --default-signal=INT,QUIT \
		timeout -k "$grace" "$limit" sh -c "$2" >"$logs/$1.log" 2>&1 &
	wait $!
	ended=$?
	[ $ended -lt 124 ] || end_group "$logs/$1" # killed, or by timeout
	echo "$ended $(($(date +%s) - begun))" >"$logs/$1.part"
	mv "$logs/$1.part" "$logs/$1.end"
}

# Says how it ended if it did not by itself.
not_by_itself() { # status seconds
	if [ "$1" = lost ]; then
		echo "who ran it was killed"
	elif [ "$limit" != 0 ] && [ "$2" -ge "$limit" ] && { [ "$1" = 124 ] || [ "$1" = 137 ]; }; then
		echo "did not end within $limit s, and was killed; TEST_LIMIT gives more"
	else
		return 1
	fi
}

judge() {
	log=$logs/$1.log command=$2
	read -r status seconds <"$logs/$1.end"
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	skips=$(grep -c '^ok .*# SKIP' "$log")
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	if how=$(not_by_itself "$status" "$seconds"); then
		bad=$((bad + 1))
		echo "FAIL $command: $how"
		tail -n 30 "$log"
	elif grep -q '^1\.\.0 # SKIP' "$log"; then
		skips=1 good=1
		echo "SKIP $command: $(sed -n 's/^1\.\.0 # SKIP //p' "$log")"
	elif [ "$status" = 77 ]; then
		skips=$((skips + 1)) good=$((good + 1))
		echo "SKIP $command: $(tail -n 1 "$log")"
	elif [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$plan" != "$good" ]; }; then
		bad=1
		echo "FAIL $command: exit $status, $good of ${plan:-no plan} tests"
		tail -n 30 "$log"
	fi
	awk '/^not ok / { left = 20 } /^ok / { left = 0 } left-- > 0 { print "FAIL " $0 }' "$log"
	sed -n 's/^# figure: //p' "$log"
	grep '^ok .*# SKIP' "$log" | sed "s|^ok [0-9]* -|SKIP|"
	printf '%-52.52s %5d passed %3d failed %3d skipped %4d s\n' "$command" \
		$((good - skips)) "$bad" "$skips" "$seconds"
	passed=$((passed + good - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
	[ "$bad" = 0 ] || [ -n "$how" ] || fallen="$fallen $1" # what hung may do so again
	echo "$((good - skips)) $bad $skips" >"$logs/$1.sum"
}

# Its first result is forgotten, but for what was printed.
judge_again() { # N command
	read -r good bad skips <"$logs/$1.sum"
	passed=$((passed - good)) failed=$((failed - bad)) skipped=$((skipped - skips)) before=$failed
	rm -f "$logs/$1.end"
	play "$1" "$2"
	judge "$1" "$2"
	[ "$failed" -gt "$before" ] || unsteady="$unsteady
UNSTEADY $2: failed first, see above, and passed by itself"
}

# A lane each: the next command that nobody has taken.  A link is made by one of them only, and says at
# once by whom.
lane() { # number command...
	number=$1 taken=0
	shift
	for command in "$@"; do
		[ "$command" != -- ] || return
		taken=$((taken + 1))
		ln -sT "$number" "$logs/$taken.lane" 2>/dev/null && play $taken "$command"
	done
}

# Each sleep buries the dead, so that they do not count as living.
# shellcheck disable=SC2086  # a list of numbers
lives() { # [lane]: this one, or any
	if [ -n "${1:-}" ]; then
		kill -0 "$(echo $lanes | cut -d ' ' -f "$1")" 2>/dev/null
		return
	fi
	for pid in $lanes; do
		! kill -0 "$pid" 2>/dev/null || return 0
	done
	return 1
}

# Until it has ended.  What a killed lane had taken is lost; what no lane will take is run here.
await() { # N command
	until [ -e "$logs/$1.end" ]; do
		sleep 0.1
		if ! owner=$(readlink "$logs/$1.lane"); then
			lives || play "$1" "$2"
		elif ! lives "$owner" && [ ! -e "$logs/$1.end" ]; then
			end_group "$logs/$1"
			touch "$logs/$1.log"
			echo "lost 0" >"$logs/$1.end"
		fi
	done
}

n=0 together=0
for command in "$@"; do
	[ "$command" != -- ] || together=$n
	n=$((n + 1))
done
files=$((n - (together > 0)))
echo "$files test files, $together of them $(nproc) at a time; each is told when it has ended, which can take minutes"
if [ $together -gt 0 ]; then
	for i in $(seq "$(nproc)"); do
		lane "$i" "$@" &
		lanes="$lanes $!"
	done
fi
n=0
for command in "$@"; do
	if [ "$command" = -- ]; then
		wait
		continue
	fi
	n=$((n + 1))
	if [ $n -le $together ]; then
		await $n "$command"
	else
		play $n "$command"
	fi
	judge $n "$command"
done
# shellcheck disable=SC2086  # a list of numbers
if [ "$again" = 1 ] && [ "$(echo $fallen | wc -w)" -le 3 ]; then
	once=$fallen n=0
	for command in "$@"; do
		[ "$command" != -- ] || continue
		n=$((n + 1))
		case " $once " in *" $n "*)
			echo "AGAIN $command"
			judge_again $n "$command"
			;;
		esac
	done
	[ -z "$unsteady" ] || echo "${unsteady#?}"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
