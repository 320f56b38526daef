// SPDX-License-Identifier: BSD-2-Clause
/* What others said to look out for: which events meet it, as whose finding, and how often. */
#include <errno.h>
#include <unistd.h>
#include "base/indicators.h"
#include "house_names.h"
#include "pipeline/ledger.h"
#include "pipeline/triggers.h"

#define TRIGGER "\"event_type\":\"trigger\""

static char path[] = "/tmp/skua-triggers-XXXXXX";
static const char *const paths[] = { path };

static struct indicators *list(const char *text)
{
	struct indicators *indicators;
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) ||
	    indicators_open(&indicators, paths, 1))
		abort();
	return indicators;
}

static struct house *house_with(const struct indicators *indicators)
{
	struct pipeline_options options = house_options();

	options.indicators = indicators;
	return house_open_as(options);
}

static void test_exchange(void)
{
	struct indicators *indicators = list("203.0.113.0/24 a botnet's\n198.51.100.1\n");
	struct house *house = house_with(indicators);

	callback(house, 0, 0, 0);
	ok(lines(house, TRIGGER,
		 "\"src_ip\":\"10.0.0.5\",\"dest_ip\":\"203.0.113.9\","
		 "\"dest_port\":443,\"proto\":\"TCP\",\"severity\":1,\"score\":1.0000") == 1,
	   "the first exchange with a listed network is a finding at once");
	ok(lines(house, "\"matched\":\"network\",\"indicator\":\"203.0.113.0/24\"",
		 "\"label\":\"a botnet's\"") == 1,
	   "which says what matched and what the list says of it");
	callback(house, 1, 1, 0);
	callback(house, 2, 2, 1);
	ok(lines(house, TRIGGER, "") == 1, "more of them are no news within a minute");
	pipeline_finish(house->pipeline);
	ok(lines(house, TRIGGER, "\"count\":3") == 1 &&
		   lines(house, TRIGGER, "\"state\":\"update\"") == 1,
	   "but are counted, to the last");
	house_close(house);
	indicators_close(indicators);
}

/* Somebody on the list talks to a server of ours. */
static void test_inbound(void)
{
	struct indicators *indicators = list("203.0.113.9\n");
	struct house *house = house_with(indicators);
	struct skua_exchange_event event = {
		.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, SERVER, 40000, 1),
		.start_ns = at_s(1),
		.client = SKUA_HIGH,
	};

	pipeline_event(house->pipeline, &event.head, NULL);
	ok(lines(house, TRIGGER, "\"src_ip\":\"10.0.0.5\",\"dest_ip\":\"203.0.113.9\",\"proto\"") ==
		   1,
	   "the source is our side, whoever called");
	house_close(house);
	indicators_close(indicators);
}

static void try(struct house *house, enum skua_outcome outcome, enum skua_side source)
{
	struct skua_contact_event event = {
		.head = head_of(SKUA_EVENT_CONTACT, CLIENT, SERVER, 443, 6),
		.first_ns = at_s(1),
		.source = source,
		.outcome = outcome,
		.flags = SKUA_SYN,
		.attempts = 1,
	};

	pipeline_event(house->pipeline, &event.head, NULL);
}

static void test_contact(void)
{
	struct indicators *indicators = list("203.0.113.9\n");
	struct house *house = house_with(indicators);

	try(house, SKUA_UNANSWERED, SKUA_HIGH);
	ok(!lines(house, TRIGGER, ""), "who tries to reach us in vain is not told");
	try(house, SKUA_UNANSWERED, SKUA_LOW);
	ok(lines(house, TRIGGER, "\"count\":1") == 1, "whom we try to reach in vain is");
	try(house, SKUA_ANSWERED, SKUA_LOW);
	pipeline_finish(house->pipeline);
	ok(!lines(house, TRIGGER, "\"count\":2"),
	   "an attempt that succeeds is counted as an exchange");
	house_close(house);
	indicators_close(indicators);
}

static void test_again(void)
{
	struct indicators *indicators = list("203.0.113.9\n");
	struct house *house = house_with(indicators);
	struct skua_contact_event event = {
		.head = head_of(SKUA_EVENT_CONTACT, CLIENT, SERVER, 443, 6),
		.source = SKUA_LOW,
		.outcome = SKUA_UNANSWERED,
		.flags = SKUA_SYN,
		.attempts = 1,
	};

	for (unsigned i = 0; i < 3; i++)
		pipeline_event(house->pipeline, &event.head, NULL);
	event.head.time_ns += 25 * LEDGER_IDLE_NS;
	pipeline_tick(house->pipeline, event.head.time_ns - 1);
	pipeline_event(house->pipeline, &event.head, NULL);
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"state\":\"new\"", "\"count\":1") == 2,
	   "a trigger of another day is new, and counts from one");
	house_close(house);
	indicators_close(indicators);
}

static void test_names(void)
{
	struct indicators *indicators = list("*.evil.example\nc2.example.net\n"
					     "t13d1516h2_8daaf6152771_e5627efa2ab1\n");
	struct house *house = house_with(indicators);
	struct fact fact = { .kind = FACT_HELLO, .time_ns = at_s(3) };

	ask(house, CLIENT, "a.evil.example", 1);
	ask(house, CLIENT, "evil.example", 2);
	ok(lines(house, TRIGGER, "\"matched\":\"name\"") == 1 &&
		   lines(house, "\"entity\":\"*.evil.example\"", "\"seen\":\"a.evil.example\"") ==
			   1,
	   "a question for a listed name is a finding, one beside it is none");
	fact.hello.key = head_of(SKUA_EVENT_SAMPLE, CLIENT, SERVER, 443, 3).key;
	fact.hello.tls = true;
	strcpy(fact.hello.name, "c2.example.net");
	pipeline_fact(house->pipeline, &fact);
	ok(lines(house, "\"matched\":\"sni\"", "\"dest_ip\":\"203.0.113.9\",\"dest_port\":443") ==
		   1,
	   "so is a TLS server's name");
	strcpy(fact.hello.name, "example.org");
	pipeline_fact(house->pipeline, &fact);
	ok(lines(house, TRIGGER, "") == 2, "another name is none");
	strcpy(fact.hello.ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	pipeline_fact(house->pipeline, &fact);
	ok(lines(house, "\"matched\":\"ja4\"",
		 "\"seen\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\"") == 1,
	   "and a listed JA4 is one");
	house_close(house);
	indicators_close(indicators);
}

static void pass(struct house *house, const uint8_t *frame, unsigned length, uint16_t port)
{
	struct skua_sample_event event = {
		.head = head_of(SKUA_EVENT_SAMPLE, CLIENT, SERVER, port, 1),
		.length = length,
		.captured = length,
		.link = SKUA_LINK_RAW,
		.sender = SKUA_LOW,
		.from_client = 1,
	};

	pipeline_event(house->pipeline, &event.head, frame);
}

static void test_filters(void)
{
	static const char *const filters[] = { "tcp[13] & 2 != 0 and dst port 443", "udp" };
	uint8_t syn[40] = { 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 5, 203, 0, 113, 9 };
	struct pipeline_options options = house_options();
	struct house *house;

	syn[22] = 443 >> 8;
	syn[23] = 443 & 255;
	syn[32] = 0x50;
	syn[33] = 2;
	options.trigger_filters = filters;
	options.trigger_filter_count = 2;
	house = house_open_as(options);
	pass(house, syn, sizeof(syn), 443);
	pass(house, syn, sizeof(syn), 443);
	ok(lines(house, TRIGGER, "\"indicator\":\"tcp[13] & 2 != 0 and dst port 443\"") == 1 &&
		   lines(house, TRIGGER, "\"dest_port\":443") == 1,
	   "a conversation of which a sampled packet matches is one finding");
	syn[33] = 16;
	pass(house, syn, sizeof(syn), 443);
	pass(house, syn, 20, 8443);
	ok(lines(house, TRIGGER, "") == 1,
	   "what does not match, or was cut before it could, is none");
	syn[33] = 2;
	pass(house, syn, sizeof(syn), 8443); /* the key is another conversation's */
	ok(lines(house, TRIGGER, "") == 2, "another conversation is another finding");
	house_close(house);
}

/* A person points at a conversation. */
static void test_manual(void)
{
	struct house *house = house_open();
	struct sighting sighting = { .matched = TRIGGER_MANUAL,
				     .how = "asked for",
				     .seen = "10.0.0.5:203.0.113.9:443",
				     .indicator = "10.0.0.5:203.0.113.9:443",
				     .first_ns = at_s(1),
				     .now_ns = at_s(1),
				     .of_conversation = true };

	sighting.talk =
		talk_of(&(struct skua_flow_key){ .high_port = 443, .proto = SKUA_TCP }, SKUA_LOW);
	pipeline_meet(house->pipeline, &sighting);
	ok(lines(house, "\"matched\":\"manual\"", "asked for 10.0.0.5:203.0.113.9:443, 1 time") ==
		   1,
	   "what somebody points at is a finding too");
	house_close(house);
}

static void test_full(void)
{
	struct indicators *indicators = list("10.0.0.0/8\n");
	struct house *house = house_with(indicators);
	struct skua_contact_event event = { .outcome = SKUA_UNANSWERED, .source = SKUA_LOW };

	for (unsigned i = 0; i < 100; i++) {
		char client[32];

		snprintf(client, sizeof(client), "10.0.1.%u", i);
		event.head = head_of(SKUA_EVENT_CONTACT, client, "10.0.2.1", 443, i);
		pipeline_event(house->pipeline, &event.head, NULL);
	}
	ok(lost(house, "triggers_evicted") == 36,
	   "when the table is full the oldest go, and are counted");
	house_close(house);
	indicators_close(indicators);
}

static void test_refused(void)
{
	static const char *const bad[] = { "foo bar" };
	static const char *const many[17] = { "tcp", "tcp", "tcp", "tcp", "tcp", "tcp",
					      "tcp", "tcp", "tcp", "tcp", "tcp", "tcp",
					      "tcp", "tcp", "tcp", "tcp", "tcp" };
	struct pipeline_options options = house_options();
	struct pipeline *pipeline = NULL;

	options.trigger_filters = bad;
	options.trigger_filter_count = 1;
	ok(pipeline_open(&pipeline, &options) == -EINVAL && !pipeline,
	   "an expression that is none is refused at once");
	options.trigger_filters = many;
	options.trigger_filter_count = 17;
	ok(pipeline_open(&pipeline, &options) == -EINVAL && !pipeline, "so are more than sixteen");
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	test_exchange();
	test_inbound();
	test_contact();
	test_again();
	test_names();
	test_filters();
	test_manual();
	test_full();
	test_refused();
	unlink(path);
	return done();
}
