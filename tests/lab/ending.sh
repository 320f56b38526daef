#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An agent with evidence of many pairs waiting is told to end: it ends in time with status 0, and
# everything that was due is there: files, state, journal, the last statistics.
set -u
LAB_PREFIX=sken
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/evidence_faults.sh
. "$LAB_HERE/evidence_faults.sh"
FIRST=256 PAIRS=400 # so many may wait for what follows, and then the first wait for the disk
preload=$LAB_BUILD/lab/slow_disk.so
real=$SKUA

# So many hosts of ours call a server each, which a list names.
call() { # from to
	lab_in a python3 - "$1" "$2" <<-'EOT'
		import socket, struct, sys, time
		out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		out.bind(("eth0", 0))
		for n in range(int(sys.argv[1]), int(sys.argv[2])):
		    src, dst = bytes([10, 1, n >> 8, n & 255]), bytes([198, 18, n >> 8, n & 255])
		    head = struct.pack(">BBHHHBBH", 69, 0, 128, n, 0x4000, 60, 17, 0)
		    total = sum(struct.unpack(">10H", head + src + dst))
		    total = 0xffff & ~((total & 0xffff) + (total >> 16))
		    ip = head[:10] + struct.pack(">H", total) + src + dst
		    out.send(bytes.fromhex("0200000001010200000000020800") + ip + struct.pack(">HHHH", 4000, 9999, 108, 0) + bytes(100))
		    time.sleep(0.001)  # a device holds 256 of them
	EOT
}

found() { # name pairs
	[ "$(grep -c '"state":"new"' "$LAB_DIR/$1.out")" -ge "$2" ]
}

lab_need jq
[ -e "$preload" ] || skip_all "$preload is not built: make check-build"
lab_open
trap 'faults_undo; lab_clean' EXIT
lab_need_bpf
lab_pair a b
awk -v n=$PAIRS 'BEGIN { for (i = 0; i < n; i++) printf "198.18.%d.%d\n", i / 256, i % 256 }' >"$LAB_DIR/list"
mkdir -m 777 "$LAB_DIR/kept"
fault_none_make burst
faults_slow_program burst 100
lab_agent b burst -i eth0=tap --local 10.0.0.0/8 --snapshots "$LAB_DIR/burst.d" --recorder 16 --keep 16 \
	--state "$LAB_DIR/kept/state" --journal "$LAB_DIR/kept/journal" --indicators "$LAB_DIR/list"
ok $? "an agent watches, with a vault, a state and a journal" "$(cat "$LAB_DIR/burst.err")"
SKUA=$real
# Who waits has read all there is.
rests() {
	grep -q '^State:[[:space:]]*S' "/proc/$(cat "$LAB_DIR/burst.pid")/status"
}
call 0 $FIRST
lab_until 60 found burst $FIRST
sleep 0.2
lab_until 60 rests # their packets have been read, too
call $FIRST $PAIRS
lab_until 60 found burst $PAIRS
ok $? "$PAIRS pairs are found, whose files wait" "$(tail -n 3 "$LAB_DIR/burst.out")"
begun=$(date +%s%N)
lab_stop burst
is $? 0 "SIGTERM ends it with status 0" "$(cat "$LAB_DIR/burst.err")"
note "figure: an agent with $PAIRS files due ends within $((($(date +%s%N) - begun) / 1000000)) ms"
is "$(lab_stat burst '[.tables | to_entries[] | select(.key | startswith("snapshots_disk", "snapshots_un"))] | length')" 0 \
	"no file was refused or given up for want of time"
is "$(lab_stat burst .vault.count)" $PAIRS "each pair has its file"
is "$(lab_stat burst '.packets == .accounted + ([.ignored[], .lost[], 0] | add)')" true "every packet is in its row"
[ -s "$LAB_DIR/kept/state" ] && [ ! -e "$LAB_DIR/kept/state.part" ]
ok $? "the state is written" "$(ls "$LAB_DIR/kept")"
"$SKUA" replay -q --format json "$LAB_DIR/kept/journal" >"$LAB_DIR/replayed" 2>"$LAB_DIR/replayed.err"
is $? 0 "the journal has its end"
is "$(jq -s 'map(select(.stats)) | last | .stats.packets' "$LAB_DIR/replayed")" "$(lab_stat burst .packets)" \
	"and the accounting of the run"
lab_close
