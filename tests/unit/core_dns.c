// SPDX-License-Identifier: BSD-2-Clause
/* Which names of a question are read, and which are refused. */
#include <stdlib.h>
#include <string.h>
#include "skua/dns.h"
#include "tap.h"

#define HEADER 12

/* A query for labels of one length, then one last label; captured leaves out the last bytes. */
static enum skua_verdict ask(unsigned labels, unsigned length, unsigned last, unsigned beyond,
			     struct skua_dns *dns)
{
	unsigned char message[1024] = { [5] = 1 }, *at = message + HEADER, *exact;
	struct skua_dns_place place = {};
	struct skua_frame frame;
	enum skua_verdict v;
	const __u8 *name;

	for (unsigned i = 0; i < labels; i++, at += length + 1)
		*at = length;
	if (last) {
		*at = last;
		at += last + 1;
	}
	at[2] = 16; /* TXT, behind the root's empty label */
	place.left = at + 5 - message;
	frame.captured = place.left - beyond;
	exact = malloc(frame.captured);
	if (!exact)
		abort();
	frame.data = memcpy(exact, message, frame.captured);
	frame.end = exact + frame.captured;
	v = skua_dns_parse(&frame, &place, dns, &name);
	free(exact);
	return v;
}

/* Two messages of four bytes and half of a third in one segment. */
static void test_segment(void)
{
	static const __u8 bytes[] = { 0, 4, 1, 2, 3, 4, 0, 4, 5, 6, 7, 8, 0, 4, 9 };
	struct skua_packet pkt = { .payload = sizeof(bytes), .proto = SKUA_TCP };
	struct skua_frame frame = { bytes, bytes + sizeof(bytes), sizeof(bytes) };
	struct skua_dns_place place;

	skua_dns_begin(&place, &pkt);
	ok(skua_dns_next(&frame, &place) && place.at == 2 && place.left == 4,
	   "a segment's first message lies behind its length");
	ok(skua_dns_next(&frame, &place) && place.at == 8 && place.left == 4,
	   "then comes the next");
	ok(skua_dns_next(&frame, &place) && place.at == 14 && place.left == 1,
	   "one that the segment cuts is as long as what is there");
	ok(!skua_dns_next(&frame, &place), "then there is none");
}

/* A test run pads short frames with zeros, which look like the root and a type. */
static void test_padding(void)
{
	static const __u8 bytes[HEADER + 20] = { [5] = 1 };
	struct skua_frame frame = { bytes, bytes + sizeof(bytes), HEADER };
	struct skua_dns_place place = { .left = sizeof(bytes) };
	struct skua_dns dns;
	const __u8 *name;

	ok(skua_dns_parse(&frame, &place, &dns, &name) == SKUA_TRUNCATED,
	   "padding behind the capture is no name");
	frame.captured = HEADER + 2;
	ok(skua_dns_parse(&frame, &place, &dns, &name) == SKUA_TRUNCATED, "and no type");
	frame.captured = HEADER + 3;
	ok(skua_dns_parse(&frame, &place, &dns, &name) == SKUA_PARSED, "what was captured is");
}

/* A message of one question, of which left bytes are on the wire; into memory that was used before.
 */
static enum skua_verdict read_used(const __u8 *bytes, __u32 left, struct skua_dns *dns)
{
	struct skua_frame frame = { bytes, bytes + left, left };
	struct skua_dns_place place = { .left = left };
	const __u8 *name;

	memset(dns, 0xff, sizeof(*dns));
	return skua_dns_parse(&frame, &place, dns, &name);
}

static void test_memory(void)
{
	static const __u8 bytes[] = { 0x12, 0x34, 0x81, 0x83, 0, 1, 0, 2, 0,    0,  0, 0,
				      2,    'a',  'b',  0,    0, 5, 0, 1, 0xc0, 12, 0 };
	static const struct skua_dns wanted = { .id = 0x1234,
						.type = 5,
						.answers = 2,
						.response = 1,
						.rcode = 3,
						.name_length = 4,
						.labels = 1,
						.longest = 2,
						.answer_bytes = 3 };
	static const struct skua_dns nothing;
	struct skua_dns dns;

	ok(read_used(bytes, sizeof(bytes), &dns) == SKUA_PARSED &&
		   !memcmp(&dns, &wanted, sizeof(dns)),
	   "each octet of what is said of a message comes from the message");
	ok(read_used(bytes, HEADER - 1, &dns) == SKUA_MALFORMED &&
		   !memcmp(&dns, &nothing, sizeof(dns)),
	   "nothing is said of a message that ends in its header");
	ok(read_used(bytes, HEADER + 2, &dns) == SKUA_MALFORMED && dns.id == 0x1234 && !dns.type &&
		   !dns.name_length && !dns.labels && !dns.longest && !dns.answer_bytes,
	   "and of one that ends in its name no name, type or answer");
}

int main(void)
{
	struct skua_dns dns;

	ok(ask(2, 3, 7, 0, &dns) == SKUA_PARSED && dns.name_length == 17 && dns.labels == 3 &&
		   dns.longest == 7 && dns.type == 16,
	   "a name is measured");
	ok(ask(0, 0, 0, 0, &dns) == SKUA_PARSED && dns.name_length == 1 && !dns.labels &&
		   !dns.longest,
	   "the root is a name");
	ok(ask(0, 0, 63, 0, &dns) == SKUA_PARSED, "a label has 63 octets");
	ok(ask(0, 0, 64, 0, &dns) == SKUA_MALFORMED, "and not 64");
	ok(ask(3, 63, 61, 0, &dns) == SKUA_PARSED && dns.name_length == 255,
	   "a name has 255 octets");
	ok(ask(3, 63, 62, 0, &dns) == SKUA_MALFORMED, "and not 256");
	ok(ask(127, 1, 0, 0, &dns) == SKUA_PARSED && dns.labels == 127, "or 127 labels");
	ok(ask(128, 1, 0, 0, &dns) == SKUA_MALFORMED, "and not 128");
	ok(ask(0, 0, 0xc0, 0, &dns) == SKUA_MALFORMED, "a question has nothing to point to");
	ok(ask(2, 3, 7, 9, &dns) == SKUA_TRUNCATED, "a capture may end inside a label");
	ok(ask(2, 3, 7, 3, &dns) == SKUA_TRUNCATED, "or before the type");
	test_segment();
	test_padding();
	test_memory();
	return done();
}
