/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Novelty before suspicion: of every pair (client, server, port, protocol) the
 * first two exchanges stay from its very first packet on, and of each later one
 * its ends, however much other traffic passes.  When a beacon is found at its
 * seventh exchange, its first callback is still there.
 *
 * Bounded: KEEP_EXCHANGES per pair, thinned in the middle, of KEEP_SAMPLES each;
 * one shelf for all.  When that is nearly full, pairs seen once and those of
 * crowds shrink to two headers, then long ones lose half of their exchanges, and
 * only what still finds no room is refused.  When there are too many pairs, those
 * go first that are one of many of their host, and were seen once, so that who
 * opens connections by the thousand forgets its own.  All of it is counted.
 */
#ifndef SKUA_RECORD_KEEP_H
#define SKUA_RECORD_KEEP_H

#include "base/table.h"
#include "record/keep_crowd.h"
#include "record/ring.h"
#include "record/shelf.h"
#include "record/volume.h"

#define KEEP_EXCHANGES 128 /* per pair: the first two and the last four are never thinned */
#define KEEP_SAMPLES 48    /* per exchange: whoever repeats a SYN fills no shelf */
#define KEEP_HEADER 128    /* bytes of a sample that stands for an exchange */
#define KEEP_NAMES 2

struct keep_pair {
	struct shelf_list kept;
	uint64_t last_ns;
	uint64_t opened_ns;         /* of the open exchange */
	uint64_t gap_min, gap_max;  /* between exchanges */
	uint64_t chain;             /* place of the last sample in the ring */
	uint64_t names[KEEP_NAMES]; /* hashes of what its clients called the server; 0: none */
	struct volume totals;       /* of conversations without sequence numbers */
	uint64_t samples;           /* seen */
	uint32_t exchanges;
	uint32_t kept_exchanges; /* of which there is a sample */
	uint32_t kept_samples;   /* of the open exchange */
	uint32_t middle; /* the sample before the exchange that is thinned next; SHELF_NONE: unknown
			  */
	uint32_t tail[2]; /* the last header of the open exchange, by side; SHELF_NONE */
	uint32_t whole;   /* bytes kept of the exchange or exchanges that are kept whole */
	uint32_t crowd;   /* pairs of its host when its open exchange began */
	bool shrunk;
};

struct keep_counts {
	uint64_t thinned; /* exchanges given up in the middle of pairs */
	uint64_t shrunk;  /* pairs cut to two headers */
	uint64_t refused; /* samples for which there was no room */
};

struct keep {
	struct table pairs;
	struct shelf shelf;
	struct crowds crowds;
	uint32_t hand; /* where the search for pairs to shrink goes on */
	struct keep_counts counts;
};

/* bytes: of the shelf, the caller's; size 0: nothing is kept, pairs are known all the same.
 * 0 or -ENOMEM. */
int keep_init(struct keep *keep, uint32_t pairs, void *bytes, uint64_t size);
void keep_fini(struct keep *keep);
/* Its pair, or NULL. */
struct keep_pair *keep_find(const struct keep *keep, const struct keep_key *key);
/* Its pair, made if need be: so another may go. */
struct keep_pair *keep_get(struct keep *keep, const struct keep_key *key);
/* Samples of the pairs of a host that had to go, and perhaps of a few other hosts. */
uint64_t keep_forgotten(struct keep *keep, const struct address *host);
/* opens: the sample begins an exchange of its conversation. */
void keep_sample(struct keep *keep, struct keep_pair *pair, const struct sample_row *row,
		 bool opens);

#endif /* SKUA_RECORD_KEEP_H */
