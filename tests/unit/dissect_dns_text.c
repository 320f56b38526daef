// SPDX-License-Identifier: BSD-2-Clause
/* What DNS records say, as zone files have it. */
#include <stdio.h>
#include "dissect/dns_view.h"
#include "dissect_message.h"
#include "tap.h"

#define IPV6 "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define BODY(text) text, sizeof(text) - 1

static const struct {
	unsigned type;
	const char *body;
	size_t size;
	const char *text, *sentence;
} records[] = {
	{ DNS_A, BODY("\xc0\0\2\1"), "192.0.2.1", "an address" },
	{ DNS_A, BODY("\xc0\0\2"), "\\# 3 c00002", "what is too short for one, by its octets" },
	{ DNS_AAAA, BODY(IPV6), "2001:db8::1", "an address of IPv6" },
	{ DNS_AAAA, BODY("\xc0\0\2\1"), "\\# 4 c0000201", "four octets are none" },
	{ DNS_CNAME, BODY("\1x\xc0\x0c"), "x.a.example", "a name that ends elsewhere" },
	{ DNS_NS, BODY("\0"), ".", "the root" },
	{ DNS_MX, BODY("\0\x0a\1m\xc0\x0c"), "10 m.a.example", "a preference and a name" },
	{ DNS_MX, BODY("\0\0\0"), "0 .", "no mail at all (RFC 7505)" },
	{ DNS_MX, BODY("\0"), "\\# 1 00", "half a preference" },
	{ DNS_SRV, BODY("\0\1\0\2\1\xbb\1s\xc0\x0c"), "1 2 443 s.a.example",
	  "priority, weight, port and a name" },
	{ DNS_TXT, BODY("\5hello\6 world"), "hello world", "strings behind each other are one" },
	{ DNS_TXT, BODY("\4a\\\x07\xff"), "a\\092\\007\\255", "what is not plain, by number" },
	{ DNS_TXT, BODY("\0"), "", "an empty string is empty, whatever was there before" },
	{ DNS_TXT, BODY(""), "", "so is no string at all" },
	{ 65280, BODY("\1\2\3"), "\\# 3 010203", "a type that nobody knows (RFC 3597)" },
};

static const char *text_of(unsigned type, const void *body, size_t size, char *to, size_t room)
{
	struct message message = { 0 };
	struct dns_record record;
	struct dns_reader reader;
	struct dns_view view;

	put_question(&message, RESPONSE, "\1a\7example", 11);
	put_answer(&message, TO_QUESTION, 2, type, body, size);
	if (!dns_view_open(&view, message.at, message.length))
		return "no message";
	reader = dns_view_rewind(&view);
	if (!dns_read_question(&reader, &record) || !dns_read_record(&reader, &record))
		return "no record";
	return dns_record_text(&view, &record, to, room);
}

static void test_records(void)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		char to[64] = "what was there before";
		const char *text =
			text_of(records[i].type, records[i].body, records[i].size, to, sizeof(to));

		if (strcmp(text, records[i].text))
			printf("# '%s', not '%s'\n", text, records[i].text);
		ok(!strcmp(text, records[i].text), records[i].sentence);
	}
}

/* Whatever the room, it is text, and nothing is written behind it. */
static void test_room(void)
{
	static const unsigned types[] = { DNS_TXT, DNS_MX, 65280 };
	bool good = true;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (size_t room = 8; room < 40; room++) {
			char to[64];

			memset(to, '#', sizeof(to));
			text_of(types[i], BODY("\0\x0e\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0"),
				to, room);
			good = good && strnlen(to, room) < room && to[room] == '#';
		}
	ok(good, "what does not fit is cut");
}

int main(void)
{
	test_records();
	test_room();
	return done();
}
