#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Live, each finding names a file that is there and proves it; and whatever becomes of the disk, what is
# found is found.  tests/lab/evidence.sh quick|all
set -u
LAB_PREFIX=${LAB_PREFIX:-skev}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/cast.sh
. "$LAB_HERE/cast.sh"
# shellcheck source=tests/lab/evidence_faults.sh
. "$LAB_HERE/evidence_faults.sh"
how=${1:-quick}
watchers='tc:tc:kernel xdp:xdp:kernel'
kills=20
[ "$how" = quick ] || watchers="$watchers clsact:clsact:kernel pcap:auto:pcap" kills=200
CAST='syn 11 4 scan/syn
recon 21 4 beacon
iodine 23 =4 dns_exfil
up 24 6 exfil'
[ -c /dev/net/tun ] || CAST=$(echo "$CAST" | grep -v '^iodine')
preload=$LAB_BUILD/lab/slow_disk.so
faulty='full gone readonly unmounted'

worker_uid() {
	id -u skua 2>/dev/null || id -u nobody
}

said() { # command...: its lines "status sentence" as tests, the others as they are
	lab_said=$("$@")
	[ -n "$lab_said" ] || ok 1 "$* says something"
	while read -r status sentence; do
		case $status in
		[01]) ok "$status" "$sentence" "$sentence" ;;
		*) echo "$status $sentence" ;;
		esac
	done <<-EOT
		$lab_said
	EOT
}

watch() { # name source argument...
	name=$1 source=$2
	shift 2
	lab_agent gw "$name" --source "$source" -i lan=workload --recorder 16 --keep 16 \
		--snapshots "$LAB_DIR/$name.d" "$@"
	ok $? "$name: skua watches, with a vault" "$(cat "$LAB_DIR/$name.err")"
}

ask() { # name...: everything of the last 60 s
	for name in "$@"; do
		kill -USR1 "$(cat "$LAB_DIR/$name.pid")"
	done
}

# How often it was said what became of what was asked for.
answers() { # name
	grep '"event_type":"trigger"' "$LAB_DIR/$1.out" | grep -c '"snapshot":{'
}

answered() { # name number
	[ "$(answers "$1")" -gt "$2" ]
}

# The times at which something was asked for, and what must become of it; until that is said.
mark() { # file|error
	for name in $faulty; do
		answers "$name" >"$LAB_DIR/$name.answers"
		echo "$(date +%s.%N)=$1" >>"$LAB_DIR/$name.asked"
	done
	# shellcheck disable=SC2086  # names
	ask $faulty
	for name in $faulty; do
		lab_until 60 answered "$name" "$(cat "$LAB_DIR/$name.answers")" || note "$name does not answer"
	done
}

# Signals that meet one that still waits are one: asks until there are so many words of it.
ask_until() { # name text number seconds between two
	for _ in $(seq 100); do
		for _ in $(seq 100); do
			ask "$1"
			sleep "$4"
		done
		[ "$(grep -c "$2" "$LAB_DIR/$1.out")" -lt "$3" ] || return 0
	done
	note "$1: '$2' does not come $3 times"
}

found_all() { # name
	lab_said=$(cast_expected | python3 "$LAB_HERE/expect.py" "$LAB_DIR/$1.found")
	ok $? "$1: each of the cast is found, and nobody else" "$lab_said"
}

ended() { # name
	grep -v '"event_type":"trigger"' "$LAB_DIR/$1.out" >"$LAB_DIR/$1.found"
	found_all "$1"
	is "$(lab_stat "$1" '[.lost[], 0] | add')" 0 "$1: nothing was lost"
}

# What the recorder had of the beacon is in the file, packet by packet.
beacon_times() { # pcap
	tcpdump -tt -nr "$1" "tcp and host 10.77.0.21 and host $(cast_world 5 4)" 2>/dev/null | cut -d ' ' -f 1
}

beacon_packets() { # pcap since until
	beacon_times "$1" | awk -v since="$2" -v until="$3" '$1 > since && $1 < until' | wc -l
}

beacon_called() {
	[ "$(beacon_times "$LAB_DIR/wire.pcap" | wc -l)" -gt 60 ]
}

# The middle of the last silence before a time: two clocks agree which packets came before that.
silence_before() { # pcap until
	beacon_times "$1" | awk -v until="$2" '$1 < until {
		if (last && $1 - last > 0.5) middle = (last + $1) / 2
		last = $1
	} END { printf "%.6f", middle }'
}

everything() { # name
	file=$(grep '"event_type":"trigger"' "$LAB_DIR/$1.out" | tail -n 1 | sed 's/^[0-9.]* //' | jq -r .snapshot.file)
	until=$(silence_before "$LAB_DIR/wire.pcap" "$asked")
	since=$(silence_before "$LAB_DIR/wire.pcap" $((asked - 45))) # of the minute that it has, should this take long
	wire=$(beacon_packets "$LAB_DIR/wire.pcap" "$since" "$until")
	is "$(beacon_packets "$LAB_DIR/$1.d/$file" "$since" "$until")" "$wire" \
		"$1: SIGUSR1 publishes a trigger that has all $wire packets of the beacon so far"
	[ "$wire" -gt 20 ]
	ok $? "$1: which are some"
}

# A disk that does not even let the thread die: the agent has said all that it had to say by then.
frozen() {
	if ! fault_frozen_make; then
		skip "frozen: a file system that is frozen" "no loop device or no ext4 here"
		return
	fi
	watch frozen kernel --hook tc
	# Too few for a finding of their own.
	cast_act hrecon beacon --to "$(cast_world 5 4)" --every 0.5 --count 5
	ask frozen
	lab_until 60 answered frozen 0
	fault_frozen_break
	ask frozen
	sleep 10 # nothing is said of it but by the disk
	kill -TERM "$(cat "$LAB_DIR/frozen.pid")"
	begun=$(date +%s)
	lab_until 60 grep -qs '"event_type":"stats"' "$LAB_DIR/frozen.out"
	ok $? "frozen: the last statistics come although" "$(cat "$LAB_DIR/frozen.err")"
	note "figure: frozen: the last statistics come within $(($(date +%s) - begun + 1)) s"
	grep -q 'the disk does not answer: 1 snapshots are not written' "$LAB_DIR/frozen.err"
	ok $? "frozen: it says that the disk does not answer" "$(cat "$LAB_DIR/frozen.err")"
	fault_frozen_thaw
	lab_stop frozen
	is $? 0 "frozen: when it answers again the agent is gone, with status 0"
	faults_restart frozen
}

killed() {
	lab_pair ka kb
	lab_start ka sent.log python3 "$LAB_HERE/send.py" eth0 60000 1200
	python3 "$LAB_HERE/evidence_kill.py" "$SKUA" "$LAB-kb" "$LAB_DIR/killed.d" "$preload" $kills \
		>"$LAB_DIR/killed.said" 2>"$LAB_DIR/killed.err" &
	killer=$!
	lab_remember $killer
}

lab_need nmap iodined iodine tcpdump nft jq capinfos nsenter
[ -e "$preload" ] || skip_all "$preload is not built: make all-tests"
lab_open
trap 'faults_undo; lab_clean' EXIT
lab_need_bpf
lab_net plain
cast_hosts 4
lab_dump gw wire lan || exit 1
for watcher in $watchers; do
	hook=${watcher#*:}
	watch "${watcher%%:*}" "${watcher##*:}" --hook "${hook%:*}"
done
for name in $faulty; do
	"fault_${name}_make"
	watch "$name" kernel --hook tc
done
real=$SKUA
fault_none_make burst
faults_slow_program burst 1000
watch burst kernel --hook tc
faults_slow_program stalled 0
watch stalled kernel --hook tc
SKUA=$real
"$SKUA" run --source pcap -i lo --snapshots "$LAB_DIR/tc.d" --socket none --duration 1 >"$LAB_DIR/second" 2>&1
is "$?" 2 "a second agent on a vault is refused"
grep -q "^skua: cannot open the vault $LAB_DIR/tc.d: .*another agent writes to it (LOCK)" "$LAB_DIR/second"
ok $? "in words that say why" "$(cat "$LAB_DIR/second")"

# What is found comes later than this: its files must meet the faults, however slow this machine is.
cast_act hup beacon --to "$(cast_world 7 4)" --count 3 --every 0.5 || ok 1 "three pages are read"
mark file
for name in $faulty; do "fault_${name}_break"; done
mark error
for name in $faulty; do "fault_${name}_heal"; done
mark file
for name in $faulty; do "fault_${name}_break"; done
# shellcheck disable=SC2046  # a list of names
cast_play $(cast_names) >"$LAB_DIR/failed" &
play=$!
lab_remember $play
killed
lab_until 60 beacon_called
touch "$LAB_DIR/stalled.now"
ask_until stalled 'the disk was too slow' 1 0.008
asked=$(date +%s)
sleep 2.5
for watcher in $watchers; do ask "${watcher%%:*}"; done
wait $play
is "$(cat "$LAB_DIR/failed")" "" "the cast played"
# Fewer than can wait, and some of them are one.
for _ in $(seq 250); do
	ask burst
	sleep 0.002
done
kill -TERM "$(cat "$LAB_DIR/burst.pid")"
begun=$(date +%s)
kill -TERM "$(cat "$LAB_DIR/stalled.pid")"
for watcher in $watchers; do
	name=${watcher%%:*}
	lab_stop "$name"
	is $? 0 "$name: SIGTERM ends it with status 0"
	ended "$name"
	said python3 "$LAB_HERE/evidence.py" whole "$SKUA" "$LAB_DIR/$name.out" "$LAB_DIR/$name.d" "$(worker_uid)"
done
for name in $faulty; do
	lab_stop "$name"
	is $? 0 "$name: SIGTERM ends it with status 0"
	ended "$name"
	# shellcheck disable=SC2046  # times
	said python3 "$LAB_HERE/evidence.py" faulty "$LAB_DIR/$name.out" $(cat "$LAB_DIR/$name.asked")
done
lab_stop stalled
is $? 0 "stalled: it ends with status 0"
ended stalled
said python3 "$LAB_HERE/evidence.py" slow "$LAB_DIR/stalled.out"
said faults_look_at_drain "$begun"
lab_stop burst
is $? 0 "burst: it ends with status 0"
said python3 "$LAB_HERE/evidence.py" burst "$LAB_DIR/burst.out" 50
lab_dumped wire
ok $? "tcpdump beside them dropped nothing"
for watcher in $watchers; do everything "${watcher%%:*}"; done
for name in $faulty stalled; do
	faults_restart "$name"
done
[ "$how" = quick ] || frozen
wait $killer
cat "$LAB_DIR/killed.err"
said cat "$LAB_DIR/killed.said"
skip "a step of the clock while snapshots are published" \
	"the clock is the whole machine's; steps of packet time are covered by tests/evidence/vault.sh"
lab_close
