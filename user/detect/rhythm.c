// SPDX-License-Identifier: BSD-2-Clause
/* The four regularities of a histogram of gaps, and what the evidence allows of them. */
#include <math.h>
#include "detect/rhythm.h"

#define Z 1.645             /* of the normal law: one-sided 95 % */
#define WINDOW 9            /* bins: a ratio of 2^1.125 between the ends */
#define NARROW 3            /* bins: a period whose missed callbacks can be told */
#define NULL_COUNT 0.28     /* densest window's share when gaps are exponential */
#define NULL_TIME 0.40      /* the same, weighted by time */
#define PERIODIC 0.4        /* share in the narrow window from which multiples count as missed */
#define MULTIPLE_MAX 6      /* intervals in a gap that still counts as missed callbacks */
#define MULTIPLE_SLACK 0.12 /* of the interval, growing with the root of the multiple */
#define TAIL_MIN_GAPS 20
#define TAIL_WEIGHT 0.62    /* a bounded tail alone is weaker evidence than a narrow window */
#define TAIL_NONE 3.2       /* P95/P50 of exponential gaps is 4.3, of human ones more */
#define TAIL_FULL 1.95      /* of gaps uniform on (0, s) 1.9 */
#define MIXTURE_WEIGHT 0.70 /* it is found by searching, so it never makes a high severity */
#define MIXTURE_MIN_GAPS 11
#define TIME_OCTAVES 2  /* below the window by time: shorter gaps are a busy hour's */
#define CAP_CENTRES 4.0 /* one long silence must not outweigh the rhythm */

double rhythm_wilson(double k, double n)
{
	double p, low;

	if (n <= 0)
		return 0;
	p = k / n;
	low = p + Z * Z / (2 * n) - Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
	low /= 1 + Z * Z / n;
	return low > 0 ? low : 0;
}

/* 2^(eighths/8) for eighths >= 0: exact powers, then a series that needs no libm. */
static double exp2_eighths(double eighths)
{
	static const double roots[8] = {
		1.0,
		1.0905077326652577,
		1.189207115002721,
		1.2968395546510096,
		1.4142135623730951,
		1.5422108254079407,
		1.681792830507429,
		1.8340080864093424,
	};
	unsigned whole = eighths;
	double x = (eighths - whole) * (0.6931471805599453 / 8);
	double series = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))));

	return roots[whole % 8] * (1ull << whole / 8 % 64) * series;
}

static unsigned sum(const uint16_t *gaps, unsigned from, unsigned to)
{
	unsigned total = 0;

	for (unsigned i = from; i < to; i++)
		total += gaps[i];
	return total;
}

/* The most that width consecutive bins from bin `from` on hold; *at is the first of them. */
static unsigned densest(const uint16_t *gaps, unsigned from, unsigned width, unsigned *at)
{
	unsigned mass = sum(gaps, from, from + width <= GAP_BINS ? from + width : GAP_BINS);
	unsigned best = mass;

	*at = from;
	for (unsigned i = from + 1; i + width <= GAP_BINS; i++) {
		mass += gaps[i + width - 1] - gaps[i - 1];
		if (mass > best) {
			best = mass;
			*at = i;
		}
	}
	return best;
}

/* The bin in which the share p of n gaps is reached; *reached: gaps up to its end. */
static unsigned quantile(const uint16_t *gaps, unsigned from, double p, unsigned n,
			 unsigned *reached)
{
	unsigned count = 0, i = from;

	for (; i < GAP_BINS - 1; i++) {
		count += gaps[i];
		if (count >= p * n)
			break;
	}
	*reached = i < GAP_BINS - 1 ? count : n;
	return i;
}

/* Gaps that are multiples of the period: adds them to *mass, counts what did not come. */
static void count_missed(const uint16_t *gaps, struct rhythm *out, unsigned at, unsigned *mass)
{
	double centre = 0;
	unsigned narrow = sum(gaps, at, at + NARROW);

	for (unsigned i = at; i < at + NARROW; i++)
		centre += gaps[i] * gap_bin_centre_s(i);
	centre /= narrow;
	for (unsigned i = at + NARROW; i < GAP_BINS; i++) {
		double ratio = gap_bin_centre_s(i) / centre;
		unsigned multiple = ratio > MULTIPLE_MAX + 1 ? 0 : ratio + 0.5;

		if (multiple < 2 || multiple > MULTIPLE_MAX ||
		    fabs(ratio - multiple) > MULTIPLE_SLACK * sqrt(multiple))
			continue;
		narrow += gaps[i];
		out->missed += gaps[i] * (multiple - 1);
	}
	if (narrow > *mass)
		*mass = narrow;
}

static double beyond(double share, double null)
{
	return share > null ? (share - null) / (1 - null) : 0;
}

/* Fills what follows from k, n, null, weight and factor. */
static void part_value(struct rhythm_part *part)
{
	part->wilson = rhythm_wilson(part->k, part->n);
	part->value = part->weight * part->factor * beyond(part->wilson, part->null);
}

static void regularity_by_count(const uint16_t *gaps, struct rhythm *out)
{
	struct rhythm_part *part = &out->parts[RHYTHM_COUNT];
	unsigned at, wide, mass = densest(gaps, out->from, WINDOW, &wide);

	if (densest(gaps, out->from, NARROW, &at) >= PERIODIC * out->gaps)
		count_missed(gaps, out, at, &mass);
	*part = (struct rhythm_part){ "by_count", wide, WINDOW, mass, out->gaps, 0,
				      NULL_COUNT, 1,    1,      0,    0 };
	part_value(part);
}

/* The densest window when each gap weighs as much as it lasts; returns its first bin. */
static unsigned densest_by_time(const uint16_t *gaps)
{
	double weights[GAP_BINS], best = 0;
	unsigned at = 0;

	for (unsigned i = 0; i < GAP_BINS; i++)
		weights[i] = gaps[i] * gap_bin_centre_s(i);
	for (unsigned i = 0; i + WINDOW <= GAP_BINS; i++) {
		double weight = 0;

		/* One that ends without a gap holds no more than the one before it. */
		if (i && !gaps[i + WINDOW - 1])
			continue;
		for (unsigned k = i; k < i + WINDOW; k++)
			weight += weights[k];
		if (weight > best) {
			best = weight;
			at = i;
		}
	}
	return at;
}

/* Over all bins: a burst weighs little here, however many gaps it has. */
static void regularity_by_time(const uint16_t *gaps, struct rhythm *out, unsigned at)
{
	struct rhythm_part *part = &out->parts[RHYTHM_TIME];
	double cap = CAP_CENTRES * gap_bin_centre_s(at + WINDOW / 2);
	double total = 0, squares = 0, inside = 0, effective;

	*part = (struct rhythm_part){ "by_time", at, WINDOW, 0, 0, 0, NULL_TIME, 1, 1, 0, 0 };
	if (sum(gaps, at, at + WINDOW) < RHYTHM_MIN_GAPS)
		return;
	for (unsigned i = 0; i < GAP_BINS; i++) {
		double centre = gap_bin_centre_s(i), weight = centre < cap ? centre : cap;

		total += gaps[i] * weight;
		squares += gaps[i] * weight * weight;
		if (i >= at && i < at + WINDOW)
			inside += gaps[i] * weight;
	}
	effective = total * total / squares;
	part->k = inside / total * effective;
	part->n = effective;
	part_value(part);
}

/* The quantile in eighths of octaves above GAP_MIN_NS, interpolated inside its bin. */
static double quantile_eighths(const uint16_t *gaps, const struct rhythm *out, double p)
{
	unsigned reached, bin = quantile(gaps, out->from, p, out->gaps, &reached);

	return bin + 1 - (reached - p * out->gaps) / gaps[bin];
}

static void regularity_by_tail(const uint16_t *gaps, struct rhythm *out)
{
	struct rhythm_part *part = &out->parts[RHYTHM_TAIL];
	double ratio, bounded;

	*part = (struct rhythm_part){ "by_tail", 0, 0, 0, 0, 0, 0, TAIL_WEIGHT, 0, 0, 0 };
	if (out->gaps < TAIL_MIN_GAPS)
		return;
	ratio = exp2_eighths(quantile_eighths(gaps, out, 0.95) - quantile_eighths(gaps, out, 0.5));
	bounded = (TAIL_NONE - ratio) / (TAIL_NONE - TAIL_FULL);
	bounded = bounded < 0 ? 0 : bounded > 1 ? 1 : bounded;
	out->tail_ratio = ratio;
	part->factor = bounded;
	part->k = part->n = out->gaps;
	part_value(part);
}

double rhythm_allowed(double nats)
{
	double most = RHYTHM_ALLOWED + (nats - RHYTHM_ALLOWED_AT) / RHYTHM_ALLOWED_NATS;

	return nats <= 0 || most < 0 ? 0 : most > 1 ? 1 : most;
}

static void regularity_by_mixture(struct rhythm *out)
{
	struct rhythm_part *part = &out->parts[RHYTHM_MIXTURE];
	double each = out->evidence / out->gaps;
	double clear = (each - RHYTHM_MIXTURE_NONE) / (RHYTHM_MIXTURE_FULL - RHYTHM_MIXTURE_NONE);

	*part = (struct rhythm_part){ .name = "by_mixture", .weight = MIXTURE_WEIGHT };
	if (out->gaps < MIXTURE_MIN_GAPS)
		return;
	part->k = part->n = out->gaps;
	part->wilson = 1;
	part->factor = clear < 0 ? 0 : clear > 1 ? 1 : clear;
	part->value = part->weight * part->factor;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double part_capped(struct rhythm_part *part, double most)
{
	part->most = most;
	if (part->value > most)
		part->value = most;
	return part->value;
}

/* Of the gaps it speaks of: those of a busy hour are chance, and no reason against it. */
static double time_evidence(const uint16_t *gaps, struct rhythm *out)
{
	unsigned at = out->parts[RHYTHM_TIME].at, below = TIME_OCTAVES * GAP_BINS_PER_OCTAVE;
	struct rhythm_shape shape;

	out->time_from = at > below ? at - below : 0;
	out->time_evidence = rhythm_evidence(gaps, out->time_from, &shape);
	if (out->time_evidence > out->evidence)
		out->shape = shape;
	return out->time_evidence;
}

static void measure_regularities(const uint16_t *gaps, struct rhythm *out)
{
	struct rhythm_part *by_time = &out->parts[RHYTHM_TIME];
	double most;

	out->evidence = rhythm_evidence(gaps, out->from, &out->shape);
	most = rhythm_allowed(out->evidence);
	regularity_by_count(gaps, out);
	regularity_by_time(gaps, out, densest_by_time(gaps));
	regularity_by_tail(gaps, out);
	regularity_by_mixture(out);
	out->by_count = part_capped(&out->parts[RHYTHM_COUNT], most);
	out->by_tail = part_capped(&out->parts[RHYTHM_TAIL], most);
	out->by_mixture = part_capped(&out->parts[RHYTHM_MIXTURE], most);
	out->regularity = larger(larger(out->by_count, out->by_tail), out->by_mixture);
	if (by_time->value > out->regularity && by_time->value > most)
		most = larger(most, rhythm_allowed(time_evidence(gaps, out)));
	out->by_time = part_capped(by_time, most);
	out->regularity = larger(out->regularity, out->by_time);
}

bool rhythm_measure(const uint16_t gaps[GAP_BINS], struct rhythm *out)
{
	unsigned all = sum(gaps, 0, GAP_BINS), reached, quartile;

	*out = (struct rhythm){ .gaps = all, .time_from = -1 };
	if (all < RHYTHM_MIN_GAPS)
		return false;
	quartile = quantile(gaps, 0, 0.75, all, &reached);
	if (quartile > 4 * GAP_BINS_PER_OCTAVE)
		out->from = quartile - 4 * GAP_BINS_PER_OCTAVE;
	out->gaps = sum(gaps, out->from, GAP_BINS);
	if (out->gaps < RHYTHM_MIN_GAPS)
		return false;
	out->median = quantile(gaps, out->from, 0.5, out->gaps, &reached);
	measure_regularities(gaps, out);
	return true;
}
