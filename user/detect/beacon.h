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

struct beacon_score {
	double score; /* regularity * (0.5 + 0.2 * size + 0.3 * coverage), 0..1 */
	double size;  /* share of the densest sizes, beyond doubt */
	double coverage;
	double span_s;
	struct rhythm rhythm;
	bool by_flow; /* that of the kept flow scored higher than that of all exchanges */
};

/* false: too few gaps, of the pair and of its kept flow. */
bool beacon_score(const struct pair *pair, struct beacon_score *out);

/* Who and whom: the entities of a finding on a pair of this key, but for the text of names. */
void beacon_entities(const struct pair_key *key, struct finding *finding);

#endif /* SKUA_DETECT_BEACON_H */
