#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The main job, live: a small network of namespaces, real tools that scan, call home, tunnel and
# upload among ordinary traffic, and the agent on its router.  Then the same from a capture taken
# beside it.  Where namespaces or BPF are not permitted, or with the word "offline": a generated
# capture instead.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-build}

look_next() { # command what...
	printf '\nWhere to look next:\n'
	printf '  %-58s%s\n' "$@"
}

# Whoever begins here may have built nothing, or only the program.
built() {
	[ -x "$out/skua" ] && [ -x "$out/skua-gen" ] && return
	echo "Building $out/skua and $out/skua-gen first." >&2
	make --no-print-directory -j"$(nproc)" OUT="$out" "$out/skua" "$out/skua-gen" >&2
}

offline() {
	echo "Six hours of a small office, generated from tests/scenarios/demo.scn:"
	mkdir -p "$out/demo"
	capture=$out/demo/demo.pcap
	"$out/skua-gen" tests/scenarios/demo.scn -o "$capture" --truth "$out/demo/truth.tsv"
	ls -l "$capture" | awk '{ printf "  %s, %.1f MB\n", $NF, $5 / 1e6 }'
	echo
	echo "\$ $out/skua replay $capture"
	"$out/skua" replay --format table "$capture"
	look_next "$out/skua replay --min-score 0 $capture" "what context calmed as well" \
		"$out/skua replay --format json $capture" "one JSON object per line, with every number" \
		"$out/skua replay YOUR.pcap 'net 10.0.0.0/8'" "your own captures, with a filter" \
		"wireshark $capture" "the same packets by eye"
}

live() {
	set +e
	LAB_PREFIX=skdemo LAB_ROOT=$PWD
	# shellcheck source=tests/lab/lab.sh
	. tests/lab/lab.sh
	# shellcheck source=tests/lab/cast.sh
	. tests/lab/cast.sh
	actors='syn recon up desk web' tunnel=
	if [ -c /dev/net/tun ]; then actors="$actors iodine" tunnel=' iodine tunnels through DNS,'; fi
	lab_open
	lab_net plain
	cast_hosts 4
	lab_dump gw lan lan || exit 1
	echo "A network of namespaces: six hosts, a router that translates addresses, the world."
	echo "nmap scans, a client calls home every 1.6 s give or take 20 %, 60 MB are uploaded,"
	echo "${tunnel:+$tunnel }somebody browses.  This takes half a minute." | sed 's/^ //'
	echo
	evidence=$out/demo/evidence
	rm -rf "$evidence"
	mkdir -p "$out/demo"
	echo "\$ skua run -i lan=workload --snapshots $evidence      # the router's side of the hosts"
	begun=$(date +%s)
	mkfifo "$LAB_DIR/rows"
	while IFS= read -r row; do
		printf '%3d s  %s\n' $(($(date +%s) - begun)) "$row"
	done <"$LAB_DIR/rows" &
	rows=$!
	ip netns exec "$LAB-gw" "$SKUA" run --format table --socket none --journal "$LAB_DIR/journal" \
		--snapshots "$evidence" \
		-i lan=workload >"$LAB_DIR/rows" 2>"$LAB_DIR/live.err" &
	echo $! >"$LAB_DIR/live.pid"
	lab_remember $!
	lab_until 30 lab_watching live
	grep -q '^skua: watching' "$LAB_DIR/live.err" || {
		cat "$LAB_DIR/live.err" >&2
		exit 1
	}
	sed '/^skua: watching/q' "$LAB_DIR/live.err"
	begun=$(date +%s)
	# shellcheck disable=SC2086  # a list of names
	cast_play $actors
	played=$?
	lab_dumped lan || echo "tcpdump dropped packets: the comparison below may differ"
	lab_stop live
	status=$?
	wait "$rows"
	sed '1,/^skua: watching/d' "$LAB_DIR/live.err"
	echo
	echo "\$ skua verify --proof $evidence      # each file replayed by itself"
	"$SKUA" verify --proof --format table "$evidence" || status=1
	echo
	echo "\$ skua replay lan.pcap           # what tcpdump saw meanwhile"
	"$SKUA" replay --format table "$LAB_DIR/lan.pcap" 2>&1
	"$SKUA" replay -q "$LAB_DIR/journal" | sed 's/^/0 /' >"$LAB_DIR/live.jsonl"
	"$SKUA" replay -q "$LAB_DIR/lan.pcap" >"$LAB_DIR/replay.jsonl"
	if said=$(python3 tests/lab/compare.py "$LAB_DIR/live.jsonl" "$LAB_DIR/replay.jsonl"); then
		echo "The same findings, live and from the capture."
	else
		echo "Live and capture differ:"
		echo "$said"
		status=1
	fi
	[ "$played" = 0 ] || {
		echo "Who failed above did nothing that could be found."
		status=1
	}
	look_next "$out/skua info $evidence/*/*/*/*.pcapng" "what each file says of itself; Wireshark opens it" \
		"$out/skua run -i eth0" "as root: your own traffic, until Ctrl-C" \
		README.md "your part: a host, a node, a responder, an analyst"
	exit "$status"
}

# What root made belongs to who asked root for it.
give() {
	[ -z "${SUDO_UID:-}" ] || [ ! -e "$out/demo" ] || chown -R "$SUDO_UID:$SUDO_GID" "$out/demo"
}

# In why: what is not permitted here.
may_be_live() {
	why="network namespaces are not permitted here"
	try=skdemo-try$$
	ip netns add $try 2>/dev/null || return 1
	if ! ip netns exec $try sysctl -qw net.ipv4.ip_forward=1 2>/dev/null; then
		why="/proc/sys/net cannot be written here"
	elif ! ip netns exec $try "$out/skua" run --source kernel --socket none -q -i lo --duration 1 >/dev/null 2>&1; then
		why="loading BPF programs is not permitted here"
	else
		why=
	fi
	ip netns del $try
	[ -z "$why" ]
}

built
if [ "${1:-}" = offline ]; then
	offline
	exit
fi
why="live capture needs root"
if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null; then
	echo "Namespaces and live capture need root: sudo may ask for your password."
	if sudo true; then exec sudo env OUT="$out" tools/demo.sh; fi
	why="live capture needs root, which sudo did not grant"
fi
if [ "$(id -u)" = 0 ] && may_be_live; then
	trap : INT
	status=0
	(live) || status=$?
	give
	exit "$status"
fi
echo "Not live: $why.  A capture instead."
offline
give
