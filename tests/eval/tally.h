/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts outcomes: how many of which beacons were found, and how soon. */
#ifndef TESTS_EVAL_TALLY_H
#define TESTS_EVAL_TALLY_H

#include "design.h"
#include "runner.h"

struct rate {
	uint32_t of, found;
};

/* Ends of the 95 % interval (Wilson 1927); of nothing 0 to 1. */
void rate_interval(const struct rate *rate, double *low, double *high);
double rate_share(const struct rate *rate);

#define ANY (-1)

/* Whom to count: each field a value, or ANY. */
struct filter {
	int list, law, shape, loss, interval_s, keepalive, sizes, hours, view;
	int small;
	int shape_most; /* or 100 */
	bool stress;    /* laws that no implant has, too */
};
#define FILTER_ALL                                                                                 \
	{                                                                                          \
		ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, 100, true                        \
	}

struct tally {
	unsigned beacons;
	struct {
		struct rate raw, context;
		unsigned too_short;
	} exact[MARKS]; /* judged when that exchange was the last */
	struct {
		struct rate raw, context, rita, simple;
	} ever[MARKS];                   /* of those that made as many */
	unsigned found;                  /* of these: */
	double exchanges[2], seconds[2]; /* median and ninth decile */
};

/* What a run gave. */
struct results {
	const struct design *design;
	const struct outcome *outcomes;
	const struct verdict *verdicts;
	double (*bounds)[MARKS]; /* by group */
	bool all;
	double seconds;
	const char *const *without_rules;
	unsigned without_rule_count;
};

#define RITA_FOUND 0.75 /* from there on it is one of its beacons */
#define FOUND 0.5

bool filter_takes(const struct filter *filter, const struct plan *plan);
int tally_beacons(const struct results *results, const struct filter *filter, struct tally *out);

/* Aperiodic pairs of a list and law, or ANY. */
struct noise_tally {
	struct rate raw, rita, simple;
	struct rate raw_at[THRESHOLDS], rita_at[THRESHOLDS]; /* at the end */
};
void tally_noise(const struct results *results, int list, int law, struct noise_tally *out);

/* Harmless traffic of a list and view, or ANY. */
struct mix_tally {
	double host_days;
	uint32_t kinds[FINDING_KINDS], alarms;
	uint32_t skua[THRESHOLDS], rita[THRESHOLDS], simple;
	uint32_t rita_found; /* >= RITA_FOUND */
	float highest;
};
void tally_mixes(const struct results *results, int list, int view, struct mix_tally *out);

/* Right among the highest ranks[i]: of worlds with few beacons, or else of the grid's. */
void tally_precision(const struct results *results, bool sparse, int list, int view,
		     struct rate out[RANKS]);

/* Beacons with at least 20 exchanges, found at a threshold. */
struct roc {
	struct rate skua[THRESHOLDS], rita[THRESHOLDS], context[THRESHOLDS], simple;
};
void tally_roc(const struct results *results, int list, struct roc *out);

#endif /* TESTS_EVAL_TALLY_H */
