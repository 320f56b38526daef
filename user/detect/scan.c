// SPDX-License-Identifier: BSD-2-Clause
/* The scan detector: the rule that is surest of a source makes the finding. */
#include <stdio.h>
#include <string.h>
#include "detect/detect.h"
#include "detect/scan_evidence.h"

#define SCORE_CALLED_BACK 0.75 /* from here on a finding is of high severity */

static bool was_let_in(const struct tracked_source *source)
{
	return source->spoke_with.words[0] || source->spoke_with.words[1];
}

/* Everything that was tried counts, whatever the list of it could hold. */
static void tell_overflow(struct scan_evidence *evidence, const struct tracked_source *source)
{
	const struct overflow *overflow = &source->overflow;
	struct scan_numbers *numbers = &evidence->numbers;

	if (source_is_listed(source->key.class))
		scan_tell_recent(evidence, source);
	else
		scan_tell_horizon(evidence, source, 0);
	if (overflow->contacts > numbers->contacts)
		numbers->contacts = overflow->contacts;
	if (numbers->targets == 1)
		numbers->ports = numbers->contacts;
	else if (numbers->ports == 1)
		numbers->targets = numbers->contacts;
	if (numbers->ports)
		numbers->shape = scan_shape_of(numbers);
	if (!evidence->first_ns || overflow->first_ns < evidence->first_ns)
		evidence->first_ns = overflow->first_ns;
	evidence->last_ns = source->last_ns;
	numbers->slow = false;
	numbers->overflow = true;
}

struct scan_evidence scan_by_overflow(const struct tracked_source *source,
				      const struct scan_limits *limits, uint64_t now_ns)
{
	const struct overflow *overflow = &source->overflow;
	struct scan_evidence evidence = { 0 };

	evidence.rule = (struct derivation_rule){ .name = "overflow",
						  .of = "attempts a minute",
						  .measure = overflow->attempts,
						  .from = limits->overflow_attempts,
						  .floor = 1,
						  .factor = 1,
						  .contacts = overflow->contacts };
	if (!overflow->window_ns || now_ns > overflow->window_ns + OVERFLOW_ROW_NS)
		return evidence;
	if (overflow->attempts < limits->overflow_attempts ||
	    overflow->contacts < limits->overflow_contacts)
		return evidence;
	/* A crawler or proxy is in a hurry as well, but most of what it tries succeeds. */
	if (!source_is_listed(source->key.class) &&
	    source->horizons.horizon[0].answered >
		    distinct_count(&source->horizons.horizon[0].failures).contacts)
		return evidence;
	evidence.rule.holds = true;
	evidence.score = scan_rule_score(&evidence.rule);
	tell_overflow(&evidence, source);
	return evidence;
}

double scan_rule_score(const struct derivation_rule *rule)
{
	double score = rule->floor + rule->step * (rule->measure - rule->from);

	if (!rule->holds)
		return 0;
	return (score > 1 ? 1 : score) * rule->factor;
}

static struct scan_evidence surest(const struct tracked_source *source,
				   const struct scan_limits *limits, uint64_t now_ns)
{
	/* On equal terms the first says most. */
	const struct scan_evidence all[] = {
		scan_by_overflow(source, limits, now_ns),
		scan_by_failures(source, limits),
		scan_by_empties(source, limits, now_ns),
		scan_by_probes(source, limits),
		scan_by_sweep(source, limits),
		scan_by_slow(source, limits),
	};
	struct scan_evidence best = all[0];

	for (unsigned i = 1; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].score > best.score)
			best = all[i];
	return best;
}

static enum scan_direction direction_of(const struct tracked_source *source)
{
	if (!source->ours)
		return SCAN_INBOUND;
	return source->inside > 0 ? SCAN_INTERNAL : SCAN_OUTBOUND;
}

static void fill_entities(struct finding *out, const struct tracked_source *source,
			  const struct scan_evidence *evidence)
{
	const struct scan_numbers *numbers = &evidence->numbers;

	out->src = source->key.address;
	out->proto = source->proto;
	if (numbers->shape == SCAN_VERTICAL || numbers->targets == 1) {
		out->dst = evidence->target;
		out->has_dst = out->dst.words[0] || out->dst.words[1];
	}
	if (numbers->ports == 1 && numbers->port_count)
		out->dport = numbers->port_list[0];
}

/*
 * The Internet tries every address all day; that says nothing unless one of
 * ours let it in.  Between strangers, as in a capture without a known inside,
 * nobody is "from outside".
 */
static bool is_noise(const struct tracked_source *source, const struct scan_limits *limits)
{
	return limits->inbound_summary && !source->ours && source->inside > 0 &&
	       !was_let_in(source);
}

/* A host that takes a scanner's payload and then calls it is, most likely, taken over. */
static void tell_entry(struct finding *out, const struct tracked_source *source)
{
	size_t length = strlen(out->reason);
	char address[ADDRESS_TEXT];

	if (source->ours || !was_let_in(source))
		return;
	if (source->called_back && out->score_raw < SCORE_CALLED_BACK)
		out->score_raw = SCORE_CALLED_BACK;
	snprintf(out->reason + length, sizeof(out->reason) - length, "; it spoke with %s%s",
		 address_format(&source->spoke_with, address),
		 source->called_back ? ", which called it back" : "");
}

static bool judge(const struct subject *subject, const struct detect_limits *limits,
		  struct finding *out)
{
	const struct tracked_source *source = subject->source;
	struct scan_evidence evidence = surest(source, &limits->scan, subject->now_ns);

	evidence.numbers.direction = direction_of(source);
	if (!evidence.score)
		return false;
	evidence.numbers.noise = is_noise(source, &limits->scan);
	if (evidence.last_ns > evidence.first_ns)
		evidence.numbers.span_s = (double)(evidence.last_ns - evidence.first_ns) / 1e9;
	out->kind = FINDING_SCAN;
	fill_entities(out, source, &evidence);
	out->ifindex = source->ifindex;
	out->first_ns = evidence.first_ns;
	out->last_ns = evidence.last_ns;
	out->trigger_ns = subject->now_ns;
	out->at_end = subject->at_end;
	out->score_raw = evidence.score;
	out->count = evidence.numbers.contacts;
	out->scan = evidence.numbers;
	scan_write_reason(out->reason, &evidence, out->dport);
	tell_entry(out, source);
	return true;
}

const struct detector scan_detector = {
	.name = "scan",
	.subject = SUBJECT_SOURCE,
	.judge = judge,
	.derive = scan_derive,
};
