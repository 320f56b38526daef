#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Real tools, each from a host of its own, are found live and again in the capture taken of them meanwhile.
# tests/lab/tools.sh quick|all [NAME...]: a minute; all adds the slow ones and ends within six
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source=tests/lab/cast.sh
. "$LAB_HERE/cast.sh"
# shellcheck source=tests/lab/peers.sh
. "$LAB_HERE/peers.sh"
# shellcheck source=tests/lab/tools_cast.sh
. "$LAB_HERE/tools_cast.sh"
how=${1:-quick}
[ $# -eq 0 ] || shift
[ "$how" = quick ] || LAB_SET=check-all
wanted=$*

# What is not installed is left out, loudly; where everything is asked for, that is a failure.
choose() {
	while read -r name number family kind set need words; do
		[ "$set" = quick ] || [ "$how" = all ] || continue
		case " $wanted " in "  " | *" $name "*) ;; *) continue ;; esac
		[ "$need" = - ] || command -v "$need" >/dev/null || {
			echo "$words" >>"$LAB_DIR/absent"
			continue
		}
		echo "$name $number $family $kind $words" >>"$LAB_DIR/chosen"
	done <<-EOT
		$TOOLS
	EOT
	CAST=$(cut -d ' ' -f 1-4 "$LAB_DIR/chosen")
}

say_absent() {
	touch "$LAB_DIR/absent"
	while read -r words; do
		if [ "$how" = all ]; then
			ok 1 "$words: it is here" "not installed: tools/setup.sh check-all"
		else
			skip "$words" "not installed: tools/setup.sh check-all"
		fi
	done <"$LAB_DIR/absent"
	[ -z "$wanted" ] || return 0
	skip "dnscat2" "Debian has no package of it"
	skip "nmap -sI" "it needs a host that numbers its packets one by one, which Linux does not"
	skip "nmap -sO, -sY and -sZ" "not found: of other protocols than TCP, UDP and ICMP skua keeps no contacts"
	[ "$how" = all ] || skip "nmap -T1 and -T0" "15 s and 5 minutes between probes: tests/lab/tools.sh all"
}

# Lines "address kind technique name words".
expected() {
	while read -r name number family kind words; do
		what=${kind#*/}
		[ "$what" != "$kind" ] || what=-
		echo "$(cast_address "$number" "$family") ${kind%/*} $what $name $words"
	done <"$LAB_DIR/chosen"
}

tools_source() { # name: its address
	expected | awk -v name="$1" '$4 == name { print $1 }'
}

# nmap -T0 waits five minutes where -T1 waits 15 s: the same probes, twenty times slower.
paranoid() {
	grep -q '^sneaky ' "$LAB_DIR/chosen" || return 0
	address=$(tools_source sneaky)
	tcpdump -r "$LAB_DIR/lan.pcap" -w - "host $address" 2>"$LAB_DIR/stretch.err" |
		python3 "$LAB_HERE/tools.py" stretch 20 >"$LAB_DIR/paranoid.pcap"
	said=$("$SKUA" replay -q --format json "$LAB_DIR/paranoid.pcap" | jq -rs --arg source "$address" '
		map(select(.src_ip == $source and .event_type == "scan")) | last | "\(.score) \(.reason)"')
	case $said in
	[01]*) ok 0 "nmap -T0, as -T1 slowed down twenty times: replay finds a scan" ;;
	*) ok 1 "nmap -T0, as -T1 slowed down twenty times: replay finds a scan" "$said" ;;
	esac
	note "nmap -T0: $said"
}

# The words of tools.py are sentences for ok, or notes.
judge() {
	python3 "$LAB_HERE/tools.py" judge "$LAB_DIR/lan.out" "$LAB_DIR/replay" "$LAB_DIR/calmed" "$LAB_DIR/lan.pcap" \
		<"$LAB_DIR/expected" >"$LAB_DIR/judged" 2>"$LAB_DIR/judge.err"
	ok $? "what was found could be compared" "$(cat "$LAB_DIR/judge.err")"
	while IFS='|' read -r status sentence detail; do
		case $status in
		'#') note "$sentence" ;;
		*) ok "$status" "$sentence" "$detail" ;;
		esac
	done <"$LAB_DIR/judged"
}

lab_need nmap iodined iodine tcpdump nft curl jq ping openssl
lab_open
lab_need_bpf
choose
say_absent
lab_net plain
cast_hosts 4
tools_servers
lab_dump gw lan lan -B 65536 || exit 1 # all begin at once, uploads in segments of 64 kB
lab_agent gw lan -i lan=workload
ok $? "skua watches what the hosts send" "$(cat "$LAB_DIR/lan.err")"
# shellcheck disable=SC2046  # a list of names
failed=$(cast_play $(cast_names))
ok $((${#failed} > 0)) "every tool did what it should" "$failed"
sleep 6 # silence is a failure after 5 s, and who must not be found had that time, too
expected >"$LAB_DIR/expected"
all_told() {
	while read -r address kind _; do
		[ "$kind" = - ] || grep -F "\"event_type\":\"$kind\"" "$LAB_DIR/lan.out" |
			grep -qF "\"src_ip\":\"$address\"" || return 1
	done <"$LAB_DIR/expected"
}
lab_until 30 all_told || note "not all is told"
lab_dumped lan
is $? 0 "tcpdump dropped nothing"
lab_stop lan
is $? 0 "SIGTERM ends skua with status 0"
"$SKUA" replay -q --format json "$LAB_DIR/lan.pcap" >"$LAB_DIR/replay"
"$SKUA" replay -q --format json --min-score 0 "$LAB_DIR/lan.pcap" >"$LAB_DIR/calmed"
judge
is "$(lab_stat lan '.packets - .accounted - ([.ignored[], .lost[], 0] | add)')" 0 \
	"every packet is in one row of the accounting"
is "$(lab_stat lan '[.lost[], 0] | add')" 0 "nothing was lost"
paranoid
lab_close
