# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# For the tests of pods: a node with pods behind veths, an API server that knows some of them, and an
# agent with a control socket; sourced behind lab.sh.

pod() { # device, name, network
	lab_namespace "$2"
	lab_veth node "$1" "$2" eth0
	lab_address node "$1" "$3.1/24"
	lab_address "$2" eth0 "$3.2/24"
	ip -n "$LAB-$2" route add default via "$3.1"
}

node_open() { # [the agent's socket]
	LAB_SOCKET=$LAB_DIR/${1:-socket}
	lab_namespace node
	lab_in node sysctl -qw net.ipv4.ip_forward=1
}

# Descriptor 9 tells it of pods that come later.
api_open() { # "namespace/name address"...: what it knows from the beginning
	mkdir "$LAB_DIR/api"
	mkfifo "$LAB_DIR/pods"
	trap '' PIPE # a server that has died is a failure to be told, not the end of this
	ip netns exec "$LAB-node" python3 -u "$LAB_HERE/pod_server.py" "$LAB_DIR/api" <"$LAB_DIR/pods" \
		>"$LAB_DIR/api.log" 2>&1 &
	lab_remember $!
	exec 9>"$LAB_DIR/pods"
	printf '%s\n' "$@" start >&9
	echo token-1 >"$LAB_DIR/token"
	lab_until 30 test -e "$LAB_DIR/api/url"
	ok $? "an API server runs" "$(cat "$LAB_DIR/api.log")"
	chmod 755 "$LAB_DIR/api"
	chmod 644 "$LAB_DIR/token"
}

node_agent() { # argument...
	export LAB_QUIET="--socket $LAB_SOCKET"
	lab_agent node skua -i 'pod*=workload' --hook tc --pods --kube-server "$(cat "$LAB_DIR/api/url")" \
		--kube-ca "$LAB_DIR/api/server.crt" --kube-token "$LAB_DIR/token" --node node-a --user root \
		--snapshots "$LAB_DIR/vault" "$@"
}

known() { # pods
	"$SKUA" status --socket "$LAB_SOCKET" --format json |
		jq -e ".status.tables[] | select(.name == \"pods\").entries == $1" >/dev/null
}

knows() { # pods sentence
	lab_until 30 known "$1"
	ok $? "$2" "$("$SKUA" status --socket "$LAB_SOCKET" 2>&1)"
}

pages_open() { # namespace...: each serves pages, of which none is there
	mkdir "$LAB_DIR/page"
	for name in "$@"; do
		lab_start "$name" "$name.log" python3 -u -m http.server -d "$LAB_DIR/page" 80
	done
	for name in "$@"; do lab_until 30 visit "$name" 127.0.0.1 || break; done
	ok $? "pages are served" "$(for name in "$@"; do cat "$LAB_DIR/$name.log"; done)"
}

visit() { # name, address: asks for a page that is called as who asks
	lab_in "$1" curl -s -m 60 -o /dev/null "http://$2/secret-of-$1"
}

packets() { # file, display filter
	tshark -n -r "$LAB_DIR/$1.pcapng" -Y "$2" 2>/dev/null | wc -l
}
