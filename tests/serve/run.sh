#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# skua status against an agent that behaves, and against some that do not: tests/serve/run.sh
set -u
cd "$(dirname "$0")/../.."
. tests/serve/desk.sh

run "$skua" status --socket "$socket"
ok 'says 1 "no agent answers at $socket: start it with '\''skua run'\'', or name its --socket"' \
	"without an agent, status says how to get one"
run "$skua" status now
ok '[ $status = 2 ]' "a word too many is refused"
run "$skua" status --watch -1
ok '[ $status = 2 ]' "and so is a time that is none"

head='skua 0.1.0, pid 4711, source kernel, up 3 h since 2026-11-21T00:02:03Z
Findings  6 (3 high, 2 medium, 1 info)'
start_agent good
run "$skua" status --socket "$socket" --format table
ok '[ $status = 0 ] && [ ! -s $scratch/err ] && [ "$(head -n 2 $scratch/out)" = "$head" ]' \
	"a table begins with who answers and what was found"
ok 'grep -q "^eth0  *uplink  *xdp  *watching  *1,200,000  *12,000  *1.2 GB  *12 MB/s$" $scratch/out' \
	"it has a row for each interface"
run "$skua" status --socket "$socket"
ok '[ $status = 0 ] && [ $(wc -l <$scratch/out) = 1 ] && grep -q "\"packets\":1204316," $scratch/out' \
	"in a pipe it is one line of JSON"
begin timeout 120 "$skua" status --socket "$socket" --watch 0.1 --format json
until_so '[ $(wc -l <$scratch/out) -ge 3 ]'
lines=$(wc -l <"$scratch/out")
stop_agent
wait "$follower"
status=$?
ok '[ $status = 1 ] && [ $lines -ge 3 ] && grep -q "no agent answers" $scratch/err' \
	"--watch asks again and again, until nobody answers"
ok '[ ! -e $socket ]' "an agent that ends takes its socket with it"

start_agent hang
begun=$(date +%s%N)
run "$skua" status --socket "$socket"
took=$((($(date +%s%N) - begun) / 1000000))
echo "# figure: an agent that hangs was waited for $took ms, of 2000"
ok 'says 1 "the agent at $socket does not answer within 2 s: it hangs, or is stopped: start it anew" && [ $took -lt 20000 ]' \
	"an agent that hangs is not waited for longer than 2 s"
if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null; then
	skip "who may not ask is told who may" "needs root and setpriv"
else
	chmod 660 "$socket"
	cp "$skua" "$scratch/skua"
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$scratch/skua" status --socket "$socket"
	ok 'says 1 "$socket: this account may not ask the agent: become root, or a member of group root"' \
		"who may not ask is told who may"
	mkdir -m 700 "$scratch/hidden" && chgrp daemon "$scratch/hidden"
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$scratch/skua" status --socket "$scratch/hidden/agent"
	ok 'says 1 "$scratch/hidden/agent: this account may not ask the agent: become root, or a member of group daemon"' \
		"and so where the folder hides the socket"
fi
stop_agent
start_agent version
run "$skua" status --socket "$socket"
ok '[ $status = 1 ] && grep -q "speaks version 2, this program version 1: restart" $scratch/err' \
	"an agent of another version is not guessed at"
stop_agent
start_agent garbage
run "$skua" status --socket "$socket"
ok '[ $status = 1 ] && grep -q "is no agent of this version" $scratch/err' "nor is another server believed"
stop_agent
echo "1..$n"
exit $failed
