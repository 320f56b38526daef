// SPDX-License-Identifier: BSD-2-Clause
/* How large the tables of a live run are; see run_profile.h. */
#include "run_profile.h"

/*
 * A small run holds an eighth of everything: with a quarter, tables that are full take 150 MB,
 * and who asks for small has a node of a cluster in mind, where an agent gets 96 MiB.
 */
static const unsigned parts[] = { [RUN_PROFILE_DEFAULT] = 1, [RUN_PROFILE_SMALL] = 8 };

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
	unsigned part = parts[settings->profile];

	fill(&settings->flows, FLOWS, part);
	fill(&settings->ring_mb, RING_MB, part);
	fill(&settings->recorder_mb, RECORDER_MB, part);
	fill(&settings->keep_mb, KEEP_MB, part);
}

void run_profile_engine(const struct run_settings *settings, struct engine_options *out)
{
	unsigned part = parts[settings->profile];

	out->flows = settings->flows;
	out->pending /= part;
	out->sources /= part;
}

void run_profile_pipeline(const struct run_settings *settings, struct pipeline_options *out)
{
	unsigned part = parts[settings->profile];

	out->pairs /= part;
	out->sources /= part;
	out->census /= part;
	out->heads /= part;
	out->findings /= part;
	out->part = part;
}

void run_profile_evidence(const struct run_settings *settings, struct evidence_options *out)
{
	unsigned part = parts[settings->profile];

	out->recorder.ring_bytes = settings->recorder_mb << 20;
	out->recorder.keep_bytes = settings->no_keep ? 0 : settings->keep_mb << 20;
	out->recorder.pairs /= part;
	out->bytes_max /= part;
}
