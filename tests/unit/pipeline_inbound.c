// SPDX-License-Identifier: BSD-2-Clause
/* Scans from the Internet: one summary a day, and a finding only for who was let in. */
#include "pipeline/inbound.h"
#include "house.h"

#define DAY 86400ull
#define STRANGER "203.0.113.77"

static struct finding scan_of(unsigned last_byte, uint32_t contacts, uint16_t port, uint64_t at)
{
	struct finding scan = { .kind = FINDING_SCAN, .proto = 6, .trigger_ns = at * SECOND };

	address_parse(&scan.src, "203.0.113.0");
	scan.src.bytes[15] = last_byte;
	scan.scan.contacts = scan.scan.refused = contacts;
	scan.scan.port_list[0] = port;
	scan.scan.port_count = 1;
	return scan;
}

static void take(struct inbound *inbound, unsigned last_byte, uint32_t contacts, uint16_t port,
		 uint64_t at)
{
	struct finding scan = scan_of(last_byte, contacts, port, at);

	inbound_take(inbound, &scan);
}

static void test_sum(void)
{
	struct inbound inbound;
	struct finding sum;

	if (inbound_init(&inbound))
		abort();
	ok(!inbound_tell(&inbound, &sum), "a day without scans has no summary");
	take(&inbound, 1, 12, 23, 20 * DAY + 10);
	take(&inbound, 2, 40, 445, 20 * DAY + 20);
	take(&inbound, 3, 11, 445, 20 * DAY + 30);
	take(&inbound, 2, 50, 445, 20 * DAY + 40);
	ok(inbound_tell(&inbound, &sum) && sum.count == 3 && sum.scan.contacts == 73 &&
		   sum.scan.refused == 73,
	   "each scanner counts once, with what it has come to");
	ok(finding_severity(&sum) == 4 && sum.scan.direction == SCAN_INBOUND,
	   "it is information, of severity 4");
	ok(sum.scan.ports == 2 && sum.scan.port_list[0] == 445 && sum.scan.port_list[1] == 23,
	   "the port that most look for comes first");
	ok(strstr(sum.reason, "3 scanners, 73 contacts") &&
		   strstr(sum.reason, "most by 203.0.113.2 (50), 203.0.113.1 (12), 203.0.113.3") &&
		   strstr(sum.reason, "ports 445, 23"),
	   "the sentence names the busiest and the ports");
	ok(!strcmp(sum.entity, "1970-01-21"), "its entity is the day");
	ok(!inbound_tell(&inbound, &sum), "without news nothing is said again");
	ok(inbound_is_over(&inbound, 21 * DAY * SECOND), "the next day begins at midnight");
	take(&inbound, 9, 10, 22, 21 * DAY);
	ok(inbound_tell(&inbound, &sum) && sum.count == 1 && sum.scan.contacts == 10 &&
		   sum.scan.ports == 1,
	   "and anew");
	inbound_fini(&inbound);
}

static void test_full(void)
{
	struct inbound inbound;
	struct finding sum;

	if (inbound_init(&inbound))
		abort();
	for (unsigned i = 0; i < INBOUND_SOURCES + 100; i++) {
		struct finding scan = scan_of(i, 10, i % 200 + 1, 20 * DAY + i);

		scan.src.bytes[14] = i >> 8;
		inbound_take(&inbound, &scan);
	}
	ok(inbound_tell(&inbound, &sum) && sum.count == INBOUND_SOURCES + 100 &&
		   sum.scan.contacts == 10 * INBOUND_SOURCES && sum.scan.ports == INBOUND_PORTS,
	   "beyond its room it still counts scanners, and no more contacts than it knows");
	inbound_fini(&inbound);
}

/* The stranger sorts last. */
static struct skua_event stranger_head(enum skua_event_kind kind, const char *of_ours,
				       uint16_t port, double since_start)
{
	struct skua_event head = head_of(kind, of_ours, STRANGER, 0, since_start);

	head.key.low_port = port;
	head.key.high_port = 50000;
	return head;
}

static void knock(struct house *house, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct skua_contact_event event = {
			.head = stranger_head(SKUA_EVENT_CONTACT, CLIENT, 100 + i, 1),
			.first_ns = at_s(1),
			.source = SKUA_HIGH,
			.outcome = SKUA_REFUSED,
			.flags = SKUA_SYN,
			.attempts = 1,
		};

		pipeline_event(house->pipeline, &event.head, NULL);
	}
}

static void converse(struct house *house, const char *of_ours, enum skua_side client,
		     double since_start)
{
	struct skua_exchange_event event = {
		.head = stranger_head(SKUA_EVENT_EXCHANGE, of_ours, 80, since_start),
		.start_ns = at_s(since_start),
		.flow_ns = at_s(since_start),
		.client = client,
		.ours = client == SKUA_LOW,
		.answered = 1,
	};

	pipeline_event(house->pipeline, &event.head, NULL);
}

static void test_house(void)
{
	struct house *house = house_open();

	knock(house, 30);
	for (unsigned i = 1; i < 130; i++)
		tick(house, i);
	ok(lines(house, "\"event_type\":\"scan\"", "\"severity\":4") == 1 &&
		   lines(house, STRANGER, "\"severity\":2") == 0,
	   "a stranger whom nobody let in is part of the summary");
	converse(house, CLIENT, SKUA_HIGH, 130);
	knock(house, 31);
	tick(house, 131);
	ok(lines(house, "\"src_ip\":\"" STRANGER, "; it spoke with " CLIENT) == 1,
	   "one that was given payload has a finding of its own");
	ok(lines(house, "\"src_ip\":\"" STRANGER, "called it back") == 0, "not called back yet");
	converse(house, "10.0.0.6", SKUA_LOW, 140);
	tick(house, 141);
	ok(lines(house, "\"src_ip\":\"" STRANGER, "called it back") == 0,
	   "another host that calls it had nothing to do with it");
	house_close(house);
}

static void test_called_back(void)
{
	struct house *house = house_open();

	knock(house, 12);
	converse(house, CLIENT, SKUA_HIGH, 2);
	converse(house, CLIENT, SKUA_LOW, 3);
	tick(house, 4);
	ok(lines(house, "\"src_ip\":\"" STRANGER, "\"severity\":1") == 1 &&
		   lines(house, "\"score\":0.7500", "which called it back") == 1,
	   "when the host it spoke with calls it back, that is of severity 1");
	house_close(house);
}

int main(void)
{
	test_sum();
	test_full();
	test_house();
	test_called_back();
	return done();
}
