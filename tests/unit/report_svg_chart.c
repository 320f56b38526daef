// SPDX-License-Identifier: BSD-2-Clause
/* Scales, steps and marks of charts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/svg_chart.h"
#include "tap.h"

static char *made;
static size_t made_length;
static struct html page;

static void begin(void)
{
	page.stream = open_memstream(&made, &made_length);
}

static unsigned count_of(const char *what)
{
	unsigned count = 0;

	for (const char *at = made; (at = strstr(at, what)); at++)
		count++;
	return count;
}

static void finish(void)
{
	free(made);
	made = NULL;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-6;
}

static void test_scales(void)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(&page, 720, 210);

	chart.from_x = 100;
	chart.to_x = 200;
	chart.to_y = 50;
	ok(near(svg_chart_x(&chart, 100), 58) && near(svg_chart_x(&chart, 200), 694) &&
		   near(svg_chart_x(&chart, 150), 376),
	   "both ends and the middle lie where they should");
	ok(near(svg_chart_y(&chart, 0), 180) && near(svg_chart_y(&chart, 50), 10) &&
		   near(svg_chart_y(&chart, 25), 95),
	   "upright, more is further up");
	ok(near(svg_chart_x(&chart, -1e300), 58) && near(svg_chart_x(&chart, 1e300), 694),
	   "what lies beyond stands at the end");
	chart.from_x = chart.to_x;
	ok(near(svg_chart_x(&chart, 7), 58), "an axis without length divides by nothing");
	chart.log_y = true;
	chart.from_y = 1;
	chart.to_y = 100;
	ok(near(svg_chart_y(&chart, 10), 95) && near(svg_chart_y(&chart, 0), 180),
	   "a logarithmic axis has 10 in the middle of 1 and 100, and 0 at its foot");
}

static void test_steps(void)
{
	bool nice = true, few = true, times = true;

	for (double span = 1e-6; span < 1e18; span *= 1.37) {
		double step = svg_nice_step(span, 4);
		double mantissa = step / pow(10, floor(log10(step) + 1e-9));

		few = few && span / step <= 4 + 1e-6 && span / step > 0.7;
		nice = nice && (near(mantissa, 1) || near(mantissa, 2) || near(mantissa, 5));
		times = times && span / svg_time_step(span, 8) <= 8 + 1e-6;
	}
	ok(nice, "steps are 1, 2 or 5 times a power of ten");
	ok(few, "neither more steps than there is room for, nor none");
	ok(times, "a time axis has no more labels than there is room for");
	ok(svg_time_step(6 * 3600, 8) == 3600 && svg_time_step(90, 8) == 15 &&
		   svg_time_step(3 * 86400, 8) == 43200,
	   "times are cut as people cut them");
	ok(svg_nice_step(0, 4) > 0 && svg_nice_step(NAN, 4) > 0 && svg_nice_step(1, 0) > 0,
	   "nothing to divide gives a step all the same");
}

static void test_axis(void)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(&page, 720, 210);

	chart.from_x = 1768255200; /* 2026-01-12T22:00:00Z */
	chart.to_x = chart.from_x + 4 * 3600;
	begin();
	svg_axis_time(&chart);
	fclose(page.stream);
	ok(count_of(">22:00<") == 1 && count_of(">23:30<") == 1 && count_of(">Jan 13<") == 1 &&
		   count_of("<text") == 9,
	   "four hours over midnight: a label each half hour, at midnight the date");
	finish();
	chart.to_y = 2500;
	begin();
	svg_axis_y(&chart, SVG_BYTES);
	fclose(page.stream);
	ok(count_of(">1 kB<") == 1 && count_of(">2 kB<") == 1 && count_of("<text") == 3,
	   "bytes have their units");
	finish();
	chart.from_x = 104;
	chart.to_x = 131;
	begin();
	svg_axis_x(&chart, SVG_SECONDS);
	fclose(page.stream);
	ok(count_of(">110 s<") == 1 && count_of(">120 s<") == 1 && !count_of("min"),
	   "no two labels of seconds are the same");
	finish();
	chart.to_y = 1;
	begin();
	svg_axis_y(&chart, SVG_COUNT);
	fclose(page.stream);
	ok(count_of("<text") == 2, "there is no half of a thing that is counted");
	finish();
	chart.from_x = 1767600000;
	chart.to_x = chart.from_x + 2.4e-7; /* the next double: too near for steps to count */
	begin();
	svg_axis_time(&chart);
	svg_axis_x(&chart, SVG_SECONDS);
	fclose(page.stream);
	ok(count_of("<text") < 40, "an axis of less than a microsecond ends");
	finish();
}

static void test_marks(void)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(&page, 720, 210);
	struct svg_bar bar = { 0, 0.001, 0, 0.001, "s1", "<b>" };
	const struct svg_cell cell = { 47, 48, 47, 48 };

	chart.to_x = chart.to_y = 10;
	begin();
	svg_chart_open(&chart, "strip", 3, "a<b", "\"q\"");
	svg_bar(&chart, &bar);
	bar.to_y = 0;
	svg_bar(&chart, &bar);
	svg_path_begin(&chart, "h1");
	svg_path_cell(&chart, &cell);
	svg_path_end(&chart);
	svg_chart_close(&chart);
	fclose(page.stream);
	ok(count_of("aria-labelledby=\"strip-3-t strip-3-d\"") &&
		   count_of("<title id=\"strip-3-t\">a&lt;b<") && count_of("&quot;q&quot;"),
	   "a chart has a name and a description, and both are text");
	ok(count_of("width=\"1.0\" height=\"1.0\"") == 1 &&
		   count_of("<title>&lt;b&gt;</title>") == 1,
	   "what is little can be seen, and has its tip");
	ok(count_of("<rect") == 1, "of nothing there is no bar");
	ok(count_of("M680.8 176.5h12.2v3.5h-12.2z") == 1, "the last cell ends in the corner");
	finish();
}

int main(void)
{
	test_scales();
	test_steps();
	test_axis();
	test_marks();
	return done();
}
