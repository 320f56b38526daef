// SPDX-License-Identifier: BSD-2-Clause
/* When a finding is new, when it is said again, when it is over, and what its id is all along. */
#include <stdlib.h>
#include <string.h>
#include "pipeline/ledger.h"
#include "tap.h"

#define SECOND 1000000000ull
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define NOON (20000 * DAY + 12 * HOUR)
#define CAPACITY 1024

static struct ledger ledger;

static void begin(uint32_t capacity)
{
	if (ledger_init(&ledger, capacity))
		abort();
}

/* Seen just now; port tells one from the other. */
static struct finding found(uint16_t port, uint64_t now_ns, double score, uint64_t count)
{
	struct finding finding = { .kind = FINDING_EXFIL };

	address_parse(&finding.src, "10.0.0.5");
	finding.dst.bytes[14] = port >> 8;
	finding.dst.bytes[15] = port & 0xff;
	finding.has_dst = true;
	finding.first_ns = finding.last_ns = finding.trigger_ns = now_ns;
	finding.score = score;
	finding.count = count;
	return finding;
}

static bool take(uint64_t now_ns, double score, uint64_t count)
{
	struct finding finding = found(1, now_ns, score, count);

	return ledger_take(&ledger, &finding);
}

/* What a review said. */
struct said {
	struct finding findings[CAPACITY];
	unsigned count;
	bool sorted;
};
static struct said said;

static void note(void *arg, const struct finding *finding)
{
	struct said *to = arg;

	if (to->count && strcmp(to->findings[to->count - 1].id, finding->id) >= 0)
		to->sorted = false;
	to->findings[to->count++ % CAPACITY] = *finding;
}

static unsigned review(uint64_t now_ns, bool at_end)
{
	said.count = 0;
	said.sorted = true;
	ledger_review(&ledger, now_ns, at_end, note, &said);
	return said.count;
}

static void test_new(void)
{
	struct finding finding = found(1, NOON, 0.6, 10), other = found(2, NOON, 0.8, 10);

	begin(CAPACITY);
	ok(ledger_take(&ledger, &finding) && finding.state == FINDING_NEW &&
		   strlen(finding.id) == FINDING_ID - 1,
	   "what was not known is new, and has an id");
	ok(ledger_take(&ledger, &other) && other.state == FINDING_NEW &&
		   strcmp(finding.id, other.id),
	   "another is another");
	ok(ledger.counts[1] == 1 && ledger.counts[2] == 1 && !ledger.counts[3],
	   "each is counted by its severity");
	finding = found(1, NOON + 5 * SECOND, 0.6, 10);
	finding.first_ns = NOON + SECOND;
	ok(!ledger_take(&ledger, &finding) && finding.first_ns == NOON,
	   "found again it keeps its beginning, and is not said");
	finding = found(1, NOON + 6 * SECOND, 0.6, 10);
	finding.first_ns = NOON - SECOND;
	ledger_take(&ledger, &finding);
	ok(finding.first_ns == NOON - SECOND, "unless an earlier one comes to light");
	ledger_fini(&ledger);
}

static void test_updates(void)
{
	struct finding finding = found(1, NOON + 60 * SECOND, 0.55, 10);

	begin(CAPACITY);
	take(NOON, 0.5, 10);
	ok(!take(NOON + 60 * SECOND - 1, 0.9, 1000), "nothing is said twice within a minute");
	ok(ledger_take(&ledger, &finding) && finding.state == FINDING_UPDATE,
	   "after a minute a score that moved by 0.05 is an update");
	ok(!take(NOON + 121 * SECOND, 0.5999, 10), "one that moved by less is not");
	ok(take(NOON + 122 * SECOND, 0.49, 10), "one that fell is");
	ok(!take(NOON + 190 * SECOND, 0.49, 19) && take(NOON + 191 * SECOND, 0.49, 20),
	   "a count that doubled is one, nothing less");
	ok(!take(NOON + 250 * SECOND, 0.49, 40) && take(NOON + 251 * SECOND, 0.49, 40),
	   "the minute is counted from what was said last,");
	ok(!take(NOON + 320 * SECOND, 0.53, 79) && !take(NOON + 321 * SECOND, 0.44, 79),
	   "the step and the count, too, in small steps as well");
	ok(!ledger.counts[1] && !ledger.counts[2] && ledger.counts[3] == 1,
	   "and one finding is counted once, by its last score");
	ledger_fini(&ledger);
}

/* Two views, such as a pair by server and by name, that make one finding. */
static void test_views(void)
{
	struct finding named = found(1, NOON + 100 * SECOND, 0.5, 10);

	begin(CAPACITY);
	take(NOON, 0.7, 10);
	named.view = 1;
	ok(!ledger_take(&ledger, &named) && ledger.counts[2] == 1 && !review(NOON + HOUR, false) &&
		   review(NOON + HOUR + 100 * SECOND, false) == 1 && said.findings[0].score == 0.7,
	   "another view that scores less says nothing, but keeps the finding alive");
	ledger_fini(&ledger);
	begin(CAPACITY);
	take(NOON, 0.7, 10);
	named.score = 0.8;
	ok(ledger_take(&ledger, &named) && named.state == FINDING_UPDATE && ledger.counts[1] == 1,
	   "one that scores more wins");
	ok(!take(NOON + 200 * SECOND, 0.75, 20) && ledger.counts[1] == 1,
	   "and is not pushed aside by the first, which scores less now");
	ledger_fini(&ledger);
}

static void test_id(void)
{
	struct finding evening = found(1, NOON + 11 * HOUR, 0.6, 10);
	struct finding night = found(1, NOON + 13 * HOUR, 0.9, 100);
	struct finding fresh = found(1, NOON + 13 * HOUR, 0.9, 100);

	begin(CAPACITY);
	evening.last_ns = NOON + 13 * HOUR;
	ledger_take(&ledger, &evening);
	ledger_take(&ledger, &night);
	ok(night.state == FINDING_UPDATE && !strcmp(evening.id, night.id) &&
		   night.trigger_ns == NOON + 13 * HOUR,
	   "across midnight it keeps its id, and its times are its own");
	ledger_fini(&ledger);
	begin(CAPACITY);
	ledger_take(&ledger, &fresh);
	ok(strcmp(evening.id, fresh.id), "one that begins after midnight has another");
	ledger_fini(&ledger);
}

static struct finding waived(uint64_t now_ns)
{
	struct finding finding = found(1, now_ns, 0.8, 10);

	memcpy(finding.suppressed.rule, "0b89394f", 9);
	return finding;
}

/* What is only shown because somebody asked for it is no finding, until the rule ends. */
static void test_suppressed(void)
{
	struct finding shown = waived(NOON), later = found(1, NOON + SECOND, 0.8, 10);
	struct finding again = waived(NOON + 2 * SECOND);

	begin(CAPACITY);
	ok(ledger_suppress(&ledger, &shown) && !ledger_suppress(&ledger, &again),
	   "what a rule keeps back is counted once");
	ok(ledger_take(&ledger, &shown) && shown.state == FINDING_NEW && !ledger.counts[1],
	   "shown, it is not among the findings");
	ok(ledger_take(&ledger, &later) && later.state == FINDING_NEW && ledger.counts[1] == 1 &&
		   !strcmp(later.id, shown.id),
	   "when the rule has ended it is new, at once, under its id");
	ok(!ledger_take(&ledger, &again) && ledger.counts[1] == 1,
	   "a rule that comes later takes nothing back");
	ledger_fini(&ledger);
}

static void test_closed(void)
{
	begin(CAPACITY);
	take(NOON, 0.6, 10);
	ok(!review(NOON + HOUR - 1, false), "for an hour a finding waits for news");
	ok(review(NOON + HOUR, false) == 1 && said.findings[0].state == FINDING_CLOSED &&
		   said.findings[0].trigger_ns == NOON + HOUR && said.findings[0].last_ns == NOON &&
		   !said.findings[0].at_end,
	   "then it is closed");
	ok(!review(NOON + 2 * HOUR, false) && !review(NOON + 3 * HOUR, true), "once");
	ledger_fini(&ledger);
}

static void test_reopened(void)
{
	struct finding old = found(1, NOON, 0.6, 10), late = found(1, NOON + DAY, 0.7, 50), again;

	begin(CAPACITY);
	ledger_take(&ledger, &old);
	review(NOON + HOUR, false);
	late.last_ns = NOON + HOUR;
	ok(!ledger_take(&ledger, &late), "what was closed is not opened by old news");
	again = found(1, NOON + DAY, 0.7, 50);
	ok(ledger_take(&ledger, &again) && again.state == FINDING_NEW &&
		   again.first_ns == NOON + DAY && strcmp(old.id, again.id),
	   "with newer news it is new: with the id of its day, and no past");
	again = found(1, NOON + DAY + 30 * SECOND, 0.9, 500);
	ok(!ledger_take(&ledger, &again), "and lives as any other");
	ok(review(NOON + DAY + HOUR + 30 * SECOND, false) == 1 &&
		   said.findings[0].state == FINDING_CLOSED,
	   "up to its end");
	ledger_fini(&ledger);
}

static void test_beacon(void)
{
	struct finding slow = found(1, NOON, 0.6, 10), quick = found(1, NOON, 0.6, 10);

	begin(CAPACITY);
	slow.kind = quick.kind = FINDING_BEACON;
	slow.beacon.interval_s = 3600;
	quick.beacon.interval_s = 60;
	quick.src.bytes[15]++;
	ledger_take(&ledger, &slow);
	ledger_take(&ledger, &quick);
	ok(!review(NOON + HOUR - 1, false) && review(NOON + HOUR, false) == 1 &&
		   said.findings[0].beacon.interval_s == 60,
	   "a quick beacon waits an hour, too");
	ok(!review(NOON + 4 * HOUR - 1, false) && review(NOON + 4 * HOUR, false) == 1,
	   "a slow one for four of its intervals");
	ledger_fini(&ledger);
}

static void test_review(void)
{
	begin(CAPACITY);
	take(NOON, 0.6, 10);
	take(NOON + 10 * SECOND, 0.6, 25);
	ok(!review(NOON + 60 * SECOND - 1, false), "a review says nothing within a minute, either");
	ok(review(NOON + 60 * SECOND, false) == 1 && said.findings[0].state == FINDING_UPDATE &&
		   said.findings[0].count == 25 &&
		   said.findings[0].trigger_ns == NOON + 60 * SECOND,
	   "then it says what has changed since");
	ok(!review(NOON + 180 * SECOND, false), "once");
	take(NOON + 181 * SECOND, 0.61, 26);
	ok(!review(NOON + 250 * SECOND, false), "a change too small is not worth it");
	ok(review(NOON + 251 * SECOND, true) == 1 && said.findings[0].count == 26 &&
		   said.findings[0].at_end && said.findings[0].state == FINDING_UPDATE,
	   "but at the end all is said,");
	ok(!review(NOON + 252 * SECOND, true), "if it changed");
	ledger_fini(&ledger);
}

static void test_many(void)
{
	unsigned total = 0;

	begin(CAPACITY);
	for (uint16_t port = 0; port < 600; port++)
		for (uint64_t count = 1; count < 3; count++) {
			struct finding finding = found(port, NOON, 0.6, count);

			ledger_take(&ledger, &finding);
		}
	total = review(NOON + 60 * SECOND, false);
	ok(total == 256 && said.sorted, "a review says up to 256, in the order of their ids");
	total += review(NOON + 120 * SECOND, false);
	total += review(NOON + 180 * SECOND, false);
	ok(total == 600 && !review(NOON + 240 * SECOND, false),
	   "those that wait come next, all of them");
	for (uint16_t port = 0; port < 600; port++) {
		struct finding finding = found(port, NOON + 241 * SECOND, 0.6, 3);

		ledger_take(&ledger, &finding);
	}
	ok(review(NOON + 242 * SECOND, true) == 600, "at the end none waits, however many");
	ledger_fini(&ledger);
}

static void test_hidden(void)
{
	struct finding today = found(1, NOON, 0.3, 10), tomorrow = found(1, NOON + DAY, 0.3, 20);
	struct finding other = found(2, NOON, 0.3, 10), risen = found(1, NOON + DAY, 0.6, 30);

	begin(CAPACITY);
	ledger_hide(&ledger, &today);
	ledger_hide(&ledger, &today);
	ledger_hide(&ledger, &tomorrow);
	ok(ledger.hidden.used == 1, "what is hidden is counted once, whatever the day");
	ledger_hide(&ledger, &other);
	ok(ledger.hidden.used == 2 && !ledger.counts[3], "each once, and not among what is shown");
	ok(ledger_take(&ledger, &risen) && risen.state == FINDING_NEW && ledger.hidden.used == 1,
	   "one that rises is shown as new, and hidden no more");
	ok(!ledger_hide(&ledger, &today) && ledger.hidden.used == 1,
	   "when it falls again it is not hidden, but to be said");
	ledger_fini(&ledger);
}

static void test_full(void)
{
	struct finding finding, first;

	begin(1);
	first = finding = found(1, NOON, 0.6, 10);
	ledger_take(&ledger, &first);
	finding = found(2, NOON + SECOND, 0.6, 10);
	ok(ledger_take(&ledger, &finding) && ledger.table.evictions == 1,
	   "a full ledger forgets one, counted");
	finding = found(1, NOON + 2 * SECOND, 0.6, 10);
	ok(ledger_take(&ledger, &finding) && finding.state == FINDING_NEW &&
		   !strcmp(finding.id, first.id),
	   "which is new when it comes back, with its old id");
	ledger_fini(&ledger);
	begin(2);
	for (uint16_t port = 1; port < 4; port++) {
		finding = found(port, NOON + (port == 1) * SECOND, 0.6, 10);
		ledger_take(&ledger, &finding);
	}
	finding = found(1, NOON + 2 * SECOND, 0.6, 10);
	ok(!ledger_take(&ledger, &finding) && finding.state == FINDING_UPDATE,
	   "what was seen last stays");
	ledger_fini(&ledger);
}

int main(void)
{
	test_new();
	test_updates();
	test_views();
	test_id();
	test_suppressed();
	test_closed();
	test_reopened();
	test_beacon();
	test_review();
	test_many();
	test_hidden();
	test_full();
	return done();
}
