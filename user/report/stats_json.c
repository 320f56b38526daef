// SPDX-License-Identifier: BSD-2-Clause
/* The counters of a run, and warnings, as JSON records. */
#include "report/envelope.h"
#include "report/stats_json.h"

static void write_causes(struct json *json, const char *name, const struct stats_cause *causes,
			 unsigned count)
{
	json_open_object(json, name);
	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++)
		json_put_uint(json, causes[i].name, causes[i].packets);
	json_close(json);
}

static void write_packets(struct json *json, const struct stats *stats)
{
	json_put_uint(json, "packets", stats->packets);
	json_put_uint(json, "bytes", stats->bytes);
	json_put_uint(json, "accounted", stats->accounted);
	json_put_uint(json, "source_only", stats->source_only);
	write_causes(json, "ignored", stats->ignored, stats->ignored_count);
	write_causes(json, "lost", stats->lost, stats->lost_count);
	write_causes(json, "tables", stats->tables, stats->table_count);
	if (stats->packets) {
		envelope_time(json, "first_seen", stats->first_ns);
		envelope_time(json, "last_seen", stats->last_ns);
	}
}

static void write_findings(struct json *json, const struct stats *stats)
{
	json_open_object(json, "findings");
	json_put_uint(json, "high", stats->findings[1]);
	json_put_uint(json, "medium", stats->findings[2]);
	json_put_uint(json, "low", stats->findings[3]);
	json_put_uint(json, "info", stats->findings[4]);
	json_close(json);
}

static void write_totals(struct json *json, const struct stats_totals *totals)
{
	json_open_object(json, "totals");
	json_put_uint(json, "tcp", totals->tcp);
	json_put_uint(json, "udp", totals->udp);
	json_put_uint(json, "ipv4", totals->ipv4);
	json_put_uint(json, "ipv6", totals->ipv6);
	json_put_uint(json, "dns_queries", totals->dns_queries);
	json_put_uint(json, "dns_responses", totals->dns_responses);
	json_put_bool(json, "exact", totals->exact);
	json_close(json);
}

void stats_write_json(struct json *json, const struct sink_envelope *envelope,
		      const struct stats *stats)
{
	envelope_begin(json, "stats", stats->time_ns);
	envelope_origin(json, envelope);
	json_open_object(json, "stats");
	write_packets(json, stats);
	json_put_uint(json, "events", stats->events);
	json_put_uint(json, "flows", stats->flows);
	json_put_uint(json, "pairs", stats->pairs);
	json_put_uint(json, "sources", stats->sources);
	json_put_uint(json, "domains", stats->domains);
	json_put_uint(json, "backwards", stats->backwards);
	write_findings(json, stats);
	if (stats->has_suppressions) {
		json_put_uint(json, "suppressed", stats->suppressed);
		write_causes(json, "suppressed_by", stats->rules, stats->rule_count);
	}
	if (stats->totals)
		write_totals(json, stats->totals);
	if (stats->vault) {
		json_open_object(json, "vault");
		json_put_uint(json, "count", stats->vault->count);
		json_put_text(json, "head", stats->vault->head);
		json_close(json);
	}
	json_put_bool(json, "truncated", stats->truncated);
	json_close(json);
	json_close(json);
	json_end_line(json);
}

void warning_write_json(struct json *json, const struct sink_envelope *envelope,
			const struct warning *warning)
{
	envelope_begin(json, "warning", warning->time_ns);
	envelope_origin(json, envelope);
	json_open_object(json, "warning");
	json_put_text(json, "text", warning->text);
	json_close(json);
	json_close(json);
	json_end_line(json);
}
