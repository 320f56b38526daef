// SPDX-License-Identifier: BSD-2-Clause
/* Every kind of record, to the letter, as a JSON line. */
#include <stdlib.h>
#include "report/sink.h"
#include "report_samples.h"
#include "tap.h"

static const struct sink_envelope replay = { .mode = "replay" };
static const struct sink_envelope live = { .host = "node-7",
					   .sensor_id = "sensor-1",
					   .mode = "live" };

static char *written(const struct record *record, const struct sink_envelope *envelope)
{
	struct sink *sink;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	sink_json_open(&sink, stream, envelope);
	sink->write(sink, record);
	sink->close(sink);
	fclose(stream);
	return text;
}

static char *finding_text(struct finding *finding, const struct sink_envelope *envelope)
{
	const struct record record = { .kind = RECORD_FINDING, .finding = finding };

	strcpy(finding->id, "0123456789abcdef0123456789abcdef");
	return written(&record, envelope);
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got  %s# want %s", text, expected);
	free(text);
	return same;
}

static bool has(char *text, const char *part)
{
	bool found = strstr(text, part);

	if (!found)
		printf("# in   %s# want %s\n", text, part);
	free(text);
	return found;
}

#define BEGIN(type, state)                                                                         \
	"{\"timestamp\":\"2026-11-21T02:11:09.123456789Z\",\"schema_version\":\"1.0\","            \
	"\"event_type\":\"" type "\",\"finding_id\":\"0123456789abcdef0123456789abcdef\","         \
	"\"state\":\"" state "\","
#define SEEN                                                                                       \
	"\"first_seen\":\"2026-11-21T01:11:09.123456789Z\","                                       \
	"\"last_seen\":\"2026-11-21T02:11:09.123456789Z\","

static void test_beacon(void)
{
	struct finding f = sample_beacon();

	ok(is(finding_text(&f, &live),
	      BEGIN("beacon",
		    "new") "\"host\":\"node-7\",\"sensor_id\":\"sensor-1\",\"mode\":\"live\","
			   "\"src_ip\":\"10.9.0.5\",\"dest_ip\":\"203.0.113.5\",\"dest_port\":443,"
			   "\"proto\":\"TCP\",\"severity\":1,\"score\":0.9700,\"score_raw\":0.9200,"
			   "\"context\":[{\"name\":\"unnamed-server\",\"factor\":0.0500,\"raise\":"
			   "true,"
			   "\"why\":\"no DNS answer named 203.0.113.5\"}]," SEEN
			   "\"attack\":[{\"technique\":\"T1071.001\",\"tactic\":\"TA0011\"}],"
			   "\"beacon\":{\"count\":288,\"exchanges\":288,\"interval_s\":300.600,"
			   "\"mad_s\":5.200,\"span_s\":86400.000,\"scores\":{\"regularity\":0.9500,"
			   "\"size\":0.9900,\"coverage\":0.9400,\"by_count\":0.9500,\"by_time\":0."
			   "9000,"
			   "\"by_tail\":0.5000,\"by_mixture\":0.7000},"
			   "\"evidence_nats\":31.5,\"bytes_out_median\":712,\"missed\":2,"
			   "\"failed\":1,"
			   "\"keepalive\":true,\"clients\":1,\"clients_seen\":40,"
			   "\"name\":\"c2.example.net\",\"ja4\":\"t13d190900_9dc949149365_"
			   "97f8aa674fd9\"},"
			   "\"reason\":\"288 exchanges every 300.6 s (MAD 5.2 s) for 24 h\","
			   "\"at_end\":false}\n"),
	   "a beacon, live");
	ok(has(finding_text(&f, &replay), "\"state\":\"new\",\"mode\":\"replay\",\"src_ip\""),
	   "replay says no host unless asked");
}

static void test_scan(void)
{
	struct finding f = sample_scan();

	ok(is(finding_text(&f, &replay),
	      BEGIN("scan",
		    "update") "\"mode\":\"replay\",\"src_ip\":\"2001:db8::7\",\"dest_port\":445,"
			      "\"proto\":\"TCP\",\"severity\":1,\"score\":0.9500,\"score_raw\":0."
			      "9500,"
			      "\"context\":[]," SEEN
			      "\"attack\":[{\"technique\":\"T1046\",\"tactic\":\"TA0007\"}],"
			      "\"scan\":{\"count\":40,\"shape\":\"horizontal\",\"technique\":"
			      "\"syn\","
			      "\"direction\":\"internal\",\"slow\":true,\"overflow\":false,"
			      "\"contacts\":40,"
			      "\"targets\":40,\"ports\":1,\"outcomes\":{\"refused\":30,"
			      "\"unreachable\":0,"
			      "\"unanswered\":9,\"half_open\":0,\"empty\":0,\"odd\":0,\"answered\":"
			      "1},"
			      "\"cusum\":32.5000,\"horizon_s\":300.000,\"span_s\":5.000,\"port_"
			      "list\":[445]},"
			      "\"reason\":\"horizontal SYN scan: 40 targets on port 445 in 5 s\","
			      "\"at_end\":false}\n"),
	   "a scan without a single target");
	f.proto = 0;
	ok(has(finding_text(&f, &replay), "\"proto\":\"ARP\""), "a scan without IP is ARP");
	f.proto = 58;
	ok(has(finding_text(&f, &replay), "\"proto\":\"IPv6-ICMP\""), "ICMPv6 has EVE's name");
	f.proto = 99;
	ok(has(finding_text(&f, &replay), "\"proto\":\"99\""), "a rare protocol is its number");
}

static void test_exfil(void)
{
	struct finding f = sample_exfil();

	ok(is(finding_text(&f, &replay),
	      BEGIN("exfil",
		    "closed") "\"mode\":\"replay\",\"src_ip\":\"10.9.0.9\",\"dest_ip\":\"198.51."
			      "100.9\","
			      "\"proto\":\"ICMP\",\"community_id\":\"1:z4bJmO9VCKxVIIivmySAiKR6xIY="
			      "\","
			      "\"severity\":1,\"score\":0.9500,\"score_raw\":0.9500,\"context\":[]"
			      "," SEEN
			      "\"attack\":[{\"technique\":\"T1041\",\"tactic\":\"TA0010\"},"
			      "{\"technique\":\"T1572\",\"tactic\":\"TA0011\"}],"
			      "\"exfil\":{\"count\":123456,\"channel\":\"icmp\",\"bytes_out\":"
			      "123456,"
			      "\"bytes_in\":1234,\"ratio\":100.0454,\"window_s\":600.000,\"active_"
			      "hours\":1,"
			      "\"mismatches\":12,\"unsolicited\":3,\"sizes\":5,\"name\":\"up."
			      "example\"},"
			      "\"reason\":\"ICMP echo replies differ from requests: 12 "
			      "mismatches\","
			      "\"at_end\":true}\n"),
	   "an ICMP tunnel, closed at the end");
}

static void test_dns(void)
{
	struct finding f = sample_dns(FINDING_DNS_EXFIL);

	ok(is(finding_text(&f, &replay),
	      BEGIN("dns_exfil",
		    "new") "\"mode\":\"replay\",\"src_ip\":\"10.9.0.8\",\"dest_ip\":\"10.9.0.53\","
			   "\"dest_port\":53,\"proto\":\"UDP\",\"severity\":1,\"score\":0.9500,"
			   "\"score_raw\":0.9500,\"context\":[{\"name\":\"talkative-zone\","
			   "\"factor\":0.4000,\"why\":\"evil.example is on the list\"}]," SEEN
			   "\"attack\":[{\"technique\":\"T1048.003\",\"tactic\":\"TA0010\"},"
			   "{\"technique\":\"T1572\",\"tactic\":\"TA0011\"}],"
			   "\"dns_exfil\":{\"count\":4102,\"domain\":\"evil.example\",\"queries\":"
			   "4200,"
			   "\"responses\":4100,\"distinct\":4102,\"nxdomain\":5,"
			   "\"information_bytes\":165000,\"answer_bytes\":900000,\"mean_subname\":"
			   "61.3,"
			   "\"distinct_share\":0.9767,\"odd_type_share\":0.9700,"
			   "\"nxdomain_share\":0.0012,\"span_s\":600.000,\"top_type\":16,"
			   "\"pooled\":false,\"sample\":\"0a1b2c.evil.example\"},"
			   "\"reason\":\"4,102 unique names, about 165 kB hidden in them\","
			   "\"at_end\":false}\n"),
	   "a DNS tunnel");
	f.kind = FINDING_DNS_DGA;
	f.entity[0] = '\0';
	ok(has(finding_text(&f, &replay), "\"dns_dga\":{\"count\":4102,\"queries\":4200"),
	   "generated names have no domain");
}

static void test_ports(void)
{
	struct finding f = sample_port();

	ok(is(finding_text(&f, &replay),
	      BEGIN("suspicious_port",
		    "new") "\"mode\":\"replay\",\"src_ip\":\"10.9.0.6\",\"src_port\":50000,"
			   "\"dest_ip\":\"203.0.113.6\",\"dest_port\":4444,\"proto\":\"TCP\","
			   "\"community_id\":\"1:c0oXEh/if2QRoTM559Gy7jYut1Q=\",\"severity\":3,"
			   "\"score\":0.3000,\"score_raw\":0.3000,\"context\":[]," SEEN
			   "\"attack\":[{\"technique\":\"T1571\",\"tactic\":\"TA0011\"}],"
			   "\"suspicious_port\":{\"count\":812,\"port\":4444,\"packets\":812},"
			   "\"reason\":\"traffic on port 4444, which Metasploit uses by default: "
			   "812 "
			   "packets\",\"at_end\":false}\n"),
	   "a suspicious port, with the client's port and so a community id");
	f = sample_trigger();
	ok(has(finding_text(&f, &replay),
	       "\"trigger\":{\"count\":1,\"entity\":\"*.example.net\",\"matched\":\"sni\","
	       "\"indicator\":\"*.example.net\",\"source\":\"feeds/bad.txt:7\","
	       "\"label\":\"a botnet's\",\"seen\":\"c2.example.net\"},\"reason\""),
	   "a trigger says what matched");
}

static void test_stats(void)
{
	const struct stats_totals totals = { 1, 2, 3, 4, 5, 6, true };
	struct stats stats = { .time_ns = SAMPLE_NS,
			       .first_ns = SAMPLE_NS - 3600000000000ull,
			       .last_ns = SAMPLE_NS,
			       .packets = 1204311,
			       .bytes = 900000000,
			       .accounted = 1203998,
			       .source_only = 12,
			       .ignored_count = 2,
			       .lost_count = 1,
			       .table_count = 1,
			       .ignored = { { "arp", 300 }, { "lldp", 13 } },
			       .lost = { { "malformed", 0 } },
			       .tables = { { "pairs_evicted", 4 } },
			       .events = 5000,
			       .flows = 10,
			       .pairs = 11,
			       .sources = 12,
			       .domains = 13,
			       .backwards = 1,
			       .findings = { 0, 3, 2, 1, 7 },
			       .truncated = true };
	const struct warning warning = { SAMPLE_NS, "blind on eth0:\n12,000 packets \xff" };
	struct record record = { .kind = RECORD_STATS, .stats = &stats };
	char *text;

	ok(is(written(&record, &replay),
	      "{\"timestamp\":\"2026-11-21T02:11:09.123456789Z\",\"schema_version\":\"1.0\","
	      "\"event_type\":\"stats\",\"mode\":\"replay\",\"stats\":{\"packets\":1204311,"
	      "\"bytes\":900000000,\"accounted\":1203998,\"source_only\":12,"
	      "\"ignored\":{\"arp\":300,\"lldp\":13},\"lost\":{\"malformed\":0},"
	      "\"tables\":{\"pairs_evicted\":4}," SEEN "\"events\":5000,\"flows\":10,"
	      "\"pairs\":11,\"sources\":12,\"domains\":13,\"backwards\":1,"
	      "\"findings\":{\"high\":3,\"medium\":2,\"low\":1,\"info\":7},"
	      "\"truncated\":true}}\n"),
	   "the counters");
	stats.totals = &totals;
	text = written(&record, &replay);
	ok(strstr(text, "\"info\":7},\"totals\":{\"tcp\":1,\"udp\":2,\"ipv4\":3,\"ipv6\":4,"
			"\"dns_queries\":5,\"dns_responses\":6,\"exact\":true},"
			"\"truncated\":true}}\n"),
	   "the totals, when they were counted");
	free(text);
	record = (struct record){ .kind = RECORD_WARNING, .warning = &warning };
	ok(is(written(&record, &replay),
	      "{\"timestamp\":\"2026-11-21T02:11:09.123456789Z\",\"schema_version\":\"1.0\","
	      "\"event_type\":\"warning\",\"mode\":\"replay\",\"warning\":{\"text\":"
	      "\"blind on eth0:\\u000a12,000 packets \\\\xff\",\"text_hex\":"
	      "\"626c696e64206f6e20657468303a0a31322c303030207061636b65747320ff\"}}\n"),
	   "a warning, one line whatever it holds");
}

static void test_hostile(void)
{
	struct finding f = sample_dns(FINDING_DNS_EXFIL);
	char *text;

	memset(f.entity, 0xff, FINDING_NAME - 1);
	strcpy(f.dns.sample, "\xe2\x80\xae\"</script>\033]0;x\a\n{");
	strcpy(f.reason, "a\r\n{\"event_type\":\"stats\"}");
	strcpy(f.factors[0].why, "\x80");
	text = finding_text(&f, &replay);
	ok(strchr(text, '\n') == text + strlen(text) - 1, "no name ends a line");
	ok(strstr(text, "\"domain_hex\":\"ffffff"), "255 bytes of 0xff are kept");
	ok(strstr(text, "\"sample\":\"\\u202e\\\"</script>\\u001b]0;x\\u0007\\u000a{\"}") &&
		   !strstr(text, "sample_hex"),
	   "quotes, bidi and terminal sequences are escaped");
	ok(strstr(text, "\"why\":\"\\\\x80\",\"why_hex\":\"80\"}"),
	   "reasons of context are as hostile as names");
	ok(strstr(text, "\"reason\":\"a\\u000d\\u000a{\\\"event_type\\\":\\\"stats\\\"}\","),
	   "a reason does not become a record");
	free(text);
	f.factor_count = 1000;
	f.factors[0].name = "x";
	for (int i = 0; i < FINDING_FACTORS; i++)
		f.factors[i].name = "x";
	free(finding_text(&f, &replay));
	ok(true, "counts beyond an array are cut");
}

int main(void)
{
	test_beacon();
	test_scan();
	test_exfil();
	test_dns();
	test_ports();
	test_stats();
	test_hostile();
	return done();
}
