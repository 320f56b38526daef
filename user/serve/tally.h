/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what is said, for metrics: a sink that keeps numbers only. */
#ifndef SKUA_SERVE_TALLY_H
#define SKUA_SERVE_TALLY_H

#include "report/sink.h"

/* Upper bounds in seconds of how long judging one second took; the last is infinity. */
#define TALLY_BUCKETS 8
extern const double tally_bounds[TALLY_BUCKETS - 1];

struct tally {
	struct sink sink; /* close does nothing: whoever holds it frees it */
	/* Findings when they are new, by kind and by severity (1 to 4) at that moment. */
	uint64_t findings[FINDING_KINDS][5];
	uint64_t updates, warnings;
	/* Of seconds judged: by how long that took, and all of it. */
	uint64_t judged[TALLY_BUCKETS];
	uint64_t judged_ns;
};

void tally_init(struct tally *tally);
/* Judging one second of traffic took so long. */
void tally_judged(struct tally *tally, uint64_t ns);

#endif /* SKUA_SERVE_TALLY_H */
