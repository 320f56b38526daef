#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Tests of the traffic generator, as TAP: the same bytes every time, nothing wrong on the wire, and
# as much of everything as the scenario asks for.  Usage: tests/gen/run.sh [path of skua-gen]
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
gen=${1:-${OUT:-$here/build}/skua-gen}
scenarios=$here/tests/scenarios
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0 failures=0

ok() { # status sentence
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failures=$((failures + 1))
	fi
}

is() { # got wanted sentence
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || echo "# got $1, wanted $2"
}

skip() { # sentence reason
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

sum() {
	sha256sum | cut -d ' ' -f 1
}

fields() { # capture filter field...
	capture=$1 filter=$2
	shift 2
	# shellcheck disable=SC2046 # one -e for each field
	tshark -r "$capture" -Y "$filter" -T fields $(printf -- '-e %s ' "$@") 2>/dev/null
}

count() { # capture filter
	fields "$1" "$2" frame.number | wc -l | tr -d ' '
}

truth() { # truth-file source column: of that source's first row
	awk -F '\t' -v source="$2" -v column="$3" '$2 == source { print $column; exit }' "$1"
}

complains() { # scenario pattern sentence
	printf '%s\n' "$1" >"$work/bad.scn"
	"$gen" "$work/bad.scn" -o "$work/bad.pcap" 2>"$work/bad.err"
	[ $? -eq 2 ] && grep -q "bad.scn:$2" "$work/bad.err"
	ok $? "$3"
}

small='duration 20m
beacon from 10.0.0.1 to 203.0.113.1:443 every 60s jitter 20% sni a.example
dnstunnel from 10.0.0.2 via 10.0.0.9 domain b.example queries 20
browse hosts 10.0.0.3 every 2m
scan from 10.0.0.4 to 10.0.0.5 ports 1-50'

# Bytes.
printf '%s\n' "$small" >"$work/small.scn"
first=$("$gen" "$work/small.scn" | sum)
is "$("$gen" "$work/small.scn" | sum)" "$first" "the same scenario and seed give the same bytes"
is "$("$gen" - <"$work/small.scn" | sum)" "$first" "from a pipe too"
# Changes whenever the generator means to say something else; then take the new sum from below.
is "$first" \
	e12a07da1f1dba68d17c337366fcc9a3cb9de871c5aabaceb912ebc7c237ae62 \
	"these are the bytes of every machine"
[ "$("$gen" --seed 2 "$work/small.scn" | sum)" != "$first" ]
ok $? "another seed gives other bytes"
for scenario in demo benign scans beacons tunnels odd uploads; do
	"$gen" "$scenarios/$scenario.scn" -o "$work/$scenario.pcap" --truth "$work/$scenario.tsv"
	ok $? "$scenario.scn is made"
done

# Mistakes.
complains 'beakon from 10.0.0.1' '1: beakon: unknown word' "an unknown word is named with its line"
complains 'seed 1

beacon from 10.0.0.1 to 10.0.0.2:80 evry 5m' '3: .*evry: unknown option; use one of: every' \
	"an unknown option is named with what would be right"
complains 'beacon from 10.0.0.1 to 10.0.0.2:80 every 5x' '1: .*"5x"; write a duration' \
	"a bad value is named with its form"
complains 'beacon from 10.0.0.1 to 10.0.0.2:80' '1: .*every is missing' "what is missing is named"
complains 'ntp hosts 10.0.0.1 server 2001:db8::1' '1: .*one family' "families do not mix"
# shellcheck disable=SC2016 # the variable is the scenario's
complains 'start $when' '1: $when: no such variable' "an unknown variable is named"
"$gen" "$work/small.scn" --set flows=5 >/dev/null 2>&1
is $? 2 "a variable that no line declares is refused"
"$gen" "$work/small.scn" -o /dev/full 2>/dev/null
is $? 1 "a full disk is a failure"

# Size.
set -- "$("$gen" "$scenarios/demo.scn" | wc -c)"
[ "$1" -lt 30000000 ]
ok $? "the demo has less than 30 MB ($1)"
bulk() {
	"$gen" "$scenarios/bulk1m.scn" --set packets=20003 --set flows=1500 "$@"
}
bulk -o "$work/bulk.pcap" --truth "$work/bulk.tsv"
size=$(wc -c <"$work/bulk.pcap")
[ "$size" -gt 11400000 ] && [ "$size" -lt 13200000 ]
ok $? "20,003 packets with a mean of 600 bytes are about 12 MB ($size)"

if ! command -v tshark >/dev/null; then
	skip "what is on the wire" "tshark is not installed"
	echo "1..$number"
	exit $((failures > 0))
fi

# Nothing wrong on the wire.
wrong='ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 ||
icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || _ws.malformed ||
tcp.analysis.ack_lost_segment || tcp.analysis.lost_segment || tcp.analysis.out_of_order'
for scenario in demo benign beacons tunnels odd scans; do
	found=$(tshark -r "$work/$scenario.pcap" -o ip.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -Y "$wrong" 2>/dev/null |
		wc -l)
	is "$((found))" 0 "tshark finds no wrong checksum or number in $scenario"
done

# As much as was asked for.
fields "$work/demo.pcap" frame frame.time_relative >"$work/times"
[ "$(wc -l <"$work/times")" -lt 60000 ]
ok $? "the demo has less than 60,000 packets"
awk '$1 < last { bad = 1 } { last = $1 } END { exit bad || last < 21000 }' "$work/times"
ok $? "in order of time, over six hours"
syn='tcp.flags.syn == 1 && tcp.flags.ack == 0'
is "$(count "$work/demo.pcap" "$syn && ip.src == 10.9.0.12")" 1000 \
	"a scan of 1,000 ports is 1,000 SYNs"
is "$(truth "$work/demo.tsv" 10.9.0.12 7)" 1000 "as the truth says"
is "$(fields "$work/demo.pcap" "$syn && ip.src == 10.9.0.12" tcp.dstport | sort -u | wc -l)" 1000 \
	"each port once"
is "$(count "$work/demo.pcap" 'dns.flags.response == 0 && ip.src == 10.9.0.8')" 400 \
	"a tunnel of 400 queries is 400 queries"
is "$(truth "$work/demo.tsv" 10.9.0.8 8)" alert "which should be found"
is "$(count "$work/demo.pcap" "$syn && ip.src == 10.9.0.5")" \
	"$(truth "$work/demo.tsv" 10.9.0.5 7)" \
	"the truth counts the connections of a beacon"
is "$(fields "$work/demo.pcap" 'tls.handshake.type == 1 && ip.src == 10.9.0.5' \
	tls.handshake.extensions_server_name | sort -u)" c2.example.net "they name the server"
is "$(awk -F '\t' '$8 == "alert"' "$work/benign.tsv" | wc -l)" 0 "benign.scn holds nothing to find"
fields "$work/beacons.pcap" "$syn && ip.src == 10.9.0.11" frame.time_epoch |
	awk 'last && ($1 - last < 239.9 || $1 - last > 360.1) { bad = 1 }
		last && $1 - last > 340 { late = 1 } last && $1 - last < 260 { early = 1 }
		{ last = $1 } END { exit bad || !late || !early }'
ok $? "20 % jitter of 300 s is 240 to 360 s, and uses that room"
is "$(count "$work/beacons.pcap" "$syn && ip.src == 10.9.0.21")" 1 \
	"a beacon that keeps its connection opens one"
is "$(count "$work/beacons.pcap" 'http.request && ip.src == 10.9.0.21')" \
	"$(truth "$work/beacons.tsv" 10.9.0.21 7)" "and polls in it as often as the truth says"
is "$(fields "$work/uploads.pcap" 'ip.src == 10.9.0.20' tcp.len |
	awk '{ sum += $1 } END { print (sum > 80000000 && sum < 80010000) }')" 1 \
	"an upload of 80 MB is 80 MB of payload"
is "$(truth "$work/uploads.tsv" 10.9.0.22 7)" 64000000 "in parts it adds up"
for technique in '12 0x0001' '13 0x0000' '14 0x0029' '15 0x0011' '16 0x0010'; do
	is "$(count "$work/scans.pcap" "ip.src == 10.9.0.${technique% *} &&
		tcp.flags == ${technique#* }")" 300 \
		"the probes of 10.9.0.${technique% *} carry flags ${technique#* }"
done
is "$(count "$work/scans.pcap" 'arp.opcode == 1 && arp.src.proto_ipv4 == 10.9.0.19')" 254 \
	"an ARP sweep asks for every host of a network"
is "$(count "$work/scans.pcap" 'icmpv6.type == 135 && ipv6.src == fd00:9::14')" 256 \
	"a neighbour sweep too"
[ "$(count "$work/scans.pcap" 'icmp.type == 3 && ip.dst == 10.9.0.17')" -gt 290 ]
ok $? "closed UDP ports are said to be by ICMP"
is "$(count "$work/odd.pcap" 'vxlan.vni == 42 && tcp.flags.syn == 1 && tcp.flags.ack == 0')" \
	"$(truth "$work/odd.tsv" 10.9.0.32 7)" "a tunnel carries the beacon"
[ "$(count "$work/odd.pcap" 'ieee8021ad.id == 100 && vlan.id == 20')" -gt 500 ]
ok $? "two tags are there"
[ "$(count "$work/odd.pcap" 'ip.reassembled.length > 3900 && icmp')" -gt 200 ]
ok $? "fragments become packets again"
[ "$(count "$work/odd.pcap" 'ipv6.reassembled.length > 3900 && icmpv6')" -gt 200 ]
ok $? "in IPv6 too"
[ "$(count "$work/odd.pcap" 'frame.cap_len == 60 && frame.len > 60')" -gt 500 ]
ok $? "packets are cut where the line says"
is "$(count "$work/bulk.pcap" frame)" 20003 "bulk makes exactly as many packets as asked for"
is "$(fields "$work/bulk.pcap" 'tcp.flags.syn == 1 && tcp.flags.ack == 0 || udp' ip.src udp.port \
	tcp.port ip.dst | awk '{ a = $1 < $NF ? $1 $NF : $NF $1; split($2, port, ",")
	low = port[1] < port[2] ? $2 : port[2] "," port[1]; print a, low }' | sort -u | wc -l)" \
	1500 "in exactly as many flows"
for linktype in raw sll; do
	sed "s/^seed/linktype $linktype\nseed/" "$scenarios/tunnels.scn" | "$gen" - |
		tshark -r - -c 2000 -Y 'dns.flags.response == 0 && ip.src == 10.9.0.8' \
		2>/dev/null | wc -l >"$work/linktype"
	is "$(tr -d ' ' <"$work/linktype")" 300 "linktype $linktype carries the same"
done

. "$here/tests/gen/attack.sh"

# A line more.
{
	cat "$work/small.scn"
	echo 'ping hosts 10.0.0.6 server 10.0.0.9'
} | "$gen" - >"$work/more.pcap"
"$gen" "$work/small.scn" -o "$work/small.pcap"
times="ip.src == 10.0.0.1 && $syn"
is "$(fields "$work/more.pcap" "$times" frame.time_epoch)" \
	"$(fields "$work/small.pcap" "$times" frame.time_epoch)" \
	"another line at the end does not change when the first act"
{
	cat "$work/small.scn"
	echo 'linktype raw'
} | "$gen" - -o "$work/raw.pcap" 2>/dev/null
is $? 0 "a line for all may come last"

# shellcheck source=tests/gen/everyday.sh
. "$here/tests/gen/everyday.sh"

echo "1..$number"
exit $((failures > 0))
