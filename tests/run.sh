#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Run tests that speak TAP and add up what they say: tests/run.sh COMMAND...
# Each argument is a command line.  Prints what failed, what was skipped and "# figure:" lines, then
# "N passed, N failed, N skipped"; exit 1 when anything failed.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for command in "$@"; do
	begun=$(date +%s)
	sh -c "$command" >"$log" 2>&1
	status=$?
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
		$((good - skips)) "$bad" "$skips" $(($(date +%s) - begun))
	passed=$((passed + good - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
