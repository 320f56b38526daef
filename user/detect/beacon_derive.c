// SPDX-License-Identifier: BSD-2-Clause
/* Tells how the score of a beacon came about, and how little would still be one. */
#include <string.h>
#include "detect/derive.h"

#define JUDGED_EACH 64   /* exchanges up to which each is judged, */
#define JUDGED_GROWTH 16 /* then each growth by this part */
#define JITTER_STEP 5    /* percent */

/* Powers of 2^(1/8) and 2^(1/16) from the middles of bins: edges need no more than six digits. */
static double bin_from_s(unsigned bin)
{
	return bin ? gap_bin_centre_s(bin) / 1.0442737824274138 : 0;
}

static double bin_to_s(unsigned bin)
{
	return gap_bin_centre_s(bin) * 1.0442737824274138;
}

/* The first size of a bin: the least that falls into it. */
static double size_from_bytes(unsigned bin)
{
	uint64_t low = 0, high = 1ull << 32;

	while (low < high) {
		uint64_t middle = (low + high) / 2;

		if (size_bin(middle) < bin)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void fill_bins(const uint16_t *gaps, struct derivation_beacon *out)
{
	for (unsigned i = 0; i < GAP_BINS; i++)
		if (gaps[i])
			out->bins[out->bin_count++] =
				(struct derivation_bin){ bin_from_s(i), bin_to_s(i), gaps[i] };
}

static void fill_parts(const struct rhythm *rhythm, struct derivation *out)
{
	for (unsigned i = 0; i < RHYTHM_PARTS && i < DERIVATION_PARTS; i++) {
		const struct rhythm_part *part = &rhythm->parts[i];
		struct derivation_part *to = &out->parts[out->part_count++];

		*to = (struct derivation_part){ .name = part->name,
						.k = part->k,
						.n = part->n,
						.wilson = part->wilson,
						.null = part->null,
						.weight = part->weight,
						.factor = part->factor,
						.most = part->most,
						.value = part->value };
		if (part->width) {
			to->from_s = bin_from_s(part->at);
			to->to_s = bin_to_s(part->at + part->width - 1);
		}
	}
}

/* The interval may lie beyond the histogram, by at most the width of a shape. */
static double interval_s(int bin)
{
	double by = 1;

	for (; bin < 0; bin += GAP_BINS_PER_OCTAVE)
		by /= 2;
	for (; bin >= GAP_BINS; bin -= GAP_BINS_PER_OCTAVE)
		by *= 2;
	return gap_bin_centre_s(bin) * by;
}

static void fill_evidence(const struct rhythm *rhythm, struct derivation_evidence *out)
{
	*out = (struct derivation_evidence){ .nats = rhythm->evidence,
					     .at = RHYTHM_ALLOWED_AT,
					     .allowed = RHYTHM_ALLOWED,
					     .per = RHYTHM_ALLOWED_NATS,
					     .most = rhythm_allowed(rhythm->evidence),
					     .none = RHYTHM_MIXTURE_NONE,
					     .full = RHYTHM_MIXTURE_FULL };
	if (rhythm->time_from >= 0) {
		out->time_from_s = bin_from_s(rhythm->time_from);
		out->time_nats = rhythm->time_evidence;
		out->time_most = rhythm_allowed(rhythm->time_evidence);
	}
	if (rhythm->evidence <= 0 && rhythm->time_evidence <= 0)
		return;
	out->interval_s = interval_s(rhythm->shape.bin);
	out->jitter_percent = rhythm->shape.jitter_percent;
	out->missed_percent = rhythm->shape.missed_percent;
}

/* As many as before for each thing, by largest remainders: whole ones, in sum exactly `to`. */
static unsigned share(unsigned count, unsigned before, unsigned all, unsigned to)
{
	return (uint64_t)(before + count) * to / all - (uint64_t)before * to / all;
}

static void thin_gaps(const uint16_t *from, unsigned all, unsigned to, uint16_t *out)
{
	unsigned before = 0;

	for (unsigned i = 0; i < GAP_BINS; before += from[i], i++)
		out[i] = share(from[i], before, all, to);
}

static double score_with(const struct beacon_score *score, const struct rhythm *rhythm,
			 unsigned sizes)
{
	double share_k = score->size_total ? (double)score->size_most / score->size_total : 0;

	return beacon_formula(rhythm->regularity, rhythm_wilson(share_k * sizes, sizes),
			      score->coverage);
}

static bool is_found(const struct derive_call *call, double raw)
{
	return raw >= call->limits->beacon.threshold && derive_shows(call, raw);
}

/* The histograms thinned to so many exchanges, the span with them, coverage as it is. */
static bool found_with(const struct derive_call *call, const struct beacon_score *score,
		       const uint16_t *gaps, unsigned all, unsigned exchanges)
{
	struct beacon_score smaller = *score;
	uint16_t thin[GAP_BINS];
	unsigned sizes = score->size_total < exchanges ? score->size_total : exchanges;

	thin_gaps(gaps, all, exchanges - 1, thin);
	if (!rhythm_measure(thin, &smaller.rhythm))
		return false;
	smaller.span_s = score->span_s * (exchanges - 1) / all;
	return beacon_long_enough(&smaller, &call->limits->beacon) &&
	       is_found(call, score_with(score, &smaller.rhythm, sizes));
}

static uint32_t fewest_exchanges(const struct derive_call *call, const struct beacon_score *score,
				 const uint16_t *gaps)
{
	unsigned all = 0, n = RHYTHM_MIN_GAPS + 1;

	for (unsigned i = 0; i < GAP_BINS; i++)
		all += gaps[i];
	while (n <= all + 1) {
		if (found_with(call, score, gaps, all, n))
			return n;
		n += n < JUDGED_EACH ? 1 : n / JUDGED_GROWTH;
	}
	return 0;
}

/* As many gaps, spread evenly over median * (1 - jitter) to median * (1 + jitter). */
static bool found_with_jitter(const struct derive_call *call, const struct beacon_score *score,
			      unsigned percent)
{
	double median_s = gap_bin_centre_s(score->rhythm.median), from, to;
	unsigned n = score->rhythm.gaps;
	uint16_t gaps[GAP_BINS] = { 0 };
	struct rhythm rhythm;

	from = median_s * (1 - percent / 100.0);
	to = median_s * (1 + percent / 100.0);
	for (unsigned i = 0; i < n; i++)
		gap_count(gaps, (from + (to - from) * (i + 0.5) / n) * 1e9);
	return rhythm_measure(gaps, &rhythm) &&
	       is_found(call, score_with(score, &rhythm, score->size_total));
}

static uint32_t most_jitter(const struct derive_call *call, const struct beacon_score *score)
{
	uint32_t percent = 0;

	while (percent < 100 && found_with_jitter(call, score, percent + JITTER_STEP))
		percent += JITTER_STEP;
	return percent;
}

static double tail_ratio(const struct rhythm *rhythm)
{
	return rhythm->parts[RHYTHM_TAIL].n ? rhythm->tail_ratio : 0;
}

static void fill(const struct beacon_score *score, const uint16_t *gaps,
		 struct derivation_beacon *out)
{
	fill_bins(gaps, out);
	out->bursts_below_s = score->rhythm.from ? bin_from_s(score->rhythm.from) : 0;
	out->median_s = gap_bin_centre_s(score->rhythm.median);
	out->missed = score->rhythm.missed;
	out->by_flow = score->by_flow;
	fill_evidence(&score->rhythm, &out->evidence);
	out->tail_ratio = tail_ratio(&score->rhythm);
	out->size_from_bytes = size_from_bytes(score->size_at);
	out->size_to_bytes = size_from_bytes(score->size_at + BEACON_SIZE_WINDOW);
	out->size_k = score->size_most;
	out->size_n = score->size_total;
	out->size = score->size;
	out->slots_held = score->slots_held;
	out->slots = score->slots;
	out->slot_s = score->slot_s;
	out->coverage = score->coverage;
	out->regularity = score->rhythm.regularity;
	out->base = BEACON_REGULAR_BASE;
	out->size_weight = BEACON_SIZE_WEIGHT;
	out->coverage_weight = BEACON_COVERAGE_WEIGHT;
}

void beacon_derive(const struct derive_call *call, struct derivation *out)
{
	const struct pair *pair = call->subject->pair;
	struct beacon_score score;
	const uint16_t *gaps;

	out->threshold = call->limits->beacon.threshold;
	if (!beacon_score(pair, &score))
		return;
	gaps = score.by_flow ? pair->flow.gaps : pair->gaps;
	out->score = score.score;
	fill_parts(&score.rhythm, out);
	fill(&score, gaps, &out->beacon);
	out->smallest_of = "exchanges";
	out->smallest = fewest_exchanges(call, &score, gaps);
	out->beacon.jitter_percent = most_jitter(call, &score);
}
