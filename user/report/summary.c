// SPDX-License-Identifier: BSD-2-Clause
/* What a run says at its end to the person who started it. */
#include "base/text.h"
#include "report/summary.h"

static void write_count(FILE *stream, uint64_t number, const char *what)
{
	char text[TEXT_NUMBER];

	fprintf(stream, "%s%s", text_count(text, number), what);
}

/* "1 finding", "2 findings". */
static void write_plural(FILE *stream, uint64_t number, const char *one)
{
	write_count(stream, number, " ");
	fprintf(stream, "%s%s", one, number == 1 ? "" : "s");
}

static uint64_t cause_sum(const struct stats_cause *causes, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++)
		sum += causes[i].packets;
	return sum;
}

/* " (ARP 300, LLDP 13)": only what happened. */
static void write_causes(FILE *stream, const struct stats_cause *causes, unsigned count)
{
	const char *before = " (";

	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++) {
		if (!causes[i].packets)
			continue;
		fprintf(stream, "%s%s ", before, causes[i].name);
		write_count(stream, causes[i].packets, "");
		before = ", ";
	}
	if (before[0] == ',')
		fputc(')', stream);
}

static void write_findings(FILE *stream, const struct stats *stats,
			   const struct summary_extra *extra)
{
	const char *before = " (";
	char text[TEXT_NUMBER];
	uint64_t total = 0;

	for (int i = 1; i <= 4; i++)
		total += stats->findings[i];
	write_plural(stream, total, "finding");
	for (int i = 1; i <= 4; i++) {
		if (!stats->findings[i])
			continue;
		fputs(before, stream);
		write_count(stream, stats->findings[i], " ");
		fputs(finding_severity_word(i), stream);
		before = ", ";
	}
	if (total)
		fputc(')', stream);
	if (extra->hidden) {
		fputs(", ", stream);
		write_count(stream, extra->hidden, " more below the score shown");
	}
	if (stats->suppressed) {
		fputs(", ", stream);
		write_count(stream, stats->suppressed, " suppressed");
	}
	if (extra->elapsed_s > 0)
		fprintf(stream, " in %s", text_duration(text, extra->elapsed_s));
	fputs(". ", stream);
}

static void write_packets(FILE *stream, const struct stats *stats)
{
	uint64_t span_ns = stats->last_ns > stats->first_ns ? stats->last_ns - stats->first_ns : 0;
	uint64_t ignored = cause_sum(stats->ignored, stats->ignored_count);
	uint64_t lost = cause_sum(stats->lost, stats->lost_count);
	char text[TEXT_NUMBER];

	write_plural(stream, stats->packets, "packet");
	if (span_ns)
		fprintf(stream, " over %s", text_duration(text, span_ns / 1e9));
	fputs(" = ", stream);
	write_count(stream, stats->accounted, " accounted");
	if (stats->source_only) {
		fputs(" (", stream);
		write_count(stream, stats->source_only, " to their source only)");
	}
	fputs(" + ", stream);
	write_count(stream, ignored, " ignored");
	write_causes(stream, stats->ignored, stats->ignored_count);
	fputs(" + ", stream);
	write_count(stream, lost, " lost");
	write_causes(stream, stats->lost, stats->lost_count);
	fputs(".\n", stream);
	if (stats->packets != stats->accounted + ignored + lost)
		fputs("These sums do not add up: please report this as a bug.\n", stream);
}

static void write_totals(FILE *stream, const struct stats_totals *totals)
{
	fputs(totals->exact ? "Distinct: " : "Distinct, at least: ", stream);
	write_plural(stream, totals->tcp, "TCP conversation");
	fputs(", ", stream);
	write_plural(stream, totals->udp, "UDP conversation");
	fputs(", ", stream);
	write_plural(stream, totals->ipv4, "IPv4 pair");
	fputs(", ", stream);
	write_plural(stream, totals->ipv6, "IPv6 pair");
	fputs(". DNS: ", stream);
	write_count(stream, totals->dns_queries,
		    totals->dns_queries == 1 ? " query, " : " queries, ");
	write_plural(stream, totals->dns_responses, "response");
	fputs(".\n", stream);
}

/* What was given up besides packets: of the judging, or of telling others. */
static void write_given_up(FILE *stream, const struct stats *stats, bool delivery,
			   const char *before, const char *after)
{
	struct stats_cause causes[STATS_CAUSES];
	unsigned count = 0;

	for (unsigned i = 0; i < stats->table_count && i < STATS_CAUSES; i++)
		if (stats->tables[i].delivery == delivery)
			causes[count++] = stats->tables[i];
	if (!cause_sum(causes, count))
		return;
	fputs(before, stream);
	write_causes(stream, causes, count);
	fputs(after, stream);
}

void report_summary(FILE *stream, const struct stats *stats, const struct summary_extra *extra)
{
	write_findings(stream, stats, extra);
	write_packets(stream, stats);
	if (stats->totals)
		write_totals(stream, stats->totals);
	write_given_up(stream, stats, false, "Given up besides",
		       ": findings may be weaker for it.\n");
	write_given_up(stream, stats, true, "Not delivered",
		       ": they are missing there; no finding is weaker for it.\n");
	if (stats->truncated)
		fputs("The input ended early: this is what it held up to there.\n", stream);
}
