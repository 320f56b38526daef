#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is kept of pods' packets is what the rules for their namespaces say, as an API server has them:
# also of those whose namespace comes to be known later than their packets.
set -u
LAB_PREFIX=${LAB_PREFIX:-skpp}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/node.sh
. "$LAB_HERE/node.sh"

asked() { # file: a snapshot of all there is
	"$SKUA" snapshot --socket "$LAB_SOCKET" -w "$LAB_DIR/$1.pcapng" 2>"$LAB_DIR/$1.err"
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
node_open
pod pod1 shop 10.80.0
pod pod2 pay 10.81.0
pod pod3 lab 10.82.0
pod pod4 late 10.83.0
pod up0 far 203.0.113
# Behind the translation all pods have the node's address, of which no rule says anything.
lab_in node nft "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; };
	add rule ip nat post oifname up0 masquerade"
api_open "shop/one 10.80.0.2" "pay/one 10.81.0.2" "lab/one 10.82.0.2"
pages_open far pay

node_agent -i up0=uplink --record ns:shop=full --record ns:pay=off --record ns:lab=headers
ok $? "skua watches with rules for three namespaces" "$(cat "$LAB_DIR/skua.err")"
knows 3 "three pods are known"
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
