#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's rsyslog takes our messages over UDP and TCP, and understands all that is in them.
# Needs root and network namespaces.
set -u
cd "$(dirname "$0")/../.." || exit 1
net=skua-rsyslog
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}
[ "$(id -u)" = 0 ] || skip "not root"
command -v rsyslogd >/dev/null || skip "rsyslog is not installed: tools/setup.sh check-all"
ip netns add $net 2>/dev/null || skip "network namespaces are not permitted"
trap 'ip netns del $net' EXIT
ip -n $net link set lo up
for n in 0 1; do
	ip -n $net link add near$n type veth peer name far$n
	ip -n $net link set near$n up
	ip -n $net link set far$n up
done
ip netns exec $net python3 tests/sinks/rsyslog.py "${OUT:-build}"
