#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# skua snapshot, arm and findings against an agent that keeps packets: tests/serve/snapshot.sh
set -u
cd "$(dirname "$0")/../.."
. tests/serve/desk.sh
for tool in tshark capinfos jq; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed: tools/setup.sh check"
		exit 0
	}
done
file=$scratch/here/kept.pcapng
mkdir "$scratch/here"
count() { numbers "$1" | wc -l; }
in_a_row() { numbers "$1" | are_in_a_row; }
# Each agent says the first of its findings once; the last line may be half there.
scans_begun() { grep "}$" "$scratch/out" | jq -r .reason | grep -c "^scan 0$"; }

run "$skua" snapshot --socket "$socket" -w "$file"
ok '[ $status = 1 ] && grep -q "no agent answers at $socket" $scratch/err && [ -z "$(ls $scratch/here)" ]' \
	"without an agent there is no file, and the reason is said"
start_agent plain
run "$skua" snapshot --socket "$socket"
ok '[ $status = 1 ] && [ ! -s $scratch/out ] && grep -q "has none of that" $scratch/err' \
	"an agent that keeps no packets says so"
run "$skua" arm --socket "$socket" --host 10.0.0.5
ok '[ $status = 1 ] && grep -q "has none of that" $scratch/err' "nor does it arm"
run "$skua" findings --socket "$socket"
ok '[ $status = 1 ] && grep -q "has none of that" $scratch/err' "nor tell findings"
stop_agent

start_agent good
run "$skua" snapshot --socket "$socket"
cp "$scratch/out" "$scratch/piped.pcapng"
ok '[ $status = 0 ] && [ ! -s $scratch/err ] && [ "$(count $scratch/piped.pcapng)" -ge 20 ] && in_a_row $scratch/piped.pcapng' \
	"standard output is a capture, and nothing else"
ok 'grep -q "^skua: control: uid $(id -u) pid [0-9]* read a snapshot of everything of the last 60 s (" $scratch/log' \
	"the agent logs who read what"
run "$skua" snapshot --socket "$socket" --pair 10.0.0.5:203.0.113.5:53 --write "$file"
ok '[ $status = 0 ] && [ ! -s $scratch/out ] && in_a_row "$file" && [ "$(ls $scratch/here)" = kept.pcapng ]' \
	"a file is there whole, and nothing beside it"
ok '[ "$(stat -c %a $file)" = 640 ]' "for its owner and group only"
ok 'grep -q "read a snapshot of 10.0.0.5 and 203.0.113.5, port 53 (" $scratch/log' \
	"a pair is asked for as it was typed"
before=$(sha256sum <"$file")
run "$skua" snapshot --socket "$socket" --host 10.0.0.6 -w "$file"
ok '[ $status = 1 ] && grep -q "keeps no such packets" $scratch/err && [ "$(sha256sum <$file)" = "$before" ] &&
	[ "$(ls $scratch/here)" = kept.pcapng ]' \
	"that there are no packets leaves an older file as it was"
run "$skua" snapshot --socket "$socket" -w "$scratch/nowhere/x.pcapng"
ok '[ $status = 1 ] && grep -q "cannot write $scratch/nowhere/x.pcapng: No such file" $scratch/err' \
	"where nothing can be written is said"
run "$skua" snapshot --socket "$socket" -w /dev/full
ok '[ $status = 1 ] && grep -q "cannot write /dev/full: No space left" $scratch/err && [ -c /dev/full ]' \
	"and so is a full disk; a device is written to, not replaced"
if command -v script >/dev/null; then
	script -qec "$skua snapshot --socket $socket" /dev/null >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	ok '[ $status = 2 ] && grep -q "nothing for a terminal" $scratch/out && ! grep -q lan0 $scratch/out' \
		"a terminal is spared"
else
	skip "a terminal is spared" "script is not installed"
fi
for bad in "--host 10.0.0" "--pair 10.0.0.5" "--host ::1 --pair [::1]:[::2]" "--last soon" "--last 0s" "now"; do
	run "$skua" snapshot --socket "$socket" $bad
	ok '[ $status = 2 ] && [ ! -s $scratch/out ] && [ $(wc -l <$scratch/err) = 1 ]' "refused: snapshot $bad"
done

logged=$(grep -c "read a snapshot of everything" "$scratch/log")
begin "$skua" snapshot --socket "$socket" --follow
until_so '[ $(count $scratch/out) -gt $(($(count $file) + 20)) ]'
first=$(count "$scratch/out")
until_so '[ $(count $scratch/out) -gt $first ]'
tell INT
cp "$scratch/out" "$scratch/piped.pcapng"
ok 'in_a_row $scratch/piped.pcapng && capinfos -c $scratch/piped.pcapng >/dev/null' \
	"a follower is given every packet once"
ok '[ $(count $scratch/piped.pcapng) -gt $first ] && [ $first -gt $(($(count $file) + 20)) ]' "and those that come meanwhile"
ok '[ $(grep -c "read a snapshot of everything" $scratch/log) = $((logged + 1)) ]' "but it is logged once"
mkfifo "$scratch/fifo"
"$skua" snapshot --socket "$socket" --follow >"$scratch/fifo" 2>"$scratch/err" &
follower=$!
head -c 100 "$scratch/fifo" >"$scratch/out"
until_so '! kill -0 $follower 2>/dev/null'
ended=$?
[ $ended = 0 ] || kill "$follower"
wait "$follower"
status=$?
ok '[ $ended = 0 ] && [ $status = 0 ] && [ ! -s $scratch/err ]' "a follower whose reader has gone ends by itself"

run "$skua" arm --socket "$socket" --host 10.0.0.5 --for 5m
ok '[ $status = 0 ] && [ ! -s $scratch/out ] && grep -q "armed host 10.0.0.5 for 300 s" $scratch/log' \
	"arming is done, and logged"
run "$skua" arm --socket "$socket" --host 10.0.0.6
ok '[ $status = 1 ] && grep -q "could not do it: its log says why" $scratch/err' "an agent that cannot says so"
for bad in "" "--for 300s" "--host 10.0.0.5 --for 2d" "--host 10.0.0.5 10.0.0.6"; do
	run "$skua" arm --socket "$socket" $bad
	ok '[ $status = 2 ] && [ $(wc -l <$scratch/err) = 1 ]' "refused: arm $bad"
done

run "$skua" findings --socket "$socket"
ok '[ $status = 0 ] && [ ! -s $scratch/err ] && [ $(jq -r .finding_id $scratch/out | sort -u | wc -l) -ge 20 ]' \
	"findings are JSON lines in a pipe"
first=$(wc -l <"$scratch/out")
begin "$skua" findings --socket "$socket" --follow
until_so '[ $(wc -l <$scratch/out) -gt $((first + 20)) ]'
until_so '[ $(wc -l <$scratch/out) -gt 40 ]'
tell INT
ok '[ $status = 0 ] && [ $(jq -r .finding_id $scratch/out | wc -l) -gt $((first + 20)) ] &&
	[ $(wc -l <$scratch/out) -gt 40 ] && [ -z "$(jq -r .finding_id $scratch/out | uniq -d)" ]' \
	"a follower gets each once, and those that come"
if "$skua" version | grep -q "jansson: yes"; then
	run "$skua" findings --socket "$socket" --format table
	ok '[ $status = 0 ] && grep -q "^0.90   scan  10.9.0.12 -> 10.9.0.7  scan 0$" $scratch/out' \
		"as a table they look as they do elsewhere"
else
	skip "as a table they look as they do elsewhere" "built without jansson"
fi
begin "$skua" findings --socket "$socket" --follow
until_so '[ $(scans_begun) = 1 ]'
stop_agent
until_so 'grep -q "waiting for it" $scratch/err'
start_agent good
until_so '[ $(scans_begun) = 2 ]'
tell TERM
ok '[ $status = 0 ] && [ $(grep -c "waiting for it" $scratch/err) = 1 ] &&
	[ $(scans_begun) = 2 ]' \
	"an agent that is started anew is waited for, and begins anew"
stop_agent
echo "1..$n"
exit $failed
