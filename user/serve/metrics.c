// SPDX-License-Identifier: BSD-2-Clause
/* Writes metrics; see metrics.h. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "base/utf8.h"
#include "serve/metrics.h"

struct page {
	FILE *stream;
	bool open; /* OpenMetrics */
};

static void begin(const struct page *page, const char *name, const char *type, const char *help)
{
	/* A counter's family has no suffix in OpenMetrics, and its samples do in both. */
	const char *suffix = !page->open && type[0] == 'c' ? "_total" : "";

	fprintf(page->stream, "# HELP skua_%s%s %s\n# TYPE skua_%s%s %s\n", name, suffix, help,
		name, suffix, type);
}

/*
 * A label's value: what would end it, or the line, is escaped; bytes that are no UTF-8 are shown
 * as \xNN, for one of them makes a server refuse the whole page.
 */
static void put_label(const struct page *page, const char *name, const char *value, bool first)
{
	size_t left = strlen(value);
	unsigned took;
	uint32_t code;

	fprintf(page->stream, "%s%s=\"", first ? "{" : ",", name);
	for (const char *at = value; left; at += took, left -= took) {
		took = utf8_decode((const unsigned char *)at, left, &code);
		if (!took) {
			fprintf(page->stream, "\\\\x%02x", (unsigned char)*at);
			took = 1;
		} else if (code == '\n') {
			fputs("\\n", page->stream);
		} else {
			if (code == '\\' || code == '"')
				fputc('\\', page->stream);
			fwrite(at, 1, took, page->stream);
		}
	}
	fputc('"', page->stream);
}

static void put_value(const struct page *page, bool labelled, uint64_t value)
{
	fprintf(page->stream, "%s %" PRIu64 "\n", labelled ? "}" : "", value);
}

static void counter(const struct page *page, const char *name, const char *help, uint64_t value)
{
	begin(page, name, "counter", help);
	fprintf(page->stream, "skua_%s_total", name);
	put_value(page, false, value);
}

static void gauge(const struct page *page, const char *name, const char *help, uint64_t value)
{
	begin(page, name, "gauge", help);
	fprintf(page->stream, "skua_%s", name);
	put_value(page, false, value);
}

static void write_agent(const struct page *page, const struct status_view *view)
{
	char seconds[TEXT_NUMBER];

	begin(page, "build_info", "gauge", "The program, and who looks at packets.");
	fputs("skua_build_info", page->stream);
	put_label(page, "version", view->version, true);
	put_label(page, "source", view->source, false);
	put_value(page, true, 1);
	begin(page, "start_time_seconds", "gauge", "When the agent was started, in Unix time.");
	fprintf(page->stream, "skua_start_time_seconds %s\n",
		text_fixed(seconds, view->started_ns / 1e9, 3));
	begin(page, "tick_time_seconds", "gauge",
	      "The last second that was judged, in Unix time: an agent that works is near now.");
	fprintf(page->stream, "skua_tick_time_seconds %s\n",
		text_fixed(seconds, view->now_ns / 1e9, 3));
}

static void write_causes(const struct page *page, const struct status_view *view, const char *name,
			 enum status_group group, const char *help)
{
	begin(page, name, "counter", help);
	for (unsigned i = 0; i < view->cause_count; i++) {
		const struct status_cause *cause = &view->causes[i];

		if (cause->group != group)
			continue;
		fprintf(page->stream, "skua_%s_total", name);
		put_label(page, "cause", cause->name, true);
		put_value(page, true, cause->count);
	}
}

/* packets = accounted + ignored (by cause) + lost (by cause). */
static void write_packets(const struct page *page, const struct status_view *view)
{
	counter(page, "packets", "Packets seen: accounted, ignored or lost.", view->packets);
	counter(page, "bytes", "Bytes of these packets.", view->bytes);
	counter(page, "packets_accounted", "Packets that count in a conversation or its source.",
		view->accounted);
	counter(page, "packets_source_only",
		"Of these, packets of conversations for which there was no room.",
		view->source_only);
	write_causes(page, view, "packets_ignored", STATUS_IGNORED,
		     "Packets that are not followed.");
	write_causes(page, view, "packets_lost", STATUS_LOST,
		     "Packets that should have been followed.");
	write_causes(page, view, "given_up", STATUS_GIVEN_UP,
		     "Entries, samples and files that were lost or evicted.");
	counter(page, "events", "Events that the packet path told.", view->events);
	counter(page, "clock_steps", "Steps of the clock backwards.", view->clock_steps);
}

static void put_interface(const struct page *page, const char *name,
			  const struct status_interface *interface)
{
	fprintf(page->stream, "skua_interface_%s", name);
	put_label(page, "interface", interface->name, true);
	put_label(page, "role", interface->role, false);
	put_label(page, "hook", interface->hook, false);
}

static void write_interfaces(const struct page *page, const struct status_view *view)
{
	begin(page, "interface_packets", "counter", "Packets that an interface's programs saw.");
	for (unsigned i = 0; i < view->interface_count; i++) {
		put_interface(page, "packets_total", &view->interfaces[i]);
		put_value(page, true, view->interfaces[i].packets);
	}
	begin(page, "interface_bytes", "counter", "Bytes of these packets.");
	for (unsigned i = 0; i < view->interface_count; i++) {
		put_interface(page, "bytes_total", &view->interfaces[i]);
		put_value(page, true, view->interfaces[i].bytes);
	}
	begin(page, "interface_blind", "gauge",
	      "1: the interface counts packets that its programs do not see.");
	for (unsigned i = 0; i < view->interface_count; i++) {
		put_interface(page, "blind", &view->interfaces[i]);
		put_value(page, true, view->interfaces[i].state[0] == 'b');
	}
}

static void put_sized(const struct page *page, const char *name, const char *label,
		      const char *value, uint64_t number)
{
	fprintf(page->stream, "skua_%s", name);
	put_label(page, label, value, true);
	put_value(page, true, number);
}

static void write_sizes(const struct page *page, const struct status_view *view)
{
	begin(page, "table_entries", "gauge", "What a table holds.");
	for (unsigned i = 0; i < view->table_count; i++)
		put_sized(page, "table_entries", "table", view->tables[i].name,
			  view->tables[i].entries);
	begin(page, "table_capacity", "gauge", "What it can hold.");
	for (unsigned i = 0; i < view->table_count; i++)
		put_sized(page, "table_capacity", "table", view->tables[i].name,
			  view->tables[i].capacity);
	begin(page, "ring_used_bytes", "gauge", "What a ring holds.");
	for (unsigned i = 0; i < view->ring_count; i++)
		put_sized(page, "ring_used_bytes", "ring", view->rings[i].name,
			  view->rings[i].used);
	begin(page, "ring_size_bytes", "gauge", "What it can hold.");
	for (unsigned i = 0; i < view->ring_count; i++)
		put_sized(page, "ring_size_bytes", "ring", view->rings[i].name,
			  view->rings[i].size);
}

/* All kinds and severities from the beginning, so that the first finding is an increase. */
static void write_findings(const struct page *page, const struct tally *tally)
{
	begin(page, "findings", "counter", "Findings, when they were new.");
	for (int kind = 1; kind < FINDING_KINDS; kind++)
		for (int severity = 1; severity <= 4; severity++) {
			fputs("skua_findings_total", page->stream);
			put_label(page, "kind", finding_kind_name(kind), true);
			put_label(page, "severity", finding_severity_word(severity), false);
			put_value(page, true, tally->findings[kind][severity]);
		}
	counter(page, "finding_updates", "Findings that were said again.", tally->updates);
	counter(page, "warnings", "Warnings, as of a blind interface.", tally->warnings);
}

static void write_judging(const struct page *page, const struct tally *tally)
{
	uint64_t sum = 0;
	char number[TEXT_NUMBER];

	begin(page, "judging_seconds", "histogram", "How long judging one second took.");
	for (unsigned i = 0; i < TALLY_BUCKETS; i++) {
		sum += tally->judged[i];
		if (i < TALLY_BUCKETS - 1)
			fprintf(page->stream,
				"skua_judging_seconds_bucket{le=\"%s\"} %" PRIu64 "\n",
				text_fixed(number, tally_bounds[i], 4), sum);
	}
	fprintf(page->stream,
		"skua_judging_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		"skua_judging_seconds_sum %s\nskua_judging_seconds_count %" PRIu64 "\n",
		sum, text_fixed(number, tally->judged_ns / 1e9, 6), sum);
}

static void write_evidence(const struct page *page, const struct metrics_evidence *evidence)
{
	if (!evidence->kept)
		return;
	counter(page, "snapshots", "Files of evidence that were published.", evidence->published);
	counter(page, "snapshots_failed", "Files that could not be written.", evidence->failed);
	counter(page, "snapshots_refused", "Files not written, for the disk was too slow.",
		evidence->refused);
	counter(page, "snapshots_removed", "Files removed to stay within the quota or age.",
		evidence->removed);
	gauge(page, "vault_bytes", "What the vault holds.", evidence->bytes);
	gauge(page, "vault_quota_bytes", "What it may hold.", evidence->quota_bytes);
	gauge(page, "vault_files", "Files in the vault.", evidence->files);
}

static void put_sink(const struct page *page, const char *name, const struct sink_tally *sink,
		     uint64_t value)
{
	put_sized(page, name, "sink", sink->name, value);
}

static void write_sink_losses(const struct page *page, const struct metrics *metrics)
{
	begin(page, "sink_dropped", "counter", "Records that will not arrive, by cause.");
	for (unsigned i = 0; i < metrics->sink_count; i++)
		for (unsigned j = 0; j < metrics->sinks[i].cause_count; j++) {
			fputs("skua_sink_dropped_total", page->stream);
			put_label(page, "sink", metrics->sinks[i].name, true);
			put_label(page, "cause", metrics->sinks[i].dropped[j].name, false);
			put_value(page, true, metrics->sinks[i].dropped[j].packets);
		}
}

/* offered = delivered + waiting + dropped. */
static void write_sinks(const struct page *page, const struct metrics *metrics)
{
	const struct sink_tally *sinks = metrics->sinks;

	if (!metrics->sink_count)
		return;
	begin(page, "sink_records", "counter", "Records that were to go there.");
	for (unsigned i = 0; i < metrics->sink_count; i++)
		put_sink(page, "sink_records_total", &sinks[i], sinks[i].offered);
	begin(page, "sink_delivered", "counter", "Records that arrived, as far as is known.");
	for (unsigned i = 0; i < metrics->sink_count; i++)
		put_sink(page, "sink_delivered_total", &sinks[i], sinks[i].delivered);
	begin(page, "sink_retries", "counter", "Tries that failed and will be repeated.");
	for (unsigned i = 0; i < metrics->sink_count; i++)
		put_sink(page, "sink_retries_total", &sinks[i], sinks[i].retries);
	write_sink_losses(page, metrics);
	begin(page, "sink_waiting", "gauge", "Records that wait to be sent.");
	for (unsigned i = 0; i < metrics->sink_count; i++)
		put_sink(page, "sink_waiting", &sinks[i], sinks[i].waiting);
}

void metrics_write(FILE *stream, const struct metrics *metrics, bool open)
{
	const struct page page = { stream, open };
	const struct status_view *view = metrics->view;

	write_agent(&page, view);
	write_packets(&page, view);
	write_interfaces(&page, view);
	write_sizes(&page, view);
	write_findings(&page, metrics->tally);
	write_judging(&page, metrics->tally);
	write_evidence(&page, &metrics->evidence);
	write_sinks(&page, metrics);
	gauge(&page, "journal_bytes", "What the journal holds.", view->journal_bytes);
	counter(&page, "control_requests", "Requests answered at the control socket.",
		view->answered);
	counter(&page, "control_refused", "Requests turned away there.", view->turned_away);
	if (open)
		fputs("# EOF\n", stream);
}
