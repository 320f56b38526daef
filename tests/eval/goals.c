// SPDX-License-Identifier: BSD-2-Clause
/* Judges the goals of the beacon score. */
#include <math.h>
#include <stdio.h>
#include "goals.h"

static const struct promise {
	int shape_most, shape, loss;
	unsigned mark;
	double recall;
	const char *text;
} promises[] = {
	{ 50, ANY, 0, 0, 0.95, "jitter <= 50 %, none missed, at 12 exchanges" },
	{ 50, ANY, 0, 1, 0.99, "jitter <= 50 %, none missed, at 20 exchanges" },
	{ 50, ANY, 20, 2, 0.95, "jitter <= 50 %, 20 % missed, at 30 exchanges" },
	{ 100, 90, 0, 4, 0.80, "jitter 90 %, none missed, at 100 exchanges" },
	{ 100, 50, 50, 3, 0.80, "jitter 50 %, 50 % missed, at 60 exchanges" },
};

struct judging {
	const struct results *results;
	struct goal *goals;
	unsigned count;
};

static struct goal *add(struct judging *judging, enum list list, double wanted, bool at_most)
{
	struct goal *goal = &judging->goals[judging->count];

	*goal = (struct goal){ .list = list, .wanted = wanted, .at_most = at_most };
	judging->count += judging->count + 1 < GOALS_MAX;
	return goal;
}

static void decide(struct goal *goal)
{
	if (goal->is_rate)
		goal->shown = rate_share(&goal->of);
	goal->met = goal->at_most ? goal->shown <= goal->wanted : goal->shown >= goal->wanted;
}

/* No beacon made so many exchanges: nothing was promised. */
static void add_rate(struct judging *judging, enum list list, const struct promise *promise,
		     const struct rate *rate, const char *who, bool whole)
{
	struct goal *goal;

	if (!rate->of)
		return;
	goal = add(judging, list, promise->recall, false);
	goal->is_rate = true;
	goal->of = *rate;
	goal->whole = whole;
	snprintf(goal->name, sizeof(goal->name), "recall%s: %s", who, promise->text);
	decide(goal);
}

static void judge_promise(struct judging *judging, enum list list, const struct promise *promise)
{
	struct filter filter = FILTER_ALL;
	struct tally tally;

	filter.list = list;
	filter.loss = promise->loss;
	filter.shape = promise->shape;
	filter.shape_most = promise->shape_most;
	filter.stress = false;
	if (tally_beacons(judging->results, &filter, &tally))
		return;
	add_rate(judging, list, promise, &tally.exact[promise->mark].raw, " before context", true);
	add_rate(judging, list, promise, &tally.exact[promise->mark].context, " after context",
		 true);
}

/* The same, law by law and jitter by jitter. */
static void judge_groups(struct judging *judging, enum list list, const struct promise *promise)
{
	const struct design *design = judging->results->design;

	for (unsigned i = 0; i < design->group_count; i++) {
		const struct group *group = &design->groups[i];
		struct filter filter = FILTER_ALL;
		struct tally tally;
		char who[48];

		if (group->list != list || group->loss != promise->loss ||
		    group->law >= LAW_NORMAL || group->shape > promise->shape_most ||
		    (promise->shape != ANY && group->shape != promise->shape))
			continue;
		filter.list = list;
		filter.law = group->law;
		filter.shape = group->shape;
		filter.loss = group->loss;
		if (tally_beacons(judging->results, &filter, &tally))
			continue;
		snprintf(who, sizeof(who), ", %s %u %%", law_name(group->law), group->shape);
		add_rate(judging, list, promise, &tally.exact[promise->mark].raw, who, false);
	}
}

static void judge_noise(struct judging *judging, enum list list)
{
	struct goal *goal = add(judging, list, 1e-4, true);
	struct noise_tally noise;

	tally_noise(judging->results, list, ANY, &noise);
	goal->is_rate = goal->whole = true;
	goal->of = noise.raw;
	snprintf(goal->name, sizeof(goal->name), "false alarms per aperiodic pair, before context");
	decide(goal);
	if (!noise.raw.of)
		judging->count--;
}

static void judge_mixes(struct judging *judging, enum list list)
{
	static const double limits[] = { 0.05, 0.01 };
	struct mix_tally mixes;
	struct goal *goal;

	tally_mixes(judging->results, list, ANY, &mixes);
	if (mixes.host_days <= 0)
		return;
	for (unsigned i = 0; i < 2; i++) {
		goal = add(judging, list, limits[i], true);
		goal->shown = mixes.alarms / mixes.host_days;
		goal->whole = true;
		snprintf(goal->name, sizeof(goal->name), "false alarms per host-day%s",
			 i ? " (stretch)" : "");
		decide(goal);
	}
	goal = add(judging, list, 0, true);
	goal->shown = mixes.skua[THRESHOLD_HIGH];
	goal->whole = true;
	snprintf(goal->name, sizeof(goal->name), "harmless findings >= 0.75");
	decide(goal);
}

static void judge_precision(struct judging *judging, enum list list)
{
	struct rate rates[RANKS];
	struct goal *goal;

	tally_precision(judging->results, true, list, ANY, rates);
	if (!rates[0].of)
		return;
	goal = add(judging, list, 0.9, false);
	goal->is_rate = goal->whole = true;
	goal->of = rates[0];
	snprintf(goal->name, sizeof(goal->name), "precision of the ten highest scores");
	decide(goal);
}

unsigned goals_judge(const struct results *results, struct goal goals[GOALS_MAX])
{
	struct judging judging = { results, goals, 0 };

	for (enum list list = 0; list < LISTS; list++) {
		for (unsigned i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
			judge_promise(&judging, list, &promises[i]);
			judge_groups(&judging, list, &promises[i]);
		}
		judge_noise(&judging, list);
		judge_mixes(&judging, list);
		judge_precision(&judging, list);
	}
	return judging.count;
}
