// SPDX-License-Identifier: BSD-2-Clause
/* How much better a beacon explains gaps than chance does, in nats. */
#include "detect/gap_shapes.h"
#include "detect/rhythm.h"

#define MERGED_BIN 8 /* 0.5 s: shorter gaps were merged away, which is no rhythm */
#define CLIMB_MAX 16 /* the same for smooth chance, whose short gaps may be cut off */
#define PLACES 8     /* bins that the middle of gaps with an edge may be off */
#define ENOUGH 11    /* gaps; with fewer, shapes fit by chance more often ... */
#define TOO_FEW 0.5  /* ... which each missing one makes up for: nats */

#define MARGIN GAP_CHANCE_BINS
#define GAPS_MAX INT16_MAX /* so that no sum of products overflows 32 bits */

/* Empty bins to either side, so that a shape may begin anywhere from -MARGIN to GAP_BINS. */
struct counts {
	int from, median, gaps;
	unsigned halved;
	int16_t bins[MARGIN + GAP_BINS + MARGIN];
};

static void collect(const uint16_t *gaps, unsigned from, struct counts *out)
{
	unsigned total = 0, reached = 0;

	*out = (struct counts){ .from = from > MERGED_BIN ? from : MERGED_BIN };
	for (int i = out->from; i < GAP_BINS; i++)
		total += gaps[i];
	while (total >> out->halved > GAPS_MAX - GAP_BINS)
		out->halved++;
	for (int i = out->from; i < GAP_BINS; i++) {
		unsigned count = (gaps[i] + (1u << out->halved) - 1) >> out->halved;

		out->bins[MARGIN + i] = count;
		out->gaps += count;
	}
	for (out->median = out->from; out->median < GAP_BINS - 1; out->median++) {
		reached += out->bins[MARGIN + out->median];
		if (2 * reached >= (unsigned)out->gaps)
			break;
	}
}

/* How well a shape whose first bin lies at bin `at` explains them.  Its width is a constant, and
 * nothing else is in the loop, so that compilers use vectors. */
static int fit_beacon(const struct counts *counts, const struct gap_beacon *beacon, int at)
{
	const int16_t *bins = &counts->bins[MARGIN + at];
	int sum = 0;

	for (int i = 0; i < GAP_BEACON_BINS; i++)
		sum += bins[i] * beacon->logs[i];
	return sum - beacon->handicap;
}

/* Gaps below the first bin that counts were left out: chance has its other gaps all the same. */
static int left_out(const struct counts *counts, const struct gap_chance *chance, int at)
{
	int offset = counts->from - at;

	if (offset <= 0)
		return 0;
	return counts->gaps *
	       chance->beyond[offset < GAP_CHANCE_BINS ? offset : GAP_CHANCE_BINS - 1];
}

static int fit_chance(const struct counts *counts, const struct gap_chance *chance, int at)
{
	const int16_t *bins = &counts->bins[MARGIN + at];
	int sum = 0;

	for (int i = 0; i < GAP_CHANCE_BINS; i++)
		sum += bins[i] * chance->logs[i];
	return sum - left_out(counts, chance, at) - chance->handicap;
}

/* Uphill from the middle, first to longer gaps, then to shorter ones. */
static int climb(const struct counts *counts, const struct gap_chance *chance)
{
	int middle = counts->median - chance->middle, at = middle;
	int best = fit_chance(counts, chance, at);

	for (int step = 1; step >= -1; step -= 2) {
		while (at + step >= middle - CLIMB_MAX && at + step <= middle + CLIMB_MAX) {
			int next = fit_chance(counts, chance, at + step);

			if (next <= best)
				break;
			best = next;
			at += step;
		}
	}
	return best;
}

static int best_smooth(const struct counts *counts)
{
	int best = climb(counts, &gap_chances[0]);

	for (unsigned k = 1; k < GAP_SMOOTH; k++) {
		int fit = climb(counts, &gap_chances[k]);

		if (fit > best)
			best = fit;
	}
	return best;
}

static int best_edged(const struct counts *counts, int best)
{
	for (unsigned k = GAP_SMOOTH; k < GAP_CHANCES; k++) {
		int middle = counts->median - gap_chances[k].middle;

		for (int at = middle - PLACES; at <= middle + PLACES; at++) {
			int fit = fit_chance(counts, &gap_chances[k], at);

			if (fit > best)
				best = fit;
		}
	}
	return best;
}

/* The best that fits better than best, if there is one: then *shape is it. */
static int best_beacon(const struct counts *counts, int best, struct rhythm_shape *shape)
{
	for (unsigned k = 0; k < GAP_BEACONS; k++) {
		const struct gap_beacon *beacon = &gap_beacons[k];
		int middle = counts->median - beacon->middle;

		for (int at = middle - beacon->reach; at <= middle + beacon->reach; at++) {
			int fit = fit_beacon(counts, beacon, at);

			if (fit <= best)
				continue;
			best = fit;
			*shape = (struct rhythm_shape){ at + GAP_BEACON_INTERVAL, beacon->jitter,
							beacon->missed };
		}
	}
	return best;
}

double rhythm_evidence(const uint16_t gaps[GAP_BINS], unsigned from, struct rhythm_shape *shape)
{
	struct counts counts;
	int chance, beacon;
	double evidence;

	*shape = (struct rhythm_shape){ 0 };
	collect(gaps, from, &counts);
	if (counts.gaps < RHYTHM_MIN_GAPS)
		return 0;
	chance = best_smooth(&counts);
	beacon = best_beacon(&counts, chance, shape);
	if (beacon > chance)
		chance = best_edged(&counts, chance);
	evidence = (beacon - chance) * (double)(1u << counts.halved) / GAP_NAT;
	if (counts.gaps < ENOUGH)
		evidence -= TOO_FEW * (ENOUGH - counts.gaps);
	return evidence > 0 ? evidence : 0;
}
