// SPDX-License-Identifier: BSD-2-Clause
/* Charts of a scan: whom it tried where, and how attempts ended over time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/contact.h"
#include "base/text.h"
#include "page/page_keys.h"
#include "page/page_parts.h"
#include "page/scan_grid.h"

#define LEVELS 5
#define TIME_BINS 40
#define LABEL_HIGH 13 /* units of the picture that a label of a row needs */
#define LABEL 110
#define ANSWER_WITHIN_NS (5 * SKUA_SECOND_NS) /* as of any attempt */

enum ended { ENDED_ANSWERED, ENDED_REFUSED, ENDED_SILENT, ENDED_OTHER, ENDED_KINDS };

static enum ended ended_of(uint8_t outcome)
{
	switch (outcome) {
	case SKUA_ANSWERED:
		return ENDED_ANSWERED;
	case SKUA_REFUSED:
	case SKUA_UNREACHABLE:
		return ENDED_REFUSED;
	case SKUA_UNANSWERED:
		return ENDED_SILENT;
	default:
		return ENDED_OTHER;
	}
}

static const char *const ended_classes[ENDED_KINDS] = { "s2", "s1", "s4", "s3" };
static const char *const ended_names[ENDED_KINDS] = { "answered", "refused or unreachable",
						      "silent", "half-open, empty or odd" };
static const char *const axis_names[] = { "target", "port", "time" };

static void point_label(char text[ADDRESS_TEXT], const struct series_point *point,
			enum grid_axis axis)
{
	char at[PAGE_TIME];

	if (axis == GRID_TARGET)
		address_format(&point->other, text);
	else if (axis == GRID_PORT)
		snprintf(text, ADDRESS_TEXT, "%u", point->port);
	else
		snprintf(text, ADDRESS_TEXT, "%s", page_time(at, point->time_ns));
}

static void band_label(char text[LABEL], const struct grid_band *band, enum grid_axis axis)
{
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];

	text[0] = '\0';
	if (!band->from)
		return;
	point_label(from, band->from, axis);
	point_label(to, band->to, axis);
	if (!strcmp(from, to) || axis == GRID_TIME)
		snprintf(text, LABEL, "%s", from);
	else
		snprintf(text, LABEL, "%s \u2013 %s", from, to);
}

static void label_rows(const struct svg_chart *chart, const struct scan_grid *grid)
{
	double high = (chart->height - chart->top - chart->bottom) / grid->rows;
	unsigned step = high >= LABEL_HIGH ? 1 : LABEL_HIGH / high + 1;

	for (unsigned row = 0; row < grid->rows; row += step) {
		char text[ADDRESS_TEXT];

		if (!grid->row[row].from)
			continue;
		point_label(text, grid->row[row].from, grid->rows_are);
		svg_label(chart, chart->left - 6, chart->top + high * (row + 0.5) + 4, "tick end",
			  text);
	}
}

static void label_columns(struct svg_chart *chart, const struct scan_grid *grid)
{
	double wide = (chart->width - chart->left - chart->right) / grid->columns;
	unsigned step = wide >= 40 ? 1 : 40 / wide + 1;

	if (grid->columns_are == GRID_TIME) {
		chart->from_x = grid->first_ns / 1e9;
		chart->to_x = (grid->last_ns + 1) / 1e9;
		svg_axis_time(chart);
		return;
	}
	for (unsigned column = 0; column < grid->columns; column += step) {
		char text[ADDRESS_TEXT];

		if (!grid->column[column].from)
			continue;
		point_label(text, grid->column[column].from, grid->columns_are);
		svg_label(chart, chart->left + wide * (column + 0.5),
			  chart->height - chart->bottom + 16, "tick mid", text);
	}
}

/* Shades that are used: one for each number of attempts, if there are few; LEVELS / 2: the only. */
static unsigned level_of(uint32_t count, uint32_t most)
{
	return most > 1 ? (uint64_t)(count - 1) * (LEVELS - 1) / (most - 1) : LEVELS / 2;
}

static bool is_used(const struct scan_grid *grid, unsigned level)
{
	for (uint32_t count = 1; count <= grid->most && count <= LEVELS; count++)
		if (level_of(count, grid->most) == level)
			return true;
	return grid->most > LEVELS;
}

static void write_ramp(struct html *html, const struct scan_grid *grid)
{
	html_markup(html, "<p class=\"legend\"><span>1 attempt</span> <span class=\"ramp\">");
	for (unsigned level = 0; level < LEVELS; level++)
		if (is_used(grid, level))
			html_markup(html, "<i class=\"h%u\"></i>", level + 1);
	html_markup(html, "</span> ");
	if (grid->most > 1)
		html_markup(html, "<span>%u in a cell</span>", grid->most);
	html_markup(html, "</p>\n");
}

static void draw_cells(const struct svg_chart *chart, const struct scan_grid *grid)
{
	for (unsigned level = 0; level < LEVELS; level++) {
		char class[8];

		snprintf(class, sizeof(class), "h%u", level + 1);
		svg_path_begin(chart, class);
		for (unsigned row = 0; row < grid->rows; row++)
			for (unsigned column = 0; column < grid->columns; column++) {
				const struct svg_cell cell = { column, grid->columns, row,
							       grid->rows };

				if (grid->cells[row][column] &&
				    level_of(grid->cells[row][column], grid->most) == level)
					svg_path_cell(chart, &cell);
			}
		svg_path_end(chart);
	}
}

static void draw_grid(const struct page_detail *detail, const struct scan_grid *grid)
{
	double rows_high = grid->rows * 16.0 + 40;
	double high = rows_high < 120 ? 120 : rows_high > 350 ? 350 : rows_high;
	struct svg_chart chart = SVG_CHART_DEFAULT(detail->html, PAGE_WIDE, high);
	char about[160];

	chart.left = grid->rows_are == GRID_TARGET ? 130 : 58;
	for (unsigned row = 0; row < grid->rows; row++)
		if (grid->rows_are == GRID_TARGET && grid->row[row].from &&
		    !address_is_ipv4(&grid->row[row].from->other))
			chart.left = 210;
	snprintf(about, sizeof(about), "Rows: %ss; columns: %s. The darker, the more attempts.",
		 axis_names[grid->rows_are], axis_names[grid->columns_are]);
	svg_chart_open(&chart, "map", detail->number, "Heat map of attempts", about);
	label_rows(&chart, grid);
	label_columns(&chart, grid);
	draw_cells(&chart, grid);
	svg_chart_close(&chart);
}

/* Row by row: how many, and how many columns they fell into. */
static void write_rows(struct html *html, const struct scan_grid *grid)
{
	static const char *const names[][3] = { { "Target", "Distinct targets", "Attempts" },
						{ "Port", "Distinct ports", "Attempts" } };

	page_table_open(html, "The heat map's rows as a table", names[grid->rows_are], 3);
	for (unsigned row = 0; row < grid->rows; row++) {
		char text[LABEL];
		uint64_t attempts = 0;

		for (unsigned column = 0; column < grid->columns; column++)
			attempts += grid->cells[row][column];
		band_label(text, &grid->row[row], grid->rows_are);
		html_markup(html, "<tr>");
		page_cell_text(html, text);
		page_cell_number(html, grid->row[row].values);
		page_cell_number(html, attempts);
		html_markup(html, "</tr>\n");
	}
	page_table_close(html);
}

static void write_grid(const struct page_detail *detail, const struct series_read *read,
		       const struct scan_grid *grid)
{
	char title[64], targets[TEXT_NUMBER], ports[TEXT_NUMBER], left[TEXT_NUMBER];
	bool has_ports = detail->found->finding.scan.ports > 0;

	snprintf(title, sizeof(title), "Attempts by %s and %s", axis_names[grid->rows_are],
		 axis_names[grid->columns_are]);
	page_figure_open(detail->html, title);
	write_ramp(detail->html, grid);
	draw_grid(detail, grid);
	page_figure_note(detail->html, "%s distinct target%s%s%s%s.%s",
			 text_count(targets, grid->targets), grid->targets == 1 ? "" : "s",
			 has_ports ? ", " : "", has_ports ? text_count(ports, grid->ports) : "",
			 !has_ports         ? ""
			 : grid->ports == 1 ? " port"
					    : " distinct ports",
			 detail->found->finding.scan.overflow
				 ? " It was too fast to list every attempt: those beyond were only "
				   "counted."
				 : "");
	if (read->seen > read->count)
		page_figure_note(detail->html, "%s attempts are left out of the picture.",
				 text_count(left, read->seen - read->count));
	write_rows(detail->html, grid);
	page_figure_close(detail->html);
}

static void draw_time(const struct page_detail *detail, uint32_t bins[TIME_BINS][ENDED_KINDS],
		      const struct scan_grid *grid)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(detail->html, PAGE_NARROW, PAGE_HIGH);
	double from_s = grid->first_ns / 1e9, bin_s;

	chart.from_x = from_s;
	chart.to_x = (grid->last_ns + 1) / 1e9;
	bin_s = (chart.to_x - chart.from_x) / TIME_BINS;
	for (unsigned i = 0; i < TIME_BINS; i++) {
		double sum = 0;

		for (int k = 0; k < ENDED_KINDS; k++)
			sum += bins[i][k];
		chart.to_y = sum > chart.to_y ? sum : chart.to_y;
	}
	svg_chart_open(&chart, "when", detail->number, "Attempts over time",
		       "Stacked bars by how attempts ended; the table has the numbers.");
	svg_axis_y(&chart, SVG_COUNT);
	svg_axis_time(&chart);
	for (unsigned i = 0; i < TIME_BINS; i++) {
		double below = 0;

		for (int k = 0; k < ENDED_KINDS; k++) {
			char tip[96];
			struct svg_bar bar = { from_s + bin_s * i, from_s + bin_s * (i + 1), below,
					       below + bins[i][k], ended_classes[k],         tip };

			snprintf(tip, sizeof(tip), "%u %s", bins[i][k], ended_names[k]);
			svg_bar(&chart, &bar);
			below = bar.to_y;
		}
	}
	svg_chart_close(&chart);
}

static void write_time(const struct page_detail *detail, const struct series_read *read,
		       const struct scan_grid *grid)
{
	static const char *const columns[] = { "How it ended", "Attempts" };
	uint32_t bins[TIME_BINS][ENDED_KINDS] = { 0 };
	uint64_t sums[ENDED_KINDS] = { 0 };
	double span_ns = grid->last_ns - grid->first_ns + 1.0;

	for (uint32_t i = 0; i < read->count; i++) {
		const struct series_point *point = &read->points[i];
		unsigned bin = (point->time_ns - grid->first_ns) / span_ns * TIME_BINS;
		enum ended ended = ended_of(point->what);

		bins[bin < TIME_BINS ? bin : TIME_BINS - 1][ended]++;
		sums[ended]++;
	}
	page_figure_open(detail->html, "Attempts over time");
	html_markup(detail->html, "<p class=\"legend\">");
	for (int k = 0; k < ENDED_KINDS; k++)
		if (sums[k])
			html_markup(detail->html, "<span><i class=\"%s\"></i>%s</span> ",
				    ended_classes[k], ended_names[k]);
	html_markup(detail->html, "</p>\n");
	draw_time(detail, bins, grid);
	page_table_open(detail->html, "How attempts ended as a table", columns, 2);
	for (int k = 0; k < ENDED_KINDS; k++) {
		html_markup(detail->html, "<tr>");
		page_cell_text(detail->html, ended_names[k]);
		page_cell_number(detail->html, sums[k]);
		html_markup(detail->html, "</tr>\n");
	}
	page_table_close(detail->html);
	page_figure_close(detail->html);
}

/*
 * Neighbours are asked, and answer: of answers only those are kept in mind that come soon after
 * their question, as its outcome.
 */
static void match_answers(struct series_read *read)
{
	uint32_t asked = 0;

	for (uint32_t i = 0; i < read->count; i++) {
		const struct series_point point = read->points[i];

		if (point.what != SKUA_ANSWERED) {
			read->points[asked++] = point;
			continue;
		}
		for (uint32_t k = asked; k--;) {
			struct series_point *question = &read->points[k];

			if (point.time_ns - question->time_ns > ANSWER_WITHIN_NS)
				break;
			if (address_equal(&question->other, &point.other))
				question->what = SKUA_ANSWERED;
		}
	}
	read->count = asked;
}

int page_write_scan(const struct page_detail *detail)
{
	struct series_read read = { 0 };
	struct scan_grid *grid = NULL;
	struct pair_key key = { 0 };
	int err = 0;

	if (page_key_of(&detail->found->finding, &key))
		err = series_read(&detail->page->series, &key, &read);
	if (!err && key.port) /* neighbours */
		match_answers(&read);
	if (err || !read.count) {
		page_figure_note(detail->html, "Its attempts were not listed one by one: nothing "
					       "is drawn of it.");
		goto out;
	}
	grid = malloc(sizeof(*grid));
	err = grid ? scan_grid_fill(grid, read.points, read.count) : -ENOMEM;
	if (err)
		goto out;
	html_markup(detail->html, "<div class=\"pair\">\n");
	write_grid(detail, &read, grid);
	write_time(detail, &read, grid);
	html_markup(detail->html, "</div>\n");
out:
	free(grid);
	free(read.points);
	return err;
}
