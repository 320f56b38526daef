// SPDX-License-Identifier: BSD-2-Clause
/* What is due waits for time to select its packets, by score; of too many the least goes without.
 */
#include <errno.h>
#include "pipeline/evidence.h"
#include "record_samples.h"
#include "tap.h"

#define START (1767225600 * SECOND)

static struct evidence *evidence;
static struct evidence_item items[EVIDENCE_DUE]; /* their bytes are the test's */
static unsigned count;

static void on_item(void *arg, const struct evidence_item *item)
{
	(void)arg;
	if (count == EVIDENCE_DUE)
		abort();
	items[count++] = *item;
}

static void forget_items(void)
{
	for (unsigned i = 0; i < count; i++)
		free(items[i].bytes);
	count = 0;
}

static void end(void)
{
	evidence_close(evidence);
	forget_items();
}

static int selections_left; /* there is time for so many; below 0: for none any more */

static enum evidence_time time_left(void *arg)
{
	(void)arg;
	if (selections_left < 0)
		return EVIDENCE_NEVER;
	return selections_left-- ? EVIDENCE_NOW : (selections_left = 0, EVIDENCE_LATER);
}

/* Findings of rising score, ten of each, all due at once. */
static void find_many(unsigned many)
{
	struct finding finding = {
		.kind = FINDING_BEACON, .src = host_of(5), .dst = host_of(9), .has_dst = true
	};

	for (unsigned i = 0; i < many; i++) {
		finding.first_ns = finding.trigger_ns = START + i;
		finding.score = i / 10;
		evidence_finding(evidence, &finding, START + EVIDENCE_POST_NS);
	}
}

static void begin(void)
{
	const struct talk talk = { 5, 9, 1000, 443, SKUA_TCP };
	const struct skua_sample_event event = sample_of(&talk, START, true, SKUA_ACK, 100);
	struct evidence_options options = EVIDENCE_OPTIONS_DEFAULT;

	options.recorder.ring_bytes = 64 << 10;
	options.publish = on_item;
	options.time = time_left;
	if (evidence_open(&evidence, &options))
		abort();
	evidence_sample(evidence, &event, bytes_of(1));
}

static void test_time(void)
{
	begin();
	selections_left = 0;
	find_many(100);
	evidence_tick(evidence, START + EVIDENCE_POST_NS, false, NULL, NULL);
	evidence_tick(evidence, START + 40 * SECOND, false, NULL, NULL);
	ok(!count, "what is due waits while there is no time to select packets");
	selections_left = 25;
	evidence_catch_up(evidence, NULL, NULL);
	ok(count == 25 && items[0].bytes && items[0].begun_ns == START + 90 &&
		   items[9].begun_ns == START + 99 && items[10].begun_ns == START + 80 &&
		   items[24].begun_ns == START + 74,
	   "then the highest score is first, of equals the one that came first, and no more are "
	   "made than there is time for");
	selections_left = 1000;
	evidence_tick(evidence, START + 41 * SECOND, false, NULL, NULL);
	evidence_catch_up(evidence, NULL, NULL);
	ok(count == 100, "the rest follows, each once");
	end();
}

static void test_crowd(void)
{
	const unsigned room = EVIDENCE_WAITING + EVIDENCE_DUE;

	begin();
	selections_left = 0;
	find_many(room);
	ok(!count && evidence_early(evidence) == EVIDENCE_DUE,
	   "a flood goes early, but not before there is time");
	find_many(5);
	ok(count == 5 && !items[0].bytes && items[0].finding.snapshot.error == -EXFULL &&
		   items[0].begun_ns == START + 9 && items[4].begun_ns == START + 5,
	   "when too many are due, the least and last of them goes without, and says so");
	forget_items();
	selections_left = -1;
	evidence_catch_up(evidence, NULL, NULL);
	ok(count == EVIDENCE_DUE && !items[0].bytes && items[0].finding.snapshot.error == -ETIME,
	   "when there will be no time any more, nothing waits for it");
	end();
}

int main(void)
{
	test_time();
	test_crowd();
	return done();
}
