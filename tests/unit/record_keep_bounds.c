// SPDX-License-Identifier: BSD-2-Clause
/* The recorder's bounds by themselves: how much stays whole, who is warm, crowds, a full ring. */
#include "record/keep.h"
#include "record_samples.h"
#include "tap.h"

#define START (1767225600 * SECOND)
#define WHOLE_BYTES 4096

static struct keep keep;
static uint8_t bytes[1 << 20] __attribute__((aligned(8)));
static const uint8_t filling[SAMPLE_BYTES];
static uint64_t number;

static void begin(uint64_t size)
{
	if (keep.pairs.slots)
		keep_fini(&keep);
	if (keep_init(&keep, 1024, bytes, size))
		abort();
}

static struct talk talk_of(uint32_t client)
{
	return (struct talk){ client, client + 100000, 1000, 80, SKUA_TCP };
}

static struct keep_pair *say(uint32_t client, uint64_t time_ns, uint32_t length, bool opens)
{
	const struct talk talk = talk_of(client);
	const struct skua_sample_event event = sample_of(&talk, time_ns, true, SKUA_ACK, length);
	const struct keep_key key = keep_key_of(&event);
	const struct sample_row row = {
		.number = ++number, .event = &event, .bytes = filling, .captured = length
	};
	struct keep_pair *pair = keep_get(&keep, &key);

	keep_sample(&keep, pair, &row, opens);
	return pair;
}

static uint32_t longest(const struct keep_pair *pair, uint32_t exchange)
{
	uint32_t most = 0;

	for (uint32_t name = pair->kept.first; name; name = shelf_sample(&keep.shelf, name)->next) {
		const struct shelf_sample *sample = shelf_sample(&keep.shelf, name);

		if (sample->exchange == exchange && sample->captured > most)
			most = sample->captured;
	}
	return most;
}

static void test_whole(void)
{
	struct keep_pair *pair;

	begin(sizeof(bytes));
	say(1, START, 2000, true);
	pair = say(1, START + 1, WHOLE_BYTES - 2000, false);
	ok(pair->whole == WHOLE_BYTES && longest(pair, 1) == 2096,
	   "4,096 bytes of the first exchanges stay whole");
	begin(sizeof(bytes));
	say(1, START, 2000, true);
	pair = say(1, START + 1, WHOLE_BYTES - 1999, false);
	ok(pair->whole == 2000 && longest(pair, 1) == 2000 && pair->kept_samples == 2,
	   "of what is a byte more a header does");
	pair = say(1, START + SECOND, WHOLE_BYTES - 2000, true);
	ok(pair->whole == WHOLE_BYTES && longest(pair, 2) == 2096, "both of them together");
	pair = say(1, START + 100 * SECOND, 1000, true);
	ok(pair->whole == 0 && longest(pair, 3) == KEEP_HEADER, "the third is one header");
}

/* The longest sample of the third exchange, which came so long after the second. */
static uint32_t third(uint64_t gap_ns, uint64_t next_ns)
{
	begin(sizeof(bytes));
	say(1, START, 100, true);
	say(1, START + gap_ns, 100, true);
	return longest(say(1, START + gap_ns + next_ns, 1000, true), 3);
}

static void test_warm(void)
{
	ok(third(10 * SECOND, 10 * SECOND) == 1000,
	   "a third exchange in time may be a beacon's: it "
	   "stays whole");
	ok(third(10 * SECOND, 40 * SECOND) == 1000 && third(40 * SECOND, 10 * SECOND) == 1000,
	   "a gap four times the other is in time");
	ok(third(10 * SECOND, 40 * SECOND + 1) == KEEP_HEADER &&
		   third(40 * SECOND + 1, 10 * SECOND) == KEEP_HEADER,
	   "more is not");
}

static void test_samples(void)
{
	struct keep_pair *pair = NULL;

	begin(sizeof(bytes));
	for (unsigned i = 0; i < KEEP_SAMPLES; i++)
		pair = say(1, START + i, 60, i == 0);
	ok(pair->kept_samples == 48 && pair->whole == 48 * 60, "48 samples of an exchange stay");
	pair = say(1, START + 99, 60, false);
	ok(pair->whole == 48 * 60 && pair->kept_samples == 49, "a 49th is its tail,");
	pair = say(1, START + 100, 60, false);
	ok(pair->kept_samples == 49 && keep.shelf.used == 49 && pair->samples == 50,
	   "whose place the next one takes");
}

static void test_no_room(void)
{
	struct keep_pair *pair;

	begin(0);
	pair = say(1, START, 60, true);
	ok(pair->samples == 1 && pair->exchanges == 1 && !pair->kept.first && !keep.counts.refused,
	   "without a shelf a pair is known, and nothing of it kept");
}

/* Pairs that came back, of two headers each, until so few blocks are left. */
static void fill(uint32_t left)
{
	uint32_t client = 1000;

	while (shelf_left(&keep.shelf) > left) {
		say(client, START, 100, true);
		say(client, START + SECOND, 100, true);
		client++;
	}
}

static void test_halved(void)
{
	const unsigned counts[] = { 15, 16, 17, 19, 20 }, wanted[] = { 15, 8, 8, 8, 10 };
	bool good = true;

	for (unsigned i = 0; i < 5; i++) {
		struct keep_pair *pair = NULL;

		begin(640 * SHELF_BLOCK);
		for (unsigned n = 0; n < counts[i]; n++)
			pair = say(1, START + n * SECOND, 100, true);
		fill(keep.shelf.blocks / 64);
		good &= pair->kept_exchanges == counts[i] && keep.counts.thinned == 0;
		fill(keep.shelf.blocks / 64 - 2);
		say(5000, START, 100, true);
		good &= pair->kept_exchanges == wanted[i] &&
			keep.counts.thinned == counts[i] - wanted[i];
	}
	ok(good,
	   "on the last 64th of the shelf a pair of 16 exchanges and more loses half of them");
}

static struct keep_key key_between(uint32_t a, uint32_t b)
{
	struct keep_key key;

	memset(&key, 0, sizeof(key));
	key.low = host_of(a);
	key.high = host_of(b);
	return key;
}

static void test_crowds(void)
{
	static struct crowds crowds;
	const struct keep_key here = key_between(1, 2), there = key_between(1, 3),
			      others = key_between(7, 8);
	const struct address one = host_of(1), two = host_of(2), seven = host_of(7);

	crowds_join(&crowds, &here);
	crowds_join(&crowds, &there);
	ok(crowds_now(&crowds, &here) == 2 && crowds_now(&crowds, &there) == 2 &&
		   crowds_now(&crowds, &others) == 0,
	   "a pair's crowd is that of its busier host");
	crowds_leave(&crowds, &there, 5);
	crowds_leave(&crowds, &here, 6);
	ok(crowds_now(&crowds, &here) == 0 && crowds_forgotten(&crowds, &one) == 11 &&
		   crowds_forgotten(&crowds, &two) == 6 && crowds_forgotten(&crowds, &seven) == 0,
	   "what leaves is counted for both of its hosts");
	crowds_join(&crowds, &here);
	ok(crowds_now(&crowds, &here) == 1 && crowds_forgotten(&crowds, &one) == 11,
	   "and stays counted");
}

/* Each row finds its own places: one that another host shares is made good by the others. */
static void test_rows(void)
{
	static struct crowds crowds;
	const struct keep_key key = key_between(1, 2);
	bool pairs = true, forgotten = true;

	crowds_join(&crowds, &key);
	crowds_leave(&crowds, &key, 3);
	crowds_join(&crowds, &key);
	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		struct crowd_place kept[CROWD_PLACES];

		memcpy(kept, crowds.places[row], sizeof(kept));
		for (unsigned i = 0; i < CROWD_PLACES; i++)
			crowds.places[row][i] = (struct crowd_place){ .pairs = 9, .forgotten = 9 };
		pairs &= crowds_now(&crowds, &key) == 1;
		forgotten &= crowds_forgotten(&crowds, &key.low) == 3;
		memcpy(crowds.places[row], kept, sizeof(kept));
	}
	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		unsigned taken = 0;

		for (unsigned i = 0; i < CROWD_PLACES; i++)
			taken += crowds.places[row][i].pairs;
		pairs &= taken == 2;
	}
	ok(pairs && forgotten, "every row counts, and the least of them is told");
}

static void test_levels(void)
{
	ok(crowd_level(0) == 1 && crowd_level(7) == 1 && crowd_level(8) == 2 &&
		   crowd_level(15) == 2 && crowd_level(16) == 3,
	   "fewer than eight are no crowd; then each doubling is a level");
	ok(crowd_level(UINT32_MAX) == CROWD_LEVELS, "up to the last one");
}

#define RECORD (24 + sizeof(struct skua_sample_event)) /* of the ring, without bytes */

static uint64_t put(struct ring *ring, uint64_t sample, uint32_t captured)
{
	const struct talk talk = talk_of(1);
	const struct skua_sample_event event = sample_of(&talk, sample, true, 0, captured);
	const struct sample_row row = { sample, &event, filling, captured };

	return ring_put(ring, &row, RING_NOWHERE);
}

/* The numbers of what is there, as digits. */
static uint64_t held(const struct ring *ring)
{
	uint64_t place = RING_NOWHERE, previous, all = 0;
	struct sample_row row;

	while ((place = ring_next(ring, place)) != RING_NOWHERE &&
	       ring_get(ring, place, &row, &previous))
		all = 10 * all + row.number;
	return all;
}

static void test_ring(void)
{
	struct ring ring;

	ring_init(&ring, bytes, 3 * (RECORD + 8) + 7);
	ok(ring.size == 3 * (RECORD + 8), "a ring has a multiple of eight bytes");
	put(&ring, 1, 8);
	put(&ring, 2, 1);
	put(&ring, 3, 8);
	ok(held(&ring) == 123 && ring.overwritten == 0, "three samples fit into room for three");
	put(&ring, 4, 8);
	ok(held(&ring) == 234 && ring.overwritten == 1, "a fourth takes the place of the first");
	put(&ring, 5, 9);
	ok(held(&ring) == 45 && ring.overwritten == 3, "a longer one that of two");
	put(&ring, 6, 8);
	ok(held(&ring) == 56 && ring.overwritten == 4,
	   "what does not fit before the end begins at the beginning");
	ok(put(&ring, 7, ring.size - RECORD + 1) == RING_NOWHERE && held(&ring) == 56,
	   "one that is larger than the ring is not taken");
	ok(put(&ring, 8, ring.size - RECORD) != RING_NOWHERE && held(&ring) == 8,
	   "one that just fits is");
}

int main(void)
{
	test_whole();
	test_warm();
	test_samples();
	test_no_room();
	test_halved();
	test_crowds();
	test_rows();
	test_levels();
	test_ring();
	keep_fini(&keep);
	return done();
}
