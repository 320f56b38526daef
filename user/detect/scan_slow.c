// SPDX-License-Identifier: BSD-2-Clause
/* Odd probes and sweeps of five minutes, an hour or a day: what a minute's list does not hold. */
#include "detect/scan_evidence.h"

#define PROBE_SCORE_FLOOR 0.6
#define PROBE_SCORE_STEP 0.02
#define SWEEP_SCORE_FLOOR 0.5
#define SWEEP_SCORE_STEP 0.01

static uint32_t failed_of(const struct slow_horizon *horizon)
{
	return horizon->outcomes[SKUA_UNANSWERED] + horizon->outcomes[SKUA_UNREACHABLE] +
	       horizon->outcomes[SKUA_REFUSED];
}

static struct derivation_rule probes_from(uint32_t measure, uint32_t from)
{
	return (struct derivation_rule){ .name = "slow_probes",
					 .of = "odd probes",
					 .measure = measure,
					 .from = from,
					 .floor = PROBE_SCORE_FLOOR,
					 .step = PROBE_SCORE_STEP,
					 .factor = 1,
					 .holds = measure >= from };
}

/*
 * The surer a probe, the fewer it takes: sound stacks send neither odd flags
 * nor a FIN that acknowledges nothing; what acknowledges may belong to a
 * conversation that everybody else has forgotten.
 */
static struct derivation_rule rule_of_probes(const struct slow_horizon *horizon, unsigned i,
					     const struct scan_limits *limits)
{
	uint32_t refused = horizon->outcomes[SKUA_ODD] + horizon->outcomes[SKUA_REFUSED];
	uint32_t odd = refused - horizon->stray_refused;
	uint32_t all = horizon->outcomes[SKUA_ODD] + failed_of(horizon);
	const struct derivation_rule rules[] = {
		probes_from(odd, limits->slow_odd[i]),
		probes_from(refused, limits->slow_refused[i]),
		probes_from(all - horizon->stray_refused - horizon->stray_silent,
			    limits->probes_silent),
		probes_from(all, limits->slow_silent[i]),
	};
	struct derivation_rule best = rules[0];

	for (unsigned k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
		struct derivation_rule rule = rules[k];

		rule.score = scan_rule_score(&rule);
		if (rule.score > best.score)
			best = rule;
	}
	best.failed = failed_of(horizon);
	return best;
}

/* Failed ones are what is left of all, for both counts stay right beyond what a list holds. */
static struct derivation_rule sweep_from(const struct slow_horizon *horizon, uint32_t percent)
{
	uint32_t all = distinct_count(&horizon->tried).contacts, answered = slow_answered(horizon);
	uint32_t failed = all > answered ? all - answered : 0;

	return (struct derivation_rule){ .name = "slow_sweep",
					 .of = "targets asked for",
					 .measure = all,
					 .floor = SWEEP_SCORE_FLOOR,
					 .step = SWEEP_SCORE_STEP,
					 .factor = 1,
					 .failed = failed,
					 .holds = failed * 100ull >= all * (uint64_t)percent };
}

/*
 * Who watches or serves the same hosts asks for them again and again; who
 * searches asks once.  An hour may hold just the dead part of a round, so the
 * day must agree.  Where not one answer is seen, the answers to what is
 * broadcast may go by: so only many are suspect.
 */
static struct derivation_rule rule_of_sweep(const struct tracked_source *source, unsigned i,
					    const struct scan_limits *limits)
{
	const struct slow *slow = &source->slow;
	const struct slow_horizon *horizon = &slow->horizon[i];
	struct derivation_rule rule = sweep_from(horizon, limits->sweep_percent);
	bool unseen = source->key.class != SOURCE_ICMP && !slow_answered(horizon);

	rule.from = unseen ? limits->slow_unseen[i] : limits->slow_sweep[i];
	rule.holds &= rule.measure >= rule.from && !slow_keeps(slow) &&
		      sweep_from(&slow->horizon[HORIZONS - 1], limits->sweep_percent).holds;
	rule.score = scan_rule_score(&rule);
	return rule;
}

/* All but the score and whether it is slow. */
static void tell(struct scan_evidence *evidence, const struct tracked_source *source, unsigned i)
{
	const struct slow_horizon *horizon = &source->slow.horizon[i];
	struct scan_numbers *numbers = &evidence->numbers;

	evidence->first_ns = horizon->first_ns;
	evidence->last_ns = horizon->last_ns;
	evidence->target = horizon->target.address;
	scan_describe(numbers, &horizon->tried);
	scan_tell_outcomes(numbers, horizon->outcomes);
	numbers->technique = scan_technique_of_recent(source);
	numbers->horizon_s = horizon_length_s(i);
	numbers->slow =
		evidence->last_ns > evidence->first_ns &&
		evidence->last_ns - evidence->first_ns >= horizon_length_s(0) * SKUA_SECOND_NS;
	if (source->key.class == SOURCE_PROBE)
		return;
	numbers->shape = SCAN_HORIZONTAL;
	numbers->ports = numbers->port_count = 0;
}

struct scan_evidence scan_by_slow(const struct tracked_source *source,
				  const struct scan_limits *limits)
{
	struct scan_evidence evidence = { 0 };
	bool fast = false;

	if (!source_is_listed(source->key.class))
		return evidence;
	for (unsigned i = 0; i < HORIZONS; i++) {
		struct derivation_rule rule =
			source->key.class == SOURCE_PROBE
				? rule_of_probes(&source->slow.horizon[i], i, limits)
				: rule_of_sweep(source, i, limits);

		rule.horizon_s = horizon_length_s(i);
		fast |= i == 0 && rule.score > 0;
		/* On equal terms the shorter horizon tells it better. */
		if (i && rule.score <= evidence.score)
			continue;
		evidence = (struct scan_evidence){ .score = rule.score, .rule = rule };
		if (rule.holds)
			tell(&evidence, source, i);
	}
	evidence.numbers.slow &= !fast;
	return evidence;
}
