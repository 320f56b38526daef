# SPDX-License-Identifier: BSD-2-Clause
# Reads EVE lines as Suricata's manual describes them; prints what is wrong, and sums to compare.
#	jq -n -c -f eve.jq eve.json
def ends: [.src_ip, .src_port // 0, .dest_ip, .dest_port // 0];
def both: (ends as [$a, $p, $b, $q] | [[$a, $p], [$b, $q]] | sort);
def stamp: test("^[0-9-]{10}T[0-9:]{8}\\.[0-9]+(Z|[+-][0-9]{4})$");
def wrong($what; test): if test then empty else {wrong: $what, line: .} end;

def check_all:
	wrong("timestamp"; .timestamp | stamp),
	wrong("flow_id"; .flow_id | type == "number" and . >= 0 and . < 9007199254740992),
	wrong("ends"; (.src_ip | type) == "string" and (.dest_ip | type) == "string"),
	wrong("ports"; (.proto != "TCP" and .proto != "UDP") or
		((.src_port | type) == "number" and (.dest_port | type) == "number")),
	wrong("proto"; .proto | type == "string"),
	wrong("community_id"; .community_id | startswith("1:"));
def check_flow:
	.flow as $f |
	wrong("flow's numbers"; [$f.pkts_toserver, $f.pkts_toclient, $f.bytes_toserver, $f.bytes_toclient, $f.age] |
		all(type == "number" and . >= 0)),
	wrong("flow's times"; ($f.start | stamp) and ($f.end | stamp) and $f.start <= $f.end),
	wrong("flow's end"; ["new", "established", "closed"] | index($f.state)),
	wrong("flow's reason"; ["timeout", "forced", "shutdown", "tcp_reuse"] | index($f.reason)),
	wrong("flow without packets"; $f.pkts_toserver + $f.pkts_toclient > 0),
	wrong("tcp"; .proto != "TCP" or (.tcp.tcp_flags | test("^[0-9a-f]{2}$")));
def check_dns:
	.dns as $d |
	wrong("dns type"; $d.type == "query" or ($d.type == "answer" and $d.version == 2 and $d.qr)),
	wrong("dns id"; $d.id >= 0 and $d.id < 65536),
	wrong("dns flags"; $d.type == "query" or ($d.flags | test("^[0-9a-f]{4}$"))),
	wrong("dns rcode"; $d.type == "query" or ($d.rcode | type) == "string"),
	wrong("dns answers"; ($d.answers // []) | all((.rrname | type) == "string" and (.rrtype | type) == "string" and
		(.ttl | type) == "number" and (.rdata | type) == "string"));
def check_tls:
	wrong("tls version"; .tls.version | type == "string"),
	wrong("ja4"; (.tls.ja4 // "t13d0000h2_") | test("^[tq]1[0-3s]|^[tq][0-9s][0-9]"));
def check_http:
	wrong("http"; (.http.http_method // .http.status) != null),
	wrong("http status"; (.http.status // 200) | type == "number"),
	wrong("http length"; .http.status == null or (.http.length | type) == "number");
def check_file:
	wrong("file"; (.fileinfo.filename | type) == "string" and (.fileinfo.size | type) == "number"),
	wrong("file state"; .fileinfo.state == "CLOSED" or .fileinfo.state == "TRUNCATED"),
	wrong("sha256"; (.fileinfo.sha256 // ("0" * 64)) | test("^[0-9a-f]{64}$"));

[inputs | select(.flow_id)] as $all |
[$all[] | select(.event_type == "flow")] as $flows |
# What is said of a flow joins it: by id, and the names of the ends agree.
(reduce $flows[] as $f ({}; .["\($f.flow_id)"] = ($f.community_id + ($f | both | tojson)))) as $known |
{
	wrong: [
		($all[] | check_all),
		($flows[] | check_flow),
		($all[] | select(.event_type == "dns") | check_dns),
		($all[] | select(.event_type == "tls") | check_tls),
		($all[] | select(.event_type == "http") | check_http),
		($all[] | select(.event_type == "fileinfo") | check_file),
		($all[] | select(.event_type != "flow") |
			wrong("no flow of this id"; $known["\(.flow_id)"] == .community_id + (both | tojson)))
	],
	flows: ($flows | length),
	packets: ([$flows[].flow | .pkts_toserver + .pkts_toclient] | add // 0),
	bytes: ([$flows[].flow | .bytes_toserver + .bytes_toclient] | add // 0),
	queries: ([$all[] | select(.dns.type == "query")] | length),
	answers: ([$all[] | select(.dns.type == "answer")] | length),
	talks: (reduce $flows[] as $f ({}; ($f | [.proto, both] | tojson) as $key |
		.[$key] = ((.[$key] // [0, 0]) | [.[0] + $f.flow.pkts_toserver + $f.flow.pkts_toclient,
			.[1] + $f.flow.bytes_toserver + $f.flow.bytes_toclient])))
}
