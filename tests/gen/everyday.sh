# shellcheck shell=sh disable=SC2154 # sourced by run.sh, whose functions and variables it uses
# SPDX-License-Identifier: BSD-2-Clause
# Tests of the everyday services and of the three views made of them.
day=$work/everyday.pcap table=$work/everyday.fields
"$gen" "$scenarios/everyday.scn" -o "$day" --truth "$work/everyday.tsv"
ok $? "everyday.scn is made"
is "$("$gen" "$scenarios/everyday.scn" | sum)" "$(sum <"$day")" "with the same bytes again"

flawless() { # capture name
	found=$(tshark -r "$1" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-o udp.check_checksum:TRUE -Y "$wrong" 2>/dev/null | wc -l)
	is "$((found))" 0 "tshark finds no wrong checksum, number or message in $2"
}

harmless() { # truth-file name
	is "$(awk -F '\t' 'NR > 1 && $8 != "no-alert"' "$1" | wc -l)" 0 "$2 holds nothing to find"
}

flawless "$day" everyday
harmless "$work/everyday.tsv" everyday.scn

# One reading for all questions: what tshark says of each packet, as words that awk knows.
tshark -r "$day" -T fields -E occurrence=f -e frame.time_epoch -e ip.src -e ip.dst -e tcp.stream \
	-e tcp.srcport -e tcp.dstport -e udp.srcport -e udp.dstport -e tcp.flags -e tcp.len \
	-e tls.record.opaque_type -e tls.record.length -e http.request.uri -e http.response.code \
	-e http.content_length -e mqtt.msgtype -e dns.flags.response -e dns.flags.recdesired \
	-e dns.qry.type -e dns.qry.name -e _ws.col.Protocol 2>/dev/null |
	sed 's/10\.9\.0\.//g' >"$table"

ask() { # awk-program: $time and so on are the columns
	awk -F '\t' 'BEGIN { time = 1; src = 2; dst = 3; stream = 4; tcpfrom = 5; tcpto = 6
		udpfrom = 7; udpto = 8; flags = 9; len = 10; record = 11; recordlen = 12; uri = 13
		code = 14; content = 15; mqtt = 16; response = 17; desired = 18; type = 19
		query = 20; protocol = 21; SYN = "0x0002"; SYNACK = "0x0012" }'" $1" "$table"
}

number_of() { # awk-condition
	ask "$1 { n++ } END { print n + 0 }"
}

different() { # column awk-condition
	ask "$2 && !seen[\$$1]++ { n++ } END { print n + 0 }"
}

said() { # host: what the truth counts of it
	truth "$work/everyday.tsv" "10.9.0.$1" 7
}

opened() { # host: its connections
	different stream "\$src == \"$1\" && \$flags == SYN"
}

records() { # host: what it sends under TLS, the end of the handshake included
	number_of "\$src == \"$1\" && \$record == 23"
}

# Rhythms.
# shellcheck disable=SC2016 # the dollars are awk's
is "$(number_of '$src == "30" && $udpto == 123')" "$(said 30)" \
	"chrony asks as often as the truth says"
# shellcheck disable=SC2016
ask '$src == "30" && $udpto == 123 { if (last[$dst]) { gap = $time - last[$dst]; power = 64
	while (power * 1.4 < gap) power *= 2
	if (gap < power * 0.98 || gap > power * 1.02) bad = 1; seen[power]++ } else servers++
	last[$dst] = $time }
	END { exit bad || servers != 4 || !seen[64] || !seen[128] || !seen[256] }'
ok $? "four servers, at powers of two that grow"
# shellcheck disable=SC2016
{
	is "$(number_of '$code == 204 && $dst == "31"')" "$(said 31)" \
		"every connectivity check is told there is no content"
	is "$(number_of '$src == "32" && $mqtt == 12') $(number_of '$mqtt == 13')" \
		"$(said 32) $(said 32)" "MQTT pings are as many as the truth says, all answered"
	is "$(opened 32)" 1 "in one connection"
	is "$(number_of '$src == "33" && $len == 24')" "$(said 33)" "under TLS too, 24 bytes each"
	is "$(records 34)" "$(($(said 34) + 2 * $(opened 34)))" "WebSocket pings are all there"
	[ "$(number_of '$src == "34" && $len == 28')" -gt "$(($(said 34) * 9 / 10))" ]
	ok $? "nearly all of them frames of 6 bytes"
	[ "$(number_of '$dst == "35" && $len > 40 && $len < 52')" -ge "$(($(said 35) * 7 / 10))" ]
	ok $? "push services speak first"
	is "$(opened 36) $(records 36)" "$(said 36) $((7 * $(said 36)))" \
		"mail is fetched by six commands of a new connection"
	is "$(opened 37) $(records 37)" "1 $((2 * $(said 37) + 2))" \
		"an idle mailbox keeps its connection"
	is "$(opened 38)" "$(said 38)" "telemetry connects each time"
	[ "$(different recordlen '$src == "38" && $record == 23')" -gt $(($(said 38) / 2)) ]
	ok $? "with bodies of many sizes"
	is "$(opened 39) $(number_of '$uri == "/metrics"')" "4 $(said 39)" \
		"two ports of two servers are scraped in four connections"
	ask '$dst == "39" && $content { key = $src " " $tcpfrom; size = $content + 0
		if (!least[key] || size < least[key]) least[key] = size
		if (size > most[key]) most[key] = size }
		END { for (key in least) { n++; if (least[key] < 9000 || most[key] > 61000 ||
		most[key] > least[key] * 1.02) bad = 1 } exit bad || n != 4 }'
	ok $? "each with answers of its own size, 10 to 60 kB"
	is "$(opened 40) $(number_of '$uri == "/healthz"')" "$(said 40) $(said 40)" \
		"a kubelet's probe is a connection with one request"
	is "$(opened 41) $(number_of '($src == "41" || $dst == "41") && $len > 0')" "$(said 41) 0" \
		"a balancer's is one without"
	is "$(number_of '$flags == SYN && $src == "192.0.2.15"')" \
		"$(truth "$work/everyday.tsv" 192.0.2.15 7)" "a monitor calls from outside"
	is "$(number_of '$uri != "" && $src == "42"')" "$(said 42)" "services call each other"
	is "$(number_of '$udpto == 27015') $(different udpfrom '$udpto == 27015')" "$(said 43) 1" \
		"a game keeps its place in the lobby from one port"

	# Much, or many.
	[ "$(different stream '($src == "44" || $dst == "44") && $len > 0')" -lt "$(opened 44)" ]
	ok $? "browsers open connections they never use"
	[ "$(records 44)" -gt $((3 * $(opened 44))) ]
	ok $? "and ask several times in those they use"
	[ "$(said 45)" -gt "$(said 44)" ]
	ok $? "five readers behind one address visit more than one"
	is "$(opened 46)" "$((4 * $(said 46)))" "an image comes by one connection and three"
	is "$(opened 47)" "$(said 47)" "a video has a connection of its own"
	ask '$src == "47" && $record == 23 { if (last[$stream]) { n++; gap = $time - last[$stream]
		if (gap > 4.3 && gap < 5.3) even++ } last[$stream] = $time }
		END { exit !(n > 20 && even > n * 0.8) }'
	ok $? "and asks at an even pace"
	ask '$udpto == 27020 { out++; if (last && $time - last < 1) { span += $time - last; n++ }
		last = $time } $udpfrom == 27020 { back++ }
		END { exit !(out > 1500 && back > out * 0.99 && n / span > 29 && n / span < 31) }'
	ok $? "a game has 30 datagrams a second each way"
	is "$(ask '$src == "49" { sum += $len } END { print sum }')" "$(said 49)" \
		"a backup is as large as the truth says"
	[ "$(number_of '$flags == SYNACK && $dst == "50"')" -lt $(($(opened 50) / 2)) ]
	ok $? "most peers cannot be reached"
	[ "$(number_of '$protocol ~ /^B[Ti]/')" -gt 300 ]
	ok $? "what they say is BitTorrent to tshark"

	# Names.
	is "$(number_of '$response ~ /^(0|False)$/ && $query ~ /googlevideo/')" "$(said 51)" \
		"shards are asked for as often as the truth says"
	is "$(different query '$query ~ /avqs/')" "$(said 52)" "hashes are all different"
	is "$(number_of '$src == "53" && $type == 12')" "$(said 53)" \
		"so many addresses are asked for their names"
	[ "$(different dst '$src == "1" && $desired ~ /^(0|False)$/')" -gt 100 ]
	ok $? "a resolver asks many servers"

	# From outside.
	is "$(number_of '$flags == SYN && $dst == "54"')" "$(said 54)" "readers call the web server"
	[ "$(different src '$flags == SYN && $dst == "54"')" -gt 60 ]
	ok $? "more than sixty of them"
	is "$(number_of '$flags == SYN && $dst ~ /^5[56]$/')" \
		"$(truth "$work/everyday.tsv" 10.9.0.55-10.9.0.56 7)" "noise is a SYN each time"
	is "$(number_of '$flags == SYNACK && $src ~ /^5[56]$/')" 0 "that finds nothing"
}

# Views: ten minutes that are read, and the most packets an hour that a day affords.
for view in 'host 62500' 'node 166666' 'tap 250000'; do
	most=${view#* } view=${view% *} scenario=$here/tests/eval/mix/${view% *}.scn
	"$gen" "$scenario" --set duration=10m -o "$work/$view.pcap" --truth "$work/$view.tsv"
	ok $? "the view $view is made"
	flawless "$work/$view.pcap" "$view"
	harmless "$work/$view.tsv" "$view"
	packets=$("$gen" "$scenario" --set duration=1h | capinfos -Mc - 2>/dev/null |
		awk '/Number of packets/ { print $NF }')
	[ "${packets:-$most}" -lt "$most" ]
	ok $? "it has less than $most packets in an hour ($packets)"
done
"$gen" "$scenarios/everyday.scn" --seed 3 -o "$work/other.pcap" &&
	! cmp -s "$work/other.pcap" "$day"
ok $? "another seed gives another day"
complains 'mqtt hosts 10.9.0.1 name none' '1: .*add a server' "a service without a server is named"
