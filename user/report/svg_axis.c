// SPDX-License-Identifier: BSD-2-Clause
/* Axes of charts: where labels stand, and what they say. */
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "report/svg_chart.h"

#define DAY_S 86400.0
#define LABEL_UNITS 78 /* of the picture that a label below needs */
#define LABEL_TEXT 48

double svg_nice_step(double span, unsigned most)
{
	double power, least = span / (most ? most : 1);

	if (!(span > 0))
		return 1;
	power = pow(10, floor(log10(least)));
	for (unsigned i = 0; i < 3; i++) {
		static const double steps[] = { 1, 2, 5 };

		if (steps[i] * power >= least * (1 - 1e-9))
			return steps[i] * power;
	}
	return 10 * power;
}

double svg_time_step(double span_s, unsigned most)
{
	static const double steps[] = { 1,     2,     5,     10,    15,        30,       60,
					120,   300,   600,   900,   1800,      3600,     7200,
					10800, 21600, 43200, DAY_S, 2 * DAY_S, 7 * DAY_S };

	if (span_s / (most ? most : 1) < 1)
		return svg_nice_step(span_s, most);
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span_s / steps[i] <= most)
			return steps[i];
	return DAY_S * svg_nice_step(span_s / DAY_S, most);
}

void svg_label(const struct svg_chart *chart, double x, double y, const char *class,
	       const char *text)
{
	html_markup(chart->html, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, y);
	html_text(chart->html, text);
	html_markup(chart->html, "</text>");
}

static void draw_frame(const struct svg_chart *chart)
{
	html_markup(chart->html, "<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>", chart->left,
		    chart->height - chart->bottom, chart->width - chart->right);
}

static void label_below(const struct svg_chart *chart, double value, const char *text)
{
	double x = svg_chart_x(chart, value), y = chart->height - chart->bottom;

	html_markup(chart->html, "<path class=\"axis\" d=\"M%.1f %.1fv4\"/>", x, y);
	svg_label(chart, x, y + 17, "tick mid", text);
}

/* "08:00", "08:00:30", "Jan 05" at midnight; below a second with decimals. */
static void time_label(char text[LABEL_TEXT], double time_s, double step_s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char full[TIME_TEXT];
	unsigned month;

	time_format(full, (uint64_t)(time_s * 1e3 + 0.5) * 1000000);
	month = (full[5] - '0') * 10 + full[6] - '0' - 1;
	if (step_s >= DAY_S || (!strncmp(full + 11, "00:00:00", 8) && step_s >= 60))
		snprintf(text, LABEL_TEXT, "%.3s %.2s", months + 3 * (month < 12 ? month : 0),
			 full + 8);
	else if (step_s >= 60)
		snprintf(text, LABEL_TEXT, "%.5s", full + 11);
	else
		snprintf(text, LABEL_TEXT, "%.*s", step_s >= 1 ? 8 : 12, full + 11);
}

static unsigned labels_below(const struct svg_chart *chart)
{
	double room = (chart->width - chart->left - chart->right) / LABEL_UNITS;

	return room < 2 ? 2 : room;
}

void svg_axis_time(const struct svg_chart *chart)
{
	unsigned most = labels_below(chart);
	double step = svg_time_step(chart->to_x - chart->from_x, most);
	double first = ceil(chart->from_x / step);

	draw_frame(chart);
	/* Beyond 2^53 steps a double no longer counts them. */
	for (unsigned i = 0; i <= most && (first + i) * step <= chart->to_x; i++) {
		char text[LABEL_TEXT];

		time_label(text, (first + i) * step, step);
		label_below(chart, (first + i) * step, text);
	}
}

static const char *unit_label(char text[TEXT_NUMBER], double value, enum svg_unit unit)
{
	if (unit == SVG_BYTES)
		return text_bytes(text, value + 0.5);
	if (unit == SVG_SECONDS)
		return text_duration(text, value);
	if (value != floor(value))
		return text_fixed(text, value, 1);
	return text_count(text, value + 0.5);
}

/* Seconds, unless every label is a whole minute: "2 min" would be said of several. */
static void seconds_label(char text[LABEL_TEXT], double value, double step)
{
	char number[TEXT_NUMBER];
	unsigned decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;

	if (step >= 60)
		snprintf(text, LABEL_TEXT, "%s", text_duration(number, value));
	else
		snprintf(text, LABEL_TEXT, "%s s", text_fixed(number, value, decimals));
}

void svg_axis_x(const struct svg_chart *chart, enum svg_unit unit)
{
	double span = chart->to_x - chart->from_x;
	unsigned most = labels_below(chart);
	double step = unit == SVG_SECONDS && span >= 5 ? svg_time_step(span, most)
						       : svg_nice_step(span, most);
	double first = ceil(chart->from_x / step);

	draw_frame(chart);
	for (unsigned i = 0; i <= most && (first + i) * step <= chart->to_x; i++) {
		char text[LABEL_TEXT];
		double value = (first + i) * step;

		if (unit == SVG_SECONDS)
			seconds_label(text, value, step);
		else
			unit_label(text, value, unit);
		label_below(chart, value, text);
	}
}

static void label_left(const struct svg_chart *chart, double value, enum svg_unit unit)
{
	double y = svg_chart_y(chart, value);
	char text[TEXT_NUMBER];

	html_markup(chart->html, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", chart->left, y,
		    chart->width - chart->right);
	svg_label(chart, chart->left - 6, y + 4, "tick end", unit_label(text, value, unit));
}

void svg_axis_y(const struct svg_chart *chart, enum svg_unit unit)
{
	double step;

	if (chart->log_y) {
		for (double at = pow(10, ceil(log10(chart->from_y))); at <= chart->to_y; at *= 10)
			label_left(chart, at, unit);
		return;
	}
	step = svg_nice_step(chart->to_y - chart->from_y, 4);
	if (unit != SVG_SECONDS && step < 1)
		step = 1;
	for (double n = ceil(chart->from_y / step); n * step <= chart->to_y * (1 + 1e-9); n++)
		label_left(chart, n * step, unit);
}
