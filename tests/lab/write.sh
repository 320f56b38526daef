#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Plain capture beside tcpdump: the same flags on the same interface at the same time must give
# the same file names, sizes, packet counts and packets.  usage: OUT=build tests/lab/write.sh
#
# Three things cannot be compared exactly.  Times of packets: each socket may stamp a packet itself,
# so packets are compared without them.  Names with -G: they hold the second of the start.  The
# packet at which a period ends: both ask the clock when they are given the packet, tcpdump up to
# a second after it came; so with -G the sum must be equal, and with -G -W only the files.
set -u
cd "$(dirname "$0")/../.." || exit
driver=$(realpath "${OUT:-build}")/lab/write_driver
send=$(realpath tests/lab/send.py)
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}
[ "$(id -u)" = 0 ] || skip "network namespaces need root"
for tool in tcpdump python3 ip capinfos; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
a=skpc-$$-a b=skpc-$$-b
work=$(mktemp -d)
children=
clean() {
	# shellcheck disable=SC2086  # a list of numbers
	[ -z "$children" ] || kill $children 2>/dev/null
	ip netns del $a 2>/dev/null
	ip netns del $b 2>/dev/null
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM
ip netns add $a 2>/dev/null && ip netns add $b || skip "network namespaces are not permitted here"
for ns in $a $b; do
	ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
ip -n $a link add v0 type veth peer name v1 netns $b || skip "veth is not there"
ip -n $a link set v0 arp off up
ip -n $b link set v1 arp off up

n=0 failed=0
ok() { # ok SENTENCE COMMAND...
	n=$((n + 1))
	sentence=$1
	shift
	if "$@" >"$work/why" 2>&1; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		head -n 20 "$work/why" | sed 's/^/# /'
	fi
}

# name|flags|filter
cases="plain|-w all.pcap|
size|-w size.pcap -C 1|
ring|-w ring -C 1 -W 3|
padded|-w padded_ -C 1 -W 11|
alone|-w alone -C 1 -W 1|
filter|-w udp.pcap|udp port 53 or port 4444
snaplen|-w short.pcap -s 96 -C 1|
count|-w count.pcap -c 777|
several|-w several -C 1 -c 2000|
all|-w all_%Y_ -C 1 -G 3600 -W 3|
literal|-w literal%Y -C 1|
time|-w time_%H%M%S.pcap -G 2|
ends|-w ends_%H%M%S.pcap -G 2 -W 2|
same|-w same.pcap -G 3600|"

start() { # start WHO COMMAND...: in its own folder, its number in $work/CASE.WHO.pid
	who=$1
	shift
	mkdir -p "$work/$name/$who"
	(
		cd "$work/$name/$who" || exit 1
		exec ip netns exec $b "$@" -i v1 $flags ${filter:+"$filter"} 2>"$work/$name.$who.said"
	) &
	echo $! >"$work/$name.$who.pid"
	children="$children $!"
}

wait_for() { # wait_for FILE: until somebody says in it that he listens
	within 60 grep -qs listening "$1" || echo "# $1: nobody listens: $(cat "$1")"
}

within() { # within SECONDS COMMAND...: until it succeeds
	left=$(($1 * 20))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.05
	done
}

over() { # over PID: it has ended, and waits for us to look
	! grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
}

# What a process answers to a signal, for we know no other way to see that it has read all there is.
answer() { # answer PID FILE: the last line
	lines=$(wc -l <"$2")
	kill -USR1 "$1" 2>/dev/null
	for _ in $(seq 200); do
		[ "$(wc -l <"$2")" -gt "$lines" ] && break
		over "$1" && break
		sleep 0.02
	done
	tail -n 1 "$2"
}

# "tcpdump: 12 packets captured, 12 packets received by filter, 0 packets dropped by kernel"; it is given
# packets up to a second late.
theirs_have() { # theirs_have PID SAID [COUNT]
	over "$1" || answer "$1" "$2" | awk -v least="${3:-0}" '{ exit !($2 == $5 && $2 >= least) }'
}

ours_have() { # ours_have PID SAID COUNT
	over "$1" || answer "$1" "$2" | awk -v least="$3" '{ exit !($2 == "so" && $1 >= least) }'
}

# Ends one of a case when it has what there is: ours, when it has as many packets as theirs.
end() { # end WHO
	pid=$(cat "$work/$name.$1.pid") said=$work/$name.$1.said
	if [ "$1" = theirs ]; then
		within 30 theirs_have "$pid" "$said"
	else
		within 30 ours_have "$pid" "$said" \
			"$(sed -n 's/^\([0-9]*\) packets captured$/\1/p' "$work/$name.theirs.said")"
	fi
	kill -INT "$pid" 2>/dev/null
	wait "$pid"
	echo $? >"$work/$name.$1.status"
}

echo "$cases" >"$work/cases"
set -f # ring names and filters are no patterns
while IFS='|' read -r name flags filter; do
	start theirs tcpdump -Z root -n
	start ours "$driver"
done <"$work/cases"
set +f
(cd "$work" && ip netns exec $b "$driver" -i v1 -w - >stdout.pcap 2>stdout.said) &
piped=$!
children="$children $piped"
for said in "$work"/*.said; do
	wait_for "$said"
done
ip netns exec $a python3 "$send" v0 4200 7
within 30 theirs_have "$(cat "$work/plain.theirs.pid")" "$work/plain.theirs.said" 4200
within 30 ours_have $piped "$work/stdout.said" 4200
while IFS='|' read -r name _; do
	end theirs
	end ours
done <"$work/cases"
kill -INT $piped
wait $piped
children=

# Lines "packets bytes name", for a folder.
files_of() {
	(cd "$1" && for file in *; do
		echo "$(capinfos -Mrc -T "$file" | cut -f2) $(stat -c %s "$file") $file"
	done)
}
# Lines of packets without times.
packets_of() {
	(cd "$1" && for file in *; do
		tcpdump -t -nn -xx -r "$file" 2>/dev/null
	done)
}
sum_of() {
	files_of "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}
same_files() {
	files_of "$work/$1/theirs" >"$work/theirs"
	files_of "$work/$1/ours" >"$work/ours"
	diff "$work/theirs" "$work/ours" && [ "$(wc -l <"$work/ours")" = "$2" ] &&
		packets_of "$work/$1/theirs" >"$work/theirs" && packets_of "$work/$1/ours" >"$work/ours" &&
		cmp "$work/theirs" "$work/ours" && [ -s "$work/ours" ]
}
same_status() {
	cat "$work/$1".*.status
	[ "$(cat "$work/$1.theirs.status")" = "$(cat "$work/$1.ours.status")" ]
}
holds() {
	echo "is $2, should be $1"
	[ "$1" = "$2" ]
}
# Every name is of the pattern, and no two runs differ by more than a file at the end.
similar_names() {
	for who in theirs ours; do
		ls "$work/$1/$who" >"$work/$who"
		cat "$work/$who"
		grep -qvE "$2" "$work/$who" && return 1
	done
	difference=$(($(wc -l <"$work/theirs") - $(wc -l <"$work/ours")))
	[ "${difference#-}" -le "$3" ]
}

ok "a plain file holds what tcpdump's does" same_files plain 1
ok "which is every packet that was sent" holds 4200 "$(sum_of "$work/plain/ours")"
ok "-C: the same files, FILE, FILE1 and on, at the same packets" same_files size 4
ok "-C -W: a ring of the same files, the first overwritten" same_files ring 3
ok "-W 11: numbers of two digits from 00" same_files padded 4
ok "-W 1: one file, overwritten" same_files alone 1
ok "a filter lets the same packets through" same_files filter 1
ok "-s: the same cut packets" same_files snaplen 1
ok "-c: the same first packets" same_files count 1
ok "-c over several files" same_files several 2
ok "-C -G -W: a ring within the period, no end" same_files all 3
ok "without -G nothing in a name is a time" same_files literal 4
ok "-G without a time in the name" same_files same 1
ok "-G: files are named by their seconds, as many as tcpdump's" \
	similar_names time '^time_[0-9]{6}\.pcap$' 1
ok "-G: no packet is lost between two files" holds 4200 "$(sum_of "$work/time/ours")"
ok "-G: tcpdump's sum" holds "$(sum_of "$work/time/theirs")" "$(sum_of "$work/time/ours")"
ok "-G -W: as many files, then the end" similar_names ends '^ends_[0-9]{6}\.pcap$' 0
ok "-G -W: the same status" same_status ends
ok "standard output holds the same as a file" \
	holds "$(packets_of "$work/plain/ours" | md5sum)" \
	"$(tcpdump -t -nn -xx -r "$work/stdout.pcap" 2>/dev/null | md5sum)"
ok "what it counted is what its files hold" grep -q \
	"^4200 captured, $(stat -c %s "$work/plain/ours/all.pcap") bytes, 1 files, 0 dropped, 0 unwr" \
	"$work/plain.ours.said"

# A disk of 256 KiB, in a mount namespace of its own.
mkdir "$work/disk"
ip netns exec $b unshare -m sh -c "mount -t tmpfs -o size=256k none '$work/disk' || exit 9
	'$driver' -i v1 -w '$work/disk/full' 2>'$work/full.said'
	echo \$? >'$work/full.status'
	cp '$work/disk/full' '$work/full.pcap'" &
full=$!
wait_for "$work/full.said"
ip netns exec $a python3 "$send" v0 600 1
wait $full
in_full=$(capinfos -Mrc -T "$work/full.pcap" 2>/dev/null | cut -f2)
ok "a full disk is an error that names the file and what helps" grep -q \
	"disk/full: cannot write packets: No space left on device; free some space" "$work/full.said"
ok "and ends the capture" holds 1 "$(cat "$work/full.status")"
ok "with whole packets, as many as it says" grep -q "^$in_full captured" "$work/full.said"
ok "and says how many more there were" grep -qE ' [1-9][0-9]* unwritten$' "$work/full.said"

refused() { # refused WORDS OPTION...: fails with these words
	words=$1
	shift
	# shellcheck disable=SC2086  # a command and its options
	ip netns exec $b $as "$driver" "$@" >/dev/null 2>"$work/said"
	[ $? = 2 ] && cat "$work/said" && grep -qF -- "$words" "$work/said"
}
as=''
ok "no directory" refused "nowhere/x: cannot write packets: No such file or directory; its dir" \
	-i v1 -w "$work/nowhere/x"
ok "no interface" refused "eth77: no such interface" -i eth77 -w "$work/x"
ok "no such filter" refused "filter 'hots 1': " -i v1 -w "$work/x" 'hots 1'
ok "-W alone" refused "complete: -C or -G" -i v1 -w "$work/x" -W 3
ok "-C to standard output" refused "need a name" -i v1 -w - -C 1
as='setpriv --reuid 65534 --clear-groups'
ok "no privilege" refused "v1: capturing is not permitted; it needs root or CAP_NET_RAW" \
	-i v1 -w "$work/x"
as="$as --inh-caps -all,+net_raw --ambient-caps -all,+net_raw"
ok "a directory of others" refused "x: cannot write packets: Permission denied; its directory must" \
	-i v1 -w "$work/x"
echo "1..$n"
exit $failed
