// SPDX-License-Identifier: BSD-2-Clause
/* Scans of open ports: connections that are completed, closed, and used for nothing. */
#include "detect/scan_evidence.h"

#define SCORE_FLOOR 0.5
#define SCORE_STEP 0.02
#define SCORE_FROM 15
#define HEALTH_CHECK_FACTOR 0.4 /* never a finding by itself, but shown to who wants to see all */

/* Entries of one target or of one port: how many are empty. */
struct group {
	uint32_t empty;
	unsigned entry; /* any of its empty ones */
};

static bool belongs(const struct empty_contact *a, const struct empty_contact *b, bool by_target)
{
	return by_target ? a->target == b->target : a->port == b->port;
}

static struct group group_of(const struct empties *empties, unsigned entry, bool by_target)
{
	struct group group = { .entry = entry };

	for (unsigned i = 0; i < empties->used; i++) {
		const struct empty_contact *other = &empties->entries[i];

		group.empty += empties_is_empty(other) &&
			       belongs(other, &empties->entries[entry], by_target);
	}
	return group;
}

static struct group largest(const struct empties *empties, bool by_target)
{
	struct group best = { 0 };

	for (unsigned i = 0; i < empties->used; i++) {
		struct group group;

		if (!empties_is_empty(&empties->entries[i]))
			continue;
		group = group_of(empties, i, by_target);
		if (group.empty > best.empty)
			best = group;
	}
	return best;
}

/* kubelets and load balancers come back, each to its own, at the same pace. */
static struct derivation_rule rule_of(const struct empties *empties, const struct group *group)
{
	bool steady = group->empty && empties->steady >= group->empty;

	return (struct derivation_rule){ .name = "empties",
					 .of = "connections without payload",
					 .horizon_s = EMPTIES_WINDOW_S,
					 .measure = group->empty,
					 .from = SCORE_FROM,
					 .floor = SCORE_FLOOR,
					 .step = SCORE_STEP,
					 .factor = steady ? HEALTH_CHECK_FACTOR : 1 };
}

static void hold(struct scan_evidence *evidence, const struct empties *empties,
		 const struct group *group)
{
	evidence->rule = rule_of(empties, group);
	evidence->rule.holds = true;
	evidence->score = scan_rule_score(&evidence->rule);
}

static void tell(struct scan_evidence *evidence, const struct empties *empties,
		 const struct group *group, bool by_target)
{
	struct distinct distinct = { 0 };
	struct scan_numbers *numbers = &evidence->numbers;

	for (unsigned i = 0; i < empties->used; i++) {
		const struct empty_contact *entry = &empties->entries[i];

		if (empties_is_empty(entry) &&
		    belongs(entry, &empties->entries[group->entry], by_target))
			distinct_add(&distinct, entry->target, entry->port);
	}
	evidence->first_ns = empties->first_ns;
	evidence->last_ns = empties->last_ns;
	/* Entries have no address: that of most empty contacts may be another's. */
	if (!by_target || empties->entries[group->entry].target == empties->target_hash)
		evidence->target = empties->target.address;
	scan_describe(numbers, &distinct);
	numbers->empty = numbers->contacts;
	numbers->technique = SCAN_CONNECT;
	numbers->horizon_s = EMPTIES_WINDOW_S;
}

/* Browsers open some connections in vain; but then most of what they reach is used. */
static bool mostly_empty(const struct tracked_source *source, const struct group *group)
{
	return 2 * group->empty >= source->horizons.horizon[0].answered;
}

struct scan_evidence scan_by_empties(const struct tracked_source *source,
				     const struct scan_limits *limits, uint64_t now_ns)
{
	struct scan_evidence evidence = { 0 };
	const struct empties *empties = &source->empties;
	struct group ports, targets;

	if (source->key.class != SOURCE_TCP || empties->used < limits->empty_ports)
		return evidence;
	ports = largest(empties, true);
	targets = largest(empties, false);
	evidence.rule = rule_of(empties, ports.empty > targets.empty ? &ports : &targets);
	if (ports.empty >= limits->empty_ports) {
		hold(&evidence, empties, &ports);
		tell(&evidence, empties, &ports, true);
	} else if (targets.empty >= limits->empty_targets && mostly_empty(source, &targets) &&
		   now_ns >= empties->first_ns + EMPTIES_WAIT_S * SKUA_SECOND_NS) {
		hold(&evidence, empties, &targets);
		tell(&evidence, empties, &targets, false);
	}
	return evidence;
}
