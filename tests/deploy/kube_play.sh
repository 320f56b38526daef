#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The DaemonSet's pod, played by podman under runc on a node that is a namespace: what it may, and
# that it finds a scan of a pod.  usage: OUT=build tests/deploy/kube_play.sh
set -u
LAB_PREFIX=skkp
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab/lab.sh"
# shellcheck source=tests/deploy/podman.sh
. "$LAB_ROOT/tests/deploy/podman.sh"
cd "$LAB_ROOT" || exit 1
PATH=$PATH:/usr/sbin:/sbin

of() { # field: of the agent
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$POD_PID/status"
}

logged() { # words
	pod logs skua-skua >"$LAB_DIR/logs" 2>&1
	grep -q "$1" "$LAB_DIR/logs"
}

# The host's network is that of whoever starts it.
on_node() {
	nsenter --net="/run/netns/$LAB-node" "$@"
}

lab_open
for tool in podman runc catatonit nmap node kubectl nsenter; do
	command -v $tool >/dev/null
	ok $? "$tool is installed" "tools/setup.sh check-all"
done
[ -e "$IMAGE/skua.oci" ] || OUT=$LAB_BUILD deploy/image/build.sh >"$LAB_DIR/build.out" 2>&1
ok $? "there is an image" "$(cat "$LAB_DIR/build.out" 2>/dev/null)"
[ "$LAB_FAILURES" = 0 ] || lab_close
for name in node one far; do lab_namespace $name; done
for link in "veth1 one 10.80.0" "up0 far 203.0.113"; do
	# shellcheck disable=SC2086  # three words
	set -- $link
	lab_veth node "$1" "$2" eth0
	lab_address node "$1" "$3.1/24"
	lab_address "$2" eth0 "$3.2/24"
	ip -n "$LAB-$2" route add default via "$3.1"
done
lab_in node sysctl -qw net.ipv4.ip_forward=1
pod_open
pod load --quiet --input "$IMAGE/skua.oci" >"$LAB_DIR/load" 2>&1
ok $? "podman takes the image" "$(cat "$LAB_DIR/load")"

mkdir "$LAB_DIR/state"
KUBECONFIG=/dev/null node tests/deploy/pod_of.mjs "$LAB_BUILD" "$LAB_DIR/state" >"$LAB_DIR/pod.yaml"
ok $? "the DaemonSet's pod" "$(cat "$LAB_DIR/pod.yaml")"
on_node podman --root "$POD/root" --runroot "$POD/run" --tmpdir "$POD/tmp" --storage-driver vfs --runtime runc \
	kube play --seccomp-profile-root deploy/seccomp "$LAB_DIR/pod.yaml" >"$LAB_DIR/play" 2>&1
ok $? "podman kube play starts it" "$(cat "$LAB_DIR/play")"
lab_until 60 logged 'skua: watching'
ok $? "it watches" "$(cat "$LAB_DIR/logs")"
[ "$LAB_FAILURES" = 0 ] || {
	pod_down
	lab_close
}
grep -q 'watching.*veth1' "$LAB_DIR/logs" && grep -q 'watching.*up0' "$LAB_DIR/logs"
ok $? "the pod's interface and the uplink" "$(cat "$LAB_DIR/logs")"
POD_PID=$(pod inspect --format '{{.State.Pid}}' skua-skua)
is "$(of Uid | cut -f 1) $(of CapEff) $(of NoNewPrivs) $(of Seccomp)" "0 0000000000000000 1 2" \
	"the worker is root without a capability, without new privileges, behind a seccomp filter"
python3 -c 'import sys; sys.exit(int(sys.argv[1], 16) != 1 << 12 | 1 << 38 | 1 << 39)' "$(of CapBnd)"
ok $? "it could gain no capability but the three" "$(of CapBnd)"
awk '$5 == "/" { print $6 }' "/proc/$POD_PID/mountinfo" | grep -q '^ro'
ok $? "its root can only be read" "$(cat "/proc/$POD_PID/mountinfo")"
is "$(readlink "/proc/$POD_PID/ns/net")" "$(on_node readlink /proc/self/ns/net)" "it is in the node's network"
cgroup=$(dirname "$(pod_cgroup memory memory.limit_in_bytes memory.max)")
is "$(cat "$cgroup/memory.limit_in_bytes" "$cgroup/memory.max" 2>/dev/null)" "$((512 << 20))" \
	"its memory is limited to 512 MiB"
lab_in one nmap -n -Pn -sS --max-retries 0 -p 1-200 203.0.113.2 >"$LAB_DIR/nmap" 2>&1
lab_until 60 logged '"event_type":"scan".*"src_ip":"10.80.0.2"'
ok $? "it finds the scan of a pod" "$(cat "$LAB_DIR/logs")"
grep '"event_type":"scan"' "$LAB_DIR/logs" | grep -q '"host":"node-a"'
ok $? "with the node's name" "$(cat "$LAB_DIR/logs")"
pod exec skua-skua /usr/bin/skua findings --format json >"$LAB_DIR/asked" 2>&1
grep -q '"event_type":"scan"' "$LAB_DIR/asked"
ok $? "skua findings in the pod, as kubectl skua runs it, tells it" "$(cat "$LAB_DIR/asked")"
pod exec skua-skua /usr/bin/skua snapshot --host 10.80.0.2 -w - >"$LAB_DIR/taken.pcapng" 2>"$LAB_DIR/asked"
"$SKUA" packets "$LAB_DIR/taken.pcapng" 2>/dev/null | grep -q 10.80.0.2
ok $? "skua snapshot in the pod hands on its packets" "$(cat "$LAB_DIR/asked")"
pod stop --time 20 skua-skua >/dev/null
is "$(pod inspect --format '{{.State.ExitCode}}' skua-skua)" 0 "stopped it ends with status 0"
"$SKUA" verify --proof "$LAB_DIR/state/vault" >"$LAB_DIR/verify" 2>&1
ok $? "the evidence on the node proves the finding" "$(cat "$LAB_DIR/verify")"
pod_down
lab_close
