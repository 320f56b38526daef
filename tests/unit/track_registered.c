// SPDX-License-Identifier: BSD-2-Clause
/* Registered domains: what the list says, reverse zones, and names that are none. */
#include <string.h>
#include "track/registered.h"
#include "tap.h"

static struct registered registered;

/* Presentation form without escapes -> labels as sent. */
static void wire_from(const char *name, uint8_t wire[256])
{
	size_t length_at = 0, at = 1;

	memset(wire, 0, 256);
	for (; *name; name++, at++) {
		if (*name == '.') {
			length_at = at;
			continue;
		}
		wire[at] = *name;
		wire[length_at]++;
	}
}

static bool belongs(const char *name, const char *domain)
{
	uint8_t wire[256];
	char found[REGISTERED_TEXT];
	size_t length;

	wire_from(name, wire);
	length = registered_domain(&registered, wire, found);
	return length == strlen(domain) && (!length || !strcmp(found, domain));
}

static void test_list(void)
{
	ok(belongs("www.Example.COM", "example.com"), "case does not matter");
	ok(belongs("a.b.example.co.uk", "example.co.uk"), "a suffix of two labels");
	ok(belongs("x.duckdns.org", "x.duckdns.org"), "names that anybody may take are domains");
	ok(belongs("a.b.c.d.e.f.g.h.i.j.example.com", "example.com"),
	   "what stands before the last labels decides nothing");
	ok(belongs("1.2.3.x.y.compute.amazonaws.com", "x.y.compute.amazonaws.com"),
	   "a rule with a star and four labels");
	ok(belongs("example.com", "example.com"), "the domain itself");
	ok(belongs("host.corp.sea", "corp.sea"), "an unknown suffix has one label");
	ok(belongs("co.uk", "") && belongs("localhost", ""), "a suffix has no registered domain");
	ok(registered_is_listed(&registered, "www.example.com"), "com is listed");
	ok(!registered_is_listed(&registered, "dccore200.local"), "local is not");
	ok(registered_is_special("dccore200.local") && registered_is_special("a.b.internal"),
	   "but it is set aside, as internal is");
	ok(!registered_is_special("www.example.com") && !registered_is_special("x.mylocal") &&
		   !registered_is_special("local.x"),
	   "com is not, nor is what only looks like it");
	ok(belongs("printer.site.home.arpa", "site.home.arpa") && belongs("home.arpa", ""),
	   "homes name themselves below home.arpa");
}

static void test_reverse(void)
{
	ok(belongs("4.3.2.1.in-addr.arpa", "in-addr.arpa"), "reverse IPv4 is one domain");
	ok(belongs("1.0.8.e.f.ip6.arpa", "ip6.arpa"), "reverse IPv6 is one domain");
	ok(belongs("x.myin-addr.arpa", "myin-addr.arpa"), "the end of a label is no zone");
}

static void test_text(void)
{
	uint8_t wire[256] = { 3, 'a', '.', 0, 2, 0xff, 'B' };
	uint8_t lie[256] = { 64 };
	uint8_t full[256];
	char text[REGISTERED_TEXT];

	ok(registered_text(wire, text) == 6 && !strcmp(text, "a??.?b"),
	   "dots inside labels and octets that are no text become '?'");
	ok(registered_text(lie, text) == 0 && !*text, "a label of 64 octets is no name");
	ok(registered_text((const uint8_t *)"", text) == 0, "the root is no name");
	memset(full, 'x', sizeof(full));
	for (int at = 0; at < 256; at += 64)
		full[at] = 63;
	ok(registered_text(full, text) == 0, "a name without an end is none");
	full[192] = 61;
	full[254] = 0;
	ok(registered_text(full, text) == 253, "the longest name has 253 characters");
}

/* More names than are remembered, each asked twice, and once more behind all the others. */
static void test_memory(void)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < 6000; i++) {
		char name[64], domain[64];
		const char *found;

		snprintf(name, sizeof(name), "h%u.example%u.co.uk", i % 2000, i % 2000 / 3);
		snprintf(domain, sizeof(domain), "example%u.co.uk", i % 2000 / 3);
		found = registered_find(&registered, name);
		wrong += !found || strcmp(found, domain) != 0 || found < name ||
			 found >= name + sizeof(name);
		wrong += registered_find(&registered, name) != found;
	}
	ok(!wrong, "what is remembered is what the list says, in the name that was asked for");
	ok(!registered_find(&registered, "co.uk") && !registered_find(&registered, "co.uk"),
	   "that a name has no domain is remembered as well");
}

int main(void)
{
	ok(!registered_init(&registered), "libpsl has a list");
	test_list();
	test_reverse();
	test_text();
	test_memory();
	return done();
}
