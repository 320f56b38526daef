// SPDX-License-Identifier: BSD-2-Clause
/* Slow attempts: tries and distinct ones of five minutes, an hour and a day, what was answered, and
 * who keeps asking the same.
 */
#include <string.h>
#include "track/slow.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define HOUR_NS (3600 * SECOND)
#define START_NS (1700000000 * SECOND)

static struct slow slow;

/* To port 22, told when it was tried. */
static void try(uint32_t target, uint8_t outcome, uint64_t at_ns, bool lately)
{
	struct attempt attempt = { .now_ns = START_NS + at_ns,
				   .first_ns = START_NS + at_ns,
				   .target_hash = target,
				   .port = 22,
				   .outcome = outcome };

	attempt.target.bytes[15] = target;
	slow_add(&slow, &attempt, SKUA_SYN, lately);
}

static void begin(void)
{
	memset(&slow, 0, sizeof(slow));
}

/* The field of the three of them, as a number that reads like them: 123. */
#define ALL(field)                                                                                 \
	(100 * slow.horizon[0].field + 10 * slow.horizon[1].field + slow.horizon[2].field)
#define ANSWERED                                                                                   \
	(100 * slow_answered(&slow.horizon[0]) + 10 * slow_answered(&slow.horizon[1]) +            \
	 slow_answered(&slow.horizon[2]))

static void test_tries(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 5 * SECOND, false);
	try(1, SKUA_UNANSWERED, 6 * SECOND, true);
	ok(ALL(tries) == 111 && ALL(outcomes[SKUA_UNANSWERED]) == 111,
	   "what follows within a minute is no further try");
	try(1, SKUA_UNANSWERED, 106 * SECOND, false);
	ok(ALL(tries) == 222 && ALL(outcomes[SKUA_UNANSWERED]) == 111,
	   "later it is a try, and no further contact");
	try(2, SKUA_REFUSED, 2 * SECOND, false);
	ok(ALL(outcomes[SKUA_REFUSED]) == 111 && ALL(target.votes) == 0,
	   "another target is another contact");
	ok(slow.horizon[0].first_ns == START_NS + 2 * SECOND &&
		   slow.horizon[0].last_ns == START_NS + 5 * SECOND,
	   "the first and the last are of contacts, by the time of the attempt");
}

static void test_stray(void)
{
	struct attempt attempt = { .now_ns = START_NS, .first_ns = START_NS, .target_hash = 1 };

	begin();
	attempt.outcome = SKUA_REFUSED;
	slow_add(&slow, &attempt, SKUA_ACK, false);
	ok(ALL(stray_refused) == 111 && ALL(stray_silent) == 0, "an ACK that met a RST is told,");
	attempt.target_hash = 2;
	attempt.outcome = SKUA_UNANSWERED;
	slow_add(&slow, &attempt, SKUA_ACK | SKUA_FIN, false);
	ok(ALL(stray_refused) == 111 && ALL(stray_silent) == 111, "and one that met silence,");
	slow_add(&slow, &attempt, SKUA_ACK, false);
	ok(ALL(stray_silent) == 111, "once;");
	attempt.target_hash = 3;
	slow_add(&slow, &attempt, SKUA_SYN, false);
	attempt.target_hash = 4;
	attempt.outcome = SKUA_REFUSED;
	slow_add(&slow, &attempt, SKUA_FIN, false);
	ok(ALL(stray_refused) == 111 && ALL(stray_silent) == 111,
	   "what acknowledges nothing is none of both");
}

static void test_lengths(void)
{
	static const uint64_t lengths_s[HORIZONS] = { 300, 3600, 86400 };
	bool kept = true, new = true;

	for (unsigned i = 0; i < HORIZONS; i++) {
		begin();
		try(1, SKUA_REFUSED, 0, false);
		try(2, SKUA_REFUSED, lengths_s[i] * SECOND - 1, false);
		kept &= slow.horizon[i].outcomes[SKUA_REFUSED] == 2;
		try(3, SKUA_REFUSED, lengths_s[i] * SECOND, false);
		new &= slow.horizon[i].outcomes[SKUA_REFUSED] == 1 && slow.horizon[i].tries == 1 &&
		       slow.horizon[i].start_ns == START_NS + lengths_s[i] * SECOND;
		try(4, SKUA_REFUSED, 0, false);
		new &= slow.horizon[i].outcomes[SKUA_REFUSED] == 2;
	}
	ok(kept, "each horizon lasts to its last nanosecond");
	ok(new, "then it begins anew; a clock that steps back does not end it");
}

static void test_answers(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 0, false);
	try(2, SKUA_ANSWERED, 0, false);
	ok(ANSWERED == 111 && ALL(outcomes[SKUA_ANSWERED]) == 111 &&
		   ALL(outcomes[SKUA_UNANSWERED]) == 111,
	   "one of two is answered, and the failure of the other stands");
	try(2, SKUA_ANSWERED, SECOND, true);
	ok(ANSWERED == 111 && ALL(outcomes[SKUA_UNANSWERED]) == 111, "twice is once");
	try(1, SKUA_ANSWERED, 2 * SECOND, true);
	ok(ANSWERED == 222 && ALL(outcomes[SKUA_UNANSWERED]) == 0 &&
		   ALL(outcomes[SKUA_ANSWERED]) == 222,
	   "what had failed and is answered has not failed");
	try(1, SKUA_ANSWERED, 3 * SECOND, true);
	ok(ANSWERED == 222 && ALL(outcomes[SKUA_ANSWERED]) == 222, "and that, too, once");
}

/* One failure of each kind; each answer takes back one. */
static void test_corrections(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 0, false);
	try(2, SKUA_UNREACHABLE, 0, false);
	try(3, SKUA_REFUSED, 0, false);
	try(4, SKUA_HALF_OPEN, 0, false);
	for (uint32_t i = 1; i <= 3; i++)
		try(i, SKUA_ANSWERED, SECOND, true);
	ok(ALL(outcomes[SKUA_UNANSWERED]) == 0 && ALL(outcomes[SKUA_UNREACHABLE]) == 0 &&
		   ALL(outcomes[SKUA_REFUSED]) == 0 && ALL(outcomes[SKUA_ANSWERED]) == 333,
	   "silence, an error and a RST are taken back");
	try(4, SKUA_ANSWERED, SECOND, true);
	ok(ALL(outcomes[SKUA_HALF_OPEN]) == 111 && ALL(outcomes[SKUA_ANSWERED]) == 333 &&
		   ANSWERED == 444,
	   "what the source reset itself is not");
}

static void ask(uint32_t target)
{
	struct attempt attempt = { .now_ns = START_NS,
				   .first_ns = START_NS,
				   .target_hash = target,
				   .outcome = SKUA_UNANSWERED };

	slow_add(&slow, &attempt, 0, false);
}

static void test_neighbours(void)
{
	begin();
	ask(7);
	ask(8);
	slow_answer(&slow, 7);
	ok(ANSWERED == 111 && ALL(outcomes[SKUA_UNANSWERED]) == 111 &&
		   ALL(outcomes[SKUA_ANSWERED]) == 111,
	   "a neighbour that was asked for answers, on every horizon");
	slow_answer(&slow, 7);
	ok(ANSWERED == 111 && ALL(outcomes[SKUA_UNANSWERED]) == 111, "once");
	slow_answer(&slow, 8);
	ok(ANSWERED == 222 && ALL(outcomes[SKUA_UNANSWERED]) == 0, "the other answers, too");
}

/* Beyond the list, answers are estimated: exact to a few at this size. */
static void test_many(void)
{
	uint32_t answered;

	begin();
	for (uint32_t i = 0; i < 64; i++)
		try(1000 + i, SKUA_ANSWERED, 0, false);
	ok(slow_answered(&slow.horizon[2]) == 64, "64 are counted exactly");
	for (uint32_t i = 64; i < 100; i++)
		try(1000 + i, i < 80 ? SKUA_ANSWERED : SKUA_UNANSWERED, 0, false);
	answered = slow_answered(&slow.horizon[2]);
	ok(answered >= 74 && answered <= 86, "80 of 100 nearly so");
	answered = slow.horizon[2].outcomes[SKUA_UNANSWERED];
	try(1099, SKUA_ANSWERED, SECOND, true);
	ok(slow.horizon[2].outcomes[SKUA_UNANSWERED] == answered - 1,
	   "a failure is taken back there as well");
}

/* So many targets each asked so often, the first now, the last attempt at a new target then. */
static bool keeps(unsigned targets, unsigned tries, uint64_t last_ns)
{
	begin();
	for (unsigned i = 0; i < tries; i++)
		for (unsigned target = 0; target < targets - 1; target++)
			try(100 + target, SKUA_ANSWERED, 0, false);
	for (unsigned i = 0; i < tries; i++)
		try(99, SKUA_ANSWERED, last_ns, false);
	return slow_keeps(&slow);
}

static void test_keeps(void)
{
	ok(keeps(10, 3, HOUR_NS),
	   "who asks ten targets three times over an hour keeps asking them");
	ok(!keeps(10, 3, HOUR_NS - 1), "within the hour that cannot be told");
	ok(!keeps(10, 2, HOUR_NS), "twice each is what a tool does");
	try(99, SKUA_ANSWERED, HOUR_NS, false);
	ok(slow_keeps(&slow), "one try more, and it is not");
}

static void test_keeps_many(void)
{
	begin();
	slow.horizon[2].start_ns = START_NS;
	slow.horizon[2].last_ns = START_NS + HOUR_NS;
	slow.horizon[2].tries = 1000000;
	for (uint32_t i = 0; distinct_count(&slow.horizon[2].tried).contacts <= 1960; i++)
		distinct_add(&slow.horizon[2].tried, i, 1);
	ok(slow_keeps(&slow), "of nearly 2,000 targets it can be told");
	for (uint32_t i = 0; distinct_count(&slow.horizon[2].tried).contacts <= 2000; i++)
		distinct_add(&slow.horizon[2].tried, i, 2);
	ok(!slow_keeps(&slow), "of more it cannot");
}

static void test_day_after(void)
{
	keeps(10, 3, HOUR_NS);
	try(1, SKUA_REFUSED, 24 * HOUR_NS, false);
	ok(slow.kept && slow_keeps(&slow) && slow.horizon[2].tries == 1,
	   "what was so all day holds in the first hour of the next one");
	try(2, SKUA_REFUSED, 47 * HOUR_NS, false);
	ok(slow_keeps(&slow), "and through it");
	try(3, SKUA_REFUSED, 48 * HOUR_NS, false);
	ok(!slow.kept && !slow_keeps(&slow), "but a day without it ends it");
	try(4, SKUA_REFUSED, 49 * HOUR_NS, false);
	ok(!slow_keeps(&slow), "and it does not come back by itself");
}

int main(void)
{
	test_tries();
	test_stray();
	test_lengths();
	test_answers();
	test_corrections();
	test_neighbours();
	test_many();
	test_keeps();
	test_keeps_many();
	test_day_after();
	return done();
}
