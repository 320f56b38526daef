#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A device without Ethernet: what goes through iodine's tunnel is watched on its tun device.
# tests/lab/tun.sh quick|all
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

lab_need nmap iodined iodine tcpdump jq
[ -c /dev/net/tun ] || skip_all "/dev/net/tun is not there"
lab_open
lab_need_bpf
lab_pair a b
lab_start b iodined iodined -f -c -P lab -l 10.78.0.2 -d dns1 10.53.0.1/24 t.tunnel.example
lab_until 30 grep -qs 'Listening to dns' "$LAB_DIR/iodined"
lab_start a iodine iodine -f -P lab -r -d dns0 10.78.0.2 t.tunnel.example
lab_until 60 grep -qs 'setup complete' "$LAB_DIR/iodine"
ok $? "iodine has its tunnel" "$(tail -n 3 "$LAB_DIR/iodine")"
hooks=tc
[ "${1:-quick}" = quick ] || hooks='tc clsact'
for hook in $hooks; do
	lab_dump a $hook dns0
	lab_until 30 lab_quiet a dns0 || note "$hook: the tunnel is never quiet"
	before=$(lab_packets a dns0)
	lab_agent a $hook -i dns0=uplink --hook $hook
	ok $? "$hook: skua watches a tun device"
	lab_in a nmap -n -Pn -sT --max-retries 0 -p 1-40 10.53.0.1 >"$LAB_DIR/nmap" 2>&1
	ok $? "$hook: nmap scans through the tunnel"
	lab_until 30 lab_quiet a dns0 || note "$hook: the tunnel is never quiet"
	after=$(lab_packets a dns0)
	lab_dumped $hook
	ok $? "$hook: tcpdump dropped nothing"
	lab_stop $hook
	is $? 0 "$hook: ends with status 0"
	"$SKUA" replay -q --format json "$LAB_DIR/$hook.pcap" >"$LAB_DIR/$hook.replay"
	said=$(python3 "$LAB_HERE/compare.py" "$LAB_DIR/$hook.out" "$LAB_DIR/$hook.replay")
	ok $? "$hook: the same findings live and in replay" "$said"
	note "$hook: $(echo "$said" | tail -n 1)"
	echo 'scan - 10.53.0.2' | python3 "$LAB_HERE/expect.py" "$LAB_DIR/$hook.out" >"$LAB_DIR/said"
	ok $? "$hook: the scan inside the tunnel is found" "$(cat "$LAB_DIR/said")"
	is "$(lab_stat $hook .packets)" $((after - before)) "$hook: skua counts what the device counts"
done
lab_close
