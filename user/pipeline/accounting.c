// SPDX-License-Identifier: BSD-2-Clause
/* Adds up where every packet went. */
#include <string.h>
#include "pipeline/accounting.h"

struct row {
	int counter; /* enum skua_counter */
	const char *name;
};

static const struct row ignored[] = {
	{ SKUA_COUNT_ARP, "arp" },
	{ SKUA_COUNT_LLDP, "lldp" },
	{ SKUA_COUNT_LENGTH, "ieee_802_3" },
	{ SKUA_COUNT_EAPOL, "eapol" },
	{ SKUA_COUNT_LINK, "link_type" },
	{ SKUA_COUNT_VERDICT + SKUA_IGNORED, "not_ip" },
	{ SKUA_COUNT_VERDICT + SKUA_TRUNCATED, "truncated" },
	{ SKUA_COUNT_VERDICT + SKUA_MALFORMED, "malformed" },
	{ SKUA_COUNT_VERDICT + SKUA_TOO_DEEP, "too_deep" },
};

static const int accounted[] = { SKUA_COUNT_OUT, SKUA_COUNT_IN, SKUA_COUNT_WAITING,
				 SKUA_COUNT_SOURCE_ONLY, SKUA_COUNT_ELSEWHERE };

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

static void add(struct stats_cause *causes, unsigned *count, const char *name, uint64_t packets)
{
	if (packets && *count < STATS_CAUSES)
		causes[(*count)++] = (struct stats_cause){ name, packets };
}

static void add_packets(const uint64_t *counters, struct stats *out)
{
	for (unsigned i = 0; i < ROWS(ignored); i++)
		add(out->ignored, &out->ignored_count, ignored[i].name,
		    counters[ignored[i].counter]);
	for (unsigned i = 0; i < ROWS(accounted); i++)
		out->accounted += counters[accounted[i]];
	out->source_only = counters[SKUA_COUNT_SOURCE_ONLY];
	add(out->lost, &out->lost_count, "table", counters[SKUA_COUNT_LOST_TABLE]);
}

/* What was given up although its packet was accounted. */
static void add_tables(const struct accounting *from, const struct pipeline *pipeline,
		       struct stats *out)
{
	static const struct row rows[] = {
		{ SKUA_COUNT_LOST_RING, "events_ring_full" },
		{ SKUA_COUNT_LOST_SAMPLE, "samples_ring_full" },
		{ SKUA_COUNT_LOST_SOURCE, "sources_refused" },
		{ SKUA_COUNT_LOST_SHADOW, "forwarded_refused" },
		{ SKUA_COUNT_OVERFLOW, "attempts_beyond_budget" },
		{ SKUA_COUNT_UNSAID, "events_beyond_budget" },
		{ SKUA_COUNT_SAMPLE_REFUSED, "samples_beyond_budget" },
		{ SKUA_COUNT_DNS_REFUSED, "dns_unreadable" },
	};
	static const char *const evicted[SKUA_TABLES] = {
		[SKUA_TABLE_OUT] = "flows_out_evicted",
		[SKUA_TABLE_IN] = "flows_in_evicted",
		[SKUA_TABLE_PENDING] = "attempts_evicted",
		[SKUA_TABLE_SOURCES] = "records_evicted",
	};

	for (unsigned i = 0; i < ROWS(rows); i++)
		add(out->tables, &out->table_count, rows[i].name, from->counters[rows[i].counter]);
	for (unsigned i = 0; i < ROWS(evicted); i++)
		add(out->tables, &out->table_count, evicted[i], from->evicted[i]);
	add(out->tables, &out->table_count, "alien_records", from->alien);
	add(out->tables, &out->table_count, "ticks_skipped", from->skipped_ticks);
	out->table_count += pipeline_losses(pipeline, out->tables + out->table_count,
					    STATS_CAUSES - out->table_count);
}

uint64_t accounting_rows(const uint64_t counters[SKUA_COUNTERS])
{
	uint64_t sum = 0;

	for (int row = 0; row <= SKUA_COUNT_LOST_TABLE; row++)
		sum += counters[row];
	return sum;
}

void accounting_add_up(const struct accounting *from, const struct pipeline *pipeline,
		       struct stats *out)
{
	struct pipeline_counts counts;

	pipeline_counts(pipeline, &counts);
	memset(out, 0, sizeof(*out));
	out->time_ns = from->last_ns;
	out->first_ns = from->first_ns;
	out->last_ns = from->last_ns;
	out->packets = from->packets + from->dropped;
	out->bytes = from->bytes;
	out->backwards = from->backwards;
	out->truncated = from->truncated;
	out->events = counts.events;
	out->flows = counts.flows;
	out->pairs = counts.pairs;
	out->sources = counts.sources;
	out->domains = counts.domains;
	memcpy(out->findings, counts.findings, sizeof(out->findings));
	pipeline_suppressed(pipeline, out);
	add_packets(from->counters, out);
	add(out->lost, &out->lost_count, "dropped_by_kernel", from->dropped);
	add_tables(from, pipeline, out);
}

void accounting_of_replay(const struct replay *replay, const struct pipeline *pipeline,
			  struct stats *out)
{
	const struct replay_totals *totals = replay_totals(replay);
	const struct engines *engines = replay_engines(replay);
	struct accounting from = { .packets = totals->packets,
				   .bytes = totals->bytes,
				   .first_ns = totals->first_ns,
				   .last_ns = totals->last_ns,
				   .backwards = totals->backwards,
				   .truncated = file_in_truncated(replay_input(replay)) };

	engines_counters(engines, from.counters);
	for (int i = 0; i < SKUA_TABLES; i++)
		from.evicted[i] = engines_evictions(engines, i);
	accounting_add_up(&from, pipeline, out);
}

int64_t accounting_missing(const struct stats *stats)
{
	int64_t missing = stats->packets - stats->accounted;

	for (unsigned i = 0; i < stats->ignored_count; i++)
		missing -= stats->ignored[i].packets;
	for (unsigned i = 0; i < stats->lost_count; i++)
		missing -= stats->lost[i].packets;
	return missing;
}
