// SPDX-License-Identifier: BSD-2-Clause
/* Takes from pairs what can best be spared. */
#include "record/keep_room.h"

#define LOOKS 16                  /* pairs looked at for each sample, as each costs a cache miss */
#define LOOKS_ALONE 256           /* for who is of no crowd, and so comes rarely */
#define NEARLY 32                 /* the last such part of the shelf: pairs seen once shrink */
#define LAST 64                   /* the last such part: long ones are halved as well */
#define HALF (KEEP_EXCHANGES / 2) /* exchanges before the place where pairs are thinned */
#define HALVED_MIN 16 /* a pair with fewer exchanges is left alone: beacons are found by seven */

static uint32_t exchange_of(const struct keep *keep, uint32_t sample)
{
	return shelf_sample(&keep->shelf, sample)->exchange;
}

/* Removes the exchange behind a sample; there is one. */
static void remove_exchange(struct keep *keep, struct keep_pair *pair, uint32_t before)
{
	uint32_t next = shelf_sample(&keep->shelf, before)->next;
	uint32_t number = exchange_of(keep, next);

	while (next && exchange_of(keep, next) == number) {
		shelf_remove_after(&keep->shelf, &pair->kept, before);
		next = shelf_sample(&keep->shelf, before)->next;
	}
	pair->kept_exchanges--;
	keep->counts.thinned++;
}

/* The last sample of the count-th exchange. */
static uint32_t end_of(const struct keep *keep, const struct keep_pair *pair, uint32_t count)
{
	uint32_t at = pair->kept.first, next;

	while ((next = shelf_sample(&keep->shelf, at)->next)) {
		if (exchange_of(keep, next) != exchange_of(keep, at) && !--count)
			break;
		at = next;
	}
	return at;
}

/* The exchange behind the first half gives way to the newest, so one hole is left in the middle. */
void keep_thin(struct keep *keep, struct keep_pair *pair)
{
	if (pair->middle == SHELF_NONE)
		pair->middle = end_of(keep, pair, HALF);
	remove_exchange(keep, pair, pair->middle);
}

static void halve(struct keep *keep, struct keep_pair *pair)
{
	uint32_t stay = pair->kept_exchanges / 4, before = end_of(keep, pair, stay);

	while (pair->kept_exchanges > 2 * stay)
		remove_exchange(keep, pair, before);
	pair->middle = SHELF_NONE; /* it may be gone */
}

/* To its first header and its last. */
static void shrink(struct keep *keep, struct keep_pair *pair)
{
	struct shelf *shelf = &keep->shelf;
	uint32_t first = pair->kept.first, next;

	shelf_cut(shelf, first, KEEP_HEADER);
	shelf_cut(shelf, pair->kept.last, KEEP_HEADER);
	while ((next = shelf_sample(shelf, first)->next) && next != pair->kept.last)
		shelf_remove_after(shelf, &pair->kept, first);
	pair->tail[0] = pair->tail[1] = SHELF_NONE;
	pair->middle = SHELF_NONE;
	if (pair->kept_exchanges > 2)
		pair->kept_exchanges = 2;
	pair->shrunk = true;
	keep->counts.shrunk++;
}

/* Is there more than the first and the last? */
static bool has_more(const struct keep *keep, const struct keep_pair *pair)
{
	return !pair->shrunk ||
	       shelf_sample(&keep->shelf, pair->kept.first)->next != pair->kept.last;
}

/* Nobody gives way to a larger crowd, and who came back not even to his own: a churner makes room
 * of its own. */
static bool may_shrink(struct keep *keep, const struct keep_pair *pair, unsigned level)
{
	unsigned now = crowd_level(crowds_now(&keep->crowds, table_key(&keep->pairs, pair)));

	if (pair->exchanges < 2)
		return !pair->shrunk && now >= level;
	return now > level && has_more(keep, pair);
}

/*
 * In the order of their places, which is about that of their coming.  Begun
 * before the shelf is full, so that few looks for each sample are enough.
 */
bool keep_make_room(struct keep *keep, const struct keep_pair *whose, uint32_t blocks)
{
	struct shelf *shelf = &keep->shelf;
	unsigned level = crowd_level(whose->crowd), looks = level > 1 ? LOOKS : LOOKS_ALONE;

	for (unsigned looked = 0; looked < looks; looked++) {
		uint32_t left = shelf_left(shelf);
		struct keep_pair *pair;

		if (left >= blocks + shelf->blocks / NEARLY)
			return true;
		pair = table_at(&keep->pairs, keep->hand);
		if (++keep->hand >= keep->pairs.fresh)
			keep->hand = 0;
		if (!pair || pair == whose || !pair->kept.first)
			continue;
		if (may_shrink(keep, pair, level))
			shrink(keep, pair);
		else if (pair->kept_exchanges >= HALVED_MIN && left < shelf->blocks / LAST)
			halve(keep, pair);
	}
	return shelf_left(shelf) >= blocks;
}
