#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The tests inside the guest, in the Test Anything Protocol.
. /test/tap.sh
. /test/live.sh

# The shell would prefer its own of these.
ip() { /bin/ip "$@"; }
tc() { /bin/tc "$@"; }

# as_nobody LIST: the words that run a command as nobody with these capabilities and no others
as_nobody() {
	echo "/bin/setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps -all,$1" \
		"--ambient-caps -all,$1 --bounding-set -all,$1"
}
THREE=+bpf,+net_admin,+perfmon

refused() {
	$(as_nobody "$1") /test/first/steps | grep -E 'not permitted|Permission denied'
}

step_load() {
	for compiler in first second; do
		# shellcheck disable=SC2046  # words
		include $(as_nobody $THREE) "/test/$compiler/steps"
	done
	for missing in +net_admin,+perfmon +bpf,+perfmon +bpf,+net_admin; do
		check "with $missing alone they do not load" refused $missing
	done
}

same_findings() {
	/test/skua replay -q --format json --engine "$1" /test/guest.pcap >/tmp/findings &&
		cmp /tmp/findings /test/findings
}

step_replay() {
	for engine in native kernel kernel-tc; do
		check "replay --engine $engine finds here what the native one finds outside" \
			same_findings $engine
	done
}

step_parity() {
	for compiler in first second; do
		include "/test/$compiler/parity" 0x766d 4000
	done
}

# Events and samples through the rings, in time, and the sums.
step_rings() {
	include /test/capture_live
}

for step in load replay rings live parity; do
	begun=$(cut -d. -f1 /proc/uptime)
	step_$step
	echo "# figure: $step in the guest: $(($(cut -d. -f1 /proc/uptime) - begun)) s"
done
done_testing
