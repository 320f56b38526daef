#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Files that skua writes, read and rewritten by the tools that responders have: no complaint, nothing
# lost.  usage: OUT=build tests/evidence/pcapng.sh
set -u
cd "$(dirname "$0")/../.."
sample=${OUT:-build}/evidence/sample
for tool in capinfos tshark tcpdump editcap mergecap sha256sum; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh check"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC
n=0 failed=0
ok() {
	n=$((n + 1))
	sentence=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		head -n 10 "$work/said" | sed 's/^/# /'
	fi
}
# tshark warns of being root, tcpdump says what it reads: that is no complaint.
quietly() {
	"$@" >"$work/out" 2>"$work/err" || { cat "$work/err" && return 1; }
	! grep -v -e 'Running as user' -e '^reading from file' "$work/err"
}
says() {
	expected=$1
	shift
	quietly "$@" || return 1
	got=$(cat "$work/out")
	[ "$got" = "$expected" ] || { echo "got: $got" && echo "expected: $expected" && return 1; }
}
holds() {
	expected=$1
	shift
	quietly "$@" || return 1
	grep -qF "$expected" "$work/out" || { echo "no '$expected' in:" && cat "$work/out" && return 1; }
}
count() {
	capinfos -T -r -m -M -c "$1" | tr , ' ' | awk '{ print $NF }'
}
says_lines() {
	expected=$1
	shift
	quietly "$@" || return 1
	got=$(wc -l <"$work/out")
	[ "$got" = "$expected" ] || { echo "$got lines, expected $expected" && return 1; }
}

full=$work/full.pcapng short=$work/short.pcapng
"$sample" "$full" && "$sample" "$short" 60 || exit 1
for file in "$full" "$short"; do
	name=$(basename "$file" .pcapng)
	ok "capinfos reads it ($name)" quietly capinfos "$file"
	ok "capinfos counts its packets ($name)" says 100 count "$file"
	ok "tshark reads it ($name)" says_lines 100 tshark -r "$file"
	ok "tcpdump reads it ($name)" says_lines 100 tcpdump -nr "$file"
done
hash_of() {
	capinfos -T -r -m -M -H "$1" | tr , ' ' | awk '{ print $2 }'
}
ok "capinfos gives the hash of the bytes" says "$(sha256sum <"$full" | cut -d' ' -f1)" hash_of "$full"
for said in 'Capture hardware:    sample machine' 'Capture oper-sys:    Linux 6.1' \
	'Capture application: skua sample' 'skua.finding={' 'skua.context={' 'café' \
	'Name = eth1' 'Description = pod web in shop' 'Filter string = icmp' \
	'Time precision = nanoseconds (9)' 'Capture length = 1514' 'Strict time order:   True' \
	'resolved IPv4 addresses in file: 1' 'resolved IPv6 addresses in file: 1' \
	'Number of stat entries = 1' 'Data size:           9800 bytes' \
	'First packet time:   2023-11-14 22:13:20.123456789'; do
	ok "capinfos shows: $said" holds "$said" capinfos "$full"
done
field() {
	tshark -r "$full" -Y "$1" -T fields -e frame.number -e "$2" -E aggregator=';'
}
ok "the comments are frame.comment, several of one frame as well" says \
	"97	beacon 7f3a: callback 1, +1.0 s;trigger" field 'frame.comment contains "trigger"' frame.comment
ok "each fourth packet has a comment" says_lines 25 field frame.comment frame.number
ok "direction is told" says "2	0x00000001" field 'frame.number == 2' frame.packet_flags
ok "drops are told" says "51	7" field 'frame.drop_count > 0' frame.drop_count
ok "the number of the packet is told" says "100	99" field 'frame.number == 100' frame.packet_id
ok "the queue is told" says "100	1" field 'frame.number == 100' frame.interface_queue
ok "the interface's name is told" says "100	eth1" field 'frame.number == 100' frame.interface_name
named() {
	tshark -r "$full" -c 1 -N n -T fields -e ip.src_host
}
ok "names are used for addresses" says web.shop named
checksums() {
	tshark -r "$full" -o ip.check_checksum:TRUE -Y 'ip.checksum.status == 0 || icmp.checksum.status == 0'
}
ok "the sample's own checksums are right" says_lines 0 checksums
lengths() {
	tshark -r "$short" -c 1 -T fields -e frame.cap_len -e frame.len
}
ok "a truncated packet keeps its length on the wire" says "60	98" lengths

# Rewritten by editcap and mergecap, everything is still there.
shown() {
	tshark -r "$1" -T fields -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.comment \
		-e frame.packet_flags -e frame.packet_id -e frame.interface_queue -e frame.drop_count \
		-e frame.interface_name -e ip.checksum
}
same_after() {
	shown "$full" >"$work/before" 2>/dev/null
	shown "$1" >"$work/after" 2>/dev/null
	diff "$work/before" "$work/after"
}
ok "editcap copies it" quietly editcap "$full" "$work/edited.pcapng"
ok "nothing is lost by editcap" same_after "$work/edited.pcapng"
ok "capinfos reads what editcap wrote" holds 'skua.context={' capinfos "$work/edited.pcapng"
ok "editcap copies it once more" quietly editcap "$work/edited.pcapng" "$work/again.pcapng"
ok "nothing is lost then" same_after "$work/again.pcapng"
ok "editcap cuts it to a part" quietly editcap -r "$full" "$work/part.pcapng" 10-19
ok "that part is whole" says 10 count "$work/part.pcapng"
ok "editcap makes pcap of it" quietly editcap -F nsecpcap "$full" "$work/plain.pcap"
ok "tcpdump reads that" says_lines 100 tcpdump -nr "$work/plain.pcap"
ok "mergecap joins two" quietly mergecap -w "$work/merged.pcapng" "$full" "$short"
ok "both are there" says 200 count "$work/merged.pcapng"
ok "mergecap puts two behind each other" quietly mergecap -a -w "$work/joined.pcapng" "$full" "$work/edited.pcapng"
ok "both are there as well" says 200 count "$work/joined.pcapng"
ok "tcpdump reads what mergecap wrote" says_lines 200 tcpdump -nr "$work/joined.pcapng"
echo "1..$n"
exit $failed
