// SPDX-License-Identifier: BSD-2-Clause
/* The last minute of a source: one entry for each contact, by its last second. */
#include <string.h>
#include "track/recent.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START_S 1700000000u
#define START_NS (START_S * SECOND)

static struct recent recent;

static struct attempt attempt_of(uint32_t target, uint16_t port, uint8_t outcome, uint64_t at_ns)
{
	struct attempt attempt = { .now_ns = START_NS + at_ns,
				   .first_ns = START_NS + at_ns,
				   .target_hash = target,
				   .port = port,
				   .outcome = outcome };

	attempt.target.bytes[15] = target;
	return attempt;
}

/* A TCP attempt at port 22, so long after the start. */
static bool try(uint32_t target, uint8_t outcome, uint64_t at_ns)
{
	struct attempt attempt = attempt_of(target, 22, outcome, at_ns);

	return recent_add(&recent, &attempt, SKUA_SYN);
}

static void begin(void)
{
	memset(&recent, 0, sizeof(recent));
}

static void test_lately(void)
{
	begin();
	ok(!try(1, SKUA_UNANSWERED, 0), "what was never tried was not tried lately");
	ok(try(1, SKUA_UNANSWERED, SECOND) && recent.used == 1, "the same a second later was");
	try(2, SKUA_UNANSWERED, 30 * SECOND);
	ok(try(1, SKUA_UNANSWERED, 60 * SECOND), "so it was 59 s after that");
	try(2, SKUA_UNANSWERED, 90 * SECOND);
	ok(!try(1, SKUA_UNANSWERED, 120 * SECOND) && recent.used == 2,
	   "60 s after it was not, but its entry is the same");
	ok(try(1, SKUA_UNANSWERED, 100 * SECOND) && recent.entries[0].second == START_S + 120,
	   "one that is told late does not make it older");
	ok(recent.first_ns == START_NS && recent.last_ns == START_NS + 120 * SECOND,
	   "nor does it move the window");
}

static void test_window(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 10);
	try(2, SKUA_UNANSWERED, 10 + 60 * SECOND - 1);
	ok(recent.used == 2 && recent.first_ns == START_NS + 10,
	   "attempts less than a minute apart are one window");
	try(3, SKUA_UNANSWERED, 10 + 120 * SECOND - 1);
	ok(recent.used == 1 && recent.entries[0].target == 3 &&
		   recent.first_ns == START_NS + 9 + 120 * SECOND &&
		   recent.outcomes[SKUA_UNANSWERED] == 1,
	   "a minute of silence begins another, with nothing in it");
	try(4, SKUA_UNANSWERED, 0);
	ok(recent.used == 2 && recent.first_ns == START_NS &&
		   recent.last_ns == START_NS + 9 + 120 * SECOND,
	   "an earlier one that is told late belongs to it");
}

static void test_holds(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 0);
	try(2, SKUA_UNANSWERED, 30 * SECOND);
	try(3, SKUA_UNANSWERED, 59 * SECOND);
	ok(recent_holds(&recent, &recent.entries[0]), "an entry 59 s old is of the last minute");
	try(3, SKUA_UNANSWERED, 60 * SECOND);
	ok(!recent_holds(&recent, &recent.entries[0]) && recent_holds(&recent, &recent.entries[1]),
	   "one 60 s old is not, a younger one is");
}

static void test_outcomes(void)
{
	begin();
	try(1, SKUA_UNANSWERED, 0);
	try(1, SKUA_UNANSWERED, SECOND);
	ok(recent.outcomes[SKUA_UNANSWERED] == 1, "a contact counts once");
	try(1, SKUA_ANSWERED, 2 * SECOND);
	ok(recent.outcomes[SKUA_UNANSWERED] == 0 && recent.outcomes[SKUA_ANSWERED] == 1 &&
		   recent.entries[0].outcome == SKUA_ANSWERED,
	   "an answer takes its failure back");
	try(1, SKUA_REFUSED, 3 * SECOND);
	ok(recent.outcomes[SKUA_REFUSED] == 0 && recent.outcomes[SKUA_ANSWERED] == 1 &&
		   recent.entries[0].outcome == SKUA_ANSWERED,
	   "once answered, it stays so");
	try(2, SKUA_UNANSWERED, 4 * SECOND);
	try(2, SKUA_REFUSED, 5 * SECOND);
	ok(recent.outcomes[SKUA_UNANSWERED] == 1 && recent.outcomes[SKUA_REFUSED] == 0 &&
		   recent.entries[1].outcome == SKUA_REFUSED,
	   "one failure after another: the entry has the last, the count has the first");
	try(2, SKUA_ANSWERED, 6 * SECOND);
	ok(recent.outcomes[SKUA_ANSWERED] == 1 && recent.outcomes[SKUA_REFUSED] == 0,
	   "then an answer finds no failure to take back, and none falls below zero");
}

static void test_ports_and_flags(void)
{
	struct attempt attempt = attempt_of(1, 22, SKUA_REFUSED, 0);

	begin();
	recent_add(&recent, &attempt, 0x29);
	attempt.port = 23;
	recent_add(&recent, &attempt, 0x01);
	ok(recent.used == 2 && recent.entries[0].flags == 0x29 && recent.entries[1].flags == 0x01 &&
		   recent.outcomes[SKUA_REFUSED] == 2 && recent.target.votes == 2,
	   "two ports of a target are two entries, each with its flags");
	attempt.port = 22;
	ok(recent_add(&recent, &attempt, 0x11) && recent.entries[0].flags == 0x11,
	   "the flags are those of the last probe");
	attempt = attempt_of(2, 22, SKUA_REFUSED, SECOND);
	recent_add(&recent, &attempt, 0);
	ok(recent.target.address.bytes[15] == 1 && recent.target.votes == 1,
	   "the one that most of them asked for is named");
}

static void test_answers(void)
{
	struct attempt attempt = attempt_of(9, 0, SKUA_UNANSWERED, 0);

	begin();
	recent_add(&recent, &attempt, 0);
	try(8, SKUA_UNANSWERED, 0);
	ok(!recent_answer(&recent, 7), "who was not asked for does not answer");
	ok(!recent_answer(&recent, 8) && recent.outcomes[SKUA_UNANSWERED] == 2,
	   "nor who was tried at a port");
	ok(recent_answer(&recent, 9) && recent.outcomes[SKUA_ANSWERED] == 1 &&
		   recent.outcomes[SKUA_UNANSWERED] == 1,
	   "who was asked for answers");
	ok(recent_answer(&recent, 9) && recent.outcomes[SKUA_ANSWERED] == 1, "once");
}

static void test_full(void)
{
	begin();
	for (uint32_t i = 0; i < RECENT_ENTRIES; i++)
		try(100 + i, SKUA_UNANSWERED, (i == 5 || i == 9 ? 1 : 2) * SECOND);
	ok(recent.used == 72 && recent.entries[5].target == 105, "72 contacts are listed");
	try(500, SKUA_REFUSED, 3 * SECOND);
	ok(recent.used == 72 && recent.entries[5].target == 500 &&
		   recent.entries[5].outcome == SKUA_REFUSED &&
		   recent.entries[5].second == START_S + 3,
	   "the next one takes the place of the oldest, of the first of these");
	try(501, SKUA_REFUSED, 3 * SECOND);
	ok(recent.entries[9].target == 501, "the one after it that of the second");
	try(502, SKUA_REFUSED, 3 * SECOND);
	ok(recent.entries[0].target == 502, "then those that are left are alike");
	ok(recent.outcomes[SKUA_UNANSWERED] + recent.outcomes[SKUA_REFUSED] > 72,
	   "what was counted stays counted");
}

int main(void)
{
	test_lately();
	test_window();
	test_holds();
	test_outcomes();
	test_ports_and_flags();
	test_answers();
	test_full();
	return done();
}
