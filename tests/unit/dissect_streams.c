// SPDX-License-Identifier: BSD-2-Clause
/* DNS over TCP and bytes of announced connections: what begins them, pieces, what is lost. */
#include <stdlib.h>
#include <string.h>
#include "dissect/bytes.h"
#include "dissect/datagrams.h"
#include "dissect/dissector.h"
#include "dissect/dns_view.h"
#include "dissect/quic.h"
#include "tap.h"

/* A question for "a" of type A, and its length in front. */
#define QUESTION "\0\x13\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"
#define QUESTION_SIZE 21

static uint64_t state[8];
static struct dissector_call call;
static char said[256];

static void keep(void *arg, const struct item *item)
{
	const struct bytes_piece *piece = item->is;
	const struct dns_view *view = item->is;
	size_t at = strlen(said), room = sizeof(said) - at;
	const char *side = item->place->sender ? "server" : "client";

	(void)arg;
	if (item->kind == ITEM_DNS)
		snprintf(said + at, room, "%x%s%s;", view->id, view->tcp ? " tcp" : "",
			 view->multicast ? " multicast" : "");
	else
		snprintf(said + at, room, "%s %.*s%s%llu%s;", side, (int)piece->length,
			 piece->length ? (const char *)piece->bytes : "",
			 item->kind == ITEM_BYTES_END ? "end " : " ",
			 (unsigned long long)piece->lost, piece->whole ? " whole" : "");
}

static void begin(void)
{
	memset(state, 0, sizeof(state));
	memset(&call, 0, sizeof(call));
	call.say = keep;
	said[0] = '\0';
}

static bool is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# %s\n", said);
	return !strcmp(said, wanted);
}

/* What the client, or only the server, said; to this port. */
static enum dissector_claim claims(const char *bytes, size_t length, uint16_t port, bool of_server)
{
	const struct skua_flow_key key = { .low_port = 40000, .high_port = port };
	struct dissector_begin first = { .key = &key };

	first.said[of_server] = (struct cursor){ (const uint8_t *)bytes, length };
	return dns_dissector.claim(&first);
}

static void test_claims_at_port(void)
{
	ok(claims(QUESTION, QUESTION_SIZE, 53, false) == CLAIM_YES &&
		   claims(QUESTION, QUESTION_SIZE, 53, true) == CLAIM_YES,
	   "at port 53 a message is one, whoever sends it,");
	ok(claims(QUESTION, 2, 53, false) == CLAIM_YES, "as soon as its length is there,");
	ok(claims(QUESTION, 1, 53, false) == CLAIM_UNSURE, "of which a byte does not tell");
	ok(claims("\0\14", 2, 53, false) == CLAIM_YES && claims("\0\13", 2, 53, false) == CLAIM_NO,
	   "12 bytes are a message, 11 are none");
	ok(claims("", 0, 53, false) == CLAIM_NO, "nothing is none");
}

static void test_claims_elsewhere(void)
{
	char odd[] = QUESTION;

	ok(claims(QUESTION, QUESTION_SIZE, 5300, false) == CLAIM_YES, "elsewhere a whole one is,");
	ok(claims(QUESTION, QUESTION_SIZE - 1, 5300, false) == CLAIM_NO &&
		   claims(QUESTION, 1, 5300, false) == CLAIM_NO,
	   "not a part of it,");
	odd[4] = (char)0x81;
	odd[5] = (char)0x81;
	ok(claims(odd, QUESTION_SIZE, 5300, true) == CLAIM_YES,
	   "be it an answer that there is none,");
	odd[4] = 1;
	odd[5] = 0;
	odd[4] |= 0x08;
	ok(claims(odd, QUESTION_SIZE, 5300, false) == CLAIM_NO,
	   "nor one that asks something else,");
	odd[4] = 1;
	odd[7] = 2;
	ok(claims(odd, QUESTION_SIZE, 5300, false) == CLAIM_NO, "nor one of two questions");
}

static void test_dns(void)
{
	begin();
	ok(dns_dissector.take(state, &call, (const uint8_t *)QUESTION, QUESTION_SIZE - 1) == 0 &&
		   dns_dissector.take(state, &call, (const uint8_t *)QUESTION QUESTION,
				      2 * QUESTION_SIZE) == QUESTION_SIZE &&
		   is("1234 tcp;"),
	   "DNS: messages are taken whole, one by one");
	ok(dns_dissector.take(state, &call, (const uint8_t *)"\0\2ab", 4) == 4 && is("1234 tcp;"),
	   "what is none is passed over");
	dns_dissector.lost(state, &call, 1);
	ok(dns_dissector.take(state, &call, (const uint8_t *)QUESTION, QUESTION_SIZE) ==
			   QUESTION_SIZE &&
		   is("1234 tcp;"),
	   "behind a gap nobody knows where the next one begins");
	call.place.sender = SKUA_HIGH;
	ok(dns_dissector.take(state, &call, (const uint8_t *)QUESTION, QUESTION_SIZE) ==
			   QUESTION_SIZE &&
		   is("1234 tcp;1234 tcp;"),
	   "the other side goes on");
}

/* A datagram to this port; whether it was multicast is said. */
static void show(const char *bytes, size_t length, uint16_t port)
{
	const struct skua_packet pkt = {
		.proto = SKUA_UDP, .src = { 1 }, .dst = { 2 }, .sport = 40000, .dport = port
	};
	const struct conversation_packet packet = { &pkt, (const uint8_t *)bytes, length, 1, 1 };
	struct quic quic;

	begin();
	if (quic_init(&quic))
		abort();
	datagrams_show(&quic, &packet, keep, NULL);
	quic_fini(&quic);
}

static void test_datagrams(void)
{
	show(QUESTION + 2, QUESTION_SIZE - 2, 53);
	ok(is("1234;"), "a datagram is a message, without a length in front");
	show(QUESTION + 2, QUESTION_SIZE - 2, 5353);
	ok(is("1234 multicast;"), "at the port of mDNS it is for many,");
	show(QUESTION + 2, QUESTION_SIZE - 2, 5355);
	ok(is("1234 multicast;"), "and at that of LLMNR");
	show(QUESTION + 2, QUESTION_SIZE - 2, 5300);
	ok(is("1234;"), "elsewhere it must be whole");
	show(QUESTION + 2, QUESTION_SIZE - 4, 5300);
	ok(is(""), "a part of one is none there,");
	show(QUESTION + 2, QUESTION_SIZE - 4, 53);
	ok(is("1234;"), "where it is expected it is");
	show(QUESTION + 2, QUESTION_SIZE - 2, 137);
	ok(is(""), "names of NetBIOS look alike, and are none");
}

static void put(unsigned side, const char *text)
{
	call.place.sender = side;
	bytes_dissector.take(state, &call, (const uint8_t *)text, strlen(text));
}

static void lose(unsigned side, uint64_t bytes)
{
	call.place.sender = side;
	bytes_dissector.lost(state, &call, bytes);
}

static void test_bytes(void)
{
	const struct dissector_begin first = { .said = { { (const uint8_t *)"x", 1 } } };

	ok(bytes_dissector.claim(&first) == CLAIM_NO,
	   "bytes: nothing but an announcement tells them");
	begin();
	put(0, "ab");
	put(0, "c");
	call.closed = 1;
	bytes_dissector.end(state, &call);
	ok(is("client ab 0;client c 0;client end 0 whole;"),
	   "they are told as they come, and at the end that they are whole");
}

static void test_bytes_lost(void)
{
	begin();
	put(0, "ab");
	lose(0, 3);
	lose(0, 4);
	put(0, "c");
	put(1, "x");
	call.closed = 3;
	bytes_dissector.end(state, &call);
	ok(is("client ab 0;client c 7;server x 0;client end 7;server end 0 whole;"),
	   "what is lost is counted for its side, which is not whole then");
	begin();
	put(1, "x");
	call.closed = 1;
	bytes_dissector.end(state, &call);
	ok(is("server x 0;server end 0;"),
	   "nor is one that was not closed; who said nothing has no end");
}

int main(void)
{
	test_claims_at_port();
	test_claims_elsewhere();
	test_dns();
	test_datagrams();
	test_bytes();
	test_bytes_lost();
	return done();
}
