/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Charts as SVG inside a page: a frame with two linear axes (the upright one
 * may be logarithmic), and marks on it.  Colours are classes, so that the
 * page's style decides them.  Numbers have one decimal: the same input gives
 * the same bytes.  A time axis counts seconds since the epoch, as double.
 */
#ifndef SKUA_REPORT_SVG_CHART_H
#define SKUA_REPORT_SVG_CHART_H

#include <stdbool.h>
#include <stdint.h>
#include "report/html_writer.h"

struct svg_chart {
	struct html *html;
	double width, height;            /* of the whole */
	double left, right, top, bottom; /* margins */
	double from_x, to_x, from_y, to_y;
	bool log_y; /* from_y > 0 */
};

#define SVG_CHART_DEFAULT(page, wide, high)                                                        \
	{                                                                                          \
		.html = (page), .width = (wide), .height = (high), .left = 58, .right = 26,        \
		.top = 10, .bottom = 30                                                            \
	}

/* name: unique in the page, constant; number makes it so.  title and about are text. */
void svg_chart_open(struct svg_chart *chart, const char *name, unsigned number, const char *title,
		    const char *about);
void svg_chart_close(struct svg_chart *chart);
/* Where a value lies; beyond the axes: on their end. */
double svg_chart_x(const struct svg_chart *chart, double value);
double svg_chart_y(const struct svg_chart *chart, double value);

/* Labels of an axis. */
enum svg_unit { SVG_BYTES, SVG_COUNT, SVG_SECONDS };
void svg_axis_time(const struct svg_chart *chart);
void svg_axis_x(const struct svg_chart *chart, enum svg_unit unit);
void svg_axis_y(const struct svg_chart *chart, enum svg_unit unit);
/* A label below or left of the frame, at these units of the picture. */
void svg_label(const struct svg_chart *chart, double x, double y, const char *class,
	       const char *text);

/* A bar between values, at least as wide as can be seen; tip: text, or NULL. */
struct svg_bar {
	double from_x, to_x, from_y, to_y;
	const char *class;
	const char *tip;
};
void svg_bar(const struct svg_chart *chart, const struct svg_bar *bar);
/* One path for many marks of a class: begin, then marks, then end. */
void svg_path_begin(const struct svg_chart *chart, const char *class);
void svg_path_dot(const struct svg_chart *chart, double x, double y);
void svg_path_line(const struct svg_chart *chart, double x, double y, bool first);
/* A cell of a grid of so many columns and rows that fills the frame. */
struct svg_cell {
	unsigned column, columns, row, rows;
};
void svg_path_cell(const struct svg_chart *chart, const struct svg_cell *cell);
void svg_path_end(const struct svg_chart *chart);

/* A step of 1, 2 or 5 times a power of ten, of which at most so many fit into span. */
double svg_nice_step(double span, unsigned most);
/* Seconds between labels of a time axis of this span, at most so many of them. */
double svg_time_step(double span_s, unsigned most);

#endif /* SKUA_REPORT_SVG_CHART_H */
