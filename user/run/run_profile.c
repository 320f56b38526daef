// SPDX-License-Identifier: BSD-2-Clause
/* How large the tables of a live run are; see run_profile.h. */
#include "run/run_profile.h"

/*
 * How many times less than a replay a run holds.  Judgement's tables are the
 * largest that anybody's packets can fill: whole ones take 270 MiB beside 92 of
 * the kernel, 208 of recorder and keep area and some 40 of the process, and an
 * agent has 448.  A third has room for 21,845 pairs of our clients.  A small run
 * holds an eighth of everything: with a quarter, tables that are full take
 * 150 MB, and who asks for small has a node of a cluster in mind, where an agent
 * gets 96 MiB.
 */
static const struct parts {
	unsigned kernel, judgement, evidence;
} profiles[] = {
	[RUN_PROFILE_DEFAULT] = { .kernel = 1, .judgement = 3, .evidence = 1 },
	[RUN_PROFILE_SMALL] = { .kernel = 8, .judgement = 8, .evidence = 8 },
};

#define FLOWS 65536u
#define RING_MB 16u
#define RECORDER_MB 64u
#define KEEP_MB 128u

static void fill(uint64_t *number, unsigned size, unsigned part)
{
	if (!*number)
		*number = size / part;
}

void run_profile_fill(struct run_settings *settings)
{
	const struct parts *parts = &profiles[settings->profile];

	fill(&settings->flows, FLOWS, parts->kernel);
	fill(&settings->ring_mb, RING_MB, parts->kernel);
	fill(&settings->recorder_mb, RECORDER_MB, parts->evidence);
	fill(&settings->keep_mb, KEEP_MB, parts->evidence);
}

void run_profile_engine(const struct run_settings *settings, struct engine_options *out)
{
	unsigned part = profiles[settings->profile].kernel;

	out->flows = settings->flows;
	out->pending /= part;
	out->sources /= part;
}

void run_profile_pipeline(const struct run_settings *settings, struct pipeline_options *out)
{
	unsigned part = profiles[settings->profile].judgement;

	out->pairs /= part;
	out->sources /= part;
	out->census /= part;
	out->heads /= part;
	out->findings /= part;
	out->part = part;
}

void run_profile_evidence(const struct run_settings *settings, struct evidence_options *out)
{
	unsigned part = profiles[settings->profile].evidence;

	out->recorder.ring_bytes = settings->recorder_mb << 20;
	out->recorder.keep_bytes = settings->no_keep ? 0 : settings->keep_mb << 20;
	out->recorder.pairs /= part;
	out->bytes_max /= part;
}
