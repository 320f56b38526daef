// SPDX-License-Identifier: BSD-2-Clause
/* Frames, scales and marks of charts as SVG. */
#include <math.h>
#include "report/svg_chart.h"

#define BAR_LEAST 1.0 /* units: less is not seen */

static double share(double value, double from, double to)
{
	double at = to > from ? (value - from) / (to - from) : 0;

	return at < 0 ? 0 : at > 1 ? 1 : at;
}

double svg_chart_x(const struct svg_chart *chart, double value)
{
	double room = chart->width - chart->left - chart->right;

	return chart->left + room * share(value, chart->from_x, chart->to_x);
}

double svg_chart_y(const struct svg_chart *chart, double value)
{
	double room = chart->height - chart->top - chart->bottom;
	double from = chart->from_y, to = chart->to_y;

	if (chart->log_y) {
		value = log(value > from ? value : from);
		from = log(from);
		to = log(to);
	}
	return chart->height - chart->bottom - room * share(value, from, to);
}

void svg_chart_open(struct svg_chart *chart, const char *name, unsigned number, const char *title,
		    const char *about)
{
	struct html *html = chart->html;

	html_markup(html,
		    "<svg class=\"chart\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
		    "aria-labelledby=\"%s-%u-t %s-%u-d\">\n<title id=\"%s-%u-t\">",
		    chart->width, chart->height, name, number, name, number, name, number);
	html_text(html, title);
	html_markup(html, "</title><desc id=\"%s-%u-d\">", name, number);
	html_text(html, about);
	html_markup(html, "</desc>\n");
}

void svg_chart_close(struct svg_chart *chart)
{
	html_markup(chart->html, "</svg>\n");
}

void svg_bar(const struct svg_chart *chart, const struct svg_bar *bar)
{
	double x = svg_chart_x(chart, bar->from_x), y = svg_chart_y(chart, bar->to_y);
	double width = svg_chart_x(chart, bar->to_x) - x;
	double height = svg_chart_y(chart, bar->from_y) - y;

	if (bar->to_y <= bar->from_y)
		return;
	/* A seam between neighbours, where there is room for one. */
	width = width > 4 ? width - 1 : width < BAR_LEAST ? BAR_LEAST : width;
	if (height < BAR_LEAST) {
		y -= BAR_LEAST - height;
		height = BAR_LEAST;
	}
	html_markup(chart->html,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
		    bar->class, x, y, width, height);
	if (!bar->tip) {
		html_markup(chart->html, "/>");
		return;
	}
	html_markup(chart->html, "><title>");
	html_text(chart->html, bar->tip);
	html_markup(chart->html, "</title></rect>");
}

void svg_path_begin(const struct svg_chart *chart, const char *class)
{
	html_markup(chart->html, "<path class=\"%s\" d=\"", class);
}

void svg_path_dot(const struct svg_chart *chart, double x, double y)
{
	html_markup(chart->html, "M%.1f %.1fh0", svg_chart_x(chart, x), svg_chart_y(chart, y));
}

void svg_path_line(const struct svg_chart *chart, double x, double y, bool first)
{
	html_markup(chart->html, "%c%.1f %.1f", first ? 'M' : 'L', svg_chart_x(chart, x),
		    svg_chart_y(chart, y));
}

void svg_path_cell(const struct svg_chart *chart, const struct svg_cell *cell)
{
	double width = (chart->width - chart->left - chart->right) / cell->columns;
	double height = (chart->height - chart->top - chart->bottom) / cell->rows;
	double seam_x = width > 6 ? 1 : 0, seam_y = height > 6 ? 1 : 0;

	html_markup(chart->html, "M%.1f %.1fh%.1fv%.1fh-%.1fz", chart->left + width * cell->column,
		    chart->top + height * cell->row, width - seam_x, height - seam_y,
		    width - seam_x);
}

void svg_path_end(const struct svg_chart *chart)
{
	html_markup(chart->html, "\"/>\n");
}
