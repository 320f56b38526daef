// SPDX-License-Identifier: BSD-2-Clause
/* LDAP: which bytes begin it, which messages are read, which are passed over or end it. */
#include "secrets_stage.h"
#include "tap.h"

static size_t take(unsigned sender, const void *bytes, size_t length)
{
	call.place.sender = sender;
	return ldap_dissector.take(state, &call, bytes, length);
}

static void lose(unsigned sender, uint64_t bytes)
{
	call.place.sender = sender;
	ldap_dissector.lost(state, &call, bytes);
}

static enum dissector_claim claims(const void *bytes, size_t length)
{
	const struct dissector_begin first = { .said = { { bytes, length }, { NULL, 0 } },
					       .client = CLIENT };

	return ldap_dissector.claim(&first);
}

/* A message of number 1 with this operation, whose body is "\2\1" and a version. */
#define MESSAGE(operation, version) "\x30\x08\2\1\1" operation "\3\2\1" version
#define MESSAGE_SIZE 10

static void test_claims(void)
{
	ok(claims(MESSAGE("\x60", "\3"), MESSAGE_SIZE) == CLAIM_YES &&
		   claims(MESSAGE("\x60", "\2"), MESSAGE_SIZE) == CLAIM_YES,
	   "a bind of version 2 or 3 begins LDAP");
	ok(claims(MESSAGE("\x60", "\1"), MESSAGE_SIZE) == CLAIM_NO &&
		   claims(MESSAGE("\x60", "\4"), MESSAGE_SIZE) == CLAIM_NO,
	   "other versions do not");
	ok(claims(MESSAGE("\x63", "\7"), MESSAGE_SIZE) == CLAIM_YES &&
		   claims(MESSAGE("\x77", "\7"), MESSAGE_SIZE) == CLAIM_YES,
	   "so do a search and an extension");
	ok(claims(MESSAGE("\x64", "\3"), MESSAGE_SIZE) == CLAIM_NO, "an answer does not");
	ok(claims("", 0) == CLAIM_NO && claims("\x31", 1) == CLAIM_NO,
	   "nor does what is no sequence");
	ok(claims("\x30\x08\4\1\1\x60\3\2\1\3", 10) == CLAIM_UNSURE &&
		   claims("\x30\x18\4\1\1\x60\3\2\1\3abcdef", 16) == CLAIM_NO,
	   "without a number it is none, which 16 bytes decide");
}

static void test_claims_cut(void)
{
	bool unsure = true;

	for (size_t left = 1; left < MESSAGE_SIZE; left++)
		unsure &= claims(MESSAGE("\x60", "\3"), left) == CLAIM_UNSURE;
	ok(unsure, "as long as the version is not there, more bytes would tell");
	ok(claims("\x30\x0b\2\4\1\1\1\1\x60\3\2\1\3", 13) == CLAIM_YES,
	   "a number of four bytes is one");
	ok(claims("\x30\x0e\2\5\1\1\1\1\1\x60\3\2\1\3xx", 16) == CLAIM_NO, "one of five is not,");
	ok(claims("\x30\x0e\2\0\x60\3\2\1\3xxxxxxx", 16) == CLAIM_NO, "nor one of none");
}

/* Takes all of a message as the stream gives it: first its head, then the rest. */
static bool takes(unsigned sender, const char *bytes, size_t length)
{
	return take(sender, bytes, length) == length;
}

#define BIND "\x30\x14\2\1\1\x60\x0f\2\1\3\4\4cn=x\x80\4word"
#define BIND_SIZE 22

static void test_bind(void)
{
	begin();
	ok(takes(CLIENT, BIND, BIND_SIZE) && !strcmp(said, "cn=x/word;"),
	   "a simple bind says who and with what");
	ok(takes(SERVER, BIND, BIND_SIZE) && !strcmp(said, "cn=x/word;"),
	   "a server binds to nobody");
	ok(takes(CLIENT, "\x30\x14\2\1\1\x60\x0f\2\1\3\4\4cn=x\xa3\4word", BIND_SIZE) &&
		   !strcmp(said, "cn=x/word;"),
	   "what SASL proves is no secret");
	ok(takes(CLIENT, "\x30\x14\2\1\1\x63\x0f\2\1\3\4\4cn=x\x80\4word", BIND_SIZE) &&
		   !strcmp(said, "cn=x/word;"),
	   "a search is no bind");
	ok(takes(CLIENT, "\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0", 14) && !strcmp(said, "cn=x/word;"),
	   "nobody with nothing is anonymous");
	said[0] = '\0';
	ok(takes(CLIENT, "\x30\x0d\2\1\1\x60\x08\2\1\3\4\1u\x80\0", 15) && !strcmp(said, "u/;"),
	   "a name alone is somebody");
	ok(takes(CLIENT, "\x30\x0d\2\1\1\x60\x08\2\1\3\4\0\x80\1p", 15) && !strcmp(said, "u/;/p;"),
	   "and so is a secret");
}

static void test_pieces(void)
{
	begin();
	ok(take(CLIENT, BIND, 1) == 0 && take(CLIENT, BIND, BIND_SIZE - 1) == 0 && !said[0],
	   "a bind waits until it is whole");
	ok(take(SERVER, BIND, 9) == 9 && take(SERVER, BIND + 9, BIND_SIZE) == 13,
	   "an answer is passed over as it comes, to its end");
	ok(take(CLIENT, BIND BIND, 2 * BIND_SIZE) == BIND_SIZE && !strcmp(said, "cn=x/word;"),
	   "one message at a time");
}

/* A message of the client whose bytes are so many; only its beginning is there. */
static size_t takes_of(uint32_t size)
{
	uint8_t bytes[16] = { 0x30, 0x84, 0, 0, 0, 0, 2, 1, 1, 0x60 };

	begin();
	bytes[4] = (size - 6) >> 8;
	bytes[5] = size - 6;
	return take(CLIENT, bytes, sizeof(bytes));
}

static void test_long(void)
{
	ok(takes_of(4096) == 0, "a message of 4,096 bytes is waited for");
	ok(takes_of(4097) == 16, "a longer one is passed over");
	lose(CLIENT, 4097 - 16);
	ok(takes(CLIENT, BIND, BIND_SIZE) && said[0], "also where its rest is missing");
	takes_of(4097);
	lose(CLIENT, 4097 - 15);
	ok(takes(CLIENT, BIND, BIND_SIZE) && !said[0],
	   "where a byte more is missing nobody knows where the next begins");
	ok(take(SERVER, BIND, BIND_SIZE) == BIND_SIZE && take(SERVER, "\x16", 1) == 0 &&
		   call.restart,
	   "the other side goes on");
}

static void test_other(void)
{
	begin();
	ok(take(CLIENT, "\x16\3\1", 3) == 0 && call.restart, "behind StartTLS it is TLS");
	begin();
	ok(take(CLIENT, "\x17\3\1", 3) == 3 && !call.restart && takes(CLIENT, BIND, BIND_SIZE) &&
		   !said[0],
	   "what is sealed is passed over from there on");
	begin();
	ok(take(CLIENT, "\x30\x85\0\0\0\0", 6) == 0, "six bytes may be a head");
	ok(take(CLIENT, "\x30\x85\0\0\0\0\0", 7) == 7 && takes(CLIENT, BIND, BIND_SIZE) && !said[0],
	   "with seven it is known that they are none");
}

int main(void)
{
	test_claims();
	test_claims_cut();
	test_bind();
	test_pieces();
	test_long();
	test_other();
	return done();
}
