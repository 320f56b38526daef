// SPDX-License-Identifier: BSD-2-Clause
/* Counts what is said; see tally.h. */
#include "serve/tally.h"

const double tally_bounds[TALLY_BUCKETS - 1] = { 0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1 };

static int count(struct sink *sink, const struct record *record)
{
	struct tally *tally = (struct tally *)sink;
	const struct finding *finding = record->finding;

	if (record->kind == RECORD_WARNING)
		tally->warnings++;
	if (record->kind != RECORD_FINDING)
		return 0;
	if (finding->state == FINDING_NEW)
		tally->findings[finding->kind][finding_severity(finding)]++;
	else
		tally->updates++;
	return 0;
}

static void keep(struct sink *sink)
{
	(void)sink;
}

void tally_init(struct tally *tally)
{
	*tally = (struct tally){ .sink = { "tally", count, keep } };
}

void tally_judged(struct tally *tally, uint64_t ns)
{
	unsigned bucket = 0;

	while (bucket < TALLY_BUCKETS - 1 && ns > tally_bounds[bucket] * 1e9)
		bucket++;
	tally->judged[bucket]++;
	tally->judged_ns += ns;
}
