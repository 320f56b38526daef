#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who may ask the agent about pods of one namespace only gets their findings and packets, and no
# others': also not those of a pod that had the address before.
set -u
LAB_PREFIX=${LAB_PREFIX:-skpr}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/node.sh
. "$LAB_HERE/node.sh"
READER=54321 STRANGER=54322

as() { # uid, command of skua, argument...
	as=$1 what=$2
	shift 2
	setpriv --reuid "$as" --regid "$as" --clear-groups "$SKUA" "$what" --socket "$LAB_SOCKET" "$@" \
		2>"$LAB_DIR/as.err"
}

asked() { # uid, file
	as "$1" snapshot -w - >"$LAB_DIR/$2.pcapng"
}

found() { # uid, filter, how many
	as "$1" findings --format json | jq -se "[.[] | select($2)] | length $3" >/dev/null
}

wants() { # row, sentence
	"$SKUA" run -i lo --pods --kube-server https://127.0.0.1:1 --reader "$1" >"$LAB_DIR/words" 2>&1
	[ $? = 2 ] && grep -q -e "--reader: .*$2" "$LAB_DIR/words"
	ok $? "--reader $1 is refused, with what helps" "$(cat "$LAB_DIR/words")"
}

lab_need jq nmap openssl curl tshark setpriv
"$SKUA" version | grep -q '^jansson: yes' || skip_all "this skua is built without jansson"
lab_open
wants root=shop "nothing can be kept from root"
wants no-such-account=shop "name its number"
wants 1000=Shop "such as alice=shop"
"$SKUA" run -i lo --reader 1000=shop >"$LAB_DIR/words" 2>&1
[ $? = 2 ] && grep -q -e "--reader: '1000=shop': only --pods tells" "$LAB_DIR/words"
ok $? "as is any without --pods" "$(cat "$LAB_DIR/words")"
lab_need_bpf
node_open run/socket
pod pod1 shop 10.80.0
pod pod2 pay 10.81.0
pod pod3 heir 10.82.0
pod up0 far 203.0.113
api_open "shop/one 10.80.0.2" "pay/one 10.81.0.2"
pages_open far

node_agent --reader $READER=shop
ok $? "skua watches, with a reader of one namespace" "$(cat "$LAB_DIR/skua.err")"
knows 2 "two pods are known"
sleep 1.1 # tenancies are counted in seconds
for name in shop pay heir; do visit $name 203.0.113.2; done
for name in shop pay; do lab_in $name nmap -n -Pn -sS --max-retries 0 -p 1-60 203.0.113.2 >/dev/null; done

lab_until 30 found 0 '.event_type == "scan"' '== 2'
ok $? "root reads of two scans" "$(as 0 findings --format json)"
found $READER '.event_type == "scan" and .src_pod.namespace == "shop"' '== 1'
ok $? "the reader of the one by a pod of its namespace" "$(as $READER findings --format json; cat "$LAB_DIR/as.err")"
found $READER '.src_pod.namespace != "shop"' '== 0'
ok $? "and of no other"
asked 0 root && [ "$(packets root 'http contains "secret-of-pay"')" -gt 0 ]
ok $? "root gets packets of the other" "$(cat "$LAB_DIR/as.err")"
asked $READER reader && [ "$(packets reader 'ip.addr == 10.80.0.2 and http contains "secret-of-shop"')" -gt 0 ]
ok $? "the reader gets those of its own" "$(cat "$LAB_DIR/as.err")"
is "$(packets reader '!(ip.addr == 10.80.0.2) and !(arp.src.proto_ipv4 == 10.80.0.2) and
	!(arp.dst.proto_ipv4 == 10.80.0.2)')" 0 "and no other"
! as $READER snapshot --host 10.81.0.2 -w - >"$LAB_DIR/none" && grep -q 'keeps no such packets' "$LAB_DIR/as.err"
ok $? "asked for by its address neither" "$(cat "$LAB_DIR/as.err")"
! as $READER arm --host 10.81.0.2 && grep -q 'pods of some namespaces only' "$LAB_DIR/as.err"
ok $? "it cannot arm the other" "$(cat "$LAB_DIR/as.err")"
as $READER arm --host 10.80.0.2
ok $? "but its own" "$(cat "$LAB_DIR/as.err")"
! as $STRANGER status && grep -q 'may not ask the agent' "$LAB_DIR/as.err"
ok $? "who is no reader is not let in" "$(cat "$LAB_DIR/as.err")"

echo "shop/heir 10.82.0.2" >&9
lab_until 30 known 3
ok $? "a third pod comes to be known"
sleep 1.1
lab_in heir curl -s -m 60 -o /dev/null http://203.0.113.2/said-since
has_since() {
	asked $READER heir && [ "$(packets heir 'ip.addr == 10.82.0.2 and http contains "said-since"')" -gt 0 ]
}
lab_until 30 has_since
ok $? "the reader gets what it says from then on" "$(cat "$LAB_DIR/as.err")"
is "$(packets heir 'http contains "secret-of-heir"')" 0 "and not what was said from its address before"
lab_until 30 grep -q "uid $READER pid [0-9]* read a snapshot of everything.*, as far as it may" "$LAB_DIR/skua.err"
ok $? "the agent logs who read what" "$(grep control "$LAB_DIR/skua.err")"
lab_stop skua
is $? 0 "SIGTERM ends it with status 0"
exec 9>&-
lab_close
