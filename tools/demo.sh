#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The main job, live: a small network of namespaces, real tools that scan, call home, tunnel and
# upload among ordinary traffic, and the agent on its router.  Then the same from a capture taken
# beside it.  Where namespaces or BPF are not permitted, or with the word "offline": a generated
# capture instead.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-build}

offline() {
	echo "Six hours of a small office, generated from tests/scenarios/demo.scn:"
	mkdir -p "$out/demo"
	capture=$out/demo/demo.pcap
	"$out/skua-gen" tests/scenarios/demo.scn -o "$capture" --truth "$out/demo/truth.tsv"
	ls -l "$capture" | awk '{ printf "  %s, %.1f MB\n", $NF, $5 / 1e6 }'
	echo
	echo "\$ $out/skua replay $capture"
	"$out/skua" replay --format table "$capture"
	cat <<-EOT

		Where to look next:
		  $out/skua replay --min-score 0 $capture     what context calmed as well
		  $out/skua replay --format json $capture     one JSON object per line, with every number
		  $out/skua replay YOUR.pcap 'net 10.0.0.0/8'      your own captures, with a filter
		  wireshark $capture                          the same packets by eye
	EOT
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
	head -n 1 "$LAB_DIR/live.err"
	begun=$(date +%s)
	# shellcheck disable=SC2086  # a list of names
	cast_play $actors
	lab_dumped lan || echo "tcpdump dropped packets: the comparison below may differ"
	lab_stop live
	status=$?
	wait "$rows"
	tail -n +2 "$LAB_DIR/live.err"
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
	echo
	echo "Where to look next: $out/skua info $evidence/*/*/*/*.pcapng, wireshark on these, $out/skua run -i eth0, README.md"
	exit "$status"
}

if [ "${1:-}" = offline ]; then
	offline
	exit
fi
if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null; then
	exec sudo env OUT="$out" tools/demo.sh
fi
why=
if [ "$(id -u)" != 0 ]; then
	why="live capture needs root"
elif ! ip netns add skdemo-try 2>/dev/null; then
	why="network namespaces are not permitted here"
else
	ip netns exec skdemo-try "$out/skua" run --source kernel --socket none -q -i lo --duration 1 >/dev/null 2>&1 ||
		why="loading BPF programs is not permitted here"
	ip netns del skdemo-try
fi
if [ -n "$why" ]; then
	echo "Not live, for $why; a capture instead."
	offline
else
	(live)
fi
