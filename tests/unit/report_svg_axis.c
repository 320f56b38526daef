// SPDX-License-Identifier: BSD-2-Clause
/* Axes of charts: how far apart labels stand, where they begin and end, and what they say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/svg_chart.h"
#include "tap.h"

#define DAY 86400.0

static bool is(double a, double b)
{
	if (fabs(a - b) > 1e-9 * b)
		printf("# %g\n", a);
	return fabs(a - b) <= 1e-9 * b;
}

static void test_nice(void)
{
	ok(is(svg_nice_step(10, 10), 1) && is(svg_nice_step(10.1, 10), 2) &&
		   is(svg_nice_step(20, 10), 2) && is(svg_nice_step(20.1, 10), 5) &&
		   is(svg_nice_step(50, 10), 5) && is(svg_nice_step(50.1, 10), 10),
	   "steps are 1, 2 or 5 times a power of ten, the least that is enough");
	ok(is(svg_nice_step(0.3, 3), 0.1) && is(svg_nice_step(3e9, 3), 1e9), "of any size");
	ok(is(svg_nice_step(0, 10), 1) && is(svg_nice_step(-5, 10), 1) &&
		   is(svg_nice_step(NAN, 10), 1),
	   "where there is nothing a step is 1");
	ok(is(svg_nice_step(7, 0), 10), "without a number of labels there is one");
}

static void test_time(void)
{
	static const double steps[] = { 1,     2,     5,     10,  15,      30,     60,
					120,   300,   600,   900, 1800,    3600,   7200,
					10800, 21600, 43200, DAY, 2 * DAY, 7 * DAY };
	unsigned count = sizeof(steps) / sizeof(steps[0]);
	bool at = true, beyond = true;

	for (unsigned i = 0; i < count; i++) {
		at &= is(svg_time_step(10 * steps[i], 10), steps[i]);
		if (i + 1 < count)
			beyond &= is(svg_time_step(10 * steps[i] + 1, 10), steps[i + 1]);
	}
	ok(at && beyond, "steps of time are those of a clock, the least that is enough");
	ok(is(svg_time_step(71 * DAY, 10), 10 * DAY) && is(svg_time_step(700 * DAY, 10), 100 * DAY),
	   "beyond a week they are days");
	ok(is(svg_time_step(9, 10), 1) && is(svg_time_step(5, 10), 0.5) &&
		   is(svg_time_step(0.9, 0), 1),
	   "below a second they are parts of it");
}

static char *made;
static struct html page;
static struct svg_chart chart;
static char labels[512];

static void begin(double from, double to)
{
	static size_t length;

	free(made);
	page.stream = open_memstream(&made, &length);
	if (!page.stream)
		abort();
	chart = (struct svg_chart)SVG_CHART_DEFAULT(&page, 720, 210);
	chart.from_x = from;
	chart.to_x = to;
}

/* The texts of all labels, with bars between. */
static bool end(const char *wanted)
{
	fclose(page.stream);
	labels[0] = '\0';
	for (char *at = made; (at = strstr(at, "<text")); at++) {
		char *text = strchr(at, '>') + 1;

		snprintf(labels + strlen(labels), sizeof(labels) - strlen(labels), "%s%.*s",
			 labels[0] ? "|" : "", (int)strcspn(text, "<"), text);
	}
	if (strcmp(labels, wanted))
		printf("# %s\n", labels);
	return !strcmp(labels, wanted);
}

static bool times_are(double from, double to, const char *wanted)
{
	begin(from, to);
	svg_axis_time(&chart);
	return end(wanted);
}

/* 2026-11-21T00:00:00Z */
#define MIDNIGHT 1795219200.0

static void test_time_labels(void)
{
	ok(times_are(MIDNIGHT - 3600, MIDNIGHT + 7200,
		     "23:00|23:30|Nov 21|00:30|01:00|01:30|02:00"),
	   "minutes; midnight is a day");
	ok(times_are(MIDNIGHT - 1, MIDNIGHT + 4,
		     "23:59:59|00:00:00|00:00:01|00:00:02|00:00:03|00:00:04"),
	   "seconds, of midnight as well");
	ok(times_are(MIDNIGHT, MIDNIGHT + 1,
		     "00:00:00.000|00:00:00.200|00:00:00.400|00:00:00.600|"
		     "00:00:00.800|00:00:01.000"),
	   "parts of a second");
	ok(times_are(MIDNIGHT, MIDNIGHT + 5 * DAY, "Nov 21|Nov 22|Nov 23|Nov 24|Nov 25|Nov 26"),
	   "days");
	ok(times_are(MIDNIGHT + 59, MIDNIGHT + 300, "00:01|00:02|00:03|00:04|00:05"),
	   "a step of a minute needs no seconds");
	ok(times_are(MIDNIGHT + 10, MIDNIGHT + 190,
		     "00:00:30|00:01:00|00:01:30|00:02:00|00:02:30|"
		     "00:03:00"),
	   "one of half a minute does");
}

static bool values_are(double from, double to, enum svg_unit unit, const char *wanted)
{
	begin(from, to);
	svg_axis_x(&chart, unit);
	return end(wanted);
}

static void test_values(void)
{
	ok(values_are(0, 8, SVG_SECONDS, "0 s|1 s|2 s|3 s|4 s|5 s|6 s|7 s|8 s"), "seconds");
	ok(values_are(0, 1, SVG_SECONDS, "0.0 s|0.2 s|0.4 s|0.6 s|0.8 s|1.0 s") &&
		   values_are(0, 0.1, SVG_SECONDS, "0.00 s|0.02 s|0.04 s|0.06 s|0.08 s|0.10 s"),
	   "with as many decimals as they need");
	ok(values_are(0, 120, SVG_SECONDS, "0 s|15 s|30 s|45 s|60 s|75 s|90 s|105 s|120 s"),
	   "steps of a clock from five seconds on");
	ok(values_are(5, 25, SVG_COUNT, "5|10|15|20|25"), "counts");
	ok(values_are(1.5, 8.5, SVG_COUNT, "2|3|4|5|6|7|8"),
	   "begin at the first step behind the frame's end");
}

static bool upright_are(double from, double to, bool log, enum svg_unit unit, const char *wanted)
{
	begin(0, 1);
	chart.from_y = from;
	chart.to_y = to;
	chart.log_y = log;
	svg_axis_y(&chart, unit);
	return end(wanted);
}

static void test_upright(void)
{
	ok(upright_are(0, 4, false, SVG_COUNT, "0|1|2|3|4") &&
		   upright_are(0, 4.1, false, SVG_COUNT, "0|2|4"),
	   "upright there are four steps at most");
	ok(upright_are(0, 2, false, SVG_COUNT, "0|1|2"), "of whole numbers,");
	ok(upright_are(1, 1000, true, SVG_COUNT, "1|10|100|1,000") &&
		   upright_are(2, 999, true, SVG_COUNT, "10|100"),
	   "or each power of ten");
}

int main(void)
{
	test_nice();
	test_time();
	test_time_labels();
	test_values();
	test_upright();
	free(made);
	return done();
}
