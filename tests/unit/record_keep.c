// SPDX-License-Identifier: BSD-2-Clause
/* What of a pair stays, what gives way when there is no room, and for whom. */
#include "record/keep.h"
#include "record_samples.h"
#include "tap.h"

#define BLOCKS 4000
#define START (1767225600 * SECOND)
#define LOOKED_AT 16 /* pairs for a sample of a crowd that finds no room */
#define LOOKED_AT_ALONE 256
#define CALL_SAMPLES 6 /* of one exchange as call() makes it */

static struct stage {
	struct keep keep;
	uint8_t *bytes;
	uint64_t number;
} stage;

static const uint8_t filling[SAMPLE_BYTES];

static void begin(uint32_t pairs, uint64_t size)
{
	stage.bytes = malloc(size ? size : 1);
	stage.number = 0;
	if (!stage.bytes || keep_init(&stage.keep, pairs, stage.bytes, size))
		abort();
}

static void end(void)
{
	keep_fini(&stage.keep);
	free(stage.bytes);
}

static struct keep_pair *pair_of(const struct talk *talk)
{
	const struct skua_flow_key key = talk_key(talk);
	const struct keep_key pair = keep_key_make(&key, talk->client > talk->server);

	return keep_find(&stage.keep, &pair);
}

static void say(const struct talk *talk, uint64_t time_ns, bool from_client, uint8_t flags,
		uint32_t length, bool opens)
{
	const struct skua_sample_event event = sample_of(talk, time_ns, from_client, flags, length);
	const struct keep_key key = keep_key_of(&event);
	const struct sample_row row = {
		.number = ++stage.number, .event = &event, .bytes = filling, .captured = length
	};

	keep_sample(&stage.keep, keep_get(&stage.keep, &key), &row, opens);
}

/* A connection with one request of so many bytes. */
static void call(const struct talk *talk, uint64_t time_ns, uint32_t length)
{
	say(talk, time_ns, true, SKUA_SYN, 54, true);
	say(talk, time_ns + 1, false, SKUA_SYN | SKUA_ACK, 54, false);
	say(talk, time_ns + 2, true, SKUA_ACK, length, false);
	say(talk, time_ns + 3, false, SKUA_ACK, length, false);
	say(talk, time_ns + 4, true, SKUA_ACK, 54, false);
	say(talk, time_ns + 5, false, SKUA_ACK | SKUA_FIN, 54, false);
}

/* Of one exchange: how many samples there are, and the longest. */
struct part {
	unsigned samples, longest;
	uint64_t last;
};

static struct part part_of(const struct keep_pair *pair, uint32_t exchange)
{
	struct part part = { 0 };

	for (uint32_t name = pair->kept.first; name;
	     name = shelf_sample(&stage.keep.shelf, name)->next) {
		const struct shelf_sample *sample = shelf_sample(&stage.keep.shelf, name);

		if (sample->exchange != exchange)
			continue;
		part.samples++;
		if (sample->number > part.last)
			part.last = sample->number;
		if (sample->captured > part.longest)
			part.longest = sample->captured;
	}
	return part;
}

static unsigned exchanges_from(const struct keep_pair *pair, uint32_t from, uint32_t to)
{
	unsigned there = 0;

	for (uint32_t i = from; i <= to; i++)
		there += part_of(pair, i).samples != 0;
	return there;
}

static void forget_all(void)
{
	for (struct keep_pair *pair = NULL; (pair = table_next(&stage.keep.pairs, pair));)
		stage.keep.pairs.options.evicted(&stage.keep, table_key(&stage.keep.pairs, pair),
						 pair);
}

static void test_novelty(void)
{
	const struct talk talk = { 1, 2, 1000, 443, SKUA_TCP };
	const struct keep_pair *pair;
	uint64_t time_ns = START;

	begin(64, BLOCKS * SHELF_BLOCK);
	for (int i = 0; i < 6; i++, time_ns += (i % 2 ? 5 : 500) * SECOND)
		call(&talk, time_ns, 600);
	pair = pair_of(&talk);
	ok(part_of(pair, 1).samples == CALL_SAMPLES && part_of(pair, 2).samples == CALL_SAMPLES &&
		   part_of(pair, 2).longest == 600,
	   "the first two exchanges are whole");
	ok(part_of(pair, 3).samples >= 2 && part_of(pair, 3).samples <= 6 &&
		   part_of(pair, 3).longest == KEEP_HEADER,
	   "of the third, without a rhythm, there are its first and last headers");
	ok(part_of(pair, 3).last == 3 * CALL_SAMPLES, "with the FIN as the last");
	ok(exchanges_from(pair, 1, 6) == 6, "no exchange is missing");
	end();

	begin(64, BLOCKS * SHELF_BLOCK);
	call(&talk, START, 1514);
	call(&talk, START + SECOND, 1514);
	pair = pair_of(&talk);
	ok(part_of(pair, 1).longest == 1514 && part_of(pair, 2).longest <= 152 &&
		   part_of(pair, 2).samples >= 3,
	   "beyond 4 KiB the second exchange has headers only");
	end();
}

static void test_warm(void)
{
	const struct talk talk = { 1, 2, 1000, 443, SKUA_TCP };
	const struct keep_pair *pair;
	bool whole = true;

	begin(64, BLOCKS * SHELF_BLOCK);
	for (int i = 0; i < 10; i++)
		call(&talk, START + i * 60 * SECOND + (i % 3) * 10 * SECOND, 700);
	pair = pair_of(&talk);
	for (int i = 1; i <= 10; i++)
		whole &=
			part_of(pair, i).samples == CALL_SAMPLES && part_of(pair, i).longest == 700;
	ok(whole, "a pair with a rhythm keeps every exchange whole");
	call(&talk, START + 10000 * SECOND, 700);
	ok(part_of(pair, 11).longest == KEEP_HEADER, "once a gap breaks it, no longer");
	end();
}

static void test_hole(void)
{
	const struct talk talk = { 1, 2, 1000, 443, SKUA_TCP };
	const struct keep_pair *pair;
	bool sound = true;

	begin(64, 8 * BLOCKS * SHELF_BLOCK);
	for (int i = 1; i <= 1000; i++) {
		call(&talk, START + i * i * SECOND, 300);
		pair = pair_of(&talk);
		sound &= part_of(pair, 1).samples == CALL_SAMPLES && part_of(pair, i).samples;
		sound &= i < 2 || part_of(pair, 2).samples == CALL_SAMPLES;
		sound &= i < 4 || exchanges_from(pair, i - 3, i) == 4;
		sound &=
			pair->kept_exchanges == (uint32_t)(i < KEEP_EXCHANGES ? i : KEEP_EXCHANGES);
	}
	ok(sound, "at every exchange of a thousand the first two and the last four are there");
	ok(exchanges_from(pair, 1, 1000) == KEEP_EXCHANGES, "as many as are allowed are kept");
	ok(exchanges_from(pair, 1, 64) == 64 && exchanges_from(pair, 65, 936) == 0 &&
		   exchanges_from(pair, 937, 1000) == 64,
	   "with one hole, in the middle");
	ok(stage.keep.counts.thinned == 1000 - KEEP_EXCHANGES, "which is counted");
	ok(part_of(pair, 1000).samples <= 6, "and what was replaced in the middle left no sample");
	forget_all();
	ok(stage.keep.shelf.used == 0, "all blocks come back with the pair");
	end();
}

static void test_repeats(void)
{
	const struct talk talk = { 1, 2, 1000, 443, SKUA_TCP };

	begin(64, BLOCKS * SHELF_BLOCK);
	for (int e = 0; e < 4; e++)
		for (int i = 0; i < 1000; i++)
			say(&talk, START + e * (e + 1) * SECOND + i, i % 2,
			    i % 3 ? SKUA_SYN | SKUA_ACK : 0, i % 5 ? 54 : 0, !i);
	ok(stage.keep.shelf.used <= 4 * (KEEP_SAMPLES + 2),
	   "packets that repeat within an exchange do not fill the shelf");
	end();
}

static void test_shrinking(void)
{
	struct talk talk = { 1, 1000, 1000, 443, SKUA_TCP };
	unsigned whole = 0, shrunk = 0, out_of_order = 0;
	uint64_t refused;
	uint32_t hand;

	begin(4096, BLOCKS * SHELF_BLOCK);
	for (talk.client = 1; talk.client <= 900; talk.client++)
		call(&talk, START + talk.client * SECOND, 300);
	for (talk.client = 1; talk.client <= 900; talk.client++) {
		const struct keep_pair *pair = pair_of(&talk);

		whole += !pair->shrunk;
		out_of_order += pair->shrunk && whole;
		shrunk += pair->shrunk && part_of(pair, 1).samples == 2 &&
			  part_of(pair, 1).longest <= KEEP_HEADER;
	}
	ok(stage.keep.counts.refused == 0,
	   "while pairs seen once can shrink, no sample is refused");
	ok(shrunk && shrunk == stage.keep.counts.shrunk,
	   "they shrink to two headers, and are counted");
	ok(!out_of_order && whole > 300, "the oldest first");
	for (talk.client = 1; talk.client <= 900; talk.client++)
		for (int i = 0; i < 3; i++)
			call(&talk, START + (1000 + i * talk.client) * SECOND, 300);
	ok(stage.keep.counts.refused && stage.keep.shelf.used < stage.keep.shelf.blocks,
	   "when all came back and there is no room left, samples are refused and counted");
	refused = stage.keep.counts.refused;
	hand = stage.keep.hand;
	talk.client = 7;
	say(&talk, START + 10000 * SECOND, true, SKUA_SYN, 54, true);
	ok(stage.keep.counts.refused == refused + 1 &&
		   (stage.keep.hand + 900 - hand) % 900 == LOOKED_AT,
	   "one that finds no room has looked at sixteen pairs and no more");
	forget_all();
	ok(stage.keep.shelf.used == 0, "no block is lost by all that");
	end();
}

/* When nobody can be shrunk, who is of no crowd has looked longer. */
static void test_looks_alone(void)
{
	struct talk talk = { 1, 0, 1000, 443, SKUA_TCP };
	uint32_t hand;

	begin(4096, BLOCKS * SHELF_BLOCK);
	for (int i = 0; i < 4; i++)
		for (uint32_t pair = 1; pair <= 900; pair++) {
			talk.client = 10000 + pair;
			talk.server = 20000 + pair;
			call(&talk, START + (i * 1000 + pair) * SECOND, 300);
		}
	ok(stage.keep.counts.refused, "900 hosts that came back leave no room");
	talk.client = 1;
	talk.server = 2;
	hand = stage.keep.hand;
	say(&talk, START + 10000 * SECOND, true, SKUA_SYN, 54, true);
	ok((stage.keep.hand + 901 - hand) % 901 == LOOKED_AT_ALONE,
	   "for one of no crowd 256 pairs are looked at, and no more");
	end();
}

/* Few talkers that never stop must not take the place of all who come later. */
static void test_halving(void)
{
	struct talk talk = { 1, 1000, 1000, 443, SKUA_TCP };
	bool sound = true;
	const struct keep_pair *pair;

	begin(4096, BLOCKS * SHELF_BLOCK);
	for (uint64_t i = 1; i <= 300; i++)
		for (talk.client = 1; talk.client <= 20; talk.client++)
			call(&talk, START + i * i * SECOND, 300);
	for (talk.client = 1; talk.client <= 20; talk.client++) {
		pair = pair_of(&talk);
		sound &= part_of(pair, 1).samples == CALL_SAMPLES &&
			 part_of(pair, 2).samples == CALL_SAMPLES &&
			 exchanges_from(pair, 297, 300) == 4 &&
			 exchanges_from(pair, 1, 300) == pair->kept_exchanges;
	}
	ok(stage.keep.counts.refused == 0 && sound,
	   "long pairs that fill the shelf lose exchanges in the middle, and nothing is refused");
	talk.client = 21;
	call(&talk, START + 100000 * SECOND, 300);
	ok(part_of(pair_of(&talk), 1).samples == CALL_SAMPLES, "who comes then is kept whole");
	forget_all();
	ok(stage.keep.shelf.used == 0, "no block is lost by halving");
	end();
}

static void test_without_shelf(void)
{
	struct talk talk = { 1, 1000, 1000, 443, SKUA_TCP };

	begin(128, 0);
	for (talk.client = 1; talk.client <= 100; talk.client++)
		call(&talk, START + talk.client * SECOND, 300);
	talk.client = 1;
	for (int i = 0; i < 300; i++)
		call(&talk, START + (1000 + i) * SECOND, 300);
	for (talk.client = 2000; talk.client < 3000; talk.client++)
		call(&talk, START + talk.client * SECOND, 300);
	talk.client = 1;
	ok(pair_of(&talk) && pair_of(&talk)->samples == 301 * CALL_SAMPLES,
	   "without a shelf pairs are known all the same, and those that came back stay");
	ok(stage.keep.counts.refused == 0, "and nothing counts as refused that nobody wanted");
	end();
}

#define CHURN_S 300
#define CHURN_RATE 10000
#define OTHERS 2000

static void say_others(uint64_t time_ns, uint32_t from, uint32_t to)
{
	struct talk talk = { 0, 0x0a010000, 1000, 443, SKUA_TCP };

	for (uint32_t i = from; i < to; i++) {
		talk.client = 0x0a020000 + i;
		talk.server = 0x0a010000 + i / 8;
		call(&talk, time_ns, 400);
	}
}

static unsigned others_left(uint32_t to)
{
	struct talk talk = { 0, 0, 1000, 443, SKUA_TCP };
	unsigned left = 0;

	for (uint32_t i = 0; i < to; i++) {
		const struct keep_pair *pair;

		talk.client = 0x0a020000 + i;
		talk.server = 0x0a010000 + i / 8;
		pair = pair_of(&talk);
		left += pair && part_of(pair, 1).samples == CALL_SAMPLES;
	}
	return left;
}

/* spoofed: from ever new sources to one server, else from one host to ever new targets. */
static void test_churn(bool spoofed)
{
	const struct talk beacon = { 0x0a000005, 0xcb007109, 1000, 443, SKUA_TCP };
	struct talk churn = { 0x0a000066, 0x0a0000ff, 1000, 80, SKUA_TCP };
	bool whole = true;
	unsigned calls = 0;

	begin(65536, 128 << 20);
	say_others(START, 0, OTHERS);
	for (uint64_t s = 0; s < CHURN_S; s++) {
		if (s % 60 == 30) {
			call(&beacon, START + s * SECOND, 500);
			calls++;
		}
		for (uint32_t i = 0; i < CHURN_RATE; i++) {
			uint32_t fresh = 0x20000000 + s * CHURN_RATE + i;

			*(spoofed ? &churn.client : &churn.server) = fresh;
			say(&churn, START + s * SECOND + i, true, SKUA_SYN, 54, true);
			say(&churn, START + s * SECOND + i, false, SKUA_RST, 54, false);
		}
		if (s > 30)
			whole &= pair_of(&beacon) &&
				 part_of(pair_of(&beacon), 1).samples == CALL_SAMPLES;
	}
	ok(whole && pair_of(&beacon) && pair_of(&beacon)->exchanges == calls,
	   spoofed ? "spoofed sources by the 10,000 a second do not push out a beacon seen once a "
		     "minute"
		   : "new targets by the 10,000 a second do not push out a beacon seen once a "
		     "minute");
	printf("# %llu pairs went, %u of %u others left, %llu refused, %llu shrunk\n",
	       (unsigned long long)stage.keep.pairs.evictions, others_left(OTHERS), OTHERS,
	       (unsigned long long)stage.keep.counts.refused,
	       (unsigned long long)stage.keep.counts.shrunk);
	ok(others_left(OTHERS) == OTHERS, "nor the only exchange of any of 2,000 other pairs");
	end();
}

int main(void)
{
	test_novelty();
	test_warm();
	test_hole();
	test_repeats();
	test_shrinking();
	test_looks_alone();
	test_halving();
	test_without_shelf();
	test_churn(false);
	test_churn(true);
	return done();
}
