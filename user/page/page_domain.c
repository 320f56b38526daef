// SPDX-License-Identifier: BSD-2-Clause
/* Chart of a DNS tunnel: information that its names carried, summed up, and some of the names. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "page/page_keys.h"
#include "page/page_parts.h"

static void draw_sum(const struct page_detail *detail, const struct series_read *read)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(detail->html, PAGE_WIDE, PAGE_HIGH);
	uint32_t step = read->count / PAGE_POINTS + 1, i;
	const struct series_point *last = &read->points[read->count - 1];

	chart.from_x = read->points[0].time_ns / 1e9;
	chart.to_x = last->time_ns / 1e9;
	chart.to_x += chart.to_x > chart.from_x ? 0 : 1;
	chart.to_y = last->value > 1 ? last->value * 1.05 : 1;
	svg_chart_open(&chart, "sum", detail->number, "Information in names, summed up",
		       "A line that rises as queries carry new information; the table has the "
		       "numbers.");
	svg_axis_y(&chart, SVG_BYTES);
	svg_axis_time(&chart);
	svg_path_begin(&chart, "line");
	for (i = 0; i < read->count; i += step)
		svg_path_line(&chart, read->points[i].time_ns / 1e9, read->points[i].value, !i);
	if (i - step != read->count - 1)
		svg_path_line(&chart, last->time_ns / 1e9, last->value, false);
	svg_path_end(&chart);
	svg_chart_close(&chart);
}

static void write_sum(const struct page_detail *detail, const struct series_read *read)
{
	static const char *const columns[] = { "Time (UTC)", "Bytes so far (estimated)" };
	uint32_t step = read->count / 100 + 1;
	char queries[TEXT_NUMBER], bytes[TEXT_NUMBER];

	page_figure_open(detail->html, "Estimated bytes carried by names, summed up");
	draw_sum(detail, read);
	page_figure_note(detail->html,
			 "%s queries%s; about %s bytes of distinct information. What is counted "
			 "are new names, so repetition adds nothing.",
			 text_count(queries, read->seen),
			 read->seen > read->count ? ", of which some are drawn" : "",
			 text_count(bytes, read->points[read->count - 1].value));
	page_table_open(detail->html, "The sum as a table", columns, 2);
	for (uint32_t i = 0; i < read->count; i += step) {
		html_markup(detail->html, "<tr>");
		page_cell_time(detail->html, read->points[i].time_ns);
		page_cell_number(detail->html, read->points[i].value);
		html_markup(detail->html, "</tr>\n");
	}
	page_table_close(detail->html);
	page_figure_close(detail->html);
}

/* A name as sent becomes text with dots; bytes stay what they are. */
static size_t name_text(const uint8_t *wire, unsigned length, char to[SKUA_DNS_NAME_MAX + 1])
{
	size_t written = 0;
	unsigned at = 0;

	while (at < length && wire[at] && at + 1u + wire[at] <= length) {
		if (at)
			to[written++] = '.';
		memcpy(to + written, wire + at + 1, wire[at]);
		written += wire[at];
		at += wire[at] + 1u;
	}
	return written;
}

static void write_names(const struct page_detail *detail, const struct page_names *names)
{
	unsigned count = names->fresh < PAGE_SAMPLES ? names->fresh : PAGE_SAMPLES;
	char number[TEXT_NUMBER];

	page_figure_open(detail->html, "Some of the names");
	html_markup(detail->html, "<ol class=\"names\">");
	for (unsigned i = 0; i < count; i++) {
		char text[SKUA_DNS_NAME_MAX + 1];
		size_t length = name_text(names->names[i], names->lengths[i], text);

		html_markup(detail->html, "<li>");
		html_bytes(detail->html, text, length);
		html_markup(detail->html, "</li>\n");
	}
	html_markup(detail->html, "</ol>\n");
	if (names->fresh > count)
		page_figure_note(detail->html, "The first four and four of the last, of %s.",
				 text_count(number, names->fresh));
	page_figure_close(detail->html);
}

int page_write_domain(const struct page_detail *detail)
{
	const struct page_names *names;
	struct series_read read;
	struct pair_key key;
	int err;

	if (!page_key_of(&detail->found->finding, &key)) {
		page_figure_note(detail->html,
				 "Its names share no registered domain: they are not drawn.");
		return 0;
	}
	err = series_read(&detail->page->series, &key, &read);
	if (err)
		return err;
	html_markup(detail->html, "<div class=\"pair\">\n");
	if (read.count)
		write_sum(detail, &read);
	names = table_find(&detail->page->names, &key);
	if (names && names->fresh)
		write_names(detail, names);
	html_markup(detail->html, "</div>\n");
	if (!read.count)
		page_figure_note(detail->html,
				 "Its queries were not seen, or gave way to others: not drawn.");
	free(read.points);
	return 0;
}
