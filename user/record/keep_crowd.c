// SPDX-License-Identifier: BSD-2-Clause
/* Counts the pairs of hosts. */
#include "skua/hash.h"
#include "record/keep_crowd.h"

#define ALONE_BITS 3 /* fewer than eight pairs are no crowd */

static struct crowd_place *place_of(struct crowds *crowds, unsigned row, const struct address *host)
{
	return &crowds->places[row][skua_hash(host, sizeof(*host), row) % CROWD_PLACES];
}

void crowds_join(struct crowds *crowds, const struct keep_key *key)
{
	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		place_of(crowds, row, &key->low)->pairs++;
		place_of(crowds, row, &key->high)->pairs++;
	}
}

static void leave(struct crowd_place *place, uint64_t samples)
{
	place->pairs--;
	place->forgotten += samples;
}

void crowds_leave(struct crowds *crowds, const struct keep_key *key, uint64_t samples)
{
	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		leave(place_of(crowds, row, &key->low), samples);
		leave(place_of(crowds, row, &key->high), samples);
	}
}

static uint32_t pairs_of(struct crowds *crowds, const struct address *host)
{
	uint32_t least = UINT32_MAX;

	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		uint32_t pairs = place_of(crowds, row, host)->pairs;

		least = pairs < least ? pairs : least;
	}
	return least;
}

uint32_t crowds_now(struct crowds *crowds, const struct keep_key *key)
{
	uint32_t low = pairs_of(crowds, &key->low), high = pairs_of(crowds, &key->high);

	return low > high ? low : high;
}

uint64_t crowds_forgotten(struct crowds *crowds, const struct address *host)
{
	uint64_t least = UINT64_MAX;

	for (unsigned row = 0; row < CROWD_ROWS; row++) {
		uint64_t samples = place_of(crowds, row, host)->forgotten;

		least = samples < least ? samples : least;
	}
	return least;
}

unsigned crowd_level(uint32_t pairs)
{
	unsigned level = 1;

	while (level < CROWD_LEVELS && pairs >> (level + ALONE_BITS - 1))
		level++;
	return level;
}
