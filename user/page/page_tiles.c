// SPDX-License-Identifier: BSD-2-Clause
/* The tiles on top: how much there was, what was found, and what was lost. */
#include <string.h>
#include "base/text.h"
#include "page/page_parts.h"

static void open_tile(struct html *html, const char *class, const char *label)
{
	html_markup(html, "<div class=\"tile%s\"><dt>", class);
	html_text(html, label);
	html_markup(html, "</dt><dd>");
}

/* The big figure is written; below it a small line. */
static void small_line(struct html *html)
{
	html_markup(html, "<small>");
}

static void close_tile(struct html *html)
{
	html_markup(html, "</small></dd></div>\n");
}

static uint64_t sum_of(const struct stats_cause *causes, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++)
		sum += causes[i].packets;
	return sum;
}

static void write_causes(struct html *html, const struct stats_cause *causes, unsigned count)
{
	char text[TEXT_NUMBER];
	const char *before = "";

	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++) {
		if (!causes[i].packets)
			continue;
		html_textf(html, "%s%s %s", before, causes[i].name,
			   text_count(text, causes[i].packets));
		before = ", ";
	}
}

static void packets_tile(struct html *html, const struct stats *stats)
{
	uint64_t ignored = sum_of(stats->ignored, stats->ignored_count);
	char text[TEXT_NUMBER];

	open_tile(html, "", "Packets");
	html_text(html, text_count(text, stats->packets));
	small_line(html);
	html_textf(html, "%s accounted", text_count(text, stats->accounted));
	if (stats->source_only)
		html_textf(html, " (%s to their source only)",
			   text_count(text, stats->source_only));
	html_textf(html, ", %s ignored", text_count(text, ignored));
	if (ignored) {
		html_text(html, ": ");
		write_causes(html, stats->ignored, stats->ignored_count);
	}
	close_tile(html);
}

static void time_tile(struct html *html, const struct stats *stats)
{
	uint64_t span_ns = stats->last_ns > stats->first_ns ? stats->last_ns - stats->first_ns : 0;
	char text[TEXT_NUMBER], from[PAGE_TIME], to[PAGE_TIME];

	open_tile(html, "", "Time span");
	html_text(html, stats->packets ? text_duration(text, span_ns / 1e9) : "none");
	small_line(html);
	if (stats->packets)
		html_textf(html, "%s to %s UTC", page_time(from, stats->first_ns),
			   page_time(to, stats->last_ns) + (memcmp(from, to, 11) ? 0 : 11));
	close_tile(html);
}

static void bytes_tile(struct html *html, const struct stats *stats)
{
	char text[TEXT_NUMBER];

	open_tile(html, "", "Traffic");
	html_text(html, text_bytes(text, stats->bytes));
	small_line(html);
	html_textf(html, "%s bytes on the wire, ", text_count(text, stats->bytes));
	html_textf(html, "%s conversations ended", text_count(text, stats->flows));
	close_tile(html);
}

static void findings_tile(struct html *html, const struct stats *stats,
			  const struct page_about *about)
{
	uint64_t total = 0;
	char text[TEXT_NUMBER];

	for (int i = 1; i <= 4; i++)
		total += stats->findings[i];
	open_tile(html, stats->findings[1] ? " bad" : total ? " warn" : " good", "Findings");
	html_text(html, text_count(text, total));
	small_line(html);
	for (int i = 1; i <= 4; i++)
		if (stats->findings[i] || i < 3)
			html_markup(html, "<span class=\"sev %s\">%s %s</span> ",
				    finding_severity_word(i), text_count(text, stats->findings[i]),
				    finding_severity_word(i));
	if (about->hidden)
		html_textf(html, "%s judged below %.2f are not shown. ",
			   text_count(text, about->hidden), about->min_score);
	if (stats->suppressed)
		html_textf(html, "%s suppressed by rules.", text_count(text, stats->suppressed));
	close_tile(html);
}

static void losses_tile(struct html *html, const struct stats *stats)
{
	uint64_t lost = sum_of(stats->lost, stats->lost_count);
	uint64_t tables = sum_of(stats->tables, stats->table_count);
	char text[TEXT_NUMBER];

	open_tile(html, lost || tables || stats->truncated ? " warn" : " good", "Losses");
	html_text(html, text_count(text, lost));
	small_line(html);
	if (lost)
		write_causes(html, stats->lost, stats->lost_count);
	else
		html_text(html,
			  "Every packet read is accounted for or ignored for a stated reason.");
	if (tables) {
		html_text(html, " Given up besides: ");
		write_causes(html, stats->tables, stats->table_count);
		html_text(html, "; findings may be weaker for it.");
	}
	if (stats->truncated)
		html_text(html, " The input ended early.");
	close_tile(html);
}

void page_write_tiles(struct html *html, const struct page *page, const struct page_about *about)
{
	const struct stats *stats = &page->stats;

	html_markup(html, "<dl class=\"tiles\">\n");
	findings_tile(html, stats, about);
	packets_tile(html, stats);
	time_tile(html, stats);
	bytes_tile(html, stats);
	losses_tile(html, stats);
	html_markup(html, "</dl>\n");
}
