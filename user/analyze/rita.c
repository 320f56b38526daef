// SPDX-License-Identifier: BSD-2-Clause
/* The four scores of RITA version 5, and their mean. */
#include <math.h>
#include <stdlib.h>
#include "analyze/rita.h"

#define SKEW_MIN_SPREAD 10    /* quartiles closer than this have no skew */
#define MODE_SENSITIVITY 0.05 /* of the highest bar: less apart is equally high */
#define MODE_GROUPS 21
#define MODE_MIN_BARS 11 /* fewer are always two groups */
#define MODE_OUTLIERS 1  /* bars that may belong to neither group */
#define DURATION_MIN_BARS 6
#define DURATION_IDEAL_RUN 12

static double round3(double value)
{
	return round(value * 1000) / 1000;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int by_start(const void *a, const void *b)
{
	const struct rita_connection *x = a, *y = b;

	return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

/* Of count > 0 sorted values. */
static double median(const double *values, size_t count)
{
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Bowley's skew of at least two sorted values; the middle one of an odd number is in no half. */
static double skew(const double *values, size_t count)
{
	size_t half = count / 2;
	double low = median(values, half), middle = median(values, count);
	double high = median(values + count - half, half);

	if (high - low < SKEW_MIN_SPREAD || middle == low || middle == high)
		return 0;
	return (low + high - 2 * middle) / (high - low);
}

/* How close the values are to their median; values become their distances to it. */
static double closeness(double *values, size_t count, double otherwise)
{
	double middle = median(values, count), score;

	if (middle < 1)
		return otherwise;
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - middle);
	qsort(values, count, sizeof(*values), by_value);
	score = (middle - median(values, count)) / middle;
	return score > 0 ? score : 0;
}

static double spread_score(double *values, size_t count, double otherwise)
{
	double lean;

	qsort(values, count, sizeof(*values), by_value);
	lean = fabs(skew(values, count));
	return round3((1 - lean + closeness(values, count, otherwise)) / 2);
}

struct bars {
	unsigned heights[RITA_BARS];
	unsigned filled, highest;
	unsigned longest; /* run of filled ones, from the last to the first as well */
};

static void bars_fill(struct bars *bars, const struct rita_connection *connections, size_t count,
		      uint32_t from_s, uint32_t to_s)
{
	double width = (double)(to_s - from_s) / RITA_BARS;
	unsigned run = 0;

	*bars = (struct bars){ .filled = 0 };
	for (size_t i = 0; i < count; i++) {
		double at = (connections[i].start_s - (double)from_s) / width;
		unsigned bar = at < 0 ? 0 : at < RITA_BARS ? (unsigned)at : RITA_BARS - 1;

		bars->heights[bar]++;
	}
	for (unsigned i = 0; i < 2 * RITA_BARS; i++) {
		unsigned height = bars->heights[i % RITA_BARS];

		run = height ? run + 1 : 0;
		bars->longest = run > bars->longest ? run : bars->longest;
		if (i >= RITA_BARS)
			continue;
		bars->filled += height > 0;
		bars->highest = height > bars->highest ? height : bars->highest;
	}
	bars->longest = bars->longest < RITA_BARS ? bars->longest : RITA_BARS;
}

static double flatness(const struct bars *bars, size_t count)
{
	double mean = (double)count / RITA_BARS, squares = 0, deviation;

	for (unsigned i = 0; i < RITA_BARS; i++)
		squares += (bars->heights[i] - mean) * (bars->heights[i] - mean);
	deviation = sqrt(squares / RITA_BARS) / mean;
	return deviation > 1 ? 0 : round3(1 - deviation);
}

/* Share of filled bars in the two largest groups of about the same height. */
static double two_modes(const struct bars *bars)
{
	unsigned width = ceil(bars->highest * MODE_SENSITIVITY);
	unsigned groups[MODE_GROUPS] = { 0 }, first = 0, second = 0;
	double share;

	if (bars->filled < MODE_MIN_BARS)
		return 0;
	for (unsigned i = 0; i < RITA_BARS; i++)
		if (bars->heights[i])
			groups[bars->heights[i] / width]++;
	for (unsigned i = 0; i < MODE_GROUPS; i++) {
		if (groups[i] > first) {
			second = first;
			first = groups[i];
		} else if (groups[i] > second) {
			second = groups[i];
		}
	}
	share = round3((double)(first + second) / (bars->filled - MODE_OUTLIERS));
	return share < 1 ? share : 1;
}

static double up3(double value)
{
	value = ceil(value * 1000) / 1000;
	return value < 1 ? value : 1;
}

static double duration(const struct bars *bars, double span_s, double whole_s)
{
	if (bars->filled < DURATION_MIN_BARS)
		return 0;
	return fmax(up3(span_s / whole_s), up3((double)bars->longest / DURATION_IDEAL_RUN));
}

bool rita_score(struct rita_connection *connections, size_t count, uint32_t from_s, uint32_t to_s,
		double *room, struct rita_score *out)
{
	struct bars bars;
	size_t gaps = 0;

	if (count < RITA_UNIQUE || count > RITA_STROBE || to_s <= from_s)
		return false;
	qsort(connections, count, sizeof(*connections), by_start);
	for (size_t i = 1; i < count; i++)
		if (connections[i].start_s != connections[i - 1].start_s)
			room[gaps++] = connections[i].start_s - connections[i - 1].start_s;
	if (gaps + 1 < RITA_UNIQUE)
		return false;
	out->time = spread_score(room, gaps, 1);
	for (size_t i = 0; i < count; i++)
		room[i] = connections[i].bytes;
	out->size = spread_score(room, count, 0);
	bars_fill(&bars, connections, count, from_s, to_s);
	out->bars = fmax(flatness(&bars, count), two_modes(&bars));
	out->duration = duration(&bars, connections[count - 1].start_s - connections[0].start_s,
				 to_s - from_s);
	out->score = round3((out->time + out->size + out->bars + out->duration) / 4);
	return true;
}
