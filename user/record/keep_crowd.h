/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many pairs each host has at the moment: who opens conversations by the
 * thousand must forget its own.  Two rows of counters, of which the least
 * counts (Cormode, Muthukrishnan: count-min sketch), so that hardly anybody
 * else is taken for a part of a crowd.
 */
#ifndef SKUA_RECORD_KEEP_CROWD_H
#define SKUA_RECORD_KEEP_CROWD_H

#include "record/keep_key.h"

#define CROWD_ROWS 2
#define CROWD_PLACES 16384 /* of each row */
#define CROWD_LEVELS 29    /* each twice as crowded as the one before; 1: fewer than eight pairs */

struct crowd_place {
	uint32_t pairs;
	uint64_t forgotten; /* samples of those that had to go */
};

struct crowds {
	struct crowd_place places[CROWD_ROWS][CROWD_PLACES];
};

void crowds_join(struct crowds *crowds, const struct keep_key *key);
/* samples: that the pair had. */
void crowds_leave(struct crowds *crowds, const struct keep_key *key, uint64_t samples);
/* Pairs of the end that has more of them. */
uint32_t crowds_now(struct crowds *crowds, const struct keep_key *key);
/* Samples of the pairs of a host that had to go, and perhaps of a few other hosts. */
uint64_t crowds_forgotten(struct crowds *crowds, const struct address *host);
/* 1 to CROWD_LEVELS. */
unsigned crowd_level(uint32_t pairs);

#endif /* SKUA_RECORD_KEEP_CROWD_H */
