// SPDX-License-Identifier: BSD-2-Clause
/* Flows, hellos and questions as EVE has them: which fields there are, and what they say. */
#include "logs/eve.h"
#include "logs_line.h"
#include "tap.h"

static bool has(const char *piece)
{
	if (!strstr(said, piece))
		printf("# no %s in %s\n", piece, said);
	return strstr(said, piece);
}

static void write_head(uint8_t proto, uint64_t frame)
{
	const struct sink_envelope envelope = { .host = "node", .mode = "replay" };
	struct identity identity = {
		.sport = 8, .dport = 1, .proto = proto, .flow_id = 77, .community_id = "1:x"
	};
	const struct eve_head head = { "flow", START, frame, &identity, frame ? "dns" : NULL };

	address_parse(&identity.src, "10.0.0.1");
	address_parse(&identity.dst, "2001:db8::1");
	begin();
	eve_begin(&json, &envelope, &head);
	end();
}

static void test_heads(void)
{
	write_head(6, 9);
	ok(has("{\"timestamp\":\"2026-11-21T02:11:09.123456789Z\",\"schema_version\":\"1.0\","
	       "\"event_type\":\"flow\",\"flow_id\":77,\"pcap_cnt\":9,") &&
		   has("\"src_ip\":\"10.0.0.1\",\"src_port\":8,\"dest_ip\":\"2001:db8::1\","
		       "\"dest_port\":1,\"proto\":\"TCP\",\"community_id\":\"1:x\","
		       "\"app_proto\":\"dns\"}"),
	   "a line begins with its time, its flow and both ends");
	write_head(17, 0);
	ok(has("\"flow_id\":77,\"host\"") && has("\"src_port\":8") &&
		   has("\"community_id\":\"1:x\"}"),
	   "without a frame and a protocol neither is said");
	write_head(132, 0);
	ok(has("\"src_port\":8") && has("\"dest_port\":1"), "SCTP has ports,");
	write_head(1, 0);
	ok(has("\"dest_ip\":\"2001:db8::1\",\"proto\":\"ICMP\",\"icmp_type\":8,\"icmp_code\":1,"),
	   "ICMP a type and a code in their place,");
	write_head(58, 0);
	ok(has("\"proto\":\"IPv6-ICMP\",\"icmp_type\":8,\"icmp_code\":1,"),
	   "that of IPv6 as well,");
	write_head(47, 0);
	ok(has("\"proto\":\"GRE\",\"community_id\"") && !strstr(said, "_port"), "GRE neither");
	ok(!strcmp(eve_app_proto("ssl"), "tls") && !strcmp(eve_app_proto("dns"), "dns") &&
		   !eve_app_proto(NULL),
	   "what Zeek calls ssl is tls here");
}

static struct log_flow flow_of(void)
{
	return (struct log_flow){
		.first_ns = START,
		.last_ns = START + 2 * SECOND - 1,
		.client = SKUA_HIGH,
		.way = { { .packets = 3, .bytes = 300, .flags = SKUA_ACK },
			 { .packets = 2, .bytes = 200, .flags = SKUA_SYN | SKUA_ACK } }
	};
}

static void write_flow(const struct log_flow *flow, enum log_flow_end how, bool tcp)
{
	begin();
	eve_flow(&json, flow, how, tcp);
	end();
}

static void test_flow(void)
{
	struct log_flow flow = flow_of();

	write_flow(&flow, LOG_FLOW_CLOSED, true);
	ok(is("{\"flow\":{\"pkts_toserver\":2,\"pkts_toclient\":3,\"bytes_toserver\":200,"
	      "\"bytes_toclient\":300,\"start\":\"2026-11-21T02:11:09.123456789Z\","
	      "\"end\":\"2026-11-21T02:11:11.123456788Z\",\"age\":1,\"state\":\"established\","
	      "\"reason\":\"timeout\",\"alerted\":false},\"tcp\":{\"tcp_flags\":\"12\","
	      "\"tcp_flags_ts\":\"12\",\"tcp_flags_tc\":\"10\",\"syn\":true,\"ack\":true}}"),
	   "a flow is told by who is its client, with the flags of each side");
	flow.uncounted = true;
	flow.events = true;
	flow.all_flags = SKUA_FIN | SKUA_RST | SKUA_PSH | SKUA_URG;
	write_flow(&flow, LOG_FLOW_SILENT, true);
	ok(!strstr(said, "bytes_to") && has("\"tcp_flags\":\"3f\",\"syn\":true,\"fin\":true,"
					    "\"rst\":true,\"psh\":true,\"ack\":true,\"urg\":true}"),
	   "of one that is made of events neither bytes nor sides are, but all flags");
	write_flow(&flow, LOG_FLOW_REUSED, false);
	ok(has("\"reason\":\"tcp_reuse\"") && !strstr(said, "\"tcp\""),
	   "what is no TCP has no flags");
	write_flow(&flow, LOG_FLOW_EARLY, true);
	ok(has("\"reason\":\"forced\""), "one that gave way was forced,");
	write_flow(&flow, LOG_FLOW_STOPPED, true);
	ok(has("\"reason\":\"shutdown\""), "one that was alive at the end was shut down");
}

/* Packets and payload of each way. */
static bool state_is(unsigned low, unsigned high, unsigned payload, bool tcp, const char *state)
{
	struct log_flow flow = flow_of();
	char wanted[64];

	flow.way[0].packets = low;
	flow.way[1].packets = high;
	flow.way[0].payload = payload & 1;
	flow.way[1].payload = payload >> 1;
	write_flow(&flow, LOG_FLOW_SILENT, tcp);
	snprintf(wanted, sizeof(wanted), "\"state\":\"%s\"", state);
	return has(wanted);
}

static void test_states(void)
{
	struct log_flow flow = flow_of();

	ok(state_is(1, 0, 0, true, "new") && state_is(0, 1, 0, true, "new") &&
		   state_is(1, 0, 1, true, "established") &&
		   state_is(0, 1, 2, true, "established") && state_is(1, 1, 0, true, "established"),
	   "TCP is established by payload, or packets both ways");
	ok(state_is(1, 0, 1, false, "new") && state_is(0, 1, 2, false, "new") &&
		   state_is(1, 1, 0, false, "established"),
	   "others by packets both ways alone");
	flow.closed = true;
	write_flow(&flow, LOG_FLOW_CLOSED, true);
	ok(has("\"state\":\"closed\""), "what was closed is closed");
}

static void write_tls(const struct tls_view *view)
{
	begin();
	eve_tls(&json, view);
	end();
}

static void test_tls(void)
{
	struct tls_view view = { .answered = true,
				 .version = 0x0303,
				 .alpns_length = 12,
				 .alpns = "\2h2\10http/1.1",
				 .chosen_length = 2,
				 .chosen = "h2" };

	strcpy(view.hello.name, "h.example");
	strcpy(view.hello.ja4, "t13");
	strcpy(view.certificate.subject, "CN=s");
	strcpy(view.certificate.issuer, "CN=i");
	strcpy(view.certificate.not_before, "b");
	strcpy(view.certificate.not_after, "a");
	write_tls(&view);
	ok(is("{\"tls\":{\"subject\":\"CN=s\",\"issuerdn\":\"CN=i\",\"sni\":\"h.example\","
	      "\"version\":\"TLS 1.2\",\"notbefore\":\"b\",\"notafter\":\"a\",\"ja4\":\"t13\","
	      "\"client_alpns\":[\"h2\",\"http/1.1\"],\"server_alpns\":[\"h2\"]}}"),
	   "a handshake tells what both sides showed");
	view = (struct tls_view){ .version = 0x0303 };
	write_tls(&view);
	ok(is("{\"tls\":{\"version\":\"UNDETERMINED\"}}"),
	   "one that nobody answered has no version");
}

static void write_hello(const struct fact_hello *hello)
{
	begin();
	eve_hello(&json, hello);
	end();
}

static void test_hello(void)
{
	struct fact_hello hello = {
		.tls = true, .name = "h.example", .alpn = "h2", .ja4 = "t13", .connect = true
	};

	write_hello(&hello);
	ok(is("{\"tls\":{\"sni\":\"h.example\",\"ja4\":\"t13\",\"client_alpns\":[\"h2\"]}}"),
	   "of an agent's hellos the name, the fingerprint and one protocol");
	hello.tls = false;
	write_hello(&hello);
	ok(is("{\"http\":{\"hostname\":\"h.example\",\"http_method\":\"CONNECT\"}}"),
	   "of HTTP the host, and CONNECT");
	hello = (struct fact_hello){ .tls = true };
	write_hello(&hello);
	ok(is("{\"tls\":{}}"), "what is not known is not told");
	hello.tls = false;
	write_hello(&hello);
	ok(is("{\"http\":{}}"), "nor of HTTP");
}

static void test_questions(void)
{
	struct skua_dns dns = { .id = 7, .type = 28 };

	begin();
	eve_dns_event(&json, &dns, "a.example");
	end();
	ok(is("{\"dns\":{\"type\":\"query\",\"id\":7,\"rrname\":\"a.example\",\"rrtype\":\"AAAA\"}"
	      "}"),
	   "a question has its name and type");
	dns.response = 1;
	dns.rcode = 3;
	begin();
	eve_dns_event(&json, &dns, "a.example");
	end();
	ok(is("{\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":7,\"rrname\":\"a.example\","
	      "\"rrtype\":\"AAAA\",\"rcode\":\"NXDOMAIN\"}}"),
	   "an answer what became of it");
}

int main(void)
{
	test_heads();
	test_flow();
	test_states();
	test_tls();
	test_hello();
	test_questions();
	free(said);
	return done();
}
