/* SPDX-License-Identifier: BSD-2-Clause */
/* What was promised, and whether it was kept. */
#ifndef TESTS_EVAL_GOALS_H
#define TESTS_EVAL_GOALS_H

#include "tally.h"

#define GOALS_MAX 512

struct goal {
	char name[96];
	enum list list;
	double wanted, shown;
	bool at_most; /* else at least */
	bool is_rate; /* of is filled */
	struct rate of;
	bool whole; /* of a list, not of one group */
	bool met;
};

/* Returns how many. */
unsigned goals_judge(const struct results *results, struct goal goals[GOALS_MAX]);

#endif /* TESTS_EVAL_GOALS_H */
