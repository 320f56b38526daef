#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What watching costs: the kernel programs and their reader by test runs, then a pair of network
# namespaces whose traffic nobody, an empty program, skua or tcpdump looks at, taking turns, ROUNDS
# (5) times for DURATION (2) seconds.  Needs root; ratios count, not seconds.
set -eu
cd "$(dirname "$0")/../.."
out=${OUT:-build}
skip() {
	echo "1..0 # SKIP live bench: $1"
	exit 77
}
[ "$(id -u)" = 0 ] || skip "run as root: it loads kernel programs and makes network namespaces"
ip netns add skbe-far 2>/dev/null || skip "network namespaces are not permitted here"
trap 'ip netns del skbe-far 2>/dev/null; ip netns del skbe-near 2>/dev/null' EXIT INT TERM
ip netns add skbe-near
ip link add far0 netns skbe-far type veth peer name near0 netns skbe-near ||
	skip "veth pairs are not there"
ip -n skbe-far address add 10.77.0.1/16 dev far0
ip -n skbe-near address add 10.77.0.2/16 dev near0
ip -n skbe-far link set far0 up
ip -n skbe-near link set near0 up
"$out/bench/datapath" || { status=$?; [ $status = 77 ] && skip "BPF is not permitted here"; exit $status; }
command -v iperf3 >/dev/null || skip "iperf3 is not installed: tools/setup.sh bench"
python3 tests/bench/live.py "$out" "${ROUNDS:-5}" "${DURATION:-2}"
