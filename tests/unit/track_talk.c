// SPDX-License-Identifier: BSD-2-Clause
/* Who talks to whom, what of it is housekeeping, and the names that are kept of it. */
#include <stdio.h>
#include <string.h>
#include "track/names.h"
#include "track/talk.h"
#include "tap.h"

static void test_ends(void)
{
	const struct skua_flow_key key = { .low = { 1, 2 },
					   .high = { 3, 4 },
					   .low_port = 1000,
					   .high_port = 53,
					   .proto = SKUA_UDP };
	struct talk low = talk_of(&key, SKUA_LOW), high = talk_of(&key, SKUA_HIGH);

	ok(low.client.words[0] == 1 && low.client.words[1] == 2 && low.server.words[0] == 3 &&
		   low.server.words[1] == 4 && low.client_port == 1000 && low.server_port == 53 &&
		   low.proto == SKUA_UDP,
	   "the lower end may be the client,");
	ok(high.client.words[0] == 3 && high.client.words[1] == 4 && high.server.words[0] == 1 &&
		   high.client_port == 53 && high.server_port == 1000,
	   "or the higher");
}

static struct talk talk_between(const char *client, const char *server, uint8_t proto,
				uint16_t port)
{
	struct talk talk = { .client_port = 40000, .server_port = port, .proto = proto };

	address_parse(&talk.client, client);
	address_parse(&talk.server, server);
	return talk;
}

static bool is_housekeeping(uint8_t proto, uint16_t port)
{
	struct talk talk = talk_between("10.0.0.1", "192.0.2.1", proto, port);

	return talk_is_housekeeping(&talk);
}

static bool is_housekeeping_to(const char *client, const char *server, uint8_t proto)
{
	struct talk talk = talk_between(client, server, proto, 9999);

	return talk_is_housekeeping(&talk);
}

static void test_ports(void)
{
	static const uint16_t known[] = { 67,  68,   137,  138,  520,  521,  546,  547,
					  646, 1900, 1985, 3222, 3784, 3785, 5353, 5355 };
	unsigned found = 0;
	bool all = true;

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		all &= is_housekeeping(SKUA_UDP, known[i]);
	for (unsigned port = 0; port < 65536; port++)
		found += is_housekeeping(SKUA_UDP, port);
	ok(all && found == sizeof(known) / sizeof(known[0]),
	   "16 ports of UDP are housekeeping, and no other");
	found = 0;
	for (unsigned port = 0; port < 65536; port++)
		found += is_housekeeping(SKUA_TCP, port);
	ok(found == 1 && is_housekeeping(SKUA_TCP, 179), "of TCP it is BGP alone");
}

static void test_protocols(void)
{
	static const uint8_t routing[] = { 2, 88, 89, 103, 112 };
	unsigned found = 0;
	bool all = true;

	for (unsigned i = 0; i < sizeof(routing); i++)
		all &= is_housekeeping(routing[i], 0);
	for (unsigned proto = 0; proto < 256; proto++)
		found += is_housekeeping(proto, 0);
	ok(all && found == sizeof(routing), "so are five protocols of routers");
}

static void test_addresses(void)
{
	ok(is_housekeeping_to("10.0.0.1", "10.0.0.1", SKUA_TCP) &&
		   !is_housekeeping_to("10.0.0.1", "10.0.0.2", SKUA_TCP),
	   "what a host says to itself is,");
	ok(is_housekeeping_to("10.0.0.1", "224.0.0.9", SKUA_UDP) &&
		   is_housekeeping_to("10.0.0.1", "ff02::1", SKUA_UDP) &&
		   is_housekeeping_to("224.0.0.9", "10.0.0.1", SKUA_UDP),
	   "and what goes to many, or seems to come from them,");
	ok(is_housekeeping_to("10.0.0.1", "10.0.0.255", SKUA_UDP) &&
		   !is_housekeeping_to("10.0.0.1", "10.0.0.254", SKUA_UDP) &&
		   !is_housekeeping_to("10.0.0.1", "10.0.0.255", SKUA_TCP),
	   "and a broadcast inside, which is never TCP");
	ok(!is_housekeeping_to("10.0.0.1", "192.0.2.255", SKUA_UDP) &&
		   !is_housekeeping_to("fd00::1", "fd00::ff", SKUA_UDP),
	   "outside 255 is a number like any other, in IPv6, too");
}

static bool is_named(const char *name, bool connect, bool literal)
{
	struct fact_hello hello = { .connect = connect, .literal = literal };

	snprintf(hello.name, sizeof(hello.name), "%s", name);
	return talk_is_named(&hello);
}

static void test_named(void)
{
	ok(is_named("a.example", false, false) && !is_named("", false, false),
	   "a hello with a name names somebody");
	ok(!is_named("192.0.2.1", false, true) && is_named("192.0.2.1", true, true) &&
		   !is_named("", true, true),
	   "an address does where a proxy is told it, and nowhere else");
}

static void test_hashes(void)
{
	uint64_t seven = name_hash("example"), eight = name_hash("examples"),
		 nine = name_hash("example.s");

	ok(seven != eight && eight != nine && name_hash("examples") == eight &&
		   name_hash("") != name_hash("a") && name_hash(""),
	   "names have hashes of their own, and none has 0");
	ok(name_hash("examplesexamples") != eight &&
		   name_hash("examples1") != name_hash("1examples"),
	   "whatever their length and order");
}

static void test_names(void)
{
	char long_name[300], text[32];
	struct names names;
	uint64_t first, hash;
	bool kept = true;

	if (names_init(&names, 4))
		return;
	first = names_add(&names, "a.example", 1);
	ok(first == name_hash("a.example") && names_add(&names, "a.example", 2) == first &&
		   names.table.used == 1 && !strcmp(names_text(&names, first), "a.example"),
	   "a name is kept once");
	ok(!strcmp(names_text(&names, first + 1), "") && !strcmp(names_text(&names, 0), ""),
	   "one that is not known is empty");
	memset(long_name, 'x', sizeof(long_name));
	long_name[299] = '\0';
	hash = names_add(&names, long_name, 3);
	ok(strlen(names_text(&names, hash)) == 255, "255 letters of it are kept");
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%d.example", i);
		names_add(&names, text, 10 + i);
	}
	names_add(&names, "a.example", 20);
	hash = names_add(&names, "new.example", 21);
	ok(names.table.used == 4 && !strcmp(names_text(&names, hash), "new.example") &&
		   !strcmp(names_text(&names, first), "a.example") &&
		   !strcmp(names_text(&names, name_hash(long_name)), ""),
	   "where there is no room the one that was not used for longest goes");
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%d.example", i);
		kept &= !strcmp(names_text(&names, name_hash(text)), text);
	}
	ok(kept, "and no other");
	names_fini(&names);
}

int main(void)
{
	test_ends();
	test_ports();
	test_protocols();
	test_addresses();
	test_named();
	test_hashes();
	test_names();
	return done();
}
