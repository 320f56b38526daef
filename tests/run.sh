#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Run tests that speak TAP and add up what they say: tests/run.sh [COMMAND... --] COMMAND...
# Each argument is a command line.  Those before -- run as many at a time as there are processors: they
# touch neither interfaces nor each other's files; the rest run one after the other.  Prints what failed,
# what was skipped and "# figure:" lines, in the order of the arguments, then "N passed, N failed, N
# skipped"; exit 1 when anything failed.
set -u
passed=0 failed=0 skipped=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# What it says goes to $logs/N.log, its exit status and seconds to $logs/N.end.
play() {
	begun=$(date +%s)
	sh -c "$2" >"$logs/$1.log" 2>&1
	echo "$? $(($(date +%s) - begun))" >"$logs/$1.end"
}

judge() {
	log=$logs/$1.log command=$2
	read -r status seconds <"$logs/$1.end"
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	skips=$(grep -c '^ok .*# SKIP' "$log")
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	if grep -q '^1\.\.0 # SKIP' "$log"; then
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
}

# A lane each: the next command that nobody has taken.  mkdir succeeds for one of them only.
lane() {
	taken=0
	for command in "$@"; do
		[ "$command" != -- ] || return
		taken=$((taken + 1))
		mkdir "$logs/$taken" 2>/dev/null && play $taken "$command"
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
		lane "$@" &
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
		while [ ! -s "$logs/$n.end" ]; do sleep 0.1; done
	else
		play $n "$command"
	fi
	judge $n "$command"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
