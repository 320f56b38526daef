// SPDX-License-Identifier: BSD-2-Clause
/* Charts of a beacon: when it called and with how much, and how long it was silent between. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "base/text.h"
#include "page/page_keys.h"
#include "page/page_parts.h"

#define BINS 24
#define LOG_RATIO 50 /* sizes that differ by more are drawn on a logarithmic axis */

struct call {
	uint64_t time_ns;
	int64_t bytes; /* -1: not known */
};

struct calls {
	struct call *calls;
	uint32_t count;
	uint64_t seen;
};

/* An exchange is told when it opens, and again with its size; the same time is the same one. */
static int calls_read(const struct page *page, const struct finding *finding, struct calls *out)
{
	struct series_read read;
	struct pair_key key;
	uint32_t count = 0;
	struct call *calls;

	if (!page_key_of(finding, &key) || series_read(&page->series, &key, &read))
		return -ENOMEM;
	calls = calloc((size_t)read.count + 1, sizeof(*calls));
	for (uint32_t i = 0; calls && i < read.count; i++) {
		const struct series_point *point = &read.points[i];

		if (!point->what)
			calls[count++] = (struct call){ point->time_ns, -1 };
		else if (count && calls[count - 1].time_ns == point->time_ns)
			calls[count - 1].bytes = point->value;
	}
	free(read.points);
	/* Of a series that gave way and came back, the beginning is missing. */
	if (read.seen && read.seen < finding->beacon.exchanges)
		read.seen = finding->beacon.exchanges;
	*out = (struct calls){ calls, count, read.seen };
	return calls ? 0 : -ENOMEM;
}

static void scale_bytes(struct svg_chart *chart, const struct calls *calls)
{
	double least = INFINITY, most = 1;

	for (uint32_t i = 0; i < calls->count; i++) {
		if (calls->calls[i].bytes > most)
			most = calls->calls[i].bytes;
		if (calls->calls[i].bytes > 0 && calls->calls[i].bytes < least)
			least = calls->calls[i].bytes;
	}
	chart->to_y = most * 1.08;
	chart->log_y = most > least * LOG_RATIO;
	chart->from_y = chart->log_y ? least / 1.5 : 0;
}

static uint32_t count_drawn(const struct calls *calls)
{
	return calls->count < PAGE_POINTS ? calls->count : PAGE_POINTS;
}

static void draw_calls(const struct svg_chart *chart, const struct calls *calls, bool known)
{
	uint32_t drawn = count_drawn(calls);

	svg_path_begin(chart, known ? "dots" : "dots unknown");
	for (uint32_t i = 0; i < drawn; i++) {
		const struct call *call = &calls->calls[(uint64_t)i * calls->count / drawn];

		if ((call->bytes >= 0) == known)
			svg_path_dot(chart, call->time_ns / 1e9, known ? call->bytes : 0);
	}
	svg_path_end(chart);
}

static void write_calls(struct html *html, const struct calls *calls)
{
	static const char *const columns[] = { "Time (UTC)", "Bytes sent" };
	uint32_t step = calls->count / 200 + 1;

	page_table_open(html, step > 1 ? "Some of the calls as a table" : "Calls as a table",
			columns, 2);
	for (uint32_t i = 0; i < calls->count; i += step) {
		html_markup(html, "<tr>");
		page_cell_time(html, calls->calls[i].time_ns);
		if (calls->calls[i].bytes >= 0)
			page_cell_number(html, calls->calls[i].bytes);
		else
			page_cell_text(html, "not known");
		html_markup(html, "</tr>\n");
	}
	page_table_close(html);
}

static void write_strip(const struct page_detail *detail, const struct calls *calls)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(detail->html, PAGE_WIDE, PAGE_HIGH);
	uint32_t drawn = count_drawn(calls);
	char seen[TEXT_NUMBER], left[TEXT_NUMBER], about[160];

	page_figure_open(detail->html, "Calls: time and bytes sent");
	chart.from_x = calls->calls[0].time_ns / 1e9;
	chart.to_x = calls->calls[calls->count - 1].time_ns / 1e9;
	chart.to_x += chart.to_x > chart.from_x ? 0 : 1;
	scale_bytes(&chart, calls);
	snprintf(about, sizeof(about), "A dot for each of %s calls; how far up: bytes sent.",
		 text_count(seen, calls->seen));
	svg_chart_open(&chart, "strip", detail->number, "Arrivals over time", about);
	svg_axis_y(&chart, SVG_BYTES);
	svg_axis_time(&chart);
	draw_calls(&chart, calls, true);
	draw_calls(&chart, calls, false);
	svg_chart_close(&chart);
	if (calls->seen > drawn)
		page_figure_note(detail->html, "%s calls; %s are left out of the picture.", seen,
				 text_count(left, calls->seen - drawn));
	else
		page_figure_note(detail->html, "%s calls, all drawn.%s", seen,
				 chart.log_y ? " The upright axis is logarithmic." : "");
	write_calls(detail->html, calls);
	page_figure_close(detail->html);
}

/* Gaps by length: of all calls, or if some were left out, as they were when it was judged. */
struct gaps {
	double from_s, to_s; /* of the axis; what lies beyond is in the bin at that end */
	double counts[BINS];
	double total;
	bool judged;
};

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static void count_gap(struct gaps *gaps, double gap_s, double count)
{
	double at = (gap_s - gaps->from_s) / (gaps->to_s - gaps->from_s) * BINS;
	unsigned bin = at < 0 ? 0 : at < BINS ? at : BINS - 1;

	gaps->counts[bin] += count;
	gaps->total += count;
}

/* Rounded to half a step of the axis.  Where all gaps are alike, it begins near the shortest. */
static void scale_gaps(struct gaps *gaps, double shortest_s, double longest_s)
{
	double from_s = shortest_s > longest_s / 2 ? shortest_s * 0.95 : 0;
	double step = svg_nice_step((longest_s - from_s) * 1.02, 5) / 2;

	gaps->from_s = floor(from_s / step) * step;
	gaps->to_s = ceil(longest_s * 1.02 / step) * step;
	if (gaps->to_s <= gaps->from_s)
		gaps->to_s = gaps->from_s + 1;
}

/* All but the shortest and longest two percent are told apart. */
static int gaps_of_calls(const struct calls *calls, struct gaps *gaps)
{
	uint32_t count = calls->count - 1;
	double *sorted = calloc(calls->count, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (calls->calls[i + 1].time_ns - calls->calls[i].time_ns) / 1e9;
	qsort(sorted, count, sizeof(*sorted), by_value);
	scale_gaps(gaps, sorted[count / 50], sorted[count - 1 - count / 50]);
	for (uint32_t i = 0; i < count; i++)
		count_gap(gaps, sorted[i], 1);
	free(sorted);
	return 0;
}

static void gaps_of_judgement(const struct derivation_beacon *beacon, struct gaps *gaps)
{
	gaps->judged = true;
	for (unsigned i = 0; i < beacon->bin_count; i++)
		if (beacon->bins[i].to_s > gaps->to_s)
			gaps->to_s = beacon->bins[i].to_s;
	for (unsigned i = 0; i < beacon->bin_count; i++)
		count_gap(gaps, (beacon->bins[i].from_s + beacon->bins[i].to_s) / 2,
			  beacon->bins[i].count);
}

static void draw_gaps(const struct page_detail *detail, const struct gaps *gaps)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(detail->html, PAGE_NARROW, PAGE_HIGH);
	double width = (gaps->to_s - gaps->from_s) / BINS;

	chart.from_x = gaps->from_s;
	chart.to_x = gaps->to_s;
	for (unsigned i = 0; i < BINS; i++)
		if (gaps->counts[i] > chart.to_y)
			chart.to_y = gaps->counts[i];
	svg_chart_open(&chart, "gaps", detail->number, "Histogram of gaps",
		       "How often which time passed between two calls; the table has the numbers.");
	svg_axis_y(&chart, SVG_COUNT);
	svg_axis_x(&chart, SVG_SECONDS);
	for (unsigned i = 0; i < BINS; i++) {
		char tip[96];
		double from_s = gaps->from_s + width * i;
		struct svg_bar bar = { from_s, from_s + width, 0, gaps->counts[i], "s1", tip };

		snprintf(tip, sizeof(tip), "%.2f to %.2f s: %.0f", from_s, from_s + width,
			 gaps->counts[i]);
		svg_bar(&chart, &bar);
	}
	svg_chart_close(&chart);
}

static void write_gaps(const struct page_detail *detail, const struct gaps *gaps)
{
	static const char *const columns[] = { "From (s)", "To (s)", "Gaps" };
	double width = (gaps->to_s - gaps->from_s) / BINS;
	char text[TEXT_NUMBER];

	page_figure_open(detail->html, "Gaps between calls");
	draw_gaps(detail, gaps);
	page_figure_note(detail->html, "%s gaps%s; the last bar has all longer ones%s.",
			 text_count(text, gaps->total),
			 gaps->judged ? " as of its last judgement" : "",
			 gaps->from_s > 0 ? ", the first all shorter ones" : "");
	page_table_open(detail->html, "Gaps as a table", columns, 3);
	for (unsigned i = 0; i < BINS; i++) {
		if (!gaps->counts[i])
			continue;
		html_markup(detail->html, "<tr><td class=\"n\">%.2f</td><td class=\"n\">%.2f</td>",
			    gaps->from_s + width * i, gaps->from_s + width * (i + 1));
		page_cell_number(detail->html, gaps->counts[i]);
		html_markup(detail->html, "</tr>\n");
	}
	page_table_close(detail->html);
	page_figure_close(detail->html);
}

int page_write_beacon(const struct page_detail *detail)
{
	const struct derivation *derivation = detail->found->derivation;
	struct calls calls = { 0 };
	struct gaps gaps = { 0 };
	int err = calls_read(detail->page, &detail->found->finding, &calls);

	if (!err && calls.count) {
		html_markup(detail->html, "<div class=\"pair\">\n");
		write_strip(detail, &calls);
		if (calls.count > 1 && calls.count == calls.seen)
			err = gaps_of_calls(&calls, &gaps);
		else if (derivation)
			gaps_of_judgement(&derivation->beacon, &gaps);
		if (gaps.total > 0)
			write_gaps(detail, &gaps);
		html_markup(detail->html, "</div>\n");
	} else {
		page_figure_note(detail->html, "Its calls gave way to others and are not drawn.");
	}
	free(calls.calls);
	return err;
}
