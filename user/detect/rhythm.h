/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How regular are these gaps: the four regularities of a histogram, none of
 * them beyond what the evidence against chance allows.  Plain IEEE arithmetic
 * and square roots only, in a fixed order, so the answer is the same on every
 * machine; tests/reference/beacon_score.py is its slow oracle.
 */
#ifndef SKUA_DETECT_RHYTHM_H
#define SKUA_DETECT_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>
#include "track/histogram.h"

#define RHYTHM_MIN_GAPS 6 /* below this, chance looks regular too often */

/*
 * How one regularity came about: weight * factor * beyond(W(k, n)), where W is Wilson's
 * bound and beyond(w) = max(0, (w - null) / (1 - null)), but no more than `most`.  by_mixture has
 * no window: its bound is 1, and its factor tells the evidence for each gap.  Kept so that a score
 * can explain itself.
 */
struct rhythm_part {
	const char *name;
	unsigned at, width; /* bins of the window; width 0: it has none */
	double k, n;        /* inside the window, of all; by time these are effective numbers */
	double wilson, null;
	double weight, factor;
	double value;
	double most; /* what the evidence allows */
};

enum rhythm_parts { RHYTHM_COUNT, RHYTHM_TIME, RHYTHM_TAIL, RHYTHM_MIXTURE, RHYTHM_PARTS };

/* Nats for each gap: what a wrong shape gains on human gaps, and half of what 50 % jitter with 50 %
 * missed leaves.  Between them the factor of by_mixture grows from 0 to 1. */
#define RHYTHM_MIXTURE_NONE 0.04
#define RHYTHM_MIXTURE_FULL 0.10

/* 8 nats: chance reaches them in few of 1,000 pairs ever.  They allow what makes a finding of calls
 * of one size, 11 what calls of all sizes need. */
#define RHYTHM_ALLOWED_AT 8.0
#define RHYTHM_ALLOWED 0.52
#define RHYTHM_ALLOWED_NATS 30.0 /* for all of 1 more */

/* The beacon that explains the gaps best. */
struct rhythm_shape {
	int bin; /* of the interval, which may lie beyond the histogram */
	unsigned jitter_percent, missed_percent;
};

struct rhythm {
	unsigned gaps;     /* those inside a burst left out */
	unsigned from;     /* first bin that counts */
	unsigned median;   /* bin */
	unsigned missed;   /* callbacks that did not come */
	double by_count;   /* share of gaps within a ratio of 2.2, beyond chance */
	double by_time;    /* the same by time, so that a busy hour cannot bury a quiet day */
	double by_tail;    /* no long gaps: what jitter of 60 to 100 % still leaves */
	double tail_ratio; /* 95th percentile to median; 0: too few gaps to tell */
	double regularity; /* the largest of the four, 0..1 */
	double by_mixture; /* gaps of a beacon that jitters and misses callbacks, not of chance */
	double evidence;   /* nats by which a beacon explains the gaps better than chance */
	struct rhythm_shape shape; /* when there is evidence */
	double time_evidence;      /* the same of the gaps that by_time speaks of */
	int time_from;             /* first bin of those; -1: they were not asked */
	struct rhythm_part parts[RHYTHM_PARTS];
};

/* false: too few gaps. */
bool rhythm_measure(const uint16_t gaps[GAP_BINS], struct rhythm *out);

/*
 * The logarithm of how much better the best beacon explains the gaps from bin
 * `from` on than the best of chance (exponential, lognormal) does; at least 0.
 * *shape is that beacon, if it is above 0.
 */
double rhythm_evidence(const uint16_t gaps[GAP_BINS], unsigned from, struct rhythm_shape *shape);
/* The most regularity that so many nats allow. */
double rhythm_allowed(double nats);

/* Lower end of the 90 % Wilson interval of k out of n (Wilson 1927); 0 when n is 0. */
double rhythm_wilson(double k, double n);

#endif /* SKUA_DETECT_RHYTHM_H */
