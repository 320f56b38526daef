#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is kept of pods' packets is what the rules for their namespaces say, as an API server has them:
# also of those whose namespace comes to be known later than their packets.
set -u
LAB_PREFIX=${LAB_PREFIX:-skpp}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

pod() { # device, name, network
	lab_namespace "$2"
	lab_veth node "$1" "$2" eth0
	lab_address node "$1" "$3.1/24"
	lab_address "$2" eth0 "$3.2/24"
	ip -n "$LAB-$2" route add default via "$3.1"
}

known() { # pods
	"$SKUA" status --socket "$LAB_DIR/socket" --format json |
		jq -e ".status.tables[] | select(.name == \"pods\").entries == $1" >/dev/null
}

visit() { # name, address: asks for a page that is not there, called as who asks
	lab_in "$1" curl -s -m 60 -o /dev/null "http://$2/secret-of-$1"
}

asked() { # file: a snapshot of all there is
	"$SKUA" snapshot --socket "$LAB_DIR/socket" -w "$LAB_DIR/$1.pcapng" 2>"$LAB_DIR/$1.err"
}

packets() { # file, display filter
	tshark -n -r "$LAB_DIR/$1.pcapng" -Y "$2" 2>/dev/null | wc -l
}

says() { # file, text: in a comment
	capinfos -k "$LAB_DIR/$1.pcapng" 2>/dev/null | grep -q "$2"
}

wants() { # sentence, argument...: refused so, without --pods
	sentence=$1
	shift
	"$SKUA" "$@" >"$LAB_DIR/words" 2>&1
	is $? 2 "a rule for a namespace is refused by $1 where none is known"
	grep -q "ns:pay=off.*$sentence" "$LAB_DIR/words"
	ok $? "and it is said what helps" "$(cat "$LAB_DIR/words")"
}

lab_need jq nmap nft openssl curl tshark capinfos mergecap
"$SKUA" version | grep -q '^jansson: yes' || skip_all "this skua is built without jansson"
lab_open
wants "add it, or name networks" run -i lo --record ns:pay=off
lab_need_bpf
lab_namespace node
pod pod1 shop 10.80.0
pod pod2 pay 10.81.0
pod pod3 lab 10.82.0
pod pod4 late 10.83.0
pod up0 far 203.0.113
lab_in node sysctl -qw net.ipv4.ip_forward=1
# Behind the translation all pods have the node's address, of which no rule says anything.
lab_in node nft "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; };
	add rule ip nat post oifname up0 masquerade"
mkdir "$LAB_DIR/api" "$LAB_DIR/page"
mkfifo "$LAB_DIR/pods"
trap '' PIPE # a server that has died is a failure to be told, not the end of this
ip netns exec "$LAB-node" python3 -u "$LAB_HERE/pod_server.py" "$LAB_DIR/api" <"$LAB_DIR/pods" \
	>"$LAB_DIR/api.log" 2>&1 &
lab_remember $!
exec 9>"$LAB_DIR/pods"
echo "shop/one 10.80.0.2" >&9
echo "pay/one 10.81.0.2" >&9
echo "lab/one 10.82.0.2" >&9
echo start >&9
for name in far pay; do
	lab_start $name $name.log python3 -u -m http.server -d "$LAB_DIR/page" 80
done
lab_until 30 test -e "$LAB_DIR/api/url"
ok $? "an API server runs" "$(cat "$LAB_DIR/api.log")"
lab_until 30 visit far 127.0.0.1 && lab_until 30 visit pay 127.0.0.1
ok $? "and two pages are served" "$(cat "$LAB_DIR/far.log" "$LAB_DIR/pay.log")"
echo token-1 >"$LAB_DIR/token"
chmod 755 "$LAB_DIR/api"
chmod 644 "$LAB_DIR/token"
export LAB_QUIET="--socket $LAB_DIR/socket"

lab_agent node skua -i 'pod*=workload' -i up0=uplink --hook tc --pods --kube-server "$(cat "$LAB_DIR/api/url")" \
	--kube-ca "$LAB_DIR/api/server.crt" --kube-token "$LAB_DIR/token" --node node-a --user root \
	--snapshots "$LAB_DIR/vault" --record ns:shop=full --record ns:pay=off --record ns:lab=headers
ok $? "skua watches with rules for three namespaces" "$(cat "$LAB_DIR/skua.err")"
lab_until 30 known 3
ok $? "three pods are known" "$("$SKUA" status --socket "$LAB_DIR/socket" 2>&1)"
visit shop 10.81.0.2
for name in shop pay lab late; do visit $name 203.0.113.2; done
# The agent reads packets in their order: who has the last one has had them all.
has_last() {
	asked first && [ "$(packets first 'ip.addr == 10.83.0.2 and http contains "secret-of-late"')" -gt 0 ]
}
lab_until 30 has_last
asked first
ok $? "a snapshot can be had" "$(cat "$LAB_DIR/first.err")"
[ "$(packets first 'ip.addr == 10.80.0.2 and http contains "secret-of-shop"')" -gt 0 ]
ok $? "it holds what a pod said whose namespace is full"
is "$(packets first 'ip.addr == 10.81.0.2 or arp.src.proto_ipv4 == 10.81.0.2')" 0 "and no packet of one whose namespace is off, whoever it talked to"
grep -q '^203.0.113.1 .*secret-of-pay' "$LAB_DIR/far.log" && [ "$(packets first 'frame contains "secret-of-pay"')" = 0 ]
ok $? "nor as it leaves the node, with the node's address" "$(cat "$LAB_DIR/far.log")"
[ "$(packets first 'ip.addr == 10.82.0.2 and frame.cap_len < frame.len')" -gt 0 ] &&
	[ "$(packets first 'frame contains "secret-of-lab"')" = 0 ]
ok $? "of one whose namespace has headers it holds these only"
[ "$(packets first 'ip.addr == 10.83.0.2 and http contains "secret-of-late"')" -gt 0 ]
ok $? "of a pod that nobody knows yet it holds what any may"
says first "By the record policy [0-9]* packets here have headers only"
ok $? "the file says what was removed" "$(capinfos -k "$LAB_DIR/first.pcapng")"

wants "name their networks" replay --record ns:pay=off "$LAB_DIR/first.pcapng"

echo "pay/late 10.83.0.2" >&9
lab_until 30 known 4
ok $? "that pod turns out to be of a namespace that is off"
asked second
is "$(packets second 'ip.addr == 10.83.0.2')" 0 "no file holds its packets any more, those included that came before"
[ "$(packets second 'ip.addr == 10.80.0.2 and http contains "secret-of-shop"')" -gt 0 ]
ok $? "the others' are there as before"
says second 'more were not recorded'
ok $? "the file says so" "$(capinfos -k "$LAB_DIR/second.pcapng")"

for name in shop pay; do lab_in $name nmap -n -Pn -sS --max-retries 0 -p 1-60 203.0.113.2 >/dev/null; done
lab_stop skua
is $? 0 "SIGTERM ends it with status 0"
find "$LAB_DIR/vault" -name '*.pcapng' -exec mergecap -w "$LAB_DIR/vault.pcapng" {} +
[ "$(packets vault 'ip.addr == 10.80.0.2')" -ge 60 ] && [ "$(packets vault 'ip.addr == 10.81.0.2')" = 0 ]
ok $? "the vault has the scan of the one and no packet of the other" "$(find "$LAB_DIR/vault")"
sed 's/^[0-9.]* //' "$LAB_DIR/skua.out" | jq -se 'map(select(.event_type == "scan" and .src_ip == "10.81.0.2")) |
	length > 0 and all(.snapshot.file == null)' >/dev/null
ok $? "though the other's is found too" "$(sed 's/^[0-9.]* //' "$LAB_DIR/skua.out" | cut -c 1-600)"
exec 9>&-
lab_close
