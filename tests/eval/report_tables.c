// SPDX-License-Identifier: BSD-2-Clause
/* Prints tables. */
#include <stdlib.h>
#include <errno.h>
#include <math.h>
#include "goals.h"
#include "report.h"

static void put_share(FILE *stream, double share)
{
	if (isnan(share))
		fprintf(stream, "      -");
	else
		fprintf(stream, "  %5.3f", share);
}

static int groups(const struct results *results, FILE *stream)
{
	const struct design *design = results->design;

	fprintf(stream,
		"Recall when the N-th exchange opened, before context: found / optimal test "
		"(of how many, whose span suffices for a finding)\n%-6s %-8s %6s %5s %5s",
		"list", "law", "jitter", "loss", "n");
	for (unsigned i = 0; i < MARKS; i++)
		fprintf(stream, "   N = %-3u found/best   of", marks[i]);
	fprintf(stream, "\n");
	for (unsigned i = 0; i < design->group_count; i++) {
		const struct group *group = &design->groups[i];
		struct filter filter = FILTER_ALL;
		struct tally tally;

		filter.list = group->list;
		filter.law = group->law;
		filter.shape = group->shape;
		filter.loss = group->loss;
		if (tally_beacons(results, &filter, &tally))
			return -ENOMEM;
		fprintf(stream, "%-6s %-8s %4u %% %3u %% %5u", list_names[group->list],
			law_name(group->law), group->shape, group->loss, tally.beacons);
		for (unsigned j = 0; j < MARKS; j++) {
			fprintf(stream, "         ");
			put_share(stream, rate_share(&tally.exact[j].raw));
			fprintf(stream, " / %5.3f %4u", results->bounds[i][j],
				tally.exact[j].raw.of);
		}
		fprintf(stream, "\n");
	}
	return 0;
}

static int available(const struct results *results, FILE *stream)
{
	const struct design *design = results->design;

	fprintf(stream, "\nEver found, of those that made at least N exchanges: skua before and "
			"after context, RITA >= 0.75, simple rule; and how soon\n");
	for (unsigned i = 0; i < design->group_count; i++) {
		const struct group *group = &design->groups[i];
		struct filter filter = FILTER_ALL;
		struct tally tally;

		filter.list = group->list;
		filter.law = group->law;
		filter.shape = group->shape;
		filter.loss = group->loss;
		if (tally_beacons(results, &filter, &tally))
			return -ENOMEM;
		fprintf(stream, "%-6s %-8s %4u %% %3u %%", list_names[group->list],
			law_name(group->law), group->shape, group->loss);
		for (unsigned j = 0; j < MARKS; j += 2) {
			fprintf(stream, "  N>=%-3u", marks[j]);
			put_share(stream, rate_share(&tally.ever[j].raw));
			put_share(stream, rate_share(&tally.ever[j].context));
			put_share(stream, rate_share(&tally.ever[j].rita));
			put_share(stream, rate_share(&tally.ever[j].simple));
		}
		fprintf(stream, "  after %.0f exchanges, %.0f s (p90 %.0f, %.0f s)\n",
			tally.exchanges[0], tally.seconds[0], tally.exchanges[1], tally.seconds[1]);
	}
	return 0;
}

static void noise(const struct results *results, FILE *stream)
{
	fprintf(stream, "\nAperiodic pairs: alarms before context; RITA >= 0.75; simple rule\n");
	for (enum list list = 0; list < LISTS; list++)
		for (enum law law = LAW_BEACONS; law < LAWS; law++) {
			struct noise_tally tally;
			double low, high;

			tally_noise(results, list, law, &tally);
			if (!tally.raw.of)
				continue;
			rate_interval(&tally.raw, &low, &high);
			fprintf(stream,
				"%-6s %-9s %6u pairs: %4u  (%.1e, %.1e to %.1e)  %5u  %5u\n",
				list_names[list], law_name(law), tally.raw.of, tally.raw.found,
				rate_share(&tally.raw), low, high, tally.rita.found,
				tally.simple.found);
		}
}

static void mixes(const struct results *results, FILE *stream)
{
	fprintf(stream, "\nHarmless mixes: findings >= 0.5 after context, by kind; RITA >= 0.75; "
			"simple rule\n");
	for (enum list list = 0; list < LISTS; list++)
		for (enum view view = 0; view < VIEWS; view++) {
			struct mix_tally tally;

			tally_mixes(results, list, view, &tally);
			if (tally.host_days <= 0)
				continue;
			fprintf(stream,
				"%-6s %-5s %6.1f host-days: %3u (%.3f a host-day, highest "
				"%.2f)",
				list_names[list], view_names[view], tally.host_days, tally.alarms,
				tally.alarms / tally.host_days, tally.highest);
			for (unsigned kind = 0; kind < FINDING_KINDS; kind++)
				if (tally.kinds[kind])
					fprintf(stream, " %s %u", finding_kind_name(kind),
						tally.kinds[kind]);
			fprintf(stream, "; %u (%.2f); %u (%.2f)\n", tally.rita_found,
				tally.rita_found / tally.host_days, tally.simple,
				tally.simple / tally.host_days);
		}
}

static void precision(const struct results *results, FILE *stream)
{
	fprintf(stream, "\nPrecision of the highest scores\n");
	for (enum list list = 0; list < LISTS; list++)
		for (enum view view = 0; view < VIEWS; view++)
			for (int sparse = 1; sparse >= 0; sparse--) {
				struct rate rates[RANKS];

				tally_precision(results, sparse, list, view, rates);
				if (!rates[0].of)
					continue;
				fprintf(stream,
					"%-6s %-5s %s: at 10 %.3f of %u, at 50 %.3f of %u\n",
					list_names[list], view_names[view],
					sparse ? "few beacons " : "many beacons",
					rate_share(&rates[0]), rates[0].of, rate_share(&rates[1]),
					rates[1].of);
			}
}

static void roc(const struct results *results, FILE *stream)
{
	for (enum list list = 0; list < LISTS; list++) {
		struct noise_tally alarms;
		struct mix_tally mix;
		struct roc of;

		tally_roc(results, list, &of);
		tally_noise(results, list, ANY, &alarms);
		tally_mixes(results, list, ANY, &mix);
		fprintf(stream,
			"\nROC, %s: recall of beacons with >= 20 exchanges at the end / share "
			"of aperiodic pairs, skua before context; RITA; then per host-day of "
			"the mixes\n",
			list_names[list]);
		for (unsigned i = 0; i < THRESHOLDS; i++)
			fprintf(stream,
				"%.2f  skua %.3f / %.1e  RITA %.3f / %.1e  mix: skua %.3f  "
				"RITA %.3f\n",
				threshold_at(i), rate_share(&of.skua[i]),
				rate_share(&alarms.raw_at[i]), rate_share(&of.rita[i]),
				rate_share(&alarms.rita_at[i]), mix.skua[i] / mix.host_days,
				mix.rita[i] / mix.host_days);
		fprintf(stream, "simple rule %.3f / %.1e, mix %.3f\n", rate_share(&of.simple),
			rate_share(&alarms.simple), mix.simple / mix.host_days);
	}
}

static int goals(const struct results *results, FILE *stream)
{
	struct goal *judged = calloc(GOALS_MAX, sizeof(*judged));
	unsigned count;

	if (!judged)
		return -ENOMEM;
	count = goals_judge(results, judged);
	fprintf(stream, "\n");
	for (unsigned i = 0; i < count; i++) {
		const struct goal *goal = &judged[i];
		double low, high;

		fprintf(stream, "goal %-6s %-76s wanted %s %.4g shown %.4g", list_names[goal->list],
			goal->name, goal->at_most ? "<=" : ">=", goal->wanted, goal->shown);
		if (goal->is_rate) {
			rate_interval(&goal->of, &low, &high);
			fprintf(stream, " (%.3g to %.3g, of %u)", low, high, goal->of.of);
		}
		fprintf(stream, "  %s\n", goal->met ? "met" : "MISSED");
	}
	free(judged);
	return 0;
}

int report_tables(const struct results *results, FILE *stream)
{
	int err = groups(results, stream);

	if (!err)
		err = available(results, stream);
	if (err)
		return err;
	noise(results, stream);
	mixes(results, stream);
	precision(results, stream);
	roc(results, stream);
	return goals(results, stream);
}
