#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua replay --totals` counts in every capture of the corpus and in one made here, as tshark
# counts it: conversations, pairs of addresses, DNS queries and responses.  Where the two must differ, the
# reason stands in exempt(), and an exemption that is not needed fails.
# usage: OUT=build tests/oracle/totals.sh
#
# tshark's fields of DNS are those of mDNS and LLMNR as well, and it reads what ICMP errors quote:
# only messages from or to port 53 that are no quotes are compared.
set -eu
cd "$(dirname "$0")/../.."
skua=${OUT:-build}/skua
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	echo "1..0 # SKIP no corpus at $corpus (set SKUA_CORPUS)"
	exit 0
fi
if ! command -v tshark >/dev/null; then
	echo "1..0 # SKIP tshark is not installed"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/settings"
export WIRESHARK_CONFIG_DIR="$work/settings" # nobody's preferences

# Which numbers differ, and why.
exempt() {
	case $1 in
	# Only what the tunnel carries is a conversation; tshark counts the tunnel as well.
	encapsulation/erspan2.pcap | encapsulation/ip6-in-ip4.pcap) echo "ipv4" ;;
	encapsulation/ip4-in-ip6.pcap) echo "ipv6" ;;
	encapsulation/gtp-with-fragments.pcap) echo "udp" ;;
	encapsulation/geneve.pcap | encapsulation/gtp-u-ping.pcap | encapsulation/vxlan-http.pcap | \
		encapsulation/vlan-vxlan.pcap) echo "udp ipv4" ;;
	# A tunnel in a tunnel: one level is looked through.
	encapsulation/gre-in-gre.pcap) echo "udp ipv4" ;;
	malformed/geneve-trunc-inner.pcap) echo "udp ipv4 queries responses" ;;
	# Link types that are not followed: counted as such.
	formats/linktype-104-chdlc.pcap | formats/linktype-127-radiotap.pcap | \
		formats/linktype-239-nflog.pcap) echo "tcp ipv4" ;;
	formats/linktype-9-ppp.pcap) echo "udp ipv4 ipv6" ;;
	# tshark's SNMP begins a second conversation between the same two ends.
	formats/linktype-0-null.pcap) echo "udp" ;;
	# tshark reads more formats.
	malformed/not-a-pcap.pcap) echo "tcp ipv4" ;;
	# Names longer than 255 octets, counted as dns_unreadable.
	beacon/dns-txt-c2-1s.pcapng | dns-tunnel/dnscat2-mixed-121q.pcap) echo "queries responses" ;;
	# Status requests, which have no question: dns_unreadable.
	scan/udp-95ports-slow.pcap) echo "queries responses" ;;
	# Fuzzed messages: dns_unreadable.
	malformed/fuzz-be-2006.pcap) echo "queries responses" ;;
	# Four ends of TCP answers whose beginnings were lost: tshark reads them as queries.  Of another
	# one only the end was lost: it reads none of it.
	benign/dns-long-names-253.pcap) echo "queries responses" ;;
	esac
}

# Prints seven words: six numbers, and whether they are exact.
ours() {
	"$skua" replay --quiet --totals --format json "$1" 2>/dev/null |
		sed -n 's/.*"totals":{\([^}]*\)}.*/\1/p' | tr ',' '\n' | sed 's/.*://' | paste -s -d ' '
}

# Prints the same six numbers; cut files make tshark fail after it has counted.
theirs() {
	dns='(udp.port==53 || tcp.port==53) && !icmp && !icmpv6 && dns.flags.response'
	{ tshark -n -q -r "$1" -z conv,tcp -z conv,udp -z conv,ip -z conv,ipv6 \
		-z "io,stat,0,$dns==0,$dns==1" 2>/dev/null || true; } | awk -F'|' '
	/^[A-Za-z0-9]+ Conversations/ { split($1, word, " "); what = word[1] }
	/ <-> / { rows[what]++ }
	/ <> / { queries = $3; responses = $5 }
	END { print rows["TCP"] + 0, rows["UDP"] + 0, rows["IPv4"] + 0, rows["IPv6"] + 0,
		queries + 0, responses + 0 }'
}

# Says what is wrong with one number.
differ() {
	file=$1 what=$2 our=$3 their=$4
	case " $(exempt "$file") " in
	*" $what "*) [ "$our" != "$their" ] || echo "# $file: $what: exempt, but both say $our" ;;
	*) [ "$our" = "$their" ] || echo "# $file: $what: ours $our, theirs $their" ;;
	esac
}

# compare NAME FILE
compare() {
	numbers=$(ours "$2")
	theirs "$2" >"$work/numbers"
	echo "${numbers:-0 0 0 0 0 0 refused}" >>"$work/numbers"
	{
		read -r t1 t2 t3 t4 t5 t6
		read -r o1 o2 o3 o4 o5 o6 exact
	} <"$work/numbers"
	{
		differ "$1" tcp "$o1" "$t1"
		differ "$1" udp "$o2" "$t2"
		differ "$1" ipv4 "$o3" "$t3"
		differ "$1" ipv6 "$o4" "$t4"
		differ "$1" queries "$o5" "$t5"
		differ "$1" responses "$o6" "$t6"
		[ "$exact" != false ] || echo "# $1: the numbers are lower bounds"
	} >"$work/wrong"
	number=$((number + 1))
	if [ -s "$work/wrong" ]; then
		failed=1
		printf 'not '
	elif [ -z "$(exempt "$1")" ] && [ $((o1 + o2 + o5)) != 0 ]; then
		equal=$((equal + 1))
	fi
	echo "ok $number - $1: $o1 TCP, $o2 UDP, $o3 IPv4, $o4 IPv6, $o5 queries, $o6 responses"
	cat "$work/wrong"
}

# segment PORT FROM FLAGS SEQ ACK: a frame for text2pcap.
segment() {
	case $2 in
	client) ends=0a0000010a000002$(printf '%04x%04x' "$1" 80) ;;
	server) ends=0a0000020a000001$(printf '%04x%04x' 80 "$1") ;;
	esac
	printf '0000 %s\n' "$(printf '%024d0800450000280001000040060000%s%08x%08x50%02x200000000000' \
		0 "$ends" "$4" "$5" "$3" | sed 's/../& /g')"
}

# When are the same two ports another conversation?  The corpus does not ask.
ports_again() {
	syn=2 ack=16 syn_ack=18 rst=4 fin_ack=17
	segment 1 client $syn 100 0 && segment 1 client $syn 100 0
	segment 2 client $syn 100 0 && segment 2 client $syn 101 0 && segment 2 client $syn 100 0
	for port in 3 4 5 6 7; do
		segment $port client $syn 100 0
		segment $port server $syn_ack 500 101
		segment $port client $ack 101 501
	done
	segment 3 server $fin_ack 501 101 && segment 3 client $syn 100 0
	segment 4 server $fin_ack 501 101 && segment 4 client $syn 300 0
	segment 5 server $syn_ack 700 101
	segment 6 server $syn 900 0
	segment 7 server $syn 500 0
	segment 8 client $ack 100 50 && segment 8 client $syn 900 0
	segment 9 client $ack 100 50 && segment 9 client $syn 99 0
	segment 10 server $rst 0 7 && segment 10 client $syn 66 0
	segment 11 server $((rst + ack)) 0 7 && segment 11 client $syn 66 0
	segment 12 server $((rst + ack)) 0 7 && segment 12 client $syn 6 0
	segment 13 client $syn 100 0 && segment 13 server $syn 500 0 && segment 13 client $syn_ack 100 501
}

number=0 failed=0 equal=0
tail -n +2 "$corpus/MANIFEST.tsv" | cut -f 1 | LC_ALL=C sort -u >"$work/files"
while read -r file; do
	compare "$file" "$corpus/$file"
done <"$work/files"
ports_again | text2pcap -q - "$work/again.pcap" 2>/dev/null
compare "ports used again" "$work/again.pcap"
# Without this, a tshark that says nothing would agree about empty files.
number=$((number + 1))
[ $equal -ge 20 ] || { printf 'not ' && failed=1; }
echo "ok $number - $equal captures with conversations agree in all six numbers, 20 are needed"
echo "1..$number"
exit $failed
