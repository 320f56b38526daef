#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Live, the first callback of a beacon is in its file although a churner has filled the recorder ten
# times since; an agent beside it that keeps nothing has lost it.  tests/lab/pretrigger.sh quick|all
set -u
LAB_PREFIX=${LAB_PREFIX:-skpre}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/cast.sh
. "$LAB_HERE/cast.sh"

# Network of the server, part, turns, interval, jitter, loss, seed.  Of seven a minute's span is needed;
# inside one connection, with requests of other sizes, seven score too little to be found.
BEACONS='5 beacon 20 1.5 0 0 1
6 beacon 26 1.5 0.37 0.2 3
7 keepalive 20 1.5 0 0 1
9 keepalive 32 1.5 0.37 0.2 3
10 hello 20 1.5 0 0 5'
[ "${1:-quick}" = quick ] || BEACONS="$BEACONS
53 beacon 7 10.2 0 0 1
54 keepalive 10 7 0 0 1"
seconds=40
[ "${1:-quick}" = quick ] || seconds=64

play() {
	pids=
	while read -r network part count every jitter loss seed; do
		cast_act a "$part" --to "198.18.$network.1" --count "$count" --every "$every" \
			--jitter "$jitter" --loss "$loss" --seed "$seed" --name "c$network.example.net" \
			>"$LAB_DIR/$network.play" 2>&1 &
		pids="$pids $!"
		lab_remember $!
	done <<-EOT
		$BEACONS
	EOT
	for number in 21 22; do
		cast_act a churn --to 10.78.0.2 --source "10.78.0.$number" --seconds $seconds --speed 0.6 \
			>"$LAB_DIR/churn$number.play" 2>&1 &
		pids="$pids $!"
		lab_remember $!
	done
	for pid in $pids; do
		wait "$pid" || cat "$LAB_DIR"/*.play
	done
}

lab_need tcpdump jq
lab_open
lab_need_bpf
lab_pair a b
# One frame is one segment, as on a wire.
ip -n "$LAB-a" link set eth0 gso_max_segs 1
ip -n "$LAB-b" link set eth0 gso_max_segs 1
lab_address a eth0 10.78.0.21/24 10.78.0.22/24
for network in 5 6 7 9 10 53 54; do
	lab_address b lo "198.18.$network.1/32"
done
ip -n "$LAB-a" route add 198.18.0.0/16 via 10.78.0.2
cast_server b
lab_dump b wire eth0 ip || exit 1
lab_agent b kept -i eth0=uplink --hook tc --recorder 1 --snapshots "$LAB_DIR/kept.d"
ok $? "skua watches, with a recorder of 1 MiB" "$(cat "$LAB_DIR/kept.err")"
lab_agent b lost -i eth0=uplink --hook tc --recorder 1 --snapshots "$LAB_DIR/lost.d" --no-keep
ok $? "another watches beside it, without keep area" "$(cat "$LAB_DIR/lost.err")"
failed=$(play)
ok $((${#failed} > 0)) "beacons call, and a churner opens connections" "$failed"
lab_dumped wire
ok $? "tcpdump beside them dropped nothing"
for name in kept lost; do
	lab_stop $name
	is $? 0 "$name: SIGTERM ends it with status 0"
	is "$(lab_stat $name '[.lost[], 0] | add')" 0 "$name: nothing was lost"
done
said=$(echo "$BEACONS" | python3 "$LAB_HERE/pretrigger.py" "$LAB_DIR")
echo "$said" | grep '^#'
while read -r status sentence; do
	ok "$status" "$sentence"
done <<EOT
$(echo "$said" | grep -v '^#')
EOT
lab_close
