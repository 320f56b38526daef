// SPDX-License-Identifier: BSD-2-Clause
/* Writes as JSON what was alarmed about in vain, and the goals. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "goals.h"
#include "report_json.h"

void report_json_rate(struct json *json, const char *name, const struct rate *rate)
{
	double low, high;

	rate_interval(rate, &low, &high);
	json_open_object(json, name);
	json_put_uint(json, "of", rate->of);
	json_put_uint(json, "found", rate->found);
	json_put_real(json, "share", rate_share(rate), 6);
	json_put_real(json, "low", low, 6);
	json_put_real(json, "high", high, 6);
	json_close(json);
}

static void put_noise(struct json *json, const struct results *results)
{
	json_open_array(json, "noise");
	for (enum list list = 0; list < LISTS; list++)
		for (enum law law = LAW_BEACONS; law < LAWS; law++) {
			struct noise_tally tally;

			tally_noise(results, list, law, &tally);
			if (!tally.raw.of)
				continue;
			json_open_object(json, NULL);
			json_put_text(json, "list", list_names[list]);
			json_put_text(json, "law", law_name(law));
			json_put_uint(json, "pairs", tally.raw.of);
			report_json_rate(json, "raw", &tally.raw);
			report_json_rate(json, "rita", &tally.rita);
			report_json_rate(json, "simple", &tally.simple);
			json_close(json);
		}
	json_close(json);
}

static void put_mix(struct json *json, const struct results *results, enum list list,
		    enum view view)
{
	struct mix_tally tally;

	tally_mixes(results, list, view, &tally);
	if (tally.host_days <= 0)
		return;
	json_open_object(json, NULL);
	json_put_text(json, "list", list_names[list]);
	json_put_text(json, "view", view_names[view]);
	json_put_real(json, "host_days", tally.host_days, 3);
	json_open_object(json, "findings");
	for (unsigned kind = 1; kind < FINDING_KINDS; kind++)
		json_put_uint(json, finding_kind_name(kind), tally.kinds[kind]);
	json_close(json);
	json_put_uint(json, "false_alarms", tally.alarms);
	json_put_uint(json, "high", tally.skua[THRESHOLD_HIGH]);
	json_put_real(json, "per_host_day", tally.alarms / tally.host_days, 4);
	json_put_real(json, "highest", tally.highest, 3);
	json_put_uint(json, "rita", tally.rita[THRESHOLD_HIGH]);
	json_put_real(json, "rita_per_host_day", tally.rita[THRESHOLD_HIGH] / tally.host_days, 4);
	json_put_uint(json, "simple", tally.simple);
	json_put_real(json, "simple_per_host_day", tally.simple / tally.host_days, 4);
	json_close(json);
}

static void put_precision(struct json *json, const struct results *results)
{
	json_open_array(json, "precision");
	for (enum list list = 0; list < LISTS; list++)
		for (enum view view = 0; view < VIEWS; view++)
			for (int sparse = 1; sparse >= 0; sparse--) {
				struct rate rates[RANKS];

				tally_precision(results, sparse, list, view, rates);
				if (!rates[0].of)
					continue;
				json_open_object(json, NULL);
				json_put_text(json, "list", list_names[list]);
				json_put_text(json, "view", view_names[view]);
				json_put_text(json, "beacons", sparse ? "few" : "many");
				report_json_rate(json, "at10", &rates[0]);
				report_json_rate(json, "at50", &rates[1]);
				json_close(json);
			}
	json_close(json);
}

static void put_curve(struct json *json, const char *name, const struct rate rates[THRESHOLDS])
{
	json_open_array(json, name);
	for (unsigned i = 0; i < THRESHOLDS; i++)
		json_put_real(json, NULL, rate_share(&rates[i]), 6);
	json_close(json);
}

static void put_days(struct json *json, const uint32_t alarms[THRESHOLDS], double host_days)
{
	json_open_array(json, "mix_per_host_day");
	for (unsigned i = 0; i < THRESHOLDS; i++)
		json_put_real(json, NULL, alarms[i] / host_days, 4);
	json_close(json);
}

static void put_roc(struct json *json, const struct results *results, enum list list)
{
	struct noise_tally noise;
	struct mix_tally mix;
	struct roc roc;

	tally_roc(results, list, &roc);
	tally_noise(results, list, ANY, &noise);
	tally_mixes(results, list, ANY, &mix);
	json_open_object(json, NULL);
	json_put_text(json, "list", list_names[list]);
	json_open_array(json, "thresholds");
	for (unsigned i = 0; i < THRESHOLDS; i++)
		json_put_real(json, NULL, threshold_at(i), 2);
	json_close(json);
	json_open_object(json, "skua_raw");
	put_curve(json, "recall", roc.skua);
	put_curve(json, "noise", noise.raw_at);
	json_close(json);
	json_open_object(json, "skua");
	put_curve(json, "recall", roc.context);
	put_days(json, mix.skua, mix.host_days);
	json_close(json);
	json_open_object(json, "rita");
	put_curve(json, "recall", roc.rita);
	put_curve(json, "noise", noise.rita_at);
	put_days(json, mix.rita, mix.host_days);
	json_close(json);
	json_open_object(json, "simple");
	json_put_real(json, "recall", rate_share(&roc.simple), 6);
	json_put_real(json, "noise", rate_share(&noise.simple), 6);
	json_put_real(json, "mix_per_host_day", mix.simple / mix.host_days, 4);
	json_close(json);
	json_close(json);
}

void report_json_alarms(struct json *json, const struct results *results)
{
	put_noise(json, results);
	json_open_array(json, "mixes");
	for (enum list list = 0; list < LISTS; list++)
		for (enum view view = 0; view < VIEWS; view++)
			put_mix(json, results, list, view);
	json_close(json);
	put_precision(json, results);
	json_open_array(json, "roc");
	for (enum list list = 0; list < LISTS; list++)
		put_roc(json, results, list);
	json_close(json);
}

int report_json_goals(struct json *json, const struct results *results)
{
	struct goal *goals = calloc(GOALS_MAX, sizeof(*goals));
	unsigned count;

	if (!goals)
		return -ENOMEM;
	count = goals_judge(results, goals);
	json_open_array(json, "goals");
	for (unsigned i = 0; i < count; i++) {
		const struct goal *goal = &goals[i];

		json_open_object(json, NULL);
		json_put_text(json, "list", list_names[goal->list]);
		json_put_text(json, "goal", goal->name);
		json_put_bool(json, "whole", goal->whole);
		json_put_text(json, "sense", goal->at_most ? "at most" : "at least");
		json_put_real(json, "wanted", goal->wanted, 5);
		json_put_real(json, "shown", goal->shown, 6);
		if (goal->is_rate)
			report_json_rate(json, "rate", &goal->of);
		json_put_bool(json, "met", goal->met);
		json_close(json);
	}
	json_close(json);
	free(goals);
	return 0;
}
