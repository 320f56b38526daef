// SPDX-License-Identifier: BSD-2-Clause
/* Counts what was found. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "tally.h"

#define NORMAL_95 1.959964
#define ROC_MARK 1 /* 20 exchanges */

double rate_share(const struct rate *rate)
{
	return rate->of ? (double)rate->found / rate->of : NAN;
}

void rate_interval(const struct rate *rate, double *low, double *high)
{
	double n = rate->of, share = n ? rate->found / n : 0.5, square = NORMAL_95 * NORMAL_95;
	double middle = share + square / (2 * n), half;

	*low = 0;
	*high = 1;
	if (!rate->of)
		return;
	half = NORMAL_95 * sqrt((share * (1 - share) + square / (4 * n)) / n);
	*low = rate->found ? (middle - half) / (1 + square / n) : 0;
	*high = rate->found < rate->of ? (middle + half) / (1 + square / n) : 1;
}

static void count(struct rate *rate, bool found)
{
	rate->of++;
	rate->found += found;
}

static bool fits(int wanted, int value)
{
	return wanted == ANY || wanted == value;
}

bool filter_takes(const struct filter *filter, const struct plan *plan)
{
	return plan->law < LAW_BEACONS && !plan->sparse &&
	       (filter->stress || plan->law < LAW_NORMAL) && plan->shape <= filter->shape_most &&
	       fits(filter->list, plan->list) && fits(filter->law, plan->law) &&
	       fits(filter->shape, plan->shape) && fits(filter->loss, plan->loss) &&
	       fits(filter->interval_s, plan->interval_s) &&
	       fits(filter->keepalive, plan->keepalive) && fits(filter->sizes, plan->sizes) &&
	       fits(filter->hours, plan->hours) && fits(filter->view, plan->view) &&
	       fits(filter->small, plan->small);
}

static void add_marks(struct tally *out, const struct outcome *outcome)
{
	for (unsigned i = 0; i < MARKS; i++) {
		const struct mark *mark = &outcome->marks[i];

		if (outcome->exchanges < marks[i])
			continue;
		count(&out->ever[i].raw, outcome->found_at[0]);
		count(&out->ever[i].context, outcome->found_at[1]);
		count(&out->ever[i].rita, outcome->rita >= RITA_FOUND);
		count(&out->ever[i].simple, outcome->simple);
		if (mark->too_short) {
			out->exact[i].too_short++;
			continue;
		}
		count(&out->exact[i].raw, mark->raw >= FOUND);
		count(&out->exact[i].context, mark->context >= FOUND);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void quantiles(double *values, unsigned count_of, double out[2])
{
	out[0] = out[1] = NAN;
	if (!count_of)
		return;
	qsort(values, count_of, sizeof(*values), by_value);
	out[0] = values[count_of / 2];
	out[1] = values[count_of * 9 / 10];
}

int tally_beacons(const struct results *results, const struct filter *filter, struct tally *out)
{
	const struct design *design = results->design;
	double *exchanges = malloc(design->plan_count * sizeof(double));
	double *seconds = malloc(design->plan_count * sizeof(double));

	*out = (struct tally){ 0 };
	for (unsigned i = 0; exchanges && seconds && i < design->plan_count; i++) {
		const struct outcome *outcome = &results->outcomes[i];

		if (!filter_takes(filter, &design->plans[i]))
			continue;
		out->beacons++;
		add_marks(out, outcome);
		if (!outcome->found_at[0])
			continue;
		exchanges[out->found] = outcome->found_at[0];
		seconds[out->found++] = outcome->found_s[0];
	}
	if (exchanges && seconds) {
		quantiles(exchanges, out->found, out->exchanges);
		quantiles(seconds, out->found, out->seconds);
	}
	free(exchanges);
	free(seconds);
	return exchanges && seconds ? 0 : -ENOMEM;
}

void tally_noise(const struct results *results, int list, int law, struct noise_tally *out)
{
	const struct design *design = results->design;

	*out = (struct noise_tally){ 0 };
	for (unsigned i = 0; i < design->plan_count; i++) {
		const struct outcome *outcome = &results->outcomes[i];
		const struct plan *plan = &design->plans[i];

		if (plan->law < LAW_BEACONS || !fits(list, plan->list) || !fits(law, plan->law))
			continue;
		count(&out->raw, outcome->found_at[0]);
		count(&out->rita, outcome->rita >= RITA_FOUND);
		count(&out->simple, outcome->simple);
		for (unsigned j = 0; j < THRESHOLDS; j++) {
			count(&out->raw_at[j], outcome->end_raw >= threshold_at(j));
			count(&out->rita_at[j], outcome->rita >= threshold_at(j));
		}
	}
}

void tally_mixes(const struct results *results, int list, int view, struct mix_tally *out)
{
	const struct design *design = results->design;

	*out = (struct mix_tally){ 0 };
	for (unsigned i = 0; i < design->batch_count; i++) {
		const struct verdict *verdict = &results->verdicts[i];
		const struct batch *batch = &design->batches[i];

		if (batch->kind != BATCH_MIX || !fits(list, batch->list) ||
		    !fits(view, batch->view))
			continue;
		out->host_days += verdict->hosts * verdict->hours / 24;
		for (unsigned j = 0; j < FINDING_KINDS; j++) {
			out->kinds[j] += verdict->kinds[j];
			out->alarms += verdict->kinds[j];
		}
		for (unsigned j = 0; j < THRESHOLDS; j++) {
			out->skua[j] += verdict->skua[j];
			out->rita[j] += verdict->rita[j];
		}
		out->simple += verdict->simple;
		if (verdict->highest > out->highest)
			out->highest = verdict->highest;
	}
	out->rita_found = out->rita[THRESHOLD_HIGH];
}

void tally_precision(const struct results *results, bool sparse, int list, int view,
		     struct rate out[RANKS])
{
	const struct design *design = results->design;

	for (unsigned i = 0; i < RANKS; i++)
		out[i] = (struct rate){ 0 };
	for (unsigned i = 0; i < design->batch_count; i++) {
		const struct verdict *verdict = &results->verdicts[i];
		const struct batch *batch = &design->batches[i];

		if (batch->kind != (sparse ? BATCH_SPARSE : BATCH_GRID) ||
		    !fits(list, batch->list) || !fits(view, batch->view))
			continue;
		for (unsigned j = 0; j < RANKS; j++) {
			out[j].of += verdict->ranked[j];
			out[j].found += verdict->right[j];
		}
	}
}

void tally_roc(const struct results *results, int list, struct roc *out)
{
	const struct filter filter = FILTER_ALL;
	const struct design *design = results->design;

	*out = (struct roc){ 0 };
	for (unsigned i = 0; i < design->plan_count; i++) {
		const struct outcome *outcome = &results->outcomes[i];
		const struct plan *plan = &design->plans[i];

		if (!filter_takes(&filter, plan) || !fits(list, plan->list) ||
		    outcome->exchanges < marks[ROC_MARK])
			continue;
		count(&out->simple, outcome->simple);
		for (unsigned j = 0; j < THRESHOLDS; j++) {
			count(&out->skua[j], outcome->end_raw >= threshold_at(j));
			count(&out->context[j], outcome->best[1] >= threshold_at(j));
			count(&out->rita[j], outcome->rita >= threshold_at(j));
		}
	}
}
