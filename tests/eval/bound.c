// SPDX-License-Identifier: BSD-2-Clause
/* Simulates the optimal test. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bound.h"

#define INTERVAL_NS (1000ull * 1000000000ull) /* scale does not matter, whole seconds are fine */
#define PER_INTERVAL 50                       /* bins: a fiftieth of the interval each */
#define BINS (PER_INTERVAL * 24)              /* the last one takes what is longer */
#define DRAWS 400000                          /* to know the law of one gap */
#define RUNS 10000                            /* of a beacon */
#define LONGEST 100                           /* exchanges: the last mark */
#define SEED 6

struct test {
	double *one;   /* probability by bin: of one gap as drawn */
	double *gap;   /* of a gap as seen, missed callbacks summed */
	double *ratio; /* log likelihood */
	double (*runs)[MARKS];
};

static unsigned bin_of(uint64_t gap_ns)
{
	uint64_t bin = gap_ns / (INTERVAL_NS / PER_INTERVAL);

	return bin < BINS - 1 ? bin : BINS - 1;
}

static void learn_gap(struct test *test, enum law law, unsigned shape, struct draw *draw)
{
	for (unsigned i = 0; i < DRAWS; i++)
		test->one[bin_of(law_gap(law, INTERVAL_NS, shape, draw))] += 1.0 / DRAWS;
}

/* Sum of a geometric number of gaps: one, plus as many again with the probability of a miss. */
static void add_misses(struct test *test, double loss)
{
	memcpy(test->gap, test->one, BINS * sizeof(double));
	for (unsigned i = 0; i < BINS; i++)
		test->gap[i] *= 1 - loss;
	/* In rising order the sums needed are complete, for no gap is of bin 0. */
	for (unsigned i = 0; i < BINS; i++)
		for (unsigned j = 1; j < BINS && test->gap[i] > 0; j++)
			if (test->one[j] > 0)
				test->gap[i + j < BINS ? i + j : BINS - 1] +=
					loss * test->one[j] * test->gap[i];
}

static void weigh(struct test *test)
{
	double mean = 0, below = 1;

	for (unsigned i = 0; i < BINS; i++)
		mean += (i + 0.5) * test->gap[i];
	for (unsigned i = 0; i < BINS; i++) {
		double above = i + 1 < BINS ? exp(-(i + 1.0) / mean) : 0;
		/* Half a draw where none fell: possible, but hardly. */
		double seen = test->gap[i] > 0 ? test->gap[i] : 0.5 / DRAWS;

		test->ratio[i] = log(seen / (below - above));
		below = above;
	}
}

static void run(struct test *test, enum law law, unsigned shape, unsigned loss, struct draw *draw,
		double sums[MARKS])
{
	double sum = 0;
	unsigned mark = 0;

	for (unsigned exchange = 2; exchange <= LONGEST; exchange++) {
		uint64_t gap_ns = 0;

		do
			gap_ns += law_gap(law, INTERVAL_NS, shape, draw);
		while (draw_chance(draw, loss * 10000));
		sum += test->ratio[bin_of(gap_ns)];
		if (exchange == marks[mark])
			sums[mark++] = sum;
	}
}

static int by_falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/*
 * Of runs of the beacon, those above a threshold, and by importance sampling
 * how probable such a ratio is without one: E[exp(-ratio)] over the same runs.
 */
static double power(const struct test *test, unsigned mark)
{
	double *sums = malloc(RUNS * sizeof(*sums)), chance = 0;
	unsigned found = 0;

	if (!sums)
		return NAN;
	for (unsigned i = 0; i < RUNS; i++)
		sums[i] = test->runs[i][mark];
	qsort(sums, RUNS, sizeof(*sums), by_falling);
	while (found < RUNS) {
		chance += exp(-sums[found]) / RUNS;
		if (chance > BOUND_FALSE_ALARMS)
			break;
		found++;
	}
	free(sums);
	return (double)found / RUNS;
}

int bound_simulate(enum law law, unsigned shape, unsigned loss, double out[MARKS])
{
	struct test test = { .one = calloc(BINS, sizeof(double)),
			     .gap = calloc(BINS, sizeof(double)),
			     .ratio = calloc(BINS, sizeof(double)),
			     .runs = calloc(RUNS, sizeof(*test.runs)) };
	struct draw draw = draw_from(SEED, law << 16 | shape << 8 | loss);
	int err = test.one && test.gap && test.ratio && test.runs ? 0 : -ENOMEM;

	if (!err) {
		learn_gap(&test, law, shape, &draw);
		add_misses(&test, loss / 100.0);
		weigh(&test);
		for (unsigned i = 0; i < RUNS; i++)
			run(&test, law, shape, loss, &draw, test.runs[i]);
		for (unsigned i = 0; i < MARKS; i++)
			out[i] = power(&test, i);
	}
	free(test.one);
	free(test.gap);
	free(test.ratio);
	free(test.runs);
	return err;
}
