// SPDX-License-Identifier: BSD-2-Clause
/* Kernel time becomes Unix time, and stays what it was when the system's time is set or slewed. */
#include "skua/config.h"
#include "capture/clock.h"
#include "tap.h"

#define UNIX (1700000000 * SKUA_SECOND_NS)
#define BOOT (1000 * SKUA_SECOND_NS)

static struct clock started(void)
{
	struct clock clock;

	clock_init(&clock, BOOT, UNIX);
	return clock;
}

static void test_steady(void)
{
	struct clock clock = started();

	ok(clock_to_unix(&clock, BOOT + 5) == UNIX + 5, "time after the start goes on");
	ok(clock_to_unix(&clock, BOOT - 7) == UNIX - 7, "what lies before the start has its time");
	ok(clock_to_kernel(&clock, UNIX + 9) == BOOT + 9, "and back");
	ok(!clock_look(&clock, BOOT + SKUA_SECOND_NS, UNIX + SKUA_SECOND_NS + CLOCK_DRIFT_NS - 1) &&
		   clock.count == 1,
	   "a drift below the packet path's resolution changes nothing");
}

static void test_slew(void)
{
	struct clock clock = started();
	uint64_t kernel_ns = BOOT + 10 * SKUA_SECOND_NS;

	ok(!clock_look(&clock, kernel_ns, UNIX + 10 * SKUA_SECOND_NS + 6000000) && !clock.steps,
	   "a slew of 6 ms is followed, and is no step");
	ok(clock_to_unix(&clock, kernel_ns) == UNIX + 10 * SKUA_SECOND_NS + 6000000,
	   "from then on time is the new one");
	ok(clock_to_unix(&clock, kernel_ns - 1) == UNIX + 10 * SKUA_SECOND_NS - 1,
	   "what happened before keeps the time it had");
}

static void test_step(void)
{
	struct clock clock = started();
	uint64_t kernel_ns = BOOT + SKUA_SECOND_NS;
	int64_t hour = 3600 * (int64_t)SKUA_SECOND_NS;

	ok(clock_look(&clock, kernel_ns, UNIX + SKUA_SECOND_NS + hour) == hour && clock.steps == 1,
	   "an hour forward is a step, and said");
	ok(clock_look(&clock, kernel_ns + 5, UNIX + SKUA_SECOND_NS) == -hour - 5 &&
		   clock.steps == 2,
	   "so is one back");
	ok(clock_to_unix(&clock, kernel_ns + 2) == UNIX + SKUA_SECOND_NS + hour + 2,
	   "what happened between the two keeps its time");
}

static void test_full(void)
{
	struct clock clock = started();

	for (int i = 1; i <= 3 * CLOCK_CHANGES; i++)
		clock_look(&clock, BOOT + i * SKUA_SECOND_NS, UNIX + i * 2 * SKUA_SECOND_NS);
	ok(clock.count == 3 * CLOCK_CHANGES + 1, "every change is counted");
	ok(clock_to_unix(&clock, BOOT + 3 * CLOCK_CHANGES * SKUA_SECOND_NS) ==
		   UNIX + 6 * CLOCK_CHANGES * SKUA_SECOND_NS,
	   "the latest is known");
	ok(clock_to_unix(&clock, BOOT) == UNIX + (2 * CLOCK_CHANGES + 1) * SKUA_SECOND_NS,
	   "what is older than all that are kept has the oldest one's difference");
}

int main(void)
{
	test_steady();
	test_slew();
	test_step();
	test_full();
	return done();
}
