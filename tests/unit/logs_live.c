// SPDX-License-Identifier: BSD-2-Clause
/* What an agent without packets logs: flows that wait for their names, attempts, questions. */
#include <stdlib.h>
#include <string.h>
#include "logs/identity.h"
#include "logs/logs_state.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START (1767225600 * SECOND)

static struct logs *logs;
static char *said;
static FILE *stream;

/* kinds: a bit by enum log_kind. */
static void begin_as(unsigned kinds, enum log_format format)
{
	static size_t size;
	struct logs_options options = { .kinds = kinds, .format = format };
	char error[LOGS_ERROR_SIZE];

	free(said);
	stream = open_memstream(&said, &size);
	if (!stream)
		abort();
	options.stream = stream;
	options.envelope.mode = "live";
	if (logs_open(&logs, &options, error))
		abort();
}

static void begin(enum log_format format)
{
	begin_as(~0u, format);
}

static void end(void)
{
	logs_close(logs);
	fclose(stream);
}

static bool has(const char *piece)
{
	fflush(stream);
	if (!strstr(said, piece))
		printf("# no %s in %s\n", piece, said);
	return strstr(said, piece);
}

static unsigned lines(void)
{
	unsigned count = 0;

	fflush(stream);
	for (const char *at = said; (at = strchr(at, '\n')); at++)
		count++;
	return count;
}

/* The client is the lower end, 10.0.0.5:50000, unless high. */
static struct skua_flow_key key_of(uint8_t proto, uint16_t port)
{
	struct skua_flow_key key = { .low_port = 50000, .high_port = port, .proto = proto };

	memcpy(key.low, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\5", 16);
	memcpy(key.high, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xcb\0\x71\x09", 16);
	return key;
}

static struct skua_flow_event flow_event(uint16_t port, enum skua_flow_reason reason, uint64_t at_s)
{
	struct skua_flow_event event = { .reason = reason };
	const struct skua_flow_key key = key_of(SKUA_TCP, port);

	skua_event_init(&event.head, SKUA_EVENT_FLOW, &key, 1, START + at_s * SECOND);
	event.flow.first_ns = START;
	event.flow.last_ns = START + at_s * SECOND;
	event.flow.way[0] = (struct skua_way){ .bytes = 500, .payload = 100, .packets = 5 };
	event.flow.way[1] = (struct skua_way){ .bytes = 400, .payload = 200, .packets = 4 };
	event.flow.syn = event.flow.syn_ack = 1;
	event.flow.state = SKUA_FLOW_CLOSED | SKUA_FLOW_FIN_LOW | SKUA_FLOW_FIN_HIGH |
			   0x1bu << SKUA_FLOW_FLAGS_SHIFT;
	return event;
}

static void say_flow(uint16_t port, enum skua_flow_reason reason, uint64_t at_s)
{
	const struct skua_flow_event event = flow_event(port, reason, at_s);

	logs_event(logs, &event.head);
}

static void test_identity(void)
{
	const struct skua_flow_key key = key_of(SKUA_UDP, 53);
	struct identity identity, other;

	identity_set(&identity, &key, SKUA_LOW, START + 123456789);
	ok(!strcmp(identity.community_id, "1:1u02WPMvvtQmSRL2d486FNxUxvc=") &&
		   identity.flow_id == 1642867454486853u &&
		   !strcmp(identity.uid, "CjnzLVaurJIY0JVhm") && identity.sport == 50000 &&
		   identity.dport == 53,
	   "a flow's names are the same in every run, as computed apart");
	identity_set(&other, &key, SKUA_HIGH, START + 123456789);
	ok(other.flow_id == identity.flow_id && !strcmp(other.uid, identity.uid) &&
		   other.sport == 53,
	   "whoever comes first");
	identity_set(&other, &key, SKUA_LOW, 0x0102030405060708);
	ok(other.flow_id == 5045748400147970u && !strcmp(other.uid, "CXaHMOLBQsMYl6d3Q"),
	   "each byte of its time counts");
	identity_set_icmp(&other, &key, SKUA_HIGH, START, 8, 5);
	ok(other.sport == 8 && other.dport == 5 && other.proto == SKUA_UDP &&
		   !memcmp(&other.src, &identity.dst, 16) && !memcmp(&other.dst, &identity.src, 16),
	   "of ICMP a type and a code stand for the ports");
}

static void test_flow_waits(void)
{
	begin(LOGS_ZEEK);
	say_flow(80, SKUA_FLOW_REPORT, 10);
	logs_tick(logs, START + 100 * SECOND);
	ok(!lines(), "a flow that lives is not told");
	say_flow(80, SKUA_FLOW_END, 20);
	logs_tick(logs, START + 22 * SECOND - 1);
	ok(!lines(), "one that is over waits two seconds for its name");
	logs_tick(logs, START + 22 * SECOND);
	ok(lines() == 1 && has("\"ts\":1767225600.000000,") && has("\"duration\":20.000000,") &&
		   has("\"orig_bytes\":100,\"resp_bytes\":200,\"conn_state\":\"SF\"") &&
		   has("\"orig_pkts\":5,\"resp_pkts\":4}"),
	   "then it is told, with both sides");
	say_flow(80, SKUA_FLOW_END, 30);
	logs_tick(logs, START + 100 * SECOND);
	ok(lines() == 1 && logs_counters(logs)->late == 1, "once: what comes later is counted");
	end();
}

static bool reason_is(enum skua_flow_reason reason, const char *word)
{
	char wanted[64];
	bool good;

	begin(LOGS_EVE);
	say_flow(80, reason, 10);
	logs_finish(logs);
	snprintf(wanted, sizeof(wanted), "\"reason\":\"%s\"", word);
	good = has(wanted) && lines() == 1;
	end();
	return good;
}

static void test_reasons(void)
{
	ok(reason_is(SKUA_FLOW_END, "timeout") && reason_is(SKUA_FLOW_IDLE, "timeout") &&
		   reason_is(SKUA_FLOW_EVICTED, "forced") && reason_is(SKUA_FLOW_STOP, "shutdown"),
	   "at the end of the input all of them are told, and why they ended");
	begin(LOGS_EVE);
	say_flow(80, SKUA_FLOW_STOP + 1, 10);
	logs_finish(logs);
	ok(!lines(), "a reason that nobody knows ends nothing");
	end();
}

/* How a flow with these ends is called. */
static bool state_is(struct skua_flow_event event, const char *state)
{
	char wanted[64];
	bool good;

	begin(LOGS_ZEEK);
	logs_event(logs, &event.head);
	logs_finish(logs);
	snprintf(wanted, sizeof(wanted), "\"conn_state\":\"%s\"", state);
	good = has(wanted);
	end();
	return good;
}

static void test_flags(void)
{
	struct skua_flow_event event = flow_event(80, SKUA_FLOW_END, 1);

	event.flow.state = SKUA_FLOW_FIN_LOW;
	ok(state_is(event, "S2"), "FIN is known by side: of the client,");
	event.flow.state = SKUA_FLOW_FIN_HIGH;
	ok(state_is(event, "S3"), "or of the server");
	event.flow.state = SKUA_FLOW_CLIENT_HIGH | SKUA_FLOW_FIN_HIGH;
	ok(state_is(event, "S2"), "whichever that is");
	event.flow.state = 0;
	event.flow.syn_ack = 0;
	event.flow.rst = 1;
	ok(state_is(event, "REJ"), "a RST instead of an answer refuses,");
	event.flow.syn_ack = 1;
	ok(state_is(event, "S1"), "behind one nobody knows whose it is");
	event.flow.syn = 0;
	event.flow.syn_ack = 0;
	event.flow.rst = 0;
	ok(state_is(event, "OTH"), "without a SYN the beginning is not known");
	begin(LOGS_EVE);
	say_flow(80, SKUA_FLOW_END, 1);
	logs_finish(logs);
	ok(has("\"tcp_flags\":\"1b\",\"syn\":true,\"fin\":true,\"psh\":true,\"ack\":true}") &&
		   has("\"state\":\"closed\""),
	   "all flags together are told");
	end();
}

static void say_contact(uint16_t port, enum skua_outcome outcome, enum skua_side source)
{
	struct skua_contact_event event = { .first_ns = START,
					    .source = source,
					    .outcome = outcome,
					    .flags = SKUA_SYN,
					    .attempts = 3 };
	const struct skua_flow_key key = key_of(SKUA_TCP, port);

	skua_event_init(&event.head, SKUA_EVENT_CONTACT, &key, 1, START + 5 * SECOND);
	logs_event(logs, &event.head);
}

static void test_contacts(void)
{
	begin(LOGS_ZEEK);
	say_contact(1, SKUA_ANSWERED, SKUA_LOW);
	say_contact(1, SKUA_HALF_OPEN, SKUA_LOW);
	say_contact(1, SKUA_EMPTY, SKUA_LOW);
	say_contact(1, SKUA_ODD, SKUA_LOW);
	ok(!lines(), "an attempt that came to something is no flow of its own");
	say_contact(1, SKUA_UNANSWERED, SKUA_LOW);
	ok(lines() == 1 && has("\"id.orig_p\":50000,") &&
		   has("\"duration\":0.000000,\"conn_state\":\"S0\"") &&
		   has("\"orig_pkts\":3,\"resp_pkts\":0}"),
	   "one that met silence is told at once, without bytes and duration");
	end();
	begin(LOGS_ZEEK);
	say_contact(1, SKUA_REFUSED, SKUA_HIGH);
	ok(has("\"id.orig_p\":1,") && has("\"duration\":5.000000,\"conn_state\":\"REJ\"") &&
		   has("\"orig_pkts\":3,\"resp_pkts\":1}"),
	   "one that was refused has an answer of one packet");
	end();
	begin(LOGS_EVE);
	say_contact(1, SKUA_REFUSED, SKUA_LOW);
	ok(has("\"state\":\"closed\"") && has("\"tcp_flags\":\"06\",\"syn\":true,\"rst\":true}"),
	   "which closes it");
	say_contact(1, SKUA_UNREACHABLE, SKUA_LOW);
	ok(lines() == 2 && has("\"state\":\"new\"") && has("\"tcp_flags\":\"02\""),
	   "one that was unreachable has none");
	end();
}

static void test_contact_of_flow(void)
{
	begin(LOGS_ZEEK);
	say_flow(80, SKUA_FLOW_REPORT, 1);
	say_contact(80, SKUA_REFUSED, SKUA_LOW);
	ok(!lines(), "an attempt that is a flow already is not told twice");
	end();
}

static void say_exchange(uint16_t port, uint64_t at_s)
{
	struct skua_exchange_event event = { .start_ns = START + at_s * SECOND, .flow_ns = START };
	const struct skua_flow_key key = key_of(SKUA_TCP, port);

	skua_event_init(&event.head, SKUA_EVENT_EXCHANGE, &key, 1, START + at_s * SECOND);
	logs_event(logs, &event.head);
}

static void say_hello(bool tls, uint16_t port, uint64_t at_s)
{
	struct fact fact = { .kind = FACT_HELLO, .time_ns = START + at_s * SECOND };

	fact.hello.key = key_of(SKUA_TCP, port);
	fact.hello.tls = tls;
	strcpy(fact.hello.name, "h.example");
	logs_fact(logs, &fact);
}

static void test_hellos(void)
{
	begin(LOGS_ZEEK);
	say_exchange(443, 0);
	say_hello(true, 443, 1);
	ok(lines() == 1 && has("{\"_path\":\"ssl\",\"ts\":1767225601.000000,") &&
		   has("\"server_name\":\"h.example\"}"),
	   "a hello is a line");
	say_flow(443, SKUA_FLOW_END, 2);
	logs_finish(logs);
	ok(lines() == 2 && has("\"service\":\"ssl\""), "and names the service of its flow");
	end();
	begin(LOGS_EVE);
	say_exchange(80, 0);
	say_hello(false, 80, 1);
	ok(has("\"event_type\":\"http\"") && has("\"app_proto\":\"http\",\"http\":{\"hostname\""),
	   "so does one of HTTP");
	end();
	begin_as(1 << LOG_FLOW, LOGS_EVE);
	say_exchange(443, 0);
	say_hello(true, 443, 1);
	ok(!lines(), "where only flows are asked for, no hello is told,");
	say_flow(443, SKUA_FLOW_END, 2);
	logs_finish(logs);
	ok(lines() == 1 && has("\"app_proto\":\"tls\""), "but its flow is named");
	end();
}

static void say_dns(const char *name, size_t length, bool response)
{
	struct skua_dns_event event = { .dns = { .id = 7, .type = 1, .response = response },
					.sender = response ? SKUA_HIGH : SKUA_LOW };
	const struct skua_flow_key key = key_of(SKUA_UDP, 53);

	skua_event_init(&event.head, SKUA_EVENT_DNS, &key, 1, START);
	memcpy(event.name, name, length);
	logs_event(logs, &event.head);
}

static void test_questions(void)
{
	begin(LOGS_EVE);
	say_dns("\3www\7example", 12, false);
	ok(has("\"src_ip\":\"10.0.0.5\",\"src_port\":50000,") && has("\"rrname\":\"www.example\""),
	   "a question, by who asks");
	say_dns("\3www\7example", 12, true);
	ok(lines() == 2 && !strstr(said, "\"src_ip\":\"203.0.113.9\""),
	   "its answer, too, is of who asked");
	say_dns("\6a.b\\\x20\x7f", 7, false);
	ok(has("\"rrname\":\"a\\\\046b\\\\092\\\\032\\\\127\""),
	   "what has a meaning in a name is shown as digits");
	say_dns("\100aaaaaaaa", 9, false);
	ok(has("\"rrname\":\"\""), "what is no label ends a name");
	end();
}

static void test_full(void)
{
	begin(LOGS_ZEEK);
	for (unsigned port = 1; port <= LOGS_HELD_MAX; port++)
		say_flow(port, SKUA_FLOW_END, 1);
	ok(!lines(), "4,096 flows may wait,");
	say_flow(LOGS_HELD_MAX + 1, SKUA_FLOW_END, 1);
	ok(lines() == 1 && has("\"id.resp_p\":1,"), "for one more the first is told");
	logs_tick(logs, START + 3 * SECOND);
	ok(lines() == LOGS_HELD_MAX + 1 && !logs->held_count, "none is lost");
	end();
}

/* A flow of the same ends begins while the one before still waits. */
static void test_again(void)
{
	struct skua_flow_event event = flow_event(80, SKUA_FLOW_END, 10);

	begin(LOGS_ZEEK);
	say_flow(80, SKUA_FLOW_END, 1);
	event.flow.first_ns = START + 2 * SECOND;
	logs_event(logs, &event.head);
	ok(lines() == 1 && has("\"ts\":1767225600.000000,"), "the one before it is told then");
	logs_finish(logs);
	ok(lines() == 2 && has("\"ts\":1767225602.000000,"), "and it at its own end");
	end();
}

int main(void)
{
	test_identity();
	test_flow_waits();
	test_reasons();
	test_flags();
	test_contacts();
	test_contact_of_flow();
	test_hellos();
	test_questions();
	test_full();
	test_again();
	free(said);
	return done();
}
