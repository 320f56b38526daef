// SPDX-License-Identifier: BSD-2-Clause
/* Connections that carry nothing: which contacts are such, what makes room, what has a rhythm. */
#include <string.h>
#include "track/empties.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START_NS (1700000000 * SECOND)

static struct empties empties;

static void begin(void)
{
	memset(&empties, 0, sizeof(empties));
}

static struct attempt attempt_of(uint32_t target, uint64_t at_ns)
{
	struct attempt attempt = { .now_ns = START_NS + at_ns,
				   .first_ns = START_NS + at_ns,
				   .target_hash = target,
				   .port = 443 };

	attempt.target.bytes[15] = target;
	return attempt;
}

static void answer(uint32_t target, uint64_t at_ns)
{
	struct attempt attempt = attempt_of(target, at_ns);

	empties_answered(&empties, &attempt);
}

static bool drop(uint32_t target, uint64_t at_ns)
{
	struct attempt attempt = attempt_of(target, at_ns);

	return empties_closed(&empties, &attempt);
}

static bool is_empty(unsigned entry)
{
	return empties_is_empty(&empties.entries[entry]);
}

static void test_empty(void)
{
	begin();
	answer(1, 0);
	ok(empties.used == 1 && !is_empty(0), "a connection that is open is not empty");
	ok(drop(1, SECOND) && is_empty(0), "closed without a byte it is, and that is new");
	answer(1, 2 * SECOND);
	ok(!is_empty(0), "another one that is open may carry something");
	ok(!drop(1, 3 * SECOND) && is_empty(0) && empties.repeats == 1,
	   "closed likewise, it is a repetition");
	ok(empties.first_ns == START_NS + SECOND && empties.last_ns == START_NS + 3 * SECOND &&
		   empties.target.votes == 1,
	   "the first and the last are those of the empty ones; each contact votes once");
	ok(drop(2, 2 * SECOND) && is_empty(1) && empties.last_ns == START_NS + 3 * SECOND &&
		   empties.target.votes == 0,
	   "one that was open before we looked is empty, too");
}

static void test_ports(void)
{
	struct attempt attempt = attempt_of(1, 0);

	begin();
	empties_closed(&empties, &attempt);
	attempt.port = 444;
	ok(empties_closed(&empties, &attempt) && empties.used == 2 &&
		   empties.entries[1].port == 444 && empties.target.votes == 2 &&
		   empties.target_hash == 1,
	   "each port is a contact of its own, of the same target");
	attempt = attempt_of(2, 0);
	empties_closed(&empties, &attempt);
	ok(empties.target_hash == 1 && empties.target.votes == 1,
	   "the hash is that of who has most votes");
}

/* Of the list no more is looked at than is used. */
static void test_zeros(void)
{
	struct attempt attempt = attempt_of(0, 0);

	begin();
	attempt.port = 0;
	empties_answered(&empties, &attempt);
	ok(empties.used == 1 && empties.entries[0].answered == 1,
	   "zeros are a contact like any other");
}

static void test_halved(void)
{
	begin();
	drop(1, 0);
	drop(1, SECOND);
	drop(1, 2 * SECOND);
	for (unsigned i = 0; i < 254; i++)
		answer(1, 3 * SECOND);
	ok(empties.entries[0].answered == 254 && empties.entries[0].empty == 3,
	   "254 connections are counted");
	answer(1, 3 * SECOND);
	ok(empties.entries[0].answered == 127 && empties.entries[0].empty == 1,
	   "at 255 both counts are halved");
	for (unsigned i = 0; i < 300; i++)
		drop(1, 4 * SECOND);
	ok(empties.entries[0].empty == 255 && is_empty(0), "empty ones are counted up to 255");
}

static void test_full(void)
{
	begin();
	for (uint32_t i = 0; i < EMPTIES_ENTRIES; i++)
		if (i == 3 || i == 20)
			answer(100 + i, 0);
		else
			drop(100 + i, 0);
	ok(empties.used == 40 && empties.next == 0, "40 contacts are listed");
	ok(drop(200, 0) && empties.entries[3].target == 200 && empties.next == 4 &&
		   empties.entries[3].empty == 1 && empties.entries[3].answered == 0,
	   "the next takes the place of the first that is not empty");
	ok(drop(201, 0) && empties.entries[20].target == 201 && empties.next == 21,
	   "the one after it that of the next such");
	ok(!drop(202, 0) && empties.next == 21 && empties.used == 40,
	   "where all are empty, none gives way");
	answer(202, 0);
	ok(!drop(202, 0) && !drop(100, 0) && empties.entries[0].empty == 2,
	   "what is new is not kept, what is listed goes on");
}

static void test_rhythm(void)
{
	begin();
	drop(1, 0);
	drop(1, 10 * SECOND);
	ok(empties.repeats == 1 && empties.steady == 0 && empties.entries[0].gap_s == 10,
	   "one gap is no rhythm");
	drop(1, 23 * SECOND);
	ok(empties.repeats == 2 && empties.steady == 1 && empties.entries[0].steady == 1,
	   "13 s after 10 s is: a fifth and a second either way");
	drop(1, 33 * SECOND);
	ok(empties.steady == 2, "10 s after 13 s is");
	drop(1, 47 * SECOND);
	ok(empties.repeats == 4 && empties.steady == 2 && empties.entries[0].gap_s == 14,
	   "14 s after 10 s is not");
	drop(1, 47 * SECOND);
	drop(1, 47 * SECOND);
	ok(empties.steady == 2, "nor is what comes at once");
}

static void test_long_gaps(void)
{
	begin();
	drop(1, 0);
	drop(1, 256 * SECOND);
	ok(empties.entries[0].gap_s == 255, "a gap of more than 255 s is kept as that");
	begin();
	drop(1, 100 * SECOND);
	drop(1, 50 * SECOND);
	ok(empties.entries[0].gap_s == 0 && empties.entries[0].last_s == 0 &&
		   empties.first_ns == START_NS + 50 * SECOND,
	   "time that goes back is no gap");
}

static void test_window(void)
{
	begin();
	drop(1, 0);
	drop(2, 300 * SECOND - 1);
	ok(empties.used == 2 && empties.entries[1].last_s == 299,
	   "the window is five minutes long");
	answer(3, 300 * SECOND);
	ok(empties.used == 1 && empties.start_ns == START_NS + 300 * SECOND && !empties.first_ns,
	   "then it begins anew");
	answer(4, 0);
	ok(empties.used == 2, "a clock that steps back does not end it");
}

static void test_wait(void)
{
	begin();
	ok(!empties_wait(&empties, START_NS), "for nothing nobody waits");
	for (uint32_t i = 0; i < 14; i++)
		drop(i, 280 * SECOND);
	ok(!empties_wait(&empties, START_NS + 280 * SECOND), "14 contacts are not worth the wait");
	drop(14, 280 * SECOND);
	ok(empties_wait(&empties, START_NS + 341 * SECOND), "15 are, for a minute and a second");
	ok(!empties_wait(&empties, START_NS + 341 * SECOND + 1), "and no longer");
}

static void test_wait_over_the_end(void)
{
	begin();
	answer(99, 0);
	for (uint32_t i = 0; i < 15; i++)
		drop(i, 280 * SECOND);
	drop(15, 341 * SECOND);
	ok(empties.used == 17, "while it waits a window does not end");
	drop(16, 341 * SECOND + 1);
	ok(empties.used == 1, "it ends when that is over");
}

int main(void)
{
	test_empty();
	test_ports();
	test_zeros();
	test_halved();
	test_full();
	test_rhythm();
	test_long_gaps();
	test_window();
	test_wait();
	test_wait_over_the_end();
	return done();
}
