// SPDX-License-Identifier: BSD-2-Clause
/* How a score came about, as a JSON object. */
#include "report/derivation_json.h"

static void real(struct json *json, const char *name, double value)
{
	json_put_real(json, name, value, DERIVATION_DECIMALS);
}

static void write_gaps(struct json *json, const struct derivation_beacon *beacon)
{
	json_open_array(json, "gaps");
	for (unsigned i = 0; i < beacon->bin_count; i++) {
		json_open_object(json, NULL);
		real(json, "from_s", beacon->bins[i].from_s);
		real(json, "to_s", beacon->bins[i].to_s);
		json_put_uint(json, "count", beacon->bins[i].count);
		json_close(json);
	}
	json_close(json);
}

static void write_parts(struct json *json, const struct derivation *derivation)
{
	json_open_array(json, "regularities");
	for (unsigned i = 0; i < derivation->part_count; i++) {
		const struct derivation_part *part = &derivation->parts[i];

		json_open_object(json, NULL);
		json_put_text(json, "name", part->name);
		real(json, "from_s", part->from_s);
		real(json, "to_s", part->to_s);
		real(json, "k", part->k);
		real(json, "n", part->n);
		real(json, "wilson", part->wilson);
		real(json, "null", part->null);
		real(json, "weight", part->weight);
		real(json, "factor", part->factor);
		real(json, "most", part->most);
		real(json, "value", part->value);
		json_close(json);
	}
	json_close(json);
}

static void write_nats(struct json *json, const struct derivation_evidence *evidence)
{
	json_open_object(json, "evidence");
	real(json, "nats", evidence->nats);
	real(json, "at", evidence->at);
	real(json, "allowed", evidence->allowed);
	real(json, "per", evidence->per);
	real(json, "most", evidence->most);
	real(json, "none", evidence->none);
	real(json, "full", evidence->full);
	real(json, "time_from_s", evidence->time_from_s);
	real(json, "time_nats", evidence->time_nats);
	real(json, "time_most", evidence->time_most);
	real(json, "interval_s", evidence->interval_s);
	json_put_uint(json, "jitter_percent", evidence->jitter_percent);
	json_put_uint(json, "missed_percent", evidence->missed_percent);
	json_close(json);
}

static void write_beacon(struct json *json, const struct derivation *derivation)
{
	const struct derivation_beacon *beacon = &derivation->beacon;

	write_gaps(json, beacon);
	real(json, "bursts_below_s", beacon->bursts_below_s);
	real(json, "median_s", beacon->median_s);
	json_put_uint(json, "missed", beacon->missed);
	json_put_bool(json, "by_flow", beacon->by_flow);
	write_parts(json, derivation);
	write_nats(json, &beacon->evidence);
	real(json, "tail_ratio", beacon->tail_ratio);
	json_open_object(json, "size");
	real(json, "from_bytes", beacon->size_from_bytes);
	real(json, "to_bytes", beacon->size_to_bytes);
	real(json, "k", beacon->size_k);
	real(json, "n", beacon->size_n);
	real(json, "wilson", beacon->size);
	json_close(json);
	json_open_object(json, "coverage");
	json_put_uint(json, "held", beacon->slots_held);
	json_put_uint(json, "slots", beacon->slots);
	real(json, "slot_s", beacon->slot_s);
	real(json, "share", beacon->coverage);
	json_close(json);
	json_open_object(json, "formula");
	real(json, "regularity", beacon->regularity);
	real(json, "base", beacon->base);
	real(json, "size_weight", beacon->size_weight);
	real(json, "size", beacon->size);
	real(json, "coverage_weight", beacon->coverage_weight);
	real(json, "coverage", beacon->coverage);
	json_close(json);
	json_put_uint(json, "jitter_percent", beacon->jitter_percent);
}

static void write_rules(struct json *json, const struct derivation *derivation)
{
	json_open_array(json, "rules");
	for (unsigned i = 0; i < derivation->rule_count; i++) {
		const struct derivation_rule *rule = &derivation->rules[i];

		json_open_object(json, NULL);
		json_put_text(json, "name", rule->name);
		json_put_text(json, "of", rule->of);
		json_put_bool(json, "holds", rule->holds);
		real(json, "horizon_s", rule->horizon_s);
		real(json, "measure", rule->measure);
		real(json, "from", rule->from);
		real(json, "floor", rule->floor);
		real(json, "step", rule->step);
		real(json, "factor", rule->factor);
		real(json, "score", rule->score);
		json_put_uint(json, "not_booked", rule->failed);
		json_put_uint(json, "contacts", rule->contacts);
		json_put_uint(json, "targets", rule->targets);
		json_put_uint(json, "ports", rule->ports);
		json_close(json);
	}
	json_close(json);
}

static void write_tests(struct json *json, const struct derivation *derivation)
{
	json_open_array(json, "conditions");
	for (unsigned i = 0; i < derivation->test_count; i++) {
		const struct derivation_test *test = &derivation->tests[i];

		json_open_object(json, NULL);
		json_put_text(json, "name", test->name);
		real(json, "value", test->value);
		real(json, "limit", test->limit);
		real(json, "bonus", test->bonus);
		json_put_bool(json, "holds", test->holds);
		json_close(json);
	}
	json_close(json);
}

static void write_dns(struct json *json, const struct derivation_dns *dns)
{
	json_open_object(json, "information");
	json_put_uint(json, "bytes", dns->bytes);
	json_put_uint(json, "floor_bytes", dns->floor_bytes);
	real(json, "octaves", dns->octaves);
	real(json, "full_octaves", dns->full_octaves);
	real(json, "base", dns->base);
	json_close(json);
}

static void write_usual(struct json *json, const struct derivation_usual *usual)
{
	json_open_object(json, "usual");
	json_put_bool(json, "of_source", usual->of_source);
	json_put_uint(json, "hours", usual->hours);
	json_put_uint(json, "hour_bytes", usual->hour_bytes);
	real(json, "octaves", usual->octaves);
	real(json, "mean", usual->mean);
	real(json, "deviation", usual->deviation);
	real(json, "z", usual->z);
	real(json, "peak", usual->peak);
	real(json, "slack", usual->slack);
	json_close(json);
}

/* In the order in which they were applied: raises first. */
static void write_steps(struct json *json, const struct finding *finding)
{
	double score = finding->score_raw;

	json_open_array(json, "context");
	for (unsigned i = 0; i < finding->factor_count; i++) {
		const struct finding_factor *factor = &finding->factors[i];
		double after = factor->raise ? score + factor->factor : score * factor->factor;

		after = after > 1 ? 1 : after;
		json_open_object(json, NULL);
		json_put_text(json, "name", factor->name);
		real(json, "factor", factor->factor);
		json_put_bool(json, "raise", factor->raise);
		real(json, "before", score);
		real(json, "after", after);
		json_put_text(json, "why", factor->why);
		json_close(json);
		score = after;
	}
	json_close(json);
}

void derivation_write_json(struct json *json, const struct finding *finding,
			   const struct derivation *derivation)
{
	json_open_object(json, "derivation");
	real(json, "score_raw", derivation->score);
	real(json, "threshold", derivation->threshold);
	real(json, "shown_from", derivation->shown);
	if (finding->kind == FINDING_BEACON)
		write_beacon(json, derivation);
	if (finding->kind == FINDING_DNS_EXFIL)
		write_dns(json, &derivation->dns);
	if (derivation->rule_count)
		write_rules(json, derivation);
	if (derivation->test_count)
		write_tests(json, derivation);
	if (finding->kind == FINDING_EXFIL && derivation->usual.known)
		write_usual(json, &derivation->usual);
	write_steps(json, finding);
	real(json, "score", finding->score);
	if (derivation->smallest_of) {
		json_open_object(json, "smallest");
		json_put_text(json, "of", derivation->smallest_of);
		json_put_uint(json, "number", derivation->smallest);
		json_close(json);
	}
	json_close(json);
}
