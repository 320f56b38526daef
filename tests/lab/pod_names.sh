#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Findings of a node name its pods, as an API server has them: one that is there from the beginning,
# and one whose interface comes later, which is watched within a second, by the best of a few tries.
set -u
LAB_PREFIX=${LAB_PREFIX:-skpn}
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/node.sh
. "$LAB_HERE/node.sh"

# The attacher is the child that holds links.
watched() { # device
	index=$(ip -n "$LAB-node" -o link show "$1" | cut -d : -f 1)
	for child in $(lab_children "$(cat "$LAB_DIR/skua.pid")"); do
		grep -qsE "^ifindex:[[:space:]]*$index\$" /proc/"$child"/fdinfo/* && return 0
	done
	return 1
}

since() { # milliseconds
	echo $((($(date +%s%N) - begun) / 1000000))
}

scan() { # name, target: 60 ports
	lab_in "$1" nmap -n -Pn -sS --max-retries 0 -p 1-60 "$2" >/dev/null
}

found() { # filter
	sed 's/^[0-9.]* //' "$LAB_DIR/skua.out" | jq -ce "select(.event_type == \"scan\" and $1)" | grep -q .
}

tells() { # filter, sentence
	lab_until 30 found "$1"
	ok $? "$2" "$(sed 's/^[0-9.]* //' "$LAB_DIR/skua.out" | cut -c 1-600)"
}

lab_need jq nmap openssl
"$SKUA" version | grep -q '^jansson: yes' || skip_all "this skua is built without jansson"
lab_open
lab_need_bpf
node_open
pod pod1 one 10.80.0
pod up0 far 203.0.113
api_open "one 10.80.0.2"

node_agent
ok $? "skua watches pods' interfaces and the API server" "$(cat "$LAB_DIR/skua.err")"
knows 1 "status says that one pod is known"
scan one 203.0.113.2
tells '.src_pod == {namespace: "shop", name: "one", owner: "ReplicaSet/web-7d9c6b5f4", node: "node-a"}
	and (has("dest_pod") | not)' "a scan names the pod that scans, with its owner and node"

pod pod2 two 10.81.0
begun=$(date +%s%N)
lab_until 30 watched pod2
seen=$? took=$(since)
for more in 3 4 5 6; do # another program may have had the processor meanwhile
	[ "$took" -gt 1000 ] || break
	lab_veth node "pod$more" far "spare$more"
	begun=$(date +%s%N)
	lab_until 30 watched "pod$more" && [ "$(since)" -lt "$took" ] && took=$(since)
done
[ $seen = 0 ] && [ "$took" -le 1000 ]
ok $? "a second pod's interface is watched within a second" "after $took ms at best, status $seen"
note "a second pod's interface is watched after $took ms"
echo "two 10.81.0.2" >&9
lab_until 30 known 2
scan two 10.80.0.2
tells '.src_pod.name == "two" and .dest_pod.name == "one"' "its scan of the first pod names both"
pids=$(lab_children "$(cat "$LAB_DIR/skua.pid")")
lab_stop skua
is $? 0 "SIGTERM ends it with status 0"
find "$LAB_DIR/vault" -name '*.json' -exec cat {} + | grep -q '"src_pod":{"namespace":"shop"'
ok $? "what lies beside the evidence names them" "$(find "$LAB_DIR/vault")"
for pid in $pids; do lab_until 30 lab_dead "$pid" || echo alive; done >"$LAB_DIR/alive"
is "$(cat "$LAB_DIR/alive")" "" "and both its processes"
exec 9>&-
lab_close
