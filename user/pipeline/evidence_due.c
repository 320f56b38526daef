// SPDX-License-Identifier: BSD-2-Clause
/* Hands over what has waited for all that follows, as far as there is time for it. */
#include <errno.h>
#include "pipeline/evidence_file.h"
#include "pipeline/evidence_policy.h"
#include "pipeline/evidence_state.h"

/* Samples lost since then, by anybody; when that is forgotten, all there were. */
static uint64_t lost_since(const struct evidence *evidence, uint64_t since_ns)
{
	uint64_t before = 0;

	for (unsigned i = 0; i < EVIDENCE_LOSSES; i++) {
		const struct evidence_loss *loss = &evidence->losses[i];

		if (loss->time_ns && loss->time_ns < since_ns && loss->total > before)
			before = loss->total;
	}
	return evidence->lost - before;
}

static void hand_over(struct evidence *evidence, struct evidence_item *item)
{
	evidence->options.publish(evidence->options.publish_arg, item);
}

static int select_packets(const struct evidence *evidence, const struct finding *now,
			  struct recorder_selection *out)
{
	struct recorder_selector selector;

	evidence_selector(now, &selector);
	selector.bytes_max = evidence->options.bytes_max;
	return recorder_select(evidence->recorder, &selector, out);
}

/* A file for each link type, the largest first; or with err none. */
static void publish(struct evidence *evidence, const struct finding *now, uint64_t begun_ns,
		    int err)
{
	struct evidence_item item = { .finding = *now, .begun_ns = begun_ns };
	struct policy_removed removed = { .off = *evidence_off(evidence, &now->src) };
	struct recorder_selection selection = { 0 };

	item.finding.state = FINDING_UPDATE;
	item.part = 1;
	if (evidence->options.deferred) {
		hand_over(evidence, &item);
		return;
	}
	item.finding.snapshot.ring_dropped = lost_since(evidence, now->first_ns);
	if (!err)
		err = select_packets(evidence, now, &selection);
	if (!err)
		err = evidence_withhold(evidence, &selection, &removed);
	if (err) {
		item.finding.snapshot.error = err;
		hand_over(evidence, &item);
	} else {
		evidence_files(evidence, &item, &selection, &removed, hand_over);
	}
	recorder_selection_fini(&selection);
}

static void publish_due(struct evidence *evidence, unsigned i, int err, evidence_find_fn *find,
			void *arg)
{
	struct evidence_due *due = &evidence->due[i];
	const struct finding *now = find ? find(arg, &due->finding) : NULL;

	publish(evidence, now ? now : &due->finding, due->finding.trigger_ns, err);
	*due = evidence->due[--evidence->due_count];
}

/* Where time is short the score counts, so that a flood of little delays no more than itself. */
static bool is_before(const struct evidence *evidence, const struct evidence_due *a,
		      const struct evidence_due *b)
{
	if (evidence->options.time && a->finding.score != b->finding.score)
		return a->finding.score > b->finding.score;
	return a->number < b->number;
}

/* Of those that are due, the first, or the last. */
static unsigned find_due(const struct evidence *evidence, bool last)
{
	unsigned found = 0;

	for (unsigned i = 1; i < evidence->due_count; i++)
		if (is_before(evidence, &evidence->due[i], &evidence->due[found]) != last)
			found = i;
	return found;
}

void evidence_fall_due(struct evidence *evidence, const struct finding *finding,
		       evidence_find_fn *find, void *arg)
{
	evidence->due[evidence->due_count++] =
		(struct evidence_due){ .finding = *finding, .number = evidence->fell_due++ };
	if (evidence->due_count > EVIDENCE_DUE)
		evidence_catch_up(evidence, find, arg);
	if (evidence->due_count > EVIDENCE_DUE)
		publish_due(evidence, find_due(evidence, true), -EXFULL, find, arg);
}

void evidence_catch_up(struct evidence *evidence, evidence_find_fn *find, void *arg)
{
	while (evidence->due_count) {
		enum evidence_time time = EVIDENCE_NOW;

		if (evidence->options.time)
			time = evidence->options.time(evidence->options.publish_arg);
		if (time == EVIDENCE_LATER)
			return;
		publish_due(evidence, find_due(evidence, false),
			    time == EVIDENCE_NEVER ? -ETIME : 0, find, arg);
	}
}
