// SPDX-License-Identifier: BSD-2-Clause
/* Lets new findings wait for what follows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "pipeline/evidence_policy.h"
#include "pipeline/evidence_state.h"
#include "track/names.h"

int evidence_open(struct evidence **out, const struct evidence_options *options)
{
	struct evidence *evidence = calloc(1, sizeof(*evidence));
	int err;

	if (!evidence)
		return -ENOMEM;
	evidence->options = *options;
	err = recorder_open(&evidence->recorder, &options->recorder);
	if (err)
		evidence_close(evidence);
	else
		*out = evidence;
	return err;
}

void evidence_close(struct evidence *evidence)
{
	if (!evidence)
		return;
	recorder_close(evidence->recorder);
	free(evidence);
}

struct recorder *evidence_recorder(struct evidence *evidence)
{
	return evidence->recorder;
}

uint64_t evidence_early(const struct evidence *evidence)
{
	return evidence->early;
}

void evidence_flow(struct evidence *evidence, const struct skua_flow_event *event)
{
	recorder_flow(evidence->recorder, event);
}

void evidence_fact(struct evidence *evidence, const struct fact *fact)
{
	if (fact->kind == FACT_HELLO && fact->hello.name[0])
		recorder_name(evidence->recorder, &fact->hello.key, fact->hello.client,
			      name_hash(fact->hello.name));
}

static void select_beacon(const struct finding *finding, struct recorder_selector *out)
{
	if (finding->has_dst) {
		out->what = RECORDER_PAIR;
		out->port = finding->dport;
		out->proto = finding->proto;
		return;
	}
	out->what = RECORDER_NAME;
	out->name_hash = name_hash(finding->entity);
	snprintf(out->domain, sizeof(out->domain), "%s", finding->entity);
}

static void select_dns(const struct finding *finding, struct recorder_selector *out)
{
	out->what = RECORDER_DNS;
	if (finding->kind == FINDING_DNS_EXFIL && !finding->dns.pooled)
		snprintf(out->domain, sizeof(out->domain), "%s", finding->entity);
}

void evidence_selector(const struct finding *finding, struct recorder_selector *out)
{
	memset(out, 0, sizeof(*out));
	out->a = finding->src;
	out->b = finding->dst;
	switch (finding->kind) {
	case FINDING_BEACON:
		select_beacon(finding, out);
		break;
	case FINDING_DNS_EXFIL:
	case FINDING_DNS_DGA:
		select_dns(finding, out);
		break;
	case FINDING_SUSPICIOUS_PORT:
		out->port = finding->dport;
		out->what = RECORDER_PAIR;
		break;
	case FINDING_EXFIL: /* by any port */
		out->what = RECORDER_PAIR;
		break;
	case FINDING_SCAN: /* whom it reached counts as well */
		out->what = RECORDER_HOST;
		break;
	default:
		if (!out->a.words[0] && !out->a.words[1]) {
			out->what = RECORDER_ALL;
			if (finding->trigger_ns > EVIDENCE_BACK_NS)
				out->since_ns = finding->trigger_ns - EVIDENCE_BACK_NS;
			break;
		}
		out->port = finding->dport;
		out->proto = finding->proto;
		out->what = finding->has_dst ? RECORDER_PAIR : RECORDER_HOST;
	}
}

static void count_losses(struct evidence *evidence, uint64_t now_ns)
{
	uint64_t total;

	if (!evidence->options.lost)
		return;
	total = evidence->options.lost(evidence->options.lost_arg);
	if (total == evidence->lost)
		return;
	evidence->lost = total;
	evidence->losses[evidence->loss_next++ % EVIDENCE_LOSSES] =
		(struct evidence_loss){ now_ns, total };
}

static void end_waiting(struct evidence *evidence, unsigned i, evidence_find_fn *find, void *arg)
{
	struct evidence_waiting *waiting = &evidence->waiting[i];

	evidence_fall_due(evidence, &waiting->finding, find, arg);
	evidence->waiting_count--;
	memmove(waiting, waiting + 1, (evidence->waiting_count - i) * sizeof(*waiting));
}

void evidence_armed_key(const struct address *a, const struct address *b,
			struct skua_armed_key *out)
{
	if (b->words[0] || b->words[1])
		skua_armed_pair(out, (const __u64 *)a->words, (const __u64 *)b->words);
	else
		skua_armed_host(out, (const __u64 *)a->words);
}

static void arm(struct evidence *evidence, struct evidence_waiting *waiting, uint64_t until_ns)
{
	/* Who asks for everything of the past arms nobody. */
	if (evidence->options.arm && (waiting->a.words[0] || waiting->a.words[1]))
		evidence->options.arm(evidence->options.arm_arg, &waiting->a, &waiting->b,
				      until_ns);
}

static bool is_armed_by(const struct evidence_waiting *waiting, const struct address *low,
			const struct address *high)
{
	bool pair = waiting->b.words[0] || waiting->b.words[1];

	if (address_equal(&waiting->a, low))
		return !pair || address_equal(&waiting->b, high);
	return address_equal(&waiting->a, high) && (!pair || address_equal(&waiting->b, low));
}

/* Until when others wait for what this one armed; 0: nobody does. */
static uint64_t still_wanted(const struct evidence *evidence, const struct evidence_waiting *done)
{
	uint64_t until_ns = 0;

	for (unsigned i = 0; i < evidence->waiting_count; i++) {
		const struct evidence_waiting *other = &evidence->waiting[i];

		if (other != done && other->due_ns > done->due_ns && other->due_ns > until_ns &&
		    address_equal(&other->a, &done->a) && address_equal(&other->b, &done->b))
			until_ns = other->due_ns;
	}
	return until_ns;
}

/* Who sends much is not sampled in full for long: the file is made early. */
static void count_armed(struct evidence *evidence, const struct skua_sample_event *event,
			const struct address *low, const struct address *high)
{
	for (unsigned i = 0; i < evidence->waiting_count; i++) {
		struct evidence_waiting *waiting = &evidence->waiting[i];

		if (!is_armed_by(waiting, low, high))
			continue;
		waiting->armed_bytes += event->captured;
		if (waiting->armed_bytes < EVIDENCE_POST_BYTES ||
		    waiting->due_ns <= event->head.time_ns)
			continue;
		waiting->due_ns = event->head.time_ns;
		arm(evidence, waiting, still_wanted(evidence, waiting));
	}
}

void evidence_sample(struct evidence *evidence, const struct skua_sample_event *event,
		     const uint8_t *bytes)
{
	const struct address low = address_from(event->head.key.low);
	const struct address high = address_from(event->head.key.high);
	uint32_t captured;

	if (event->flags & SKUA_SAMPLE_ARMED)
		count_armed(evidence, event, &low, &high);
	if (evidence_admit(evidence, event, &captured))
		recorder_sample(evidence->recorder, event, bytes, captured);
}

void evidence_finding(struct evidence *evidence, const struct finding *finding, uint64_t due_ns)
{
	struct recorder_selector selector;
	struct evidence_waiting *waiting;

	if (evidence->waiting_count == EVIDENCE_WAITING) {
		evidence->early++;
		end_waiting(evidence, 0, NULL, NULL);
		evidence_catch_up(evidence, NULL, NULL);
	}
	evidence_selector(finding, &selector);
	waiting = &evidence->waiting[evidence->waiting_count++];
	*waiting =
		(struct evidence_waiting){ .finding = *finding, .a = selector.a, .due_ns = due_ns };
	if (selector.what == RECORDER_PAIR)
		waiting->b = selector.b;
	arm(evidence, waiting, due_ns);
}

void evidence_tick(struct evidence *evidence, uint64_t now_ns, bool at_end, evidence_find_fn *find,
		   void *arg)
{
	unsigned i = 0;

	count_losses(evidence, now_ns);
	while (i < evidence->waiting_count)
		if (at_end ||
		    (evidence->waiting[i].due_ns <= now_ns && evidence->due_count < EVIDENCE_DUE))
			end_waiting(evidence, i, find, arg);
		else
			i++;
	evidence_catch_up(evidence, find, arg);
}
