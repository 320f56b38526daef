// SPDX-License-Identifier: BSD-2-Clause
/* Names, answers and outcomes reach the findings that they bear on. */
#include "house_names.h"

#define EVIL "\4evil\7example"

static struct skua_event conversation(const char *server, unsigned n, double since_start)
{
	struct skua_event head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, server, 443, since_start);

	head.key.low_port += n;
	return head;
}

/* The n-th connection, to a server of its own choice, that asks for this host. */
static void callback_to(struct house *house, const char *server, const char *host, unsigned n)
{
	struct skua_exchange_event event = { .head = conversation(server, n, 60 * n),
					     .start_ns = at_s(60 * n),
					     .flow_ns = at_s(60 * n),
					     .client = SKUA_LOW,
					     .ours = 1,
					     .by_syn = 1 };

	pipeline_event(house->pipeline, &event.head, NULL);
	request(house, conversation(server, n, 60 * n + 0.1), host);
}

static void test_name(void)
{
	struct house *house = house_open();

	beacon(house, 7);
	ok(!lines(house, "\"name\":\"c2.example.net\"", "") &&
		   lines(house, "\"clients\":1,\"clients_seen\":1", "") == 1,
	   "a server is nameless at first, and has one client");
	for (unsigned n = 7; n < 20; n++)
		callback_to(house, SERVER, "c2.example.net", n);
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"name\":\"c2.example.net\"", "\"state\":\"update\"") >= 1,
	   "what its clients call it is told with the beacon");
	ok(lines(house, "\"state\":\"new\"", "") == 1 && lines(house, "\"entity\"", "") == 0,
	   "and the beacon to that name is the one to the server, told once");
	ok(lines(house, "\"exchanges\":20,", "\"at_end\":true") == 1 &&
		   !lines(house, "\"exchanges\":13,", "\"at_end\":true"),
	   "the view that scores more speaks for both, to the end");
	house_close(house);
}

/* What is recorded because somebody armed it, or thinned to headers, must name nothing. */
static void test_recorded_only(void)
{
	static const uint8_t why[] = { SKUA_SAMPLE_ARMED, SKUA_SAMPLE_HEADER_ONLY };
	static const char text[] = "GET / HTTP/1.1\r\nHost: c2.example.net\r\n\r\n";
	struct house *house = house_open();

	for (unsigned n = 0; n < 20; n++) {
		struct skua_event head = conversation(SERVER, n, 60 * n);
		struct skua_exchange_event event = { .head = head,
						     .start_ns = at_s(60 * n),
						     .flow_ns = at_s(60 * n),
						     .ours = 1,
						     .by_syn = 1 };

		pipeline_event(house->pipeline, &event.head, NULL);
		sample(house, head, SKUA_SYN, 100, "");
		sample_as(house, head, why[n % 2], SKUA_ACK, 101, text);
	}
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"event_type\":\"beacon\"", "") && !lines(house, "c2.example.net", ""),
	   "samples that came because they were armed, or as headers, name nobody");
	house_close(house);
}

static void test_rotating(void)
{
	struct house *house = house_open();

	for (unsigned n = 0; n < 12; n++) {
		char server[16];

		snprintf(server, sizeof(server), "203.0.113.%u", 10 + n);
		callback_to(house, server, "c2.example.net", n);
	}
	ok(lines(house, "\"event_type\":\"beacon\"", "\"entity\":\"c2.example.net\"") >= 1 &&
		   lines(house, "\"state\":\"new\"", "") == 1,
	   "one that changes its address and not its name is one beacon, by that name");
	house_close(house);
}

static void test_rotating_names(void)
{
	struct house *house = house_open();

	for (unsigned n = 0; n < 12; n++) {
		char server[16], name[32];

		snprintf(server, sizeof(server), "203.0.113.%u", 10 + n);
		snprintf(name, sizeof(name), "host%u.example.net", n);
		callback_to(house, server, name, n);
	}
	pipeline_finish(house->pipeline);
	ok(!lines(house, "", ""), "twelve addresses with twelve names are none");
	house_close(house);
}

static void test_unnamed(void)
{
	struct house *house = house_open();

	answer(house, CLIENT, EVIL, 0);
	beacon(house, 7);
	ok(lines(house, "\"name\":\"unnamed-server\",\"factor\":0.05", "\"score\":0.58") == 1,
	   "a server that no answer named is raised, once answers are seen");
	house_close(house);
	house = house_open();
	beacon(house, 7);
	ok(!lines(house, "unnamed-server", "") && lines(house, "\"context\":[]", "") == 1,
	   "where none are seen it is not");
	house_close(house);
}

static void test_failed(void)
{
	struct house *house = house_open();

	for (unsigned n = 0; n < 7; n++) {
		struct skua_contact_event event = {
			.head = conversation(SERVER, n, 60 * n + 1),
			.source = SKUA_LOW,
			.outcome = n % 2 ? SKUA_REFUSED : SKUA_ANSWERED,
			.flags = SKUA_SYN,
			.ours = 1,
		};

		callback(house, n, 60 * n, 60 * n - 60.0);
		event.head.kind = SKUA_EVENT_CONTACT;
		pipeline_event(house->pipeline, &event.head, NULL);
	}
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"failed\":3,", "") == 1, "attempts that fail are told with their beacon");
	house_close(house);
}

static void ping(struct house *house, unsigned n, uint64_t reply_hash)
{
	struct skua_exchange_event opened = {
		.start_ns = at_s(60 * n), .flow_ns = at_s(0), .client = SKUA_LOW, .ours = 1
	};
	struct skua_icmp_event echo = { .hash = n, .payload = 48, .id = 7, .seq = n, .ours = 1 };

	opened.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, SERVER, 7, 60 * n);
	opened.head.key.low_port = 7;
	opened.head.key.proto = SKUA_ICMP;
	echo.head = opened.head;
	echo.head.kind = SKUA_EVENT_ICMP;
	pipeline_event(house->pipeline, &opened.head, NULL);
	pipeline_event(house->pipeline, &echo.head, NULL);
	echo.sender = SKUA_HIGH;
	echo.reply = 1;
	echo.ours = 0;
	echo.hash = reply_hash;
	pipeline_event(house->pipeline, &echo.head, NULL);
}

static void test_ping(void)
{
	struct pipeline_options options = house_options();
	struct house *house;

	options.min_score = 0;
	house = house_open_as(options);
	for (unsigned n = 0; n < 20; n++)
		ping(house, n, n);
	ok(lines(house, "\"event_type\":\"beacon\"", "\"name\":\"echo\",\"factor\":0.4") >= 1,
	   "a ping at a rhythm is calmed, for its replies are its requests");
	house_close(house);
	house = house_open_as(options);
	for (unsigned n = 0; n < 20; n++)
		ping(house, n, n == 3 ? 99 : n);
	ok(lines(house, "\"event_type\":\"beacon\"", "") >= 1 && !lines(house, "\"echo\"", ""),
	   "with one that differs it is not");
	house_close(house);
}

static void test_domain(void)
{
	struct pipeline_options options = house_options();
	struct house *house = house_open();

	for (unsigned n = 0; n < 20; n++) {
		char name[64];

		snprintf(name, sizeof(name), "n%u.evil.example", n);
		ask(house, CLIENT, name, 60 * n);
	}
	ok(lines(house, "\"event_type\":\"beacon\"", "\"entity\":\"evil.example\"") >= 1 &&
		   lines(house, "\"state\":\"new\"", "") == 1,
	   "lookups of ever new names below a domain at a rhythm are a beacon");
	house_close(house);
	options.min_score = 0;
	house = house_open_as(options);
	for (unsigned n = 0; n < 20; n++)
		ask(house, CLIENT, "www.evil.example", 60 * n);
	ok(lines(house, "\"name\":\"repeated-names\",\"factor\":0.3", "\"state\":\"update\"") >= 1,
	   "those of one name are calmed");
	house_close(house);
}

/* A tunnel whose domain also names a server; somebody goes there, or nobody. */
static bool nobody_went(bool before, bool after)
{
	struct house *house = house_open();
	struct skua_exchange_event event = { .head = conversation("198.51.100.7", 0, 1),
					     .client = SKUA_LOW,
					     .ours = 1 };
	bool nobody;

	if (before)
		pipeline_event(house->pipeline, &event.head, NULL);
	ask(house, CLIENT, "x.evil.example", 2);
	answer(house, CLIENT, EVIL, 3);
	if (after)
		pipeline_event(house->pipeline, &event.head, NULL);
	tunnel(house, 200);
	pipeline_finish(house->pipeline);
	nobody = lines(house, "dns_exfil", "; nobody went to an address that was answered") >= 1;
	house_close(house);
	return nobody;
}

static void test_contacted(void)
{
	ok(nobody_went(false, false), "a domain whose answers nobody uses says so");
	ok(!nobody_went(true, false) && !nobody_went(false, true),
	   "one whose addresses are gone to does not, before the answer or after");
}

int main(void)
{
	test_name();
	test_recorded_only();
	test_rotating();
	test_rotating_names();
	test_unnamed();
	test_failed();
	test_ping();
	test_domain();
	test_contacted();
	return done();
}
