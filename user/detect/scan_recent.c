// SPDX-License-Identifier: BSD-2-Clause
/* Scans told within a minute: probes with odd flags, and sweeps that few answer. */
#include "detect/scan_evidence.h"

#define PROBE_SCORE_FLOOR 0.6
#define PROBE_SCORE_STEP 0.02
#define SWEEP_SCORE_FLOOR 0.5
#define SWEEP_SCORE_STEP 0.01

#define TCP_URG 0x20

static enum scan_technique technique_of_flags(uint8_t flags)
{
	if (flags & SKUA_SYN)
		return SCAN_ODD;
	if (flags & SKUA_ACK)
		return flags & SKUA_FIN ? SCAN_MAIMON : SCAN_ACK;
	if (flags & (SKUA_PSH | TCP_URG))
		return SCAN_XMAS;
	return flags & SKUA_FIN ? SCAN_FIN : SCAN_NULL;
}

enum scan_technique scan_technique_of_recent(const struct tracked_source *source)
{
	const struct recent *recent = &source->recent;
	unsigned counts[SCAN_ODD + 1] = { 0 };
	enum scan_technique most = SCAN_NULL;

	switch (source->key.class) {
	case SOURCE_ICMP:
		return SCAN_ICMP;
	case SOURCE_ARP:
		return SCAN_ARP;
	case SOURCE_NS:
		return SCAN_NS;
	}
	for (unsigned i = 0; i < recent->used; i++)
		if (recent_holds(recent, &recent->entries[i]))
			counts[technique_of_flags(recent->entries[i].flags)]++;
	for (unsigned i = 0; i <= SCAN_ODD; i++)
		if (counts[i] > counts[most])
			most = i;
	return most;
}

void scan_tell_recent(struct scan_evidence *evidence, const struct tracked_source *source)
{
	const struct recent *recent = &source->recent;
	struct scan_numbers *numbers = &evidence->numbers;

	evidence->first_ns = recent->first_ns;
	evidence->last_ns = recent->last_ns;
	evidence->target = recent->target.address;
	scan_describe(numbers, &recent->tried);
	scan_tell_outcomes(numbers, recent->outcomes);
	numbers->technique = scan_technique_of_recent(source);
	numbers->horizon_s = RECENT_WINDOW_S;
	if (source->key.class == SOURCE_PROBE)
		return;
	numbers->shape = SCAN_HORIZONTAL;
	numbers->ports = numbers->port_count = 0;
}

/* Distinct contacts of the last minute, by outcome. */
static void count_recent(const struct recent *recent, uint32_t counts[SKUA_OUTCOMES])
{
	for (unsigned i = 0; i < SKUA_OUTCOMES; i++)
		counts[i] = 0;
	for (unsigned i = 0; i < recent->used; i++)
		if (recent_holds(recent, &recent->entries[i]))
			counts[recent->entries[i].outcome]++;
}

struct scan_evidence scan_by_probes(const struct tracked_source *source,
				    const struct scan_limits *limits)
{
	struct scan_evidence evidence = { 0 };
	uint32_t counts[SKUA_OUTCOMES], certain, silent, all;

	if (source->key.class != SOURCE_PROBE)
		return evidence;
	count_recent(&source->recent, counts);
	certain = counts[SKUA_ODD] + counts[SKUA_REFUSED];
	silent = counts[SKUA_UNANSWERED] + counts[SKUA_UNREACHABLE];
	all = certain + silent;
	evidence.rule = (struct derivation_rule){ .name = "probes",
						  .of = "odd probes",
						  .horizon_s = RECENT_WINDOW_S,
						  .measure = all,
						  .from = limits->probes,
						  .floor = PROBE_SCORE_FLOOR,
						  .step = PROBE_SCORE_STEP,
						  .factor = 1 };
	if (certain < limits->probes && silent < limits->probes_silent)
		return evidence;
	evidence.rule.holds = true;
	evidence.score = scan_rule_score(&evidence.rule);
	scan_tell_recent(&evidence, source);
	return evidence;
}

struct scan_evidence scan_by_sweep(const struct tracked_source *source,
				   const struct scan_limits *limits)
{
	struct scan_evidence evidence = { 0 };
	uint32_t counts[SKUA_OUTCOMES], all, failed;

	if (!source_is_listed(source->key.class) || source->key.class == SOURCE_PROBE)
		return evidence;
	count_recent(&source->recent, counts);
	failed = counts[SKUA_UNANSWERED] + counts[SKUA_UNREACHABLE] + counts[SKUA_REFUSED];
	all = failed + counts[SKUA_ANSWERED];
	evidence.rule = (struct derivation_rule){ .name = "sweep",
						  .of = "targets asked for",
						  .horizon_s = RECENT_WINDOW_S,
						  .measure = all,
						  .from = limits->sweep_targets,
						  .floor = SWEEP_SCORE_FLOOR,
						  .step = SWEEP_SCORE_STEP,
						  .factor = 1,
						  .failed = failed };
	if (all < limits->sweep_targets || failed * 100ull < all * (uint64_t)limits->sweep_percent)
		return evidence;
	evidence.rule.holds = true;
	evidence.score = scan_rule_score(&evidence.rule);
	scan_tell_recent(&evidence, source);
	return evidence;
}
