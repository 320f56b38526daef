// SPDX-License-Identifier: BSD-2-Clause
/* Which samples begin an exchange: new SYNs, payload of clients behind half a second of silence. */
#include "record/opening.h"
#include "record_samples.h"
#include "tap.h"

#define MILLISECOND 1000000ull
#define START_NS (1700000000 * SECOND)

static const struct talk low = { 1, 2, 1000, 80, SKUA_TCP };
static const struct talk high = { 9, 2, 1000, 80, SKUA_TCP };
static struct opening *opening;

static void begin(void)
{
	opening_close(opening);
	opening = opening_open();
	if (!opening)
		abort();
}

static bool sees(const struct talk *talk, bool from_client, uint8_t flags, uint32_t payload,
		 uint64_t at_ms)
{
	const struct skua_sample_event event =
		sample_of(talk, START_NS + at_ms * MILLISECOND, from_client, flags, 54 + payload);

	return opening_sees(opening, &event);
}

static bool syn(uint32_t seq, uint64_t at_ms)
{
	struct skua_sample_event event =
		sample_of(&low, START_NS + at_ms * MILLISECOND, true, SKUA_SYN, 54);

	event.seq = seq;
	return opening_sees(opening, &event);
}

static void test_syn(void)
{
	begin();
	ok(syn(100, 0), "a SYN begins an exchange");
	ok(!syn(100, 1000) && !syn(100, 4000), "the same again does not, however late");
	ok(!sees(&low, false, SKUA_SYN | SKUA_ACK, 0, 4001), "nor does its answer");
	ok(syn(101, 4002), "one of another number does, at once");
	ok(syn(100, 4003), "and so does the number from before");
}

static void test_payload(void)
{
	begin();
	syn(100, 0);
	ok(!sees(&low, true, SKUA_ACK, 10, 499),
	   "payload within half a second of the SYN is of it");
	ok(!sees(&low, true, SKUA_ACK, 10, 998), "so is what follows within half a second of that");
	ok(sees(&low, true, SKUA_ACK, 10, 1498), "half a second later it begins another one");
	ok(!sees(&low, true, SKUA_ACK, 0, 5000), "what carries nothing begins nothing");
	ok(sees(&low, true, SKUA_ACK, 10, 5001), "and breaks no silence");
}

static void test_server(void)
{
	begin();
	ok(!sees(&low, false, SKUA_ACK, 10, 0), "payload of the server begins nothing");
	ok(!sees(&low, false, SKUA_ACK, 10, 10000), "not after a silence either");
	ok(!sees(&low, true, SKUA_ACK, 10, 10499), "but the client's behind it is of the same");
	ok(sees(&low, true, SKUA_ACK, 10, 10999), "until there is silence");
}

static void test_unknown(void)
{
	begin();
	ok(sees(&low, true, SKUA_ACK, 10, 0), "the first payload of a client begins an exchange");
	begin();
	ok(!sees(&low, true, SKUA_ACK, 0, 0) && !sees(&low, true, SKUA_ACK, 10, 499),
	   "behind a packet without any it does not,");
	begin();
	ok(!sees(&low, true, SKUA_ACK, 0, 0) && sees(&low, true, SKUA_ACK, 10, 500),
	   "unless half a second passed");
}

static void test_sides(void)
{
	begin();
	ok(sees(&high, true, SKUA_ACK, 10, 0) && !sees(&high, false, SKUA_ACK, 10, 1000) &&
		   sees(&high, true, SKUA_ACK, 10, 2000),
	   "a client of the higher address is one, too");
	ok(sees(&low, true, SKUA_ACK, 10, 2001), "another conversation is another matter");
	ok(!sees(&high, true, SKUA_ACK, 10, 2002), "which changes nothing in the first");
}

int main(void)
{
	test_syn();
	test_payload();
	test_server();
	test_unknown();
	test_sides();
	opening_close(opening);
	return done();
}
