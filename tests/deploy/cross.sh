#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The agent for another processor: kernel programs and program are built, and the unit tests pass in
# an emulated process.  usage: OUT=build MAKE=make tests/deploy/cross.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/tap.sh
processor=aarch64
cross=${OUT:-build}/$processor
sysroot=build/cross/arm64/root
emulate="qemu-$processor-static -L $sysroot"
said=$(mktemp -d)
trap 'rm -rf "$log" "$said"' EXIT

# What an emulated process cannot do: the emulator has no bpf(2), and its seccomp(2), /proc and
# namespaces are those of this machine's processor.
lacking() { # unit: why, or nothing
	case $1 in
	all_publisher) echo "its thread confines itself by seccomp(2), which the emulator answers with ENOSYS" ;;
	base_privs) echo "the emulator has neither seccomp(2) nor capabilities of its own" ;;
	*) grep -qs 'capture/\(loader\|testrun\|hook\|attacher\|live\)\.h' "tests/unit/$1.c" &&
		echo "the emulator has no bpf(2)" ;;
	esac
}

build() {
	"${MAKE:-make}" --no-print-directory "-j$(nproc)" CROSS=$processor OUT="$cross" all units "$cross/skua-gen"
}

is_foreign() { # file
	readelf -h "$1" | grep -q 'Machine:.*AArch64'
}

# Their sentences limit how long something takes: each runs when the others are over.
timed="record_uploader serve_client capture_links capture_replay base_notify"

# In emulation a processor is some twelve times slower: these begin first, or the last of them would
# run alone in the end.
slow="record_ring record_keep detect_rhythm record_shelf record_select capture_journal_damage"

# Those that can run here, the slow ones first.
runnable() {
	for name in $slow $(for source in tests/unit/*_*.c; do basename "$source" .c; done); do
		[ -n "$(lacking "$name")" ] || echo "$name"
	done | awk -v timed=" $timed " '!said[$0]++ && !index(timed, " " $0 " ")'
}

# Seconds of the processor are limited, not those of the clock: others may be busy here.  Says when a
# unit is over, for all of them take minutes.
cat >"$said/.run" <<'EOF'
begun=$(date +%s)
(ulimit -t 1200; exec timeout 3600 $EMULATE "$UNITS/$1") >"$SAID/$1" 2>&1
echo $? >"$SAID/$1.status"
echo "# $1: $(grep -c '^ok ' "$SAID/$1") sentences in $(($(date +%s) - begun)) s"
EOF

emulate_all() {
	runnable | SAID=$said UNITS=$cross/unit EMULATE=$emulate xargs -P "$(nproc)" -n 1 sh "$said/.run"
	for name in $timed; do
		SAID=$said UNITS=$cross/unit EMULATE=$emulate sh "$said/.run" "$name"
	done
}

# The unit's own sentences stand in $log when it fails.
passed() { # unit: all of its tests pass, as many as it plans
	cat "$said/$1"
	[ "$(cat "$said/$1.status")" = 0 ] && ! grep -q '^not ok' "$said/$1" &&
		[ "$(grep -c '^ok ' "$said/$1")" = "$(sed -n 's/^1\.\.//p' "$said/$1")" ]
}

same_findings() {
	"${OUT:-build}/skua-gen" tests/scenarios/demo.scn -o "$cross/demo.pcap" &&
		"${OUT:-build}/skua" replay -q --host x --format json "$cross/demo.pcap" >"$cross/here.jsonl" &&
		$emulate "$cross/skua" replay -q --host x --format json "$cross/demo.pcap" >"$cross/there.jsonl" &&
		[ -s "$cross/here.jsonl" ] && cmp "$cross/here.jsonl" "$cross/there.jsonl"
}

for tool in qemu-$processor-static $processor-linux-gnu-gcc readelf; do
	check "$tool is installed (tools/setup.sh cross)" command -v $tool
done
if [ $failed != 0 ]; then
	done_testing
	exit 1
fi
# One that the caller's own make wants must not reach this one.
unset MAKEFLAGS MFLAGS SAN
check "kernel programs, agent and unit tests are built for $processor" build
check "the agent is a program of that processor" is_foreign "$cross/skua"
check "it runs, and says what it is linked with" $emulate "$cross/skua" version
check "it finds in a capture what the native one finds, byte for byte" same_findings
emulate_all
good=0 sentences=0 skipped=0
for source in tests/unit/*_*.c; do
	name=$(basename "$source" .c)
	why=$(lacking "$name")
	if [ -n "$why" ]; then
		skipped=$((skipped + 1))
		ok "$name # SKIP $why"
		continue
	fi
	before=$failed
	check "$name: its tests pass in emulation" passed "$name"
	[ $failed != "$before" ] || good=$((good + 1))
	sentences=$((sentences + $(grep -c '^ok ' "$said/$name")))
done
echo "# figure: $processor: $good unit programs pass ($sentences sentences), $skipped skipped, in emulation"
done_testing
