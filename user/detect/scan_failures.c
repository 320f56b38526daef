// SPDX-License-Identifier: BSD-2-Clause
/* Scans told by how their contacts end: refused, unreachable, unanswered, half-open. */
#include "detect/scan_evidence.h"

#define SCORE_FLOOR 0.5
#define SCORE_STEP 0.02  /* for each beyond the threshold: 1 at 25 */
#define PEERS_FACTOR 0.4 /* never a finding by itself, but shown to who wants to see all */
/* Over a day dead services and peers add up: silence over UDP must be so many times as much. */
#define UDP_SILENCE_DAY 4

#define VERTICAL_PORTS 10
#define VERTICAL_TARGETS 3
#define HORIZONTAL_TARGETS 10
#define HORIZONTAL_PORTS 5
#define BLOCK_MIN 8

enum scan_shape scan_shape_of(const struct scan_numbers *numbers)
{
	if (numbers->ports >= VERTICAL_PORTS && numbers->targets <= VERTICAL_TARGETS)
		return SCAN_VERTICAL;
	if (numbers->targets >= HORIZONTAL_TARGETS && numbers->ports <= HORIZONTAL_PORTS)
		return SCAN_HORIZONTAL;
	/* A block is a rectangle: its rows and columns repeat. */
	if (numbers->targets >= BLOCK_MIN && numbers->ports >= BLOCK_MIN &&
	    numbers->contacts >= 2 * numbers->targets && numbers->contacts >= 2 * numbers->ports)
		return SCAN_BLOCK;
	return SCAN_MIXED;
}

void scan_describe(struct scan_numbers *numbers, const struct distinct *distinct)
{
	struct distinct_counts counts = distinct_count(distinct);

	numbers->contacts = counts.contacts;
	numbers->targets = counts.targets;
	numbers->ports = counts.ports;
	/* The sketch of contacts is the larger one, so it counts better. */
	if (counts.targets == 1)
		numbers->ports = counts.contacts;
	else if (counts.ports == 1)
		numbers->targets = counts.contacts;
	numbers->shape = scan_shape_of(numbers);
	numbers->port_count = distinct_ports(distinct, numbers->port_list, FINDING_PORTS);
}

void scan_tell_outcomes(struct scan_numbers *numbers, const uint32_t outcomes[SKUA_OUTCOMES])
{
	uint64_t sum = 0;
	uint32_t shares[SKUA_OUTCOMES];

	for (unsigned i = 0; i < SKUA_OUTCOMES; i++)
		sum += outcomes[i];
	/* Each was counted with a new bit of the sketch, and a bit stands for several contacts. */
	for (unsigned i = 0; i < SKUA_OUTCOMES; i++)
		shares[i] = sum ? ((uint64_t)outcomes[i] * numbers->contacts + sum / 2) / sum : 0;
	numbers->refused = shares[SKUA_REFUSED];
	numbers->unreachable = shares[SKUA_UNREACHABLE];
	numbers->unanswered = shares[SKUA_UNANSWERED];
	numbers->half_open = shares[SKUA_HALF_OPEN];
	numbers->odd = shares[SKUA_ODD];
	numbers->answered = shares[SKUA_ANSWERED];
}

/* Silent contacts over UDP that count: many, next to none answered. */
static uint32_t silence(const struct tracked_source *source, unsigned i,
			const struct scan_limits *limits)
{
	const struct horizon *horizon = &source->horizons.horizon[i];
	uint32_t silent = horizon->outcomes[SKUA_UNANSWERED];
	uint32_t least = limits->udp_silent * (i == HORIZONS - 1 ? UDP_SILENCE_DAY : 1);

	if (source->key.class != SOURCE_UDP)
		return 0;
	if (silent < least || silent < (uint64_t)horizon->answered * limits->udp_silent_share)
		return 0;
	return silent;
}

/*
 * Peer-to-peer software has many dead peers, each at a port of its own: hardly
 * a target or port repeats, next to none is a well-known port, and all are
 * elsewhere.
 */
static bool looks_like_peers(const struct tracked_source *source, const struct horizon *horizon)
{
	struct scan_numbers numbers = { 0 };
	unsigned high = 0;
	uint32_t larger;

	scan_describe(&numbers, &horizon->failures);
	larger = numbers.targets > numbers.ports ? numbers.targets : numbers.ports;
	for (unsigned i = 0; i < numbers.port_count; i++)
		high += numbers.port_list[i] >= 1024;
	return source->inside <= 0 && numbers.shape == SCAN_MIXED &&
	       numbers.contacts < larger + larger / 2 && 10 * high >= 7 * numbers.port_count;
}

struct derivation_rule scan_rule_of_horizon(const struct tracked_source *source, unsigned i,
					    const struct scan_limits *limits)
{
	const struct horizon *horizon = &source->horizons.horizon[i];
	struct distinct_counts counts = distinct_count(&horizon->failures);
	struct derivation_rule rule = { .name = "failures",
					.of = "failed contacts net of successes",
					.horizon_s = horizon_length_s(i),
					.from = limits->cusum,
					.floor = SCORE_FLOOR,
					.step = SCORE_STEP,
					.failed = horizon->failed,
					.contacts = counts.contacts,
					.targets = counts.targets,
					.ports = counts.ports };

	rule.measure =
		(horizon->cusum > 0 ? horizon->cusum : 0) + (double)silence(source, i, limits);
	rule.holds = rule.measure >= limits->cusum && counts.contacts >= limits->failed;
	rule.factor = rule.holds && looks_like_peers(source, horizon) ? PEERS_FACTOR : 1;
	rule.score = scan_rule_score(&rule);
	return rule;
}

/* Contacts that were opened, used for nothing, and belong to what was found. */
static uint32_t empties_among(const struct tracked_source *source, const struct horizon *horizon)
{
	const struct empties *empties = &source->empties;
	uint32_t count = 0;

	for (unsigned i = 0; i < empties->used; i++)
		count += empties_is_empty(&empties->entries[i]);
	return address_equal(&empties->target.address, &horizon->target.address) ? count : 0;
}

static enum scan_technique technique_of(const struct tracked_source *source,
					const struct scan_numbers *numbers)
{
	if (source->key.class == SOURCE_UDP)
		return SCAN_UDP;
	/* Whoever completes handshakes only to close them calls connect(). */
	return numbers->empty && !numbers->half_open ? SCAN_CONNECT : SCAN_SYN;
}

void scan_tell_horizon(struct scan_evidence *evidence, const struct tracked_source *source,
		       unsigned i)
{
	const struct horizon *horizon = &source->horizons.horizon[i];
	struct scan_numbers *numbers = &evidence->numbers;

	evidence->first_ns = horizon->first_ns ? horizon->first_ns : horizon->start_ns;
	evidence->last_ns = horizon->last_ns;
	evidence->target = horizon->target.address;
	scan_describe(numbers, &horizon->failures);
	scan_tell_outcomes(numbers, horizon->outcomes);
	numbers->answered = horizon->answered;
	if (source->key.class == SOURCE_TCP)
		numbers->empty = empties_among(source, horizon);
	numbers->technique = technique_of(source, numbers);
	numbers->horizon_s = horizon_length_s(i);
	/* What two short horizons share is not slow: it must take longer than one. */
	numbers->slow =
		evidence->last_ns > evidence->first_ns &&
		evidence->last_ns - evidence->first_ns >= horizon_length_s(0) * SKUA_SECOND_NS;
}

struct scan_evidence scan_by_failures(const struct tracked_source *source,
				      const struct scan_limits *limits)
{
	struct scan_evidence evidence = { 0 };
	bool fast = false;

	if (source_is_listed(source->key.class))
		return evidence;
	for (unsigned i = 0; i < HORIZONS; i++) {
		struct derivation_rule rule = scan_rule_of_horizon(source, i, limits);
		double score = rule.score;

		fast |= i == 0 && score > 0;
		/* On equal terms the shorter horizon tells the scan better. */
		if (score <= evidence.score)
			continue;
		evidence = (struct scan_evidence){ .score = score, .rule = rule };
		scan_tell_horizon(&evidence, source, i);
		evidence.numbers.cusum = rule.measure;
	}
	evidence.numbers.slow &= !fast;
	return evidence;
}
