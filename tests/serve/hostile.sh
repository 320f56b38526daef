#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# 64 clients that misbehave do not keep a good one waiting: tests/serve/hostile.sh
set -u
cd "$(dirname "$0")/../.."
. tests/serve/desk.sh
start_agent large
for kind in never-read byte-a-second garbage half-open silent findings mixed; do
	# A machine that is busy with other things may be late itself, but not three times.
	for _ in 1 2 3; do
		run timeout 120 python3 tests/serve/hostile.py "$socket" $kind 4
		read -r slowest answers attacks <"$scratch/out"
		[ "$status" != 0 ] || [ "$slowest" -gt 200 ] || break
	done
	echo "# figure: $kind: the slowest of $answers answers took $slowest ms, of 200; $attacks bad clients"
	ok '[ $status = 0 ] && [ $slowest -le 2000 ] && [ $answers -ge 10 ] && [ $attacks -ge 64 ]' \
		"64 clients at once that are $kind: a status is answered all the same"
done
begun=$(ps -o cputimes= -p "$agent" | tr -d ' ')
python3 -c 'import socket, sys, time
clients = []
for number in range(64):
    client = socket.socket(socket.AF_UNIX)
    client.connect(sys.argv[1])
    clients.append(client)
time.sleep(5)' "$socket"
status=0
spent=$(($(ps -o cputimes= -p "$agent" | tr -d ' ') - begun))
ok '[ $spent -le 1 ]' "silent clients cost the agent no time of the processor"
memory() { awk '/VmRSS/ { print $2 }' "/proc/$agent/status"; }
if [ -n "${SAN:-}" ]; then
	skip "and afterwards it holds no snapshot any more" "a sanitizer keeps what was freed"
else
	# That they have gone it may hear a moment later.
	until_so '[ $(memory) -lt 60000 ]'
	ok '[ $(memory) -lt 60000 ]' "and afterwards it holds no snapshot any more, of 64 MB each ($(memory) kB)"
fi
run "$skua" status --socket "$socket"
ok '[ $status = 0 ]' "skua status is answered still"
stop_agent
echo "1..$n"
exit $failed
