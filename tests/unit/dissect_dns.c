// SPDX-License-Identifier: BSD-2-Clause
/* Answers give the question's name its addresses, and lies give nothing. */
#include <stdlib.h>
#include "dissect/dns.h"
#include "dissect_message.h"
#include "tap.h"

static struct dns_message dns;

static enum dissect_verdict parse_part(const struct message *message, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	enum dissect_verdict verdict;

	memcpy(copy, message->at, length);
	verdict = dns_message_parse(copy, length, &dns);
	free(copy);
	return verdict;
}

static enum dissect_verdict parse(const struct message *message)
{
	return parse_part(message, message->length);
}

static bool address_is(unsigned i, const char *text)
{
	struct address address;

	return i < dns.address_count && !address_parse(&address, text) &&
	       address_equal(&dns.addresses[i], &address);
}

static void test_answer(void)
{
	struct message message = { 0 };
	unsigned waits = 0, early = 0;

	put_chain(&message);
	ok(parse(&message) == DISSECT_DONE && dns.response, "an answer is done");
	ok(!strcmp(dns.name, "www.example.com"), "its name is the question's, in lower case");
	ok(dns.address_count == 2 && address_is(0, "192.0.2.1") && address_is(1, "2001:db8::1"),
	   "all addresses behind a CNAME belong to it");
	ok(dns.type == 1 && dns.rcode == 0, "type and rcode are told");
	for (size_t i = 0; i < message.length; i++) {
		waits += parse_part(&message, i) == DISSECT_NEED_MORE;
		early += dns.address_count == 1;
	}
	ok(waits == message.length, "every beginning of it needs more");
	ok(early == 30, "an address is there before the message is: 30 bytes follow");
}

static void test_many(void)
{
	struct message message = { 0 };

	put_question(&message, RESPONSE, "\1a\1b", 5);
	for (unsigned i = 0; i < FACT_ADDRESSES + 4; i++) {
		uint8_t body[4] = { 192, 0, 2, i };

		put_answer(&message, TO_QUESTION, 2, 1, body, 4);
	}
	ok(parse(&message) == DISSECT_DONE && dns.address_count == FACT_ADDRESSES,
	   "of many addresses the first ones are kept");
	ok(address_is(FACT_ADDRESSES - 1, "192.0.2.15"), "in their order");
}

static void test_without(void)
{
	struct message query = { 0 }, absent = { 0 }, text = { 0 };

	put_question(&query, QUERY, "\1a\1b", 5);
	ok(parse(&query) == DISSECT_DONE && !dns.response && !strcmp(dns.name, "a.b"),
	   "a query is done, and no response");
	put_question(&absent, RESPONSE | 3, "\1a\1b", 5);
	ok(parse(&absent) == DISSECT_DONE && dns.rcode == 3 && !dns.address_count,
	   "NXDOMAIN has no addresses");
	put_question(&text, RESPONSE, "\1a\1b", 5);
	put_answer(&text, TO_QUESTION, 2, 16, "\3abc", 4);
	ok(parse(&text) == DISSECT_DONE && !dns.address_count, "four bytes of TXT are no address");
	text.at[text.length - 13] = 1; /* A */
	text.at[text.length - 11] = 3; /* of class CHAOS */
	ok(parse(&text) == DISSECT_DONE && !dns.address_count, "nor are those of class CHAOS");
	text.at[text.length - 11] = 1;
	ok(parse(&text) == DISSECT_DONE && dns.address_count == 1, "those of class IN are");
}

static bool refuses_name(const void *name, size_t length)
{
	struct message message = { 0 };

	put_question(&message, RESPONSE, name, length);
	put_answer(&message, TO_QUESTION, 2, 1, "\xc0\0\2\1", 4);
	return parse(&message) == DISSECT_DONE && !dns.name[0] && dns.refused;
}

static void test_names(void)
{
	struct message root = { 0 }, longest = { 0 }, longer = { 0 }, odd = { 0 };
	uint8_t name[257];

	ok(refuses_name("\3a.b\1c", 7), "a dot inside a label makes no name");
	ok(refuses_name("\3a\0b\1c", 7), "nor does a zero");
	put_question(&root, RESPONSE, "", 1);
	ok(parse(&root) == DISSECT_DONE && !dns.name[0] && !dns.refused, "the root has no name");
	put_question(&odd, RESPONSE, "\2\xff \1b", 6);
	ok(parse(&odd) == DISSECT_DONE && !strcmp(dns.name, "\xff .b"), "odd bytes are kept");
	memset(name, 1, sizeof(name));
	name[254] = 0;
	put_question(&longest, RESPONSE, name, 255);
	ok(parse(&longest) == DISSECT_DONE && strlen(dns.name) == 253,
	   "a name of 255 octets is the longest");
	name[254] = 1;
	name[256] = 0;
	put_question(&longer, RESPONSE, name, 257);
	ok(parse(&longer) == DISSECT_NOT, "a longer one is a lie");
}

static bool refuses_owner(const void *owner, size_t length)
{
	struct message message = { 0 };

	put_question(&message, RESPONSE, "\1a\1b", 5);
	put_answer(&message, owner, length, 1, "\xc0\0\2\1", 4);
	return parse(&message) == DISSECT_NOT && !dns.address_count;
}

static void test_pointers(void)
{
	struct message question = { 0 };

	ok(refuses_owner("\xc0\x15", 2), "a pointer to itself is a lie");
	ok(refuses_owner("\1x\xc0\x15", 4), "and so is a loop");
	ok(refuses_owner("\xc0\x17", 2), "and a pointer ahead");
	ok(refuses_owner("\xff\xff", 2), "and one behind the end");
	ok(refuses_owner("\xc0\x0b", 2), "and one into the header");
	ok(refuses_owner("\x40", 1), "and a label of an unknown kind");
	ok(!refuses_owner("\xc0\x0e", 2), "a pointer to an earlier label is none");
	put_question(&question, RESPONSE, "\xc0\x0c", 2);
	ok(parse(&question) == DISSECT_NOT, "a question has nothing to point to");
}

/* One byte of a good answer is changed. */
static enum dissect_verdict with(size_t at, uint8_t value)
{
	struct message message = { 0 };

	put_chain(&message);
	message.at[at] = value;
	return parse(&message);
}

static bool refuses_body(unsigned type, size_t size)
{
	static const uint8_t body[32];
	struct message message = { 0 };

	put_question(&message, RESPONSE, "\1a\1b", 5);
	put_answer(&message, TO_QUESTION, 2, type, body, size);
	return parse(&message) == DISSECT_NOT;
}

static void test_others(void)
{
	struct message noise = { 0 };

	ok(with(2, 0xa9) == DISSECT_NOT, "a dynamic update is no answer");
	ok(with(5, 2) == DISSECT_NOT, "two questions are none");
	ok(with(5, 0) == DISSECT_NOT, "nor is a message without a question");
	ok(with(60, 3) == DISSECT_NOT, "an A record has four bytes");
	ok(with(7, 4) == DISSECT_NEED_MORE && dns.address_count == 2,
	   "a missing answer leaves those that are there");
	ok(with(6, 0xff) == DISSECT_NEED_MORE, "65,283 answers are not waited for in vain");
	ok(refuses_body(1, 5) && refuses_body(1, 3), "not five, and not three");
	ok(refuses_body(28, 4) && refuses_body(28, 17), "an AAAA record has sixteen");
	memcpy(noise.at, "SSH-2.0-OpenSSH_9.2p1\r\n", 23);
	noise.length = 23;
	ok(parse(&noise) == DISSECT_NOT, "SSH is not DNS");
}

int main(void)
{
	test_answer();
	test_many();
	test_without();
	test_names();
	test_pointers();
	test_others();
	return done();
}
