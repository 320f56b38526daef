// SPDX-License-Identifier: BSD-2-Clause
/* The census: who uses a server, and what it is called. */
#include "track/census.h"
#include "exchanges.h"
#include "tap.h"

static void test_census(void)
{
	struct census census;
	struct skua_flow_key key;
	struct skua_exchange_event event;
	struct fact_name name = { .name = "c2.example", .address_count = 1 };
	struct fact_hello fact;
	struct address server, neighbour, client;
	char text[32];

	ok(!census_init(&census, 64, NULL, 0), "a census can be made");
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "10.0.0.%d", i + 1);
		key = key_of(text, i < 5 ? "203.0.113.9" : "198.51.100.1", 40000, 443, SKUA_TCP);
		event = exchange_at(&key, START, START);
		census_exchange(&census, &event);
	}
	event.ours = 0;
	key = key_of("192.0.2.1", "203.0.113.9", 40000, 443, SKUA_TCP);
	event.head.key = key;
	census_exchange(&census, &event);
	address_parse(&server, "203.0.113.9");
	address_parse(&neighbour, "203.0.113.77");
	address_parse(&client, "10.0.0.1");
	ok(census_clients(&census) >= 19 && census_clients(&census) <= 21,
	   "clients are counted, strangers are not");
	ok(census_clients_of_server(&census, &server) == 5, "those of a server are counted");
	ok(census_clients_of_server(&census, &neighbour) == 5, "and those of its network");
	ok(!census_is_named(&census, &server) && !census_has_answers(&census, &client),
	   "without answers nothing has a name");
	name.client = client;
	name.addresses[0] = server;
	census_name(&census, &name, START);
	ok(census_is_named(&census, &server) && census_has_answers(&census, &client) &&
		   !strcmp(census_name_of(&census, &server), "c2.example"),
	   "an answer names an address");
	key = key_of("10.0.0.1", "203.0.113.9", 40000, 443, SKUA_TCP);
	fact = hello_of(&key, "sni.example");
	census_hello(&census, &fact, START);
	ok(census_clients_of_name(&census, name_hash("sni.example")) == 1,
	   "a hello makes its client one of the name's");
	ok(!strcmp(census_text(&census, name_hash("sni.example")), "sni.example"),
	   "and the name is known by its hash");
	ok(!strcmp(census_text(&census, 12345), ""), "an unknown hash has no name");
	census_fini(&census);
}

static unsigned poll_servers(struct census *census, unsigned from, unsigned to, uint64_t now_ns)
{
	struct pair_key key = { .kind = PAIR_SERVER, .proto = SKUA_TCP, .port = 8080 };
	unsigned alike = 0;

	address_parse(&key.client, "10.0.0.1");
	address_parse(&key.server, "10.0.1.0");
	for (unsigned i = from; i < to; i++) {
		key.server.bytes[15] = i;
		alike = census_rhythm(census, CENSUS_INSIDE, &key, 60 + i % 2, now_ns);
	}
	return alike;
}

static void test_rhythms(void)
{
	const uint64_t day_ns = 86400 * SECOND;
	struct pair_key key = { .kind = PAIR_SERVER };
	struct census census;

	census_init(&census, 64, NULL, 0);
	address_parse(&key.client, "10.0.0.1");
	ok(poll_servers(&census, 0, 5, START) == 5, "servers at neighbouring intervals are alike");
	ok(census_rhythm(&census, CENSUS_INSIDE, &key, 70, START) == 1,
	   "those at another interval are not");
	ok(census_rhythm(&census, CENSUS_PEERS, &key, 60, START) == 1, "nor those of another ring");
	ok(poll_servers(&census, 5, 6, START + day_ns) >= 5, "they are remembered for a day");
	ok(poll_servers(&census, 7, 8, START + 3 * day_ns) == 1, "after two they are forgotten");
	census_fini(&census);
}

static void test_answers(void)
{
	static const char *const names[] = { "a.example", "b.example", "c.example", "b.example" };
	struct fact_name fact = { .address_count = 1 };
	struct census census;

	census_init(&census, 64, NULL, 0);
	address_parse(&fact.addresses[0], "203.0.113.9");
	for (unsigned i = 0; i < 4; i++) {
		snprintf(fact.name, sizeof(fact.name), "%s", names[i]);
		census_name(&census, &fact, START);
	}
	ok(!strcmp(census_answered_name(&census, &fact.addresses[0], 0), "b.example") &&
		   !strcmp(census_answered_name(&census, &fact.addresses[0], 1), "c.example") &&
		   !strcmp(census_answered_name(&census, &fact.addresses[0], 2), "a.example") &&
		   !*census_answered_name(&census, &fact.addresses[0], 3) &&
		   !*census_answered_name(&census, &fact.addresses[0], 4),
	   "an address has the last names that it was given, each once, newest first");
	census_fini(&census);
}

int main(void)
{
	test_census();
	test_rhythms();
	test_answers();
	return done();
}
