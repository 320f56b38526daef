/* SPDX-License-Identifier: BSD-2-Clause */
/* Which entry of a list would calm which findings; measured by judging again with it. */
#ifndef SKUA_EXPLAIN_TUNE_PROPOSE_H
#define SKUA_EXPLAIN_TUNE_PROPOSE_H

#include "explain/explain_source.h"
#include "explain/tune_lists.h"

#define TUNE_MAX 32 /* proposals; each costs a replay; those of the lowest scores are left out */

struct tune_proposal {
	struct tune_entry entry;
	const struct explain_entry *about; /* the finding with the highest score */
	double before, after;              /* of that one; after < 0: not measured */
	unsigned also;                     /* others that it calms by as much as counts */
	bool chosen;
};

struct tune {
	struct explain_set found;
	struct tune_proposal proposals[TUNE_MAX];
	unsigned count;
	uint64_t left_out;
};

/* An exit status, or -1: done. */
int tune_propose(struct tune *tune, const struct explain_settings *settings,
		 const char *const *paths, unsigned path_count);
void tune_fini(struct tune *tune);

#endif /* SKUA_EXPLAIN_TUNE_PROPOSE_H */
