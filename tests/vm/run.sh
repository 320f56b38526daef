#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Boot one of Debian's kernels in an emulated machine and run tests/vm/guest.sh there: the programs of
# two compilers must load and do there what they do here.  usage: OUT=build tests/vm/run.sh 6.1|6.12
set -eu
cd "$(dirname "$0")/../.."
. tests/vm/tap.sh
version=${1:?6.1 or 6.12}
out=${OUT:-build} newest=${OUT:-build}/vm/newest
kernel=$out/vm/kernel-$version vm=$out/vm/guest-$version
limit=${VM_SECONDS:-3600} # a hang, not slowness, ends there
PATH=$PATH:/usr/sbin:/sbin
console=$vm/console.log results=$vm/results.log

if [ "$(uname -m)" != x86_64 ]; then
	echo "the guest is an x86_64 machine, and runs programs that were built for it"
	exit 77
fi
for tool in qemu-system-x86_64 busybox cpio depmod xz ip tc bpftool setpriv; do
	if ! command -v $tool >/dev/null; then
		echo "$tool is not installed: run tools/setup.sh vm"
		exit 77
	fi
done
if [ ! -e "$kernel/complete" ]; then
	echo "no kernel to boot: run tools/setup.sh vm"
	exit 77
fi

mkdir -p "$vm"

# steps_here DIR: tests of the same on this kernel, unless it lets nobody load programs
steps_here() {
	"$1/vm/steps" >"$vm/steps.tap" || true
	if grep -q 'not permitted' "$vm/steps.tap"; then
		echo "ok 1 - programs load on $(uname -r)" \
			"# SKIP this needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
		echo "1..1"
	else
		cat "$vm/steps.tap"
	fi
}

# What the guest gets: programs, captures, and what is to be found in them.
fill() {
	rm -rf "$vm/test"
	mkdir -p "$vm/test/first" "$vm/test/second"
	cp "$out/parity" "$out/vm/steps" "$vm/test/first"
	cp "$newest/parity" "$newest/vm/steps" "$vm/test/second"
	cp "$out/skua" "$out/unit/capture_live" tests/vm/tap.sh tests/vm/live.sh "$vm/test"
	"$out/skua-gen" tests/vm/guest.scn -o "$vm/test/guest.pcap"
	"$out/skua" replay -q --format json "$vm/test/guest.pcap" >"$vm/test/findings"
	tests/vm/initramfs.sh "$kernel" "$vm/test" >"$vm/initramfs"
}

# The kernel talks on the first serial line, the tests on the second.  What guards a processor
# against its own guesses only slows down one that is emulated.
boot() {
	: >"$console"
	: >"$results"
	status=0
	timeout "$limit" qemu-system-x86_64 -accel tcg -cpu max -machine q35 -smp 1 -m 768 \
		-nodefaults -no-user-config -no-reboot -display none -nic none \
		-serial "file:$console" -serial "file:$results" \
		-kernel "$kernel"/boot/vmlinuz-* -initrd "$vm/initramfs" \
		-append "console=ttyS0 quiet panic=-1 tsc=reliable random.trust_cpu=on mitigations=off" \
		</dev/null || status=$?
	cat "$console"
	echo "status $status, 124 is for not within $limit s; the last test was:"
	tail -n 1 "$results"
	[ "$status" = 0 ] && grep -q 'reboot: Power down' "$console"
}

what_the_guest_said() {
	tr -d '\r' <"$results"
}

# Engines that find nothing agree as well.
all_kinds_found() {
	for kind in scan dns_exfil beacon exfil; do
		grep "\"event_type\":\"$kind\"" "$vm/test/findings" || return 1
	done
}

include steps_here "$out"
include steps_here "$newest"
fill
check "in the guest's capture something of every kind is found" all_kinds_found
check "the guest boots, runs its tests and powers off" boot
include what_the_guest_said
done_testing
