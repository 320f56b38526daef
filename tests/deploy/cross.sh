#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The agent for another processor: kernel programs and program are built, and the unit tests pass in
# an emulated process.  usage: OUT=build MAKE=make tests/deploy/cross.sh
set -u
cd "$(dirname "$0")/../.."
. tests/vm/tap.sh
processor=aarch64
cross=${OUT:-build}/$processor
sysroot=build/cross/arm64/root
emulate="qemu-$processor-static -L $sysroot"

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

# The unit's own sentences stand in $log when it fails.
unit() { # program: all of its tests pass, as many as it plans
	timeout 300 $emulate "$1" >"$said" 2>&1
	status=$?
	cat "$said"
	[ $status = 0 ] && ! grep -q '^not ok' "$said" &&
		[ "$(grep -c '^ok ' "$said")" = "$(sed -n 's/^1\.\.//p' "$said")" ]
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
said=$(mktemp)
trap 'rm -f "$log" "$said"' EXIT
# One that the caller's own make wants must not reach this one.
unset MAKEFLAGS MFLAGS SAN
check "kernel programs, agent and unit tests are built for $processor" build
check "the agent is a program of that processor" is_foreign "$cross/skua"
check "it runs, and says what it is linked with" $emulate "$cross/skua" version
check "it finds in a capture what the native one finds, byte for byte" same_findings
passed=0 sentences=0 skipped=0
for source in tests/unit/*_*.c; do
	name=$(basename "$source" .c)
	why=$(lacking "$name")
	if [ -n "$why" ]; then
		skipped=$((skipped + 1))
		ok "$name # SKIP $why"
		continue
	fi
	before=$failed
	check "$name: its tests pass in emulation" unit "$cross/unit/$name"
	[ $failed != "$before" ] || passed=$((passed + 1))
	sentences=$((sentences + $(grep -c '^ok ' "$said")))
done
echo "# figure: $processor: $passed unit programs pass ($sentences sentences), $skipped skipped, in emulation"
done_testing
