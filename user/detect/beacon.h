/* SPDX-License-Identifier: BSD-2-Clause */
/* Beacons: a client that calls the same place with a rhythm. */
#ifndef SKUA_DETECT_BEACON_H
#define SKUA_DETECT_BEACON_H

#include <stdbool.h>
#include <stdint.h>
#include "detect/rhythm.h"
#include "report/finding.h"
#include "track/pair.h"

struct beacon_limits {
	double threshold;          /* score before context from which it is a finding */
	double high;               /* score from which it is of high severity */
	uint64_t min_span_ns;      /* from the first exchange to the last */
	uint64_t min_span_many_ns; /* the same when there are many exchanges */
	uint32_t many;             /* exchanges */
};

/* 0.50: six equal gaps and full coverage give 0.54, so that is the least evidence that counts.
 * A rhythm of less than a minute may be one page that loads; 15 exchanges are no page. */
#define BEACON_LIMITS_DEFAULT                                                                      \
	{                                                                                          \
		.threshold = 0.50, .high = 0.75, .min_span_ns = 60000000000ull,                    \
		.min_span_many_ns = 20000000000ull, .many = 15                                     \
	}

#define BEACON_REGULAR_BASE 0.5
#define BEACON_SIZE_WEIGHT 0.2
#define BEACON_COVERAGE_WEIGHT 0.3
#define BEACON_SIZE_WINDOW 3 /* bins */

struct beacon_score {
	double score; /* regularity * (0.5 + 0.2 * size + 0.3 * coverage), 0..1 */
	double size;  /* share of the densest sizes, beyond doubt */
	double coverage;
	double span_s;
	struct rhythm rhythm;
	/* What size and coverage are made of. */
	unsigned size_at, size_most, size_total; /* bin, exchanges in it and the next two, of all */
	unsigned slots_held, slots;
	double slot_s;
	bool by_flow; /* that of the kept flow scored higher than that of all exchanges */
};

/* false: too few gaps, of the pair and of its kept flow. */
bool beacon_score(const struct pair *pair, struct beacon_score *out);

/* The score of parts that were measured. */
double beacon_formula(double regularity, double size, double coverage);
/* Is that long enough to be a rhythm? */
bool beacon_long_enough(const struct beacon_score *score, const struct beacon_limits *limits);

struct derive_call;
struct derivation;
/* How the score of call->subject->pair came about. */
void beacon_derive(const struct derive_call *call, struct derivation *out);

/* Who and whom: the entities of a finding on a pair of this key, but for the text of names. */
void beacon_entities(const struct pair_key *key, struct finding *finding);

#endif /* SKUA_DETECT_BEACON_H */
