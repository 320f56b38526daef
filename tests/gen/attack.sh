# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2154 # read by run.sh, whose functions and variables these are
# Facts of tests/gen/attack.scn: the gaps of each law, what an option adds, and what the truth says,
# measured from the capture.
attack=$work/attack.pcap told=$work/attack.tsv
"$gen" "$here/tests/gen/attack.scn" -o "$attack" --truth "$told"
ok $? "attack.scn is made"
found=$(tshark -r "$attack" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
	-o udp.check_checksum:TRUE -Y "$wrong" 2>/dev/null | wc -l)
is "$((found))" 0 "tshark finds no wrong checksum or number in attack"

# All that is asked for below, in one pass: a line a packet.
set -- frame.time_epoch ip.src ip.dst tcp.flags tcp.stream tcp.len tcp.srcport tcp.dstport \
	tcp.analysis.retransmission http.request.method http.request.uri http.host \
	http.response.code tls.handshake.extensions_server_name dns.flags.response dns.qry.name \
	dns.qry.type dns.txt icmp.type icmp.ident icmp.seq data.data data.len quic.version \
	quic.long.packet_type udp.length udp.srcport
# shellcheck disable=SC2046 # one -e for each field
tshark -r "$attack" -E occurrence=f -T fields $(printf -- '-e %s ' "$@") >"$work/attack.fields" \
	2>/dev/null

pick() { # condition value
	awk -F '\t' '{ time = $1; src = $2; dst = $3; flags = $4; stream = $5; len = $6; sport = $7
		dport = $8; again = $9; method = $10; uri = $11; host = $12; code = $13; sni = $14
		question = $15; qname = $16; qtype = $17; txt = $18; icmp = $19; ident = $20
		seq = $21; bytes = $22; size = $23; version = $24; quic = $25; ulen = $26
		uport = $27; syn = flags == "0x0002" && again == "" }
		'"$1 { print $2 }" "$work/attack.fields"
}

tally() { # condition
	pick "$1" 1 | wc -l | tr -d ' '
}

# Gaps between a source's first SYNs, one a line.
gaps() { # source
	pick "syn && src == \"$1\"" time |
		awk 'NR > 1 { printf "%.6f\n", $1 - last } { last = $1 }'
}

# Whether all gaps lie between two bounds, come near both, have a mean and are multiples of a unit.
law() { # source low high mean tolerance unit sentence
	gaps "$1" | awk -v low="$2" -v high="$3" -v mean="$4" -v tolerance="$5" -v unit="$6" '
		NR == 1 { least = most = $1 }
		{ sum += $1; if ($1 < least) least = $1; if ($1 > most) most = $1
		  units = $1 / unit; if (unit && (units - int(units + 0.5)) ^ 2 > 1e-4) broken = 1 }
		END { room = (high - low) / 10; average = sum / NR
		  printf "# %d gaps from %.3f to %.3f s, mean %.3f\n", NR, least, most, average
		  exit !NR || broken || least < low - 1e-5 || most > high + 1e-5 || least > low + room ||
			most < high - room || (average - mean) ^ 2 > tolerance ^ 2 }' >"$work/law"
	result=$?
	ok "$result" "$7"
	[ "$result" -eq 0 ] || cat "$work/law"
}

law 10.9.0.10 37.8 60 48.9 1 0.001 "cobalt sleeps milliseconds, up to 37 % less"
law 10.9.0.11 60 90 75 1.5 0 "sliver sleeps up to its jitter more"
law 10.9.0.12 48 71 59.5 1.2 1 "empire sleeps whole seconds, never the upper bound"
law 10.9.0.13 48 71.999 60 1.2 0.001 "poshc2 sleeps milliseconds, up to 20 % more or less"
law 10.9.0.14 48 73 60 1.2 1 "mythic sleeps whole seconds of whole percentages"
law 10.9.0.15 49 71 60 1.2 1 "covenant sleeps whole seconds short of its jitter"
law 10.9.0.16 30 60 45 1.2 1 "caldera sleeps whole seconds from the least to the most"
gaps 10.9.0.17 | awk '{ sum += $1; squares += $1 * $1 } END { mean = sum / NR
	ratio = sqrt(squares / NR - mean * mean) / mean
	exit !(mean > 54 && mean < 66 && ratio > 0.47 && ratio < 0.58) }'
ok $? "a Weibull law of shape 2 has a deviation of 0.52 of its mean"
gaps 10.9.0.18 | awk '{ sum += $1; below += $1 < 60 * exp(-0.32) } END { mean = sum / NR
	exit !(mean > 52 && mean < 68 && below / NR > 0.43 && below / NR < 0.57) }'
ok $? "a lognormal law has its mean and its median"
gaps 10.9.0.19 | awk '{ sum += $1; early += $1 < 300.2999 } END { mean = sum / NR
	exit early || mean < 300.325 || mean > 300.385 }'
ok $? "a slow clock adds 0.1 %, a late one 50 ms on average, never less than nothing"

# What the truth counts.
for source in 10 20 29 40 44; do
	is "$(tally "syn && src == \"10.9.0.$source\"")" \
		"$(truth "$told" "10.9.0.$source" 7)" "the truth counts what 10.9.0.$source tried"
done
is "$(pick "src == \"10.9.0.12\"" time | head -n 1 | tr -d .)" \
	"$(truth "$told" 10.9.0.12 9)" "and says when it began"
is "$(pick "syn && src == \"10.9.0.12\"" time | tail -n 1 |
	tr -d .)" "$(truth "$told" 10.9.0.12 10)" "and when it last acted"
turns=$(gaps 10.9.0.29 | awk '{ sum += int($1 / 54 + 0.5) - 1 } END { print sum }')
missed=$(truth "$told" 10.9.0.29 11)
[ "$missed" -gt 100 ] && [ "$turns" -gt $((missed * 8 / 10)) ] &&
	[ "$turns" -lt $((missed * 12 / 10)) ]
ok $? "missed callbacks are counted ($missed by the truth, about $turns by the gaps)"

# Operators and outages.
gaps 10.9.0.20 | awk '{ if ($1 < 30) work++; else if ($1 < 239.9 || $1 > 300.1) bad = 1
	if ($1 < 0.19) bad = 1 } END { exit bad || work < 450 || work > 800 }'
ok $? "an operator makes two sessions of 5 minutes with gaps of about a second"
streams() { # source least-bytes-from-the-server
	pick "dst == \"$1\" && len > 0" "stream \"\t\" len" |
		awk -v least="$2" '{ sum[$1] += $2 } END { for (i in sum) n += sum[i] > least; print n + 0 }'
}
[ "$(streams 10.9.0.20 7300)" -gt 220 ] && [ "$(streams 10.9.0.10 7300)" -eq 0 ]
ok $? "tasks are larger answers than any without"
refused() { # source: attempts that no SYN-ACK answered
	pick "syn && src == \"$1\"" stream | sort >"$work/tried"
	pick "flags == \"0x0012\" && dst == \"$1\"" stream | sort >"$work/answered"
	comm -23 "$work/tried" "$work/answered" | wc -l | tr -d ' '
}
is "$(refused 10.9.0.21)" "$(truth "$told" 10.9.0.21 12)" "the truth counts attempts that failed"
[ "$(tally "(flags == \"0x0004\" || flags == \"0x0014\") && dst == \"10.9.0.21\"")" -gt 10 ] &&
	[ "$(tally "again && src == \"10.9.0.21\"")" -gt 30 ]
ok $? "a server that is down is silent in one outage and resets in the other"
gaps 10.9.0.21 | awk '$1 < 60.001 { again++ } END { exit again < 20 }'
ok $? "its implant tries again after 60 s"
is "$(refused 10.9.0.22)" "$(truth "$told" 10.9.0.22 12)" "so does one that keeps its connection"
is "$(tally "flags == \"0x0012\" && dst == \"10.9.0.22\"")" 3 \
	"which opens it again after each of two outages"

# Proxies, neighbours behind an address, connections together, sizes.
is "$(tally "method == \"CONNECT\" && src == \"10.9.0.23\"")" "$(truth "$told" 10.9.0.23 7)" \
	"a proxy is asked to connect for each call"
is "$(pick "method == \"CONNECT\" && src == \"10.9.0.23\"" uri | sort -u)" \
	tls.example:443 "by name and port"
is "$(pick "sni != \"\" && src == \"10.9.0.23\" && dst == \"10.9.0.3\"" sni | uniq -c |
	awk '{ print $1, $2 }')" \
	"$(truth "$told" 10.9.0.23 7) tls.example" "TLS is inside"
is "$(tally "qname ~ /^(tls|web)/")" 0 "the client looks up no name itself"
is "$(tally "code == 503 && dst == \"10.9.0.24\"")" \
	"$(truth "$told" 10.9.0.24 12)" "a proxy says that the server is down"
is "$(tally "bytes ~ /^504f5354202f/ && src == \"10.9.0.24\"")" \
	"$(($(truth "$told" 10.9.0.24 7) - $(truth "$told" 10.9.0.24 12)))" \
	"HTTP is inside where it is not"
is "$(truth "$told" 10.9.0.23 3):$(truth "$told" 10.9.0.23 4)" 10.9.0.3:3128 \
	"the truth names the proxy, which is what the packets show"
is "$(tally "syn && src == \"10.9.0.25\"")" \
	"$(awk -F '\t' '$2 == "10.9.0.25" { sum += $7; rows++ } END { print rows == 3 ? sum : 0 }' \
		"$told")" "three implants share an address, each with a row of the truth"
gaps 10.9.0.26 | awk '$1 < 1 { more++; if ($1 < 0.02 || $1 > 0.26) bad = 1 }
	END { exit bad || more < 60 || more > 140 }'
ok $? "a call is one to three connections, a moment apart"
sizes() { # source: of requests, least and most
	pick "src == \"$1\" && len > 0" "stream \"\t\" len" |
		awk '{ sum[$1] += $2 } END { for (i in sum) print sum[i] }' | sort -n | sed -n '1p;$p' |
		tr '\n' ' '
}
is "$(sizes 10.9.0.27)" '100 100 ' "constant sizes are constant"
sizes 10.9.0.26 | awk '{ exit !($1 >= 100 && $1 < 110 && $2 <= 200 && $2 > 190) }'
ok $? "padded ones have up to as much padding"
sizes 10.9.0.28 | awk '{ exit !($1 >= 51 && $1 < 100 && $2 <= 3200 && $2 > 1600) }'
ok $? "random ones span octaves"

# Orders of scans.
turns_of() { # source field: how often it changes
	pick "syn && src == \"$1\"" "$2" | uniq | wc -l | tr -d ' '
}
is "$(turns_of 10.9.0.40 dst)" 62 "sequentially, a target is finished before the next"
is "$(turns_of 10.9.0.41 dport)" 3 "interleaved, a port is"
is "$(turns_of 10.9.0.42 dport)" 12 "in blocks of 16, a port within each"
[ "$(turns_of 10.9.0.43 dst)" -gt 730 ]
ok $? "masscan's order hardly ever stays with a target"
is "$(pick "syn && src == \"10.9.0.43\"" "dst \"\t\" dport" | sort -u | wc -l |
	tr -d ' ')" 762 "and tries each once"
is "$(pick "syn && src == \"10.9.0.43\"" sport | sort -u | wc -l |
	tr -d ' ')" 1 "from one port"
is "$(gaps 10.9.0.44 | sort -u)" 15.000000 "T1 waits 15 s"
is "$(pick "syn && src == \"10.9.0.44\"" sport | sort -u | wc -l |
	tr -d ' ')" 2 "from two ports in turn"
is "$(tally "flags == \"0x0002\" && src == \"10.9.0.45\"")" \
	"$(($(truth "$told" 10.9.0.45 7) + $(truth "$told" 10.9.0.45 13)))" \
	"what is silent is tried again, as the truth says"
is "$(pick "flags == \"0x0002\" && src == \"10.9.0.45\"" dport | sort | uniq -c |
	awk '{ print $1 }' | sort -u | tr '\n' ' ')" '1 3 ' "twice"
is "$(tally "flags == \"0x0004\" && src == \"10.9.0.45\"")" \
	"$(tally "flags == \"0x0012\" && dst == \"10.9.0.45\"")" \
	"each half-open connection is reset"
is "$(tally "len > 0 && src == \"10.9.0.46\"")" \
	"$(tally "flags == \"0x0012\" && dst == \"10.9.0.46\"")" \
	"a banner is asked for in each whole one"

# Files and polls in names.
asked() { # source field
	pick "question == \"0\" && src == \"$1\"" "$2"
}
asked 10.9.0.60 qname | awk -F . 'NR == 1 { bad = $1 != "init" } NR > 1 { bad += $1 != NR - 2 }
	length($0) > 253 || $0 !~ /\.tool\.example$/ || $0 ~ /[^A-Za-z0-9_.-]/ { bad++ }
	END { exit bad || NR != 60 }'
ok $? "a file is announced and numbered, chunk by chunk, in letters of base64url"
is "$(asked 10.9.0.60 qtype | sort -u)" 16 "by TXT"
is "$(pick "question == \"1\" && dst == \"10.9.0.60\"" txt | sed 1d |
	head -n 3 | tr '\n' ' ')" '0 1 2 ' "whose answers say the number"
is "$(asked 10.9.0.61 qname | sed -n '1p;$p' | tr '\n' ' ')" \
	'___begin___.1.script.example ___end___.60.script.example ' "a script begins and ends"
is "$(asked 10.9.0.61 qname | sed '1d;$d' | grep -cE \
	'^([0-9A-F]{32}\.){3}[0-9A-F]{24}\.[0-9]+\.script\.example$')" 58 "with hexadecimal between"
is "$(asked 10.9.0.62 qname | awk '{ print length($0) }' | sort -u)" 47 \
	"a tunnel at rest only polls"
asked 10.9.0.63 time | awk 'last && ($1 - last < 209.9 || $1 - last > 390.1) { bad = 1 }
	{ last = $1 } END { exit bad || NR < 80 || NR > 115 }'
ok $? "a slow leak is a query every few minutes, all day"

# ICMP.
is "$(tally "icmp == \"8\" && src == \"10.9.0.70\"")" "$(truth "$told" 10.9.0.70 7)" \
	"the truth counts a tunnel's echo requests"
is "$(pick "icmp != \"\" && (src == \"10.9.0.70\" || dst == \"10.9.0.70\")" ident |
	sort -u | wc -l | tr -d ' ')" 1 \
	"ptunnel has one identifier"
[ "$(tally "icmp == \"0\" && dst == \"10.9.0.70\"")" -gt 600 ]
ok $? "and more replies than requests"
is "$(pick "icmp != \"\" && (src == \"10.9.0.70\" || dst == \"10.9.0.70\")" bytes |
	cut -c 1-8 | sort -u)" d5200880 \
	"all with its mark"
pick "icmp == \"8\" && src == \"10.9.0.71\"" size |
	awk '{ long += $1 > 64; some += $1 > 0 } END { exit long || some < 30 || some > 400 }'
ok $? "icmpsh sends at most 64 bytes, mostly none"
is "$(pick "icmp != \"\" && (src == \"10.9.0.72\" || dst == \"10.9.0.72\")" "seq \"\t\" bytes" |
	sort | uniq -c |
	awk '{ print $1 }' | sort -u)" 2 "one way, every reply repeats its request"

# Uploads.
is "$(tally "quic == \"0\" && src == \"10.9.0.80\" && version == \"0x00000001\"")" 1 \
	"an upload by QUIC begins with an Initial of version 1"
is "$(pick "uport != \"\" && src == \"10.9.0.80\"" ulen |
	awk '{ sum += $1 - 8 } END { print sum }')" "$(truth "$told" 10.9.0.80 7)" \
	"and carries as many bytes as the truth says"
is "$(pick "uport != \"\" && src == \"10.9.0.80\"" uport | sort -u | wc -l | tr -d ' ')" 1 \
	"over one connection"
[ "$(pick "syn && src == \"10.9.0.81\"" dst | sort -u | wc -l)" -gt 10 ]
ok $? "a name's addresses rotate"
is "$(pick "sni != \"\" && src == \"10.9.0.81\"" sni | sort | uniq -c | awk '{ print $1, $2 }')" \
	'64 rotating.example' "but not the name"
is "$(pick "method == \"CONNECT\" && src == \"10.9.0.82\"" uri)" kept.example:443 \
	"an upload goes through a proxy"

# Mistakes.
complains 'beacon from 10.0.0.1 to 10.0.0.2:80 every 5m outage 2' '1: .*"2"; write spells' \
	"spells need a length"
complains 'beacon from 10.0.0.1 to 10.0.0.2:80 every 5m law cobolt' '1: .*cobalt' \
	"a law's name is looked for in all of them"
complains 'beacon from 10.0.0.1 to 10.0.0.2:80 every 5m udp proxy 10.0.0.3:3128' \
	'1: .*no datagrams' "a proxy carries no datagrams"
complains 'scan from 10.0.0.1 to 10.0.0.2 ports 1-9 retries 99' '1: .*at most 10' \
	"probes come again a few times only"
