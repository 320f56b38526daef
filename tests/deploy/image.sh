#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The image that `make image` makes: what is in it, and that it does its work under three
# capabilities and nothing else.  usage: OUT=build tests/deploy/image.sh
set -u
LAB_PREFIX=skim
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab/lab.sh"
# shellcheck source=tests/deploy/podman.sh
. "$LAB_ROOT/tests/deploy/podman.sh"
cd "$LAB_ROOT" || exit 1
PATH=$PATH:/usr/sbin:/sbin

# --- the image ----------------------------------------------------------------------------------

# Its lines are tests of ours.
include() { # command...
	"$@" >"$LAB_DIR/included" 2>&1
	included=$?
	while IFS= read -r line; do
		case $line in
		"ok - "*) ok 0 "${line#ok - }" ;;
		"not ok - "*) ok 1 "${line#not ok - }" ;;
		"# "*) echo "$line" ;;
		*) note "$line" ;;
		esac
	done <"$LAB_DIR/included"
	ok $included "$(basename "$2") came to its end"
}

build() {
	OUT=$LAB_BUILD deploy/image/build.sh >"$LAB_DIR/build.out" 2>&1
	ok $? "buildah makes an image" "$(tail -n 5 "$LAB_DIR/build.out")"
	first=$(cat "$IMAGE/digest")
	sleep 1 # times in seconds differ
	OUT=$LAB_BUILD deploy/image/build.sh >"$LAB_DIR/build.out" 2>&1
	is "$(cat "$IMAGE/digest")" "$first" "made again it has the same digest"
	[ ! -e "$IMAGE/store" ]
	ok $? "and nothing is left but what was asked for"
}

load() {
	pod load --quiet --input "$IMAGE/skua.oci" >"$LAB_DIR/load" 2>&1
	ok $? "podman takes it" "$(cat "$LAB_DIR/load")"
	POD_IMAGE=localhost/skua:$("$SKUA" version | sed -n 's/^skua //p')
	is "$(pod image inspect --format '{{index .Labels "org.opencontainers.image.title"}}' "$POD_IMAGE")" \
		skua "and reads its labels"
	pod run --rm --network none --entrypoint /bin/sh "$POD_IMAGE" -c true >"$LAB_DIR/shell" 2>&1
	[ $? = 127 ]
	ok $? "there is no shell to start in it" "$(cat "$LAB_DIR/shell")"
}

# --- the work -----------------------------------------------------------------------------------

of() { # field: of the agent
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$POD_PID/status"
}

confined() {
	is "$(of CapEff) $(of CapPrm) $(of CapAmb)" "0000000000000000 0000000000000000 0000000000000000" \
		"the worker holds no capability"
	python3 -c 'import sys; sys.exit(int(sys.argv[1], 16) != 1 << 12 | 1 << 38 | 1 << 39)' "$(of CapBnd)"
	ok $? "and could not gain any but the three" "$(of CapBnd)"
	is "$(of NoNewPrivs) $(of Seccomp)" "1 2" "no new privileges, and a seccomp filter"
	! nsenter -t "$POD_PID" -m -- "$LAB_BUILD/skua" version >/dev/null 2>&1
	ok $? "the host's files are not there"
	awk '$5 == "/" { print $6 }' "/proc/$POD_PID/mountinfo" | grep -q '^ro'
	ok $? "its root can only be read"
	is "$(nsenter -t "$POD_PID" -n ip -o link | grep -c ' eth0')" 1 "it sees the namespace it was given"
}

found() {
	grep -q '"event_type":"scan"' "$LAB_DIR/agent.out"
}

work() {
	pod_agent a agent -i eth0=uplink --snapshots /var/lib/skua/vault
	ok $? "it watches an interface in a namespace, by the kernel programs" \
		"$(cat "$LAB_DIR/agent.err")"
	confined
	lab_in a nmap -n -Pn -sS -p 1-600 10.78.0.2 >"$LAB_DIR/nmap" 2>&1
	lab_until 60 found
	ok $? "it finds a scan" "$(cat "$LAB_DIR/agent.out")"
	pod exec agent /usr/bin/skua status >"$LAB_DIR/status" 2>&1
	grep -q eth0 "$LAB_DIR/status"
	ok $? "skua status in the container asks it" "$(cat "$LAB_DIR/status")"
	pod kill --signal HUP agent >/dev/null
	pod_stop agent
	is $? 0 "told to reload and to stop it ends with status 0"
	"$SKUA" verify --proof "$LAB_DIR/agent.volume/vault" >"$LAB_DIR/verify" 2>&1
	ok $? "outside, skua verify --proof accepts the volume" "$(cat "$LAB_DIR/verify")"
	[ "$(find "$LAB_DIR/agent.volume/vault" -name '*.pcapng' | wc -l)" -ge 1 ]
	ok $? "a snapshot lies in it"
	pod rm agent >/dev/null
}

# --- what is not permitted ----------------------------------------------------------------------

refused() { # name rights seccomp words sentence
	pod_run b "$1" "$2" "$3" run -i eth0 --duration 2 >"$LAB_DIR/$1.out" 2>"$LAB_DIR/$1.err"
	[ $? = 1 ] && grep -q "$4" "$LAB_DIR/$1.err"
	ok $? "$5" "$(cat "$LAB_DIR/$1.err")"
	pod rm "$1" >/dev/null 2>&1
}

refusals() {
	python3 -c '
import json, sys
profile = json.load(open(sys.argv[1]))
for rule in profile["syscalls"]:
    rule["names"] = [n for n in rule["names"] if n != "bpf"]
json.dump(profile, open(sys.argv[2], "w"))' "$SECCOMP" "$LAB_DIR/no-bpf.json"
	refused perfmon '--cap-drop ALL --cap-add BPF --cap-add NET_ADMIN' "$SECCOMP" \
		'CAP_PERFMON is missing' "without CAP_PERFMON it fails and names it"
	refused admin '--cap-drop ALL --cap-add BPF --cap-add PERFMON' "$SECCOMP" \
		'CAP_NET_ADMIN is missing' "without CAP_NET_ADMIN likewise"
	refused nothing '--cap-drop ALL' "$SECCOMP" \
		'CAP_BPF and CAP_NET_ADMIN and CAP_PERFMON are missing' "without any it names all three"
	refused nobpf "$RIGHTS" "$LAB_DIR/no-bpf.json" \
		'a seccomp filter refuses bpf(2)' "where a seccomp profile lacks bpf(2) it says so"
}

# --- what it costs ------------------------------------------------------------------------------

# From execve(2) to "watching", of the image's own program under the same rights: what podman and
# runc take is theirs.
startup() {
	ip netns exec "$LAB-b" python3 tests/deploy/startup.py 7 setpriv \
		--bounding-set=-all,+bpf,+net_admin,+perfmon --inh-caps=-all --no-new-privs \
		"$IMAGE/root/usr/bin/skua" run --source kernel --socket none -i eth0=uplink >"$LAB_DIR/startup" 2>&1
	ok $? "it starts each time" "$(cat "$LAB_DIR/startup")"
	grep '^# figure: ' "$LAB_DIR/startup"
}

idle() {
	pod_agent b idle -i eth0=uplink --snapshots /var/lib/skua/vault
	ok $? "it watches where nothing passes" "$(cat "$LAB_DIR/idle.err")"
	sleep 2
	before=$(pod_cpu_us)
	sleep 20
	after=$(pod_cpu_us)
	echo "# figure: idle agent in a container: $(awk "BEGIN { printf \"%.2f\", ($after - $before) / 200000 }")" \
		"% of a core over 20 s (goal < 0.5 %)"
	echo "# figure: idle agent in a container: $(($(pod_memory) >> 20)) MiB of cgroup memory, kernel's tables" \
		"included (goal <= 128 MiB)"
	pod_stop idle
	is $? 0 "and ends as it should"
	pod rm idle >/dev/null
}

# The kernel's memory for verifying programs is the agent's, too, and comes before all else.
limited() {
	unlimited=$RIGHTS
	RIGHTS="$RIGHTS --memory 96m"
	pod_agent b limited -i eth0=uplink --profile small
	ok $? "it starts with --profile small where it may have 96 MiB" "$(cat "$LAB_DIR/limited.err")"
	RIGHTS=$unlimited
	echo "# figure: start in a container, --profile small: at most $(($(pod_memory_peak) >> 20)) MiB of cgroup" \
		"memory (limit 96 MiB)"
	pod_stop limited
	is $? 0 "and ends as it should"
	pod rm limited >/dev/null
}

# Every table and pool as full as other people's packets can make them.
full() { # profile part goal
	pod_agent b "$1" -i eth0=tap --local 10.0.0.0/8 --profile "$1" --snapshots /var/lib/skua/vault
	ok $? "it watches with --profile $1" "$(cat "$LAB_DIR/$1.err")"
	: >"$LAB_DIR/$1.status"
	look "$1" &
	looking=$!
	lab_remember $looking
	for _ in 1 2 3 4 5; do # a busy machine loses some of what is sent
		lab_in a python3 tests/deploy/fill.py eth0 20000 "$2" >"$LAB_DIR/$1.fill" 2>&1
		sent=$?
		[ $sent != 0 ] || ! lab_until 120 seen_full "$1" || break
	done
	kill $looking
	ok $sent "packets of many are sent" "$(cat "$LAB_DIR/$1.fill")"
	lab_until 60 idle_again "$1"
	filled "$1"
	ok $? "tables and pools of --profile $1 are full" "$(cat "$LAB_DIR/$1.filled")"
	note "$(cat "$LAB_DIR/$1.filled")" # a busy machine loses samples: kept says how many came
	echo "# figure: full agent in a container, --profile $1: $(($(pod_memory) >> 20)) MiB of cgroup memory, at" \
		"most $(($(pod_memory_peak) >> 20)) MiB (goal <= $3 MiB); $(($(pod_file_pages) >> 20)) MiB of it pages of files;" \
		"$(grep -o 'kept [0-9]* %' "$LAB_DIR/$1.filled") of the keep area"
	pod_stop "$1"
	is $? 0 "and it ends as it should"
	pod rm "$1" >/dev/null
}

# What waited has been read: an answer comes, and its rings are empty.
idle_again() { # name
	look_once "$1"
	tail -n 1 "$LAB_DIR/$1.status" | grep -q '"name":"events","used":0'
}

# An agent counts a table's entries pass by pass, as it sweeps, and a pass through the largest takes
# some twenty seconds: what the last packets filled shows when the pass that began behind them ends.
seen_full() { # name
	look_once "$1"
	filled "$1"
}

filled() { # name
	python3 tests/deploy/peaks.py "$LAB_DIR/$1.status" flows_out flows_in records pairs sources \
		kept_pairs recorder >"$LAB_DIR/$1.filled" 2>&1
}

# Attempts and the like have timed out when all is over.
look() { # name
	while sleep 2; do look_once "$1"; done
}

# From outside: what podman and runc start in the container is counted as its memory.
look_once() { # name
	"$SKUA" status --socket "/proc/$POD_PID/root/run/skua/control.sock" --format json \
		>>"$LAB_DIR/$1.status" 2>/dev/null
}

lab_open
for tool in buildah podman runc nmap setpriv readelf dpkg; do
	command -v $tool >/dev/null
	ok $? "$tool is installed" "tools/setup.sh check-all"
done
[ "$LAB_FAILURES" = 0 ] || lab_close
pod_open
build
include python3 tests/deploy/image_contents.py "$IMAGE" "$SKUA"
lab_pair a b
load
work
refusals
startup
idle
limited
full small 8 96
full default 1 448
pod_down
lab_close
