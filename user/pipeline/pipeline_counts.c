// SPDX-License-Identifier: BSD-2-Clause
/* What became of what: the counts of all that the pipeline holds. */
#include <string.h>
#include "pipeline/pipeline_state.h"

void pipeline_counts(const struct pipeline *pipeline, struct pipeline_counts *out)
{
	const struct table *pairs = pipeline->pairs.tables;

	*out = pipeline->counts;
	out->hidden = pipeline->ledger.hidden.used;
	out->excluded = pipeline->pairs.excluded;
	out->late = pipeline->pairs.late;
	out->pairs = pairs[0].used + pairs[1].used;
	out->sources = pipeline->sources.table.used;
	out->domains = pipeline->domains.domains.used;
	out->pairs_capacity = pairs[0].options.capacity + pairs[1].options.capacity;
	out->sources_capacity = pipeline->sources.table.options.capacity;
	out->domains_capacity = pipeline->domains.domains.options.capacity;
	memcpy(out->findings, pipeline->ledger.counts, sizeof(out->findings));
}

/* How the flight recorder fares; zeros without one. */
static struct recorder_counts count_recorder(const struct pipeline *pipeline)
{
	struct recorder_counts counts = {};

	if (pipeline->evidence)
		recorder_counts(evidence_recorder(pipeline->evidence), &counts);
	return counts;
}

unsigned pipeline_losses(const struct pipeline *pipeline, struct stats_cause *out, unsigned room)
{
	const struct census *census = &pipeline->census;
	const struct pairs *pairs = &pipeline->pairs;
	const struct recorder_counts recorder = count_recorder(pipeline);
	const struct stats_cause rows[] = {
		{ "pairs_evicted", pairs->tables[0].evictions + pairs->tables[1].evictions },
		{ "sources_evicted", pipeline->sources.table.evictions },
		{ "domains_evicted", pipeline->domains.domains.evictions },
		{ "uploads_evicted", pipeline->uploads.uploads.evictions +
					     pipeline->uploads.flows.evictions -
					     pipeline->uploads.ended_evicted },
		{ "echoes_evicted",
		  pipeline->echoes.echoes.evictions + pipeline->echoes.requests.evictions },
		{ "names_evicted",
		  census->groups.evictions + census->hellos.evictions + census->rhythms.evictions +
			  census->names.table.evictions + pairs->flow_names.evictions },
		{ "answers_evicted",
		  pipeline->domains.contacts.evictions + pipeline->domains.askers.table.evictions },
		{ "remembered_evicted",
		  pipeline->options.memory ? memory_evicted(pipeline->options.memory) : 0 },
		{ "triggers_evicted", pipeline->triggers.met.evictions },
		{ "origins_evicted",
		  pipeline->origins.rows.evictions + pipeline->origins.names.evictions },
		{ "findings_evicted", pipeline->ledger.table.evictions },
		{ "streams_evicted", dissect_counters(pipeline->dissect)->heads.streams_evicted },
		{ "syn_floods", pipeline->sources.syn_floods },
		{ "exchanges_late", pairs->late },
		{ "events_alien", pipeline->counts.alien },
		{ "records_unwritten", pipeline->counts.unsunk },
		{ "kept_pairs_evicted", recorder.pairs_evicted },
		{ "kept_pairs_shrunk", recorder.shrunk },
		{ "kept_samples_refused", recorder.refused },
		{ "snapshots_early", pipeline->evidence ? evidence_early(pipeline->evidence) : 0 },
	};
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]) && n < room; i++)
		if (rows[i].packets)
			out[n++] = rows[i];
	return n;
}
