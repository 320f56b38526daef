#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A host of its own for the README's commands: interfaces eth0 and veth0, somebody who scans, and
# copies of /etc, /run and /var/lib that are gone afterwards.
#
# unshare -mnp --fork --kill-child tests/docs/lab.sh OUT SESSION: SESSION has commands of bash, told by
# their "# " or "$ "; of each its status and itself are printed, and what a failed one said.
set -u
out=$1 session=$2
mount --make-rprivate / && mount -t proc proc /proc && mount -t tmpfs tmpfs /run || exit 77
mkdir /run/upper /run/work /run/here
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc || exit 77
# Whoever installed skua on this machine did not on that one.
userdel -f skua 2>/dev/null
groupdel skua 2>/dev/null
rm -rf /etc/skua
mount -t tmpfs tmpfs /var/lib
mount -t sysfs sysfs /sys && mount -t bpf bpf /sys/fs/bpf || exit 77
ip link set lo up
for peer in eth0:world:192.0.2 veth0:pod:10.1.2; do
	IFS=: read -r near far net <<<"$peer"
	ip netns add "$far" && ip link add "$near" type veth peer name eth0 netns "$far" || exit 77
	ip addr add "$net.1/24" dev "$near"
	ip link set "$near" up
	ip -n "$far" addr add "$net.2/24" dev eth0
	ip -n "$far" link set eth0 up
	ip -n "$far" route add default via "$net.1"
done
# Closed ports one after the other, from this host and from the pod.
scan() {
	"$@" bash -c 'for port in {7000..7040}; do
		timeout 1 bash -c "exec 3<>/dev/tcp/$0/$port" 2>/dev/null; done' "$target"
}
begin() {
	for _ in {1..600}; do
		skua status >/dev/null 2>&1 && break
		sleep 0.1
	done
	target=192.0.2.2 scan
	target=10.1.2.1 scan ip netns exec pod
	for _ in {1..300}; do
		[ -n "$(skua findings 2>/dev/null)" ] && break
		sleep 0.2
	done
}
PATH=$out:$PATH
cd /run/here || exit 1
while read -r prompt command; do
	[[ $prompt = [#$] ]] || continue
	if [[ ${command%%#*} =~ \&[[:space:]]*$ ]]; then
		eval "$command" 2>/run/said >/run/found
		begin
		skua status >/dev/null 2>&1
	else
		limit=60
		[[ $command == *--follow* ]] && limit=5
		timeout $limit bash -o pipefail -c "$command" >/run/said 2>&1 </dev/null
	fi
	status=$?
	# What goes on until it is told to end was told to end.
	[[ $status = 124 && $command == *--follow* ]] && status=0
	printf '%d\t%s\n' $status "$command"
	[ $status = 0 ] || tail -n 5 /run/said | sed 's/^/\t/'
done <"$session"
kill %% 2>/dev/null
wait
