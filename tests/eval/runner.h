/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the worlds of a design in several processes, each for itself. */
#ifndef TESTS_EVAL_RUNNER_H
#define TESTS_EVAL_RUNNER_H

#include "design.h"
#include "report/finding.h"

#define THRESHOLDS 14    /* 0.30, 0.35 ... 0.95 */
#define THRESHOLD_HIGH 9 /* 0.75 */
static inline double threshold_at(unsigned i)
{
	return 0.30 + 0.05 * i;
}

/* How many of the highest findings are looked at for precision. */
#define RANKS 2
extern const unsigned ranks[RANKS];

/* What a world says beyond its outcomes. */
struct verdict {
	bool failed;
	unsigned hosts;
	double hours;
	uint32_t kinds[FINDING_KINDS]; /* of the mix alone: findings >= 0.5 after context */
	uint32_t skua[THRESHOLDS], rita[THRESHOLDS], simple; /* the same by threshold */
	float highest;
	uint32_t right[RANKS], ranked[RANKS]; /* beacons among the highest findings */
};

struct runner_options {
	const char *mixes; /* directory of journals VIEW-SEED, or NULL */
	unsigned jobs;
	const char *const *without_rules;
	unsigned without_rule_count;
	bool quiet;
};

/*
 * 0 or -errno, which has been logged.  outcomes by plan, verdicts by batch; both
 * are the caller's, to be given to munmap().
 */
int runner_run(const struct design *design, const struct runner_options *options,
	       struct outcome **outcomes, struct verdict **verdicts);

#endif /* TESTS_EVAL_RUNNER_H */
