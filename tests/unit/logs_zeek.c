// SPDX-License-Identifier: BSD-2-Clause
/* Lines as Zeek writes them: connections, handshakes, exchanges and questions. */
#include "logs/zeek.h"
#include "logs_line.h"
#include "tap.h"

static bool line_is(const char *wanted)
{
	end();
	return is(wanted);
}

static void test_heads(void)
{
	struct identity identity = { .sport = 1000, .dport = 53, .uid = "C1" };
	static const struct {
		uint8_t proto;
		const char *name;
	} protos[] = { { 6, "tcp" },
		       { 17, "udp" },
		       { 1, "icmp" },
		       { 58, "icmp" },
		       { 47, "unknown_transport" } };
	bool good = true;

	address_parse(&identity.src, "10.0.0.1");
	address_parse(&identity.dst, "2001:db8::1");
	begin();
	zeek_begin(&json, "conn", START, &identity, false);
	ok(line_is("{\"_path\":\"conn\",\"ts\":1795227069.123456,\"uid\":\"C1\",\"id.orig_h\":\"10."
		   "0.0."
		   "1\","
		   "\"id.orig_p\":1000,\"id.resp_h\":\"2001:db8::1\",\"id.resp_p\":53}"),
	   "a line begins with its path, whole microseconds, and both ends");
	for (unsigned i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		char wanted[64];

		identity.proto = protos[i].proto;
		begin();
		zeek_begin(&json, "conn", START, &identity, true);
		json_close(&json);
		fclose(stream);
		snprintf(wanted, sizeof(wanted), "\"id.resp_p\":53,\"proto\":\"%s\"}",
			 protos[i].name);
		good &= strstr(said, wanted) != NULL;
	}
	ok(good, "with the protocol where it is asked for");
}

static void test_conn(void)
{
	const struct skua_flow_key key = { .proto = SKUA_UDP };
	struct log_flow flow = { .first_ns = START,
				 .last_ns = START + SECOND + 1999,
				 .service = "dns",
				 .vlan = 7,
				 .client = SKUA_HIGH,
				 .way = { { .packets = 3, .ip_bytes = 30, .payload = 300 },
					  { .packets = 2, .ip_bytes = 20, .payload = 200 } },
				 .history = { 'd', (char)('d' | 0x80) },
				 .history_length = 2 };

	begin();
	zeek_conn(&json, &key, &flow);
	ok(line_is("{\"service\":\"dns\",\"duration\":1.000001,\"orig_bytes\":200,\"resp_bytes\":"
		   "300,"
		   "\"conn_state\":\"SF\",\"missed_bytes\":0,\"history\":\"dD\",\"orig_pkts\":2,"
		   "\"orig_ip_bytes\":20,\"resp_pkts\":3,\"resp_ip_bytes\":30,\"vlan\":7}"),
	   "a connection is told by who opened it");
	flow = (struct log_flow){ .uncounted = true, .events = true, .way = { { .packets = 1 } } };
	begin();
	zeek_conn(&json, &key, &flow);
	ok(line_is("{\"duration\":0.000000,\"conn_state\":\"S0\",\"missed_bytes\":0,\"orig_pkts\":"
		   "1,"
		   "\"resp_pkts\":0}"),
	   "what is not known of it is left out");
}

/* What the flags of client and server and their FINs come to. */
static bool state_is(uint8_t client, uint8_t server, unsigned fins, const char *state)
{
	const struct skua_flow_key key = { .proto = SKUA_TCP };
	struct log_flow flow = {
		.way = { { .flags = client, .fin = fins & 1, .packets = 1 },
			 { .flags = server, .fin = fins >> 1, .packets = !!server } }
	};
	char wanted[64];

	begin();
	zeek_conn(&json, &key, &flow);
	json_close(&json);
	fclose(stream);
	snprintf(wanted, sizeof(wanted), "\"conn_state\":\"%s\"", state);
	if (!strstr(said, wanted))
		printf("# no %s in %s\n", wanted, said);
	return strstr(said, wanted);
}

static void test_states(void)
{
	const uint8_t s = SKUA_SYN, a = SKUA_ACK, r = SKUA_RST;

	ok(state_is(s, 0, 0, "S0") && state_is(s, a, 0, "OTH") && state_is(s, r, 0, "REJ") &&
		   state_is(s | r, 0, 0, "RSTOS0") && state_is(s, 0, 1, "SH"),
	   "a SYN that nobody answered");
	ok(state_is(s, s, 0, "S1") && state_is(s, s, 1, "S2") && state_is(s, s, 2, "S3") &&
		   state_is(s, s, 3, "SF"),
	   "a handshake, and who closed it");
	ok(state_is(s | r, s, 3, "RSTO") && state_is(s, s | r, 3, "RSTR"), "or reset it");
	ok(state_is(a, s | r, 0, "RSTRH") && state_is(a, s, 2, "SHR") && state_is(a, s, 0, "OTH") &&
		   state_is(a, a, 3, "OTH") && state_is(r, r, 0, "OTH"),
	   "one whose beginning was not seen");
}

static void test_ssl(void)
{
	struct tls_view view = { .answered = true,
				 .resumed = true,
				 .version = 0x0303,
				 .cipher = 0xc02f,
				 .chosen_length = 2,
				 .chosen = "h2" };

	strcpy(view.hello.name, "h.example");
	strcpy(view.hello.ja4, "t13");
	strcpy(view.certificate.subject, "CN=s");
	strcpy(view.certificate.issuer, "CN=i");
	begin();
	zeek_ssl(&json, &view);
	ok(line_is("{\"version\":\"TLSv12\",\"cipher\":\"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\","
		   "\"server_name\":\"h.example\",\"resumed\":true,\"next_protocol\":\"h2\","
		   "\"subject\":\"CN=s\",\"issuer\":\"CN=i\",\"ja4\":\"t13\"}"),
	   "a handshake");
	view = (struct tls_view){ .answered = true, .version = 0x7f17, .cipher = 0x1234 };
	begin();
	zeek_ssl(&json, &view);
	ok(line_is("{\"version\":\"unknown-32535\",\"cipher\":\"unknown-4660\",\"resumed\":false}"),
	   "numbers that have no name");
	view.answered = false;
	begin();
	zeek_ssl(&json, &view);
	ok(line_is("{\"resumed\":false}"), "of one that nobody answered nothing");
}

static void test_versions(void)
{
	static const char *const names[] = { "SSLv3", "TLSv10", "TLSv11", "TLSv12", "TLSv13" };
	bool good = true;

	for (unsigned i = 0; i < 5; i++) {
		struct tls_view view = { .answered = true, .version = 0x0300 + i };

		begin();
		zeek_ssl(&json, &view);
		json_close(&json);
		fclose(stream);
		good &= strstr(said, names[i]) != NULL;
	}
	ok(good, "each version has its name");
}

static void test_hello(void)
{
	struct fact_hello hello = { .tls = true, .name = "h.example", .ja4 = "t13" };

	begin();
	zeek_hello(&json, &hello);
	ok(line_is("{\"server_name\":\"h.example\",\"ja4\":\"t13\"}"), "a hello of TLS");
	hello = (struct fact_hello){ .name = "h.example", .connect = true };
	begin();
	zeek_hello(&json, &hello);
	ok(line_is("{\"host\":\"h.example\",\"method\":\"CONNECT\"}"), "and of HTTP");
}

static void test_http(void)
{
	struct http_exchange exchange = { .number = 2, .status = 404, .bytes = { 5, 77 } };

	exchange.interim = 100;
	exchange.parts[HTTP_METHOD] = part("GET");
	exchange.parts[HTTP_TARGET] = part("/a");
	exchange.parts[HTTP_VERSION] = part("1.1");
	exchange.parts[HTTP_HOST] = part("h");
	exchange.parts[HTTP_AGENT] = part("curl");
	exchange.parts[HTTP_REFERRER] = part("r");
	exchange.parts[HTTP_REASON] = part("No");
	exchange.parts[HTTP_TYPE] = part("Text/HTML; charset=UTF-8");
	begin();
	zeek_http(&json, &exchange);
	ok(line_is("{\"trans_depth\":2,\"method\":\"GET\",\"host\":\"h\",\"uri\":\"/"
		   "a\",\"referrer\":\"r\","
		   "\"version\":\"1.1\",\"user_agent\":\"curl\",\"request_body_len\":5,"
		   "\"response_body_len\":77,\"status_code\":404,\"status_msg\":\"No\",\"info_"
		   "code\":"
		   "100,"
		   "\"tags\":[],\"resp_mime_types\":[\"text/html\"]}"),
	   "an exchange; its type in small letters, without parameters");
	exchange = (struct http_exchange){ .number = 1 };
	exchange.parts[HTTP_REASON] = part("No");
	exchange.parts[HTTP_TYPE] = part("A/Z\t");
	begin();
	zeek_http(&json, &exchange);
	ok(line_is("{\"trans_depth\":1,\"request_body_len\":0,\"response_body_len\":0,\"tags\":[],"
		   "\"resp_mime_types\":[\"a/z\"]}"),
	   "one that was not answered has no status");
}

static void test_type_length(void)
{
	struct http_exchange exchange = { .number = 1 };
	char type[200];

	memset(type, 'x', sizeof(type));
	exchange.parts[HTTP_TYPE] = (struct cursor){ (const uint8_t *)type, sizeof(type) };
	begin();
	zeek_http(&json, &exchange);
	json_close(&json);
	fclose(stream);
	ok(strlen(strstr(said, "[\"x")) == 2 + 128 + 3, "a type of more than 128 letters is cut");
}

static void write_query(const struct dns_query *query)
{
	begin();
	zeek_dns(&json, query, NULL, 0);
}

static void test_dns(void)
{
	struct dns_query query = { .id = 7,
				   .flags = 0x0110,
				   .asked = true,
				   .has_question = true,
				   .class = 0x8001,
				   .type = 28,
				   .name = "WWW.Example" };

	write_query(&query);
	ok(line_is("{\"trans_id\":7,\"query\":\"www.example\",\"qclass\":32769,\"qclass_name\":"
		   "\"C_INTERNET\",\"qtype\":28,\"qtype_name\":\"AAAA\",\"AA\":false,\"TC\":false,"
		   "\"RD\":true,\"RA\":false,\"Z\":1,\"rejected\":false}"),
	   "a question that nobody answered");
	query = (struct dns_query){ .id = 8, .flags = 0x0270 };
	write_query(&query);
	ok(line_is("{\"trans_id\":8,\"AA\":false,\"TC\":true,\"RD\":false,\"RA\":false,\"Z\":7,"
		   "\"rejected\":false}"),
	   "a message without one");
}

static bool class_is(uint16_t class, const char *name)
{
	const struct dns_query query = { .has_question = true, .class = class, .name = "" };
	char wanted[64];

	write_query(&query);
	json_close(&json);
	fclose(stream);
	snprintf(wanted, sizeof(wanted), "\"qclass_name\":\"%s\"", name);
	return strstr(said, wanted);
}

static void test_classes(void)
{
	ok(class_is(1, "C_INTERNET") && class_is(3, "C_CHAOS") && class_is(255, "C_ANY") &&
		   class_is(2, "qclass-2") && class_is(4, "qclass-4"),
	   "classes have names");
}

static void test_dns_event(void)
{
	struct skua_dns dns = { .id = 7, .type = 1, .rcode = 5 };

	begin();
	zeek_dns_event(&json, &dns, "A.z");
	ok(line_is("{\"trans_id\":7,\"query\":\"a.z\",\"qtype\":1,\"qtype_name\":\"A\"}"),
	   "a question");
	dns.response = 1;
	begin();
	zeek_dns_event(&json, &dns, "A.z");
	ok(line_is("{\"trans_id\":7,\"query\":\"a.z\",\"qtype\":1,\"qtype_name\":\"A\",\"rcode\":5,"
		   "\"rcode_name\":\"REFUSED\",\"rejected\":true}"),
	   "an answer that refuses");
	dns.rcode = 3;
	begin();
	zeek_dns_event(&json, &dns, "A.z");
	ok(line_is("{\"trans_id\":7,\"query\":\"a.z\",\"qtype\":1,\"qtype_name\":\"A\",\"rcode\":3,"
		   "\"rcode_name\":\"NXDOMAIN\",\"rejected\":false}"),
	   "and one that does not");
}

int main(void)
{
	test_heads();
	test_conn();
	test_states();
	test_ssl();
	test_versions();
	test_hello();
	test_http();
	test_type_length();
	test_dns();
	test_classes();
	test_dns_event();
	free(said);
	return done();
}
