// SPDX-License-Identifier: BSD-2-Clause
/* How much a pair looks like a beacon, by time and size alone. */
#include <math.h>
#include "detect/beacon.h"

#define SLOT_MEDIANS 4 /* a slot in which an exchange was due for sure */
#define SLOTS_MAX 24   /* finer slots would punish one quiet hour of a day */

static double size_score(const uint8_t sizes[SIZE_BINS], struct beacon_score *out)
{
	unsigned total = 0, best = 0;

	for (unsigned i = 0; i < SIZE_BINS; i++)
		total += sizes[i];
	for (unsigned i = 0; i + BEACON_SIZE_WINDOW <= SIZE_BINS; i++) {
		unsigned mass = sizes[i] + sizes[i + 1] + sizes[i + 2];

		if (mass > best) {
			best = mass;
			out->size_at = i;
		}
	}
	out->size_most = best;
	out->size_total = total;
	return rhythm_wilson(best, total);
}

/* A stretch of time in equal slots, and which of them held an exchange. */
struct slots {
	double from_s, width_s;
	unsigned count;
	uint64_t seen; /* bit by slot */
};

static void slot_mark(struct slots *slots, double at_s)
{
	double slot = (at_s - slots->from_s) / slots->width_s;

	if (slot < 0)
		return;
	slots->seen |= 1ull << (slot < slots->count ? (unsigned)slot : slots->count - 1);
}

/* The last exchanges are known exactly, those before by the cell of the strip they fell into. */
static double coverage(const struct pair *pair, double from_s, double to_s, double median_s,
		       struct beacon_score *out)
{
	double span_s = to_s - from_s, exact_s = to_s;
	double cell_s = (1ull << (pair->strip_shift & 63)) / 1e9;
	struct slots slots = { .from_s = from_s, .width_s = SLOT_MEDIANS * median_s };
	const struct pair_moment *moment;

	if (slots.width_s < span_s / SLOTS_MAX)
		slots.width_s = span_s / SLOTS_MAX;
	slots.count = ceil(span_s / slots.width_s);
	slots.count = slots.count < 1               ? 1
		      : slots.count > SLOTS_MAX + 1 ? SLOTS_MAX + 1
						    : slots.count;
	for (unsigned i = 0; (moment = pair_moment(pair, i)); i++) {
		exact_s = (moment->time_ns - pair->first_ns) / 1e9;
		if (exact_s <= to_s)
			slot_mark(&slots, exact_s);
	}
	for (unsigned i = 0; i < STRIP_CELLS && (i + 1) * cell_s <= exact_s; i++)
		if (strip_occupied(&pair->strip, i))
			slot_mark(&slots, i ? (i + 0.5) * cell_s : 0);
	out->slots_held = __builtin_popcountll(slots.seen);
	out->slots = slots.count;
	out->slot_s = slots.width_s;
	return (double)out->slots_held / out->slots;
}

double beacon_formula(double regularity, double size, double covered)
{
	return regularity *
	       (BEACON_REGULAR_BASE + BEACON_SIZE_WEIGHT * size + BEACON_COVERAGE_WEIGHT * covered);
}

static bool score_gaps(const struct pair *pair, const uint16_t *gaps, uint64_t from_ns,
		       uint64_t to_ns, struct beacon_score *out)
{
	double from_s = (from_ns - pair->first_ns) / 1e9, to_s = (to_ns - pair->first_ns) / 1e9;

	if (!rhythm_measure(gaps, &out->rhythm))
		return false;
	out->span_s = to_s - from_s;
	out->size = size_score(pair->sizes, out);
	out->coverage = coverage(pair, from_s, to_s, gap_bin_centre_s(out->rhythm.median), out);
	out->score = beacon_formula(out->rhythm.regularity, out->size, out->coverage);
	return true;
}

bool beacon_score(const struct pair *pair, struct beacon_score *out)
{
	struct beacon_score flow = { .by_flow = true };
	bool all, one = false;

	*out = (struct beacon_score){ 0 };
	all = score_gaps(pair, pair->gaps, pair->first_ns, pair->last_ns, out);
	/* When every exchange is the kept flow's, its gaps say nothing new. */
	if (pair->key.kind != PAIR_DOMAIN && pair->flow_from_ns >= pair->first_ns &&
	    pair->flow_exchanges != pair->exchanges)
		one = score_gaps(pair, pair->flow.gaps, pair->flow_from_ns, pair->flow_last_ns,
				 &flow);
	if (one && (!all || flow.score > out->score))
		*out = flow;
	return all || one;
}
