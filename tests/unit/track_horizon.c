// SPDX-License-Identifier: BSD-2-Clause
/* Horizons: first contacts once each, the running sum and its credit, where each of them ends. */
#include <string.h>
#include "track/horizon.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START_NS (1700000000 * SECOND)

static struct horizons horizons;

static void begin(void)
{
	memset(&horizons, 0, sizeof(horizons));
}

static struct attempt attempt_of(uint32_t target, uint16_t port, uint64_t now_ns)
{
	struct attempt attempt = { .now_ns = now_ns,
				   .first_ns = now_ns,
				   .target_hash = target,
				   .port = port,
				   .outcome = SKUA_UNANSWERED };

	attempt.target.bytes[0] = 1;
	attempt.target.bytes[15] = target;
	return attempt;
}

static void fail(uint32_t target, uint64_t now_ns)
{
	struct attempt attempt = attempt_of(target, 22, now_ns);

	horizons_failed(&horizons, &attempt, HORIZON_COUNTED);
}

static void succeed(uint32_t target, uint64_t now_ns)
{
	struct attempt attempt = attempt_of(target, 22, now_ns);

	horizons_succeeded(&horizons, &attempt);
}

/* The field of the three of them, as a number that reads like them: 123. */
#define ALL(field)                                                                                 \
	(100 * horizons.horizon[0].field + 10 * horizons.horizon[1].field +                        \
	 horizons.horizon[2].field)

static void test_failures(void)
{
	struct attempt attempt = attempt_of(7, 22, START_NS);

	begin();
	horizons_failed(&horizons, &attempt, HORIZON_COUNTED);
	horizons_failed(&horizons, &attempt, HORIZON_COUNTED);
	ok(ALL(failed) == 111 && ALL(outcomes[SKUA_UNANSWERED]) == 111,
	   "the same contact fails once, on every horizon");
	attempt.port = 23;
	attempt.outcome = SKUA_REFUSED;
	attempt.first_ns = START_NS - 5 * SECOND;
	horizons_failed(&horizons, &attempt, HORIZON_COUNTED);
	ok(ALL(failed) == 222 && ALL(outcomes[SKUA_UNANSWERED]) == 111 &&
		   ALL(outcomes[SKUA_REFUSED]) == 111,
	   "another port is another one, counted by its outcome");
	ok(horizons.horizon[0].first_ns == START_NS - 5 * SECOND &&
		   horizons.horizon[0].last_ns == START_NS,
	   "the first and the last are by the time of the attempt, not of its outcome");
	attempt = attempt_of(8, 22, START_NS + SECOND);
	horizons_failed(&horizons, &attempt, HORIZON_COUNTED);
	ok(horizons.horizon[2].first_ns == START_NS - 5 * SECOND &&
		   horizons.horizon[2].last_ns == START_NS + SECOND,
	   "a later one moves the last alone");
	ok(horizons.horizon[0].target.address.bytes[15] == 7 &&
		   horizons.horizon[0].target.votes == 1,
	   "the target of most of them is known: two votes against one");
}

static void test_weights(void)
{
	struct attempt attempt;

	begin();
	for (uint32_t i = 0; i < 7; i++) {
		attempt = attempt_of(i, 53, START_NS);
		horizons_failed(&horizons, &attempt, HORIZON_RELUCTANT);
		horizons_failed(&horizons, &attempt, HORIZON_RELUCTANT);
	}
	ok(ALL(failed) == 0 && ALL(outcomes[SKUA_UNANSWERED]) == 777,
	   "seven that count every eighth time are noted, and not booked");
	attempt = attempt_of(7, 53, START_NS);
	horizons_failed(&horizons, &attempt, HORIZON_RELUCTANT);
	ok(ALL(failed) == 100, "the eighth is, on the shortest horizon alone");
	for (uint32_t i = 8; i < 15; i++) {
		attempt = attempt_of(i, 53, START_NS);
		horizons_failed(&horizons, &attempt, HORIZON_RELUCTANT);
	}
	ok(ALL(failed) == 100, "seven more are not");
	attempt = attempt_of(15, 53, START_NS);
	horizons_failed(&horizons, &attempt, HORIZON_RELUCTANT);
	ok(ALL(failed) == 200, "the sixteenth is");
	attempt = attempt_of(16, 53, START_NS);
	horizons_failed(&horizons, &attempt, HORIZON_NOTED);
	ok(ALL(failed) == 200 && horizons.horizon[1].outcomes[SKUA_UNANSWERED] == 17 &&
		   horizons.reluctant == 16,
	   "what is only noted is booked never");
}

static void test_lengths(void)
{
	static const uint32_t lengths_s[HORIZONS] = { 300, 3600, 86400 };
	bool kept = true, new = true;

	for (unsigned i = 0; i < HORIZONS; i++) {
		uint64_t length_ns = lengths_s[i] * SECOND;

		begin();
		fail(1, START_NS);
		fail(2, START_NS + length_ns - 1);
		kept &= horizons.horizon[i].start_ns == START_NS &&
			horizons.horizon[i].outcomes[SKUA_UNANSWERED] == 2 &&
			horizon_length_s(i) == lengths_s[i];
		fail(3, START_NS + length_ns);
		new &= horizons.horizon[i].start_ns ==
		       START_NS + length_ns &&horizons.horizon[i].outcomes[SKUA_UNANSWERED] == 1;
		fail(4, START_NS);
		new &= horizons.horizon[i].start_ns ==
		       START_NS + length_ns &&horizons.horizon[i].outcomes[SKUA_UNANSWERED] == 2;
	}
	ok(kept, "a horizon is 300 s, an hour, a day long, to the last nanosecond");
	ok(new, "then it begins anew, and a clock that steps back does not end it");
	begin();
	fail(1, 0);
	ok(horizons.horizon[0].start_ns == 1, "at time 0 it has begun, too");
}

static void test_successes(void)
{
	begin();
	succeed(1, START_NS);
	succeed(1, START_NS + SECOND);
	ok(ALL(succeeded) == 111 && ALL(answered) == 111 && horizons.fresh == 1,
	   "a place that is reached twice is one success");
	fail(1, START_NS + 2 * SECOND);
	ok(ALL(failed) == 100,
	   "when it fails then, that is no first contact, but for five minutes it counts");
	fail(2, START_NS + 2 * SECOND);
	ok(ALL(failed) == 211, "another counts everywhere");
}

static unsigned bits(const struct horizon *horizon)
{
	unsigned set = 0;

	for (unsigned i = 0; i < DISTINCT_CONTACT_WORDS; i++)
		set += __builtin_popcountll(horizon->reached[i]);
	return set;
}

static void test_memory_of_successes(void)
{
	const struct horizon *horizon = &horizons.horizon[1];
	uint32_t target = 0;

	begin();
	while (horizon->answered < 128)
		succeed(target++, START_NS);
	ok(bits(horizon) == 128, "a quarter of the bits is filled, one for each success");
	while (horizon->answered < 129)
		succeed(target++, START_NS);
	ok(bits(horizon) == 1 && horizon->succeeded == 129 && horizons.fresh == 129,
	   "beyond, the memory starts anew with the last one, and nothing is counted less");
	succeed(0, START_NS);
	ok(horizon->answered == 130, "what is forgotten counts again");
}

static void test_withdrawn(void)
{
	begin();
	horizons_withdraw(&horizons);
	ok(ALL(withdrawn) == 0 && ALL(failed) == 0, "where nothing succeeded nothing is withdrawn");
	succeed(1, START_NS);
	succeed(2, START_NS);
	horizons_withdraw(&horizons);
	ok(ALL(withdrawn) == 111 && ALL(succeeded) == 111 && ALL(failed) == 0,
	   "a success that is not booked yet is taken back");
	horizons_book(&horizons, START_NS);
	horizons_withdraw(&horizons);
	ok(ALL(withdrawn) == 222 && ALL(succeeded) == 0 && ALL(failed) == 111,
	   "one that is booked is answered by a failure");
	horizons_withdraw(&horizons);
	ok(ALL(withdrawn) == 222 && ALL(failed) == 111, "never more than there were");
}

/* Ten successes in a second: the sum is at its credit. */
static void bank(void)
{
	begin();
	for (uint32_t i = 0; i < 10; i++)
		succeed(100 + i, START_NS);
	horizons_book(&horizons, START_NS);
}

static bool sums(int32_t sum)
{
	return horizons.horizon[0].cusum == sum && horizons.horizon[1].cusum == sum &&
	       horizons.horizon[2].cusum == sum;
}

static void test_sum(void)
{
	begin();
	for (uint32_t i = 0; i < 5; i++)
		fail(i, START_NS);
	horizons_book(&horizons, START_NS);
	ok(sums(5) && ALL(failed) == 0, "five failures are a sum of five, and are booked once");
	for (uint32_t i = 0; i < 3; i++)
		succeed(100 + i, START_NS + SECOND);
	horizons_book(&horizons, START_NS + SECOND);
	ok(sums(2) && ALL(succeeded) == 0 && horizons.fresh == 0, "three successes leave two");
	ok(horizons.horizon[0].first_ns == START_NS, "of failures that began then");
	succeed(103, START_NS + 2 * SECOND);
	succeed(104, START_NS + 2 * SECOND);
	horizons_book(&horizons, START_NS + 2 * SECOND);
	ok(sums(0) && horizons.horizon[0].first_ns == 0, "at zero the walk begins anew");
	fail(50, START_NS + 3 * SECOND);
	succeed(105, START_NS + 3 * SECOND);
	horizons_book(&horizons, START_NS + 3 * SECOND);
	ok(sums(0) && horizons.horizon[0].first_ns == START_NS + 3 * SECOND,
	   "but what failed in this very second is part of it");
}

static void test_credit(void)
{
	bank();
	ok(sums(-10), "ten successes are a credit of ten");
	for (unsigned s = 1; s <= 5; s++)
		horizons_book(&horizons, START_NS + s * SECOND);
	ok(sums(-10), "for five seconds more");
	horizons_book(&horizons, START_NS + 6 * SECOND);
	ok(sums(0), "and not for a sixth");
	bank();
	for (uint32_t i = 0; i < 3; i++)
		succeed(200 + i, START_NS + SECOND);
	horizons_book(&horizons, START_NS + SECOND);
	ok(sums(-13), "those of the next second add to it");
	horizons_book(&horizons, START_NS + 6 * SECOND);
	ok(sums(-3), "and last a second longer, though the seconds between were left out");
}

static void test_gaps(void)
{
	bank();
	for (uint32_t i = 0; i < 3; i++)
		fail(i, START_NS + 6 * SECOND);
	horizons_book(&horizons, START_NS + 6 * SECOND);
	ok(sums(0), "failures of the second in which credit ends are still set off against it");
	bank();
	for (uint32_t i = 0; i < 3; i++)
		fail(i, START_NS + 7 * SECOND);
	horizons_book(&horizons, START_NS + 7 * SECOND);
	ok(sums(3), "those of the second after count in full");
	bank();
	for (uint32_t i = 0; i < 2; i++)
		fail(i, START_NS + 1000000 * SECOND);
	horizons_book(&horizons, START_NS + 1000000 * SECOND);
	ok(sums(2), "so they do days later");
}

static void test_clock_back(void)
{
	bank();
	succeed(300, START_NS);
	horizons_book(&horizons, START_NS - 100 * SECOND);
	ok(sums(-11) && horizons.booked_s == 1700000000,
	   "a clock that steps back books into the second where it was");
}

int main(void)
{
	test_failures();
	test_weights();
	test_lengths();
	test_successes();
	test_memory_of_successes();
	test_withdrawn();
	test_sum();
	test_credit();
	test_gaps();
	test_clock_back();
	return done();
}
