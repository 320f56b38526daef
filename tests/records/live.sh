#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Records of live traffic between two namespaces: by the kernel programs, which know less, and by
# libpcap, which gives whole packets.  Needs root and network namespaces.
set -u
cd "$(dirname "$0")/../.."
OUT=$(realpath "${OUT:-build}")
a=skuareca b=skuarecb work=$OUT/records-live number=0 failures=0
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}
ok() { # sentence; the status of what ran before tells
	[ $? -eq 0 ] && word=ok || { word="not ok" failures=$((failures + 1)); }
	number=$((number + 1))
	echo "$word $number - $1"
}
[ "$(id -u)" = 0 ] || skip "not root"
command -v jq >/dev/null || skip "jq is not installed: tools/setup.sh check"
ip netns add $a 2>/dev/null || skip "network namespaces are not permitted"
server=
finish() {
	[ -z "$server" ] || kill "$server"
	ip netns del $a
	ip netns del $b
}
trap finish EXIT
ip netns add $b
ip link add skuarec0 netns $a type veth peer name skuarec1 netns $b
ip -n $a addr add 10.9.3.1/24 dev skuarec0
ip -n $b addr add 10.9.3.2/24 dev skuarec1
ip -n $a link set skuarec0 up
ip -n $b link set skuarec1 up
# Somebody who is there, and never answers.
ip -n $a neigh add 10.9.3.9 lladdr 02:00:00:00:00:09 dev skuarec0
rm -rf "$work"
mkdir -p "$work/www"
chmod 755 "$work"
head -c 300000 /dev/zero | tr '\0' 'x' >"$work/www/f.bin"
ip netns exec $b python3 -m http.server -d "$work/www" 80 >/dev/null 2>&1 &
server=$!
cat >"$work/ask.py" <<'P'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(bytes.fromhex("004d01000001000000000000") + b"\3www\7example\3com\0\0\1\0\1", ("10.9.3.2", 53))
P
wait_for() { # command: within two minutes, which the verifier may take
	until_s=$(($(date +%s) + 120))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $until_s ] || return 1
		sleep 0.1
	done
}
get() { ip netns exec $a curl -s -m 30 -o /dev/null "$@"; }
wait_for get http://10.9.3.2/f.bin

watch() { # a file that will have the name that is said last; options of run
	last=$1
	shift
	ip netns exec $a "$OUT/skua" run -i skuarec0 --socket none "$@" >"$work/out" 2>"$work/err" &
	agent=$!
	wait_for grep -qE 'watching.* skuarec0|not permitted' "$work/err"
	get http://10.9.3.2/f.bin
	get http://10.9.3.2:81/
	get -m 2 http://10.9.3.9:82/
	ip netns exec $a python3 "$work/ask.py"
	get -k --resolve secret.example:80:10.9.3.2 https://secret.example:80/
	grep -q 'not permitted' "$work/err" || wait_for grep -q secret.example "$last"
	kill -INT $agent
	wait $agent
}

watch "$work/zeek/ssl.log" --source kernel --format zeek --records flow,dns,tls,http -l "$work/zeek"
if grep -q 'not permitted' "$work/err"; then
	echo "ok 1 - records by the kernel programs # SKIP BPF is not permitted"
	number=1
else
	test ! -s "$work/err" || ! grep -q error "$work/err"
	ok "run ends well, and files were made although privileges were dropped"
	jq -se 'any(.service == "dns" and .proto == "udp")' "$work/zeek/conn.log" >/dev/null
	ok "conn.log knows that a flow is of DNS"
	jq -se 'any(.query == "www.example.com" and .qtype_name == "A" and .trans_id == 77)' "$work/zeek/dns.log" >/dev/null
	ok "dns.log has the query that the kernel saw"
	jq -se 'any(.conn_state == "SF" and .service == "http" and .resp_bytes > 300000)' "$work/zeek/conn.log" >/dev/null
	ok "conn.log has the download, and knows its service"
	jq -se 'any(.conn_state == "REJ" and ."id.resp_p" == 81) and any(.conn_state == "S0" and ."id.resp_p" == 82)' \
		"$work/zeek/conn.log" >/dev/null
	ok "conn.log has attempts that were refused, or not answered"
	jq -se '(map(select(._path == "conn").uid)) as $known | map(select(._path != "conn")) |
		length >= 3 and all(.uid as $u | $known | index($u))' "$work"/zeek/*.log >/dev/null
	ok "what was said live joins its conn by uid"
	jq -se 'any(.server_name == "secret.example" and (.ja4 | startswith("t13d")))' "$work/zeek/ssl.log" >/dev/null
	ok "ssl.log has the name and JA4 of the ClientHello"
fi
timeout 120 ip netns exec $a "$OUT/skua" run -i skuarec0 --socket none --source kernel --duration 1 --format json \
	--records file >"$work/out" 2>"$work/err"
[ $? -ne 0 ] && grep -q -e '--source pcap' -e 'not permitted' "$work/err"
ok "files need whole packets: refused by the kernel programs, with the way out"

watch "$work/out" --source pcap --format json --records flow,dns,tls,http,file
sum=$(sha256sum <"$work/www/f.bin" | cut -d' ' -f1)
jq -se --arg sum "$sum" 'any(.fileinfo.sha256 == $sum and .fileinfo.size == 300000 and .fileinfo.state == "CLOSED")' \
	"$work/out" >/dev/null
ok "by libpcap the file is told, with its hash"
jq -se 'any(.http.url == "/f.bin" and .http.status == 200 and .http.length == 300000)' "$work/out" >/dev/null
ok "by libpcap the exchange is told as a whole"
jq -se 'any(.event_type == "flow" and .dest_port == 81 and .flow.bytes_toserver == 74)' "$work/out" >/dev/null
ok "frames count with the header of Ethernet"
echo "1..$number"
[ $failures -eq 0 ]
