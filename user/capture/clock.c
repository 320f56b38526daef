// SPDX-License-Identifier: BSD-2-Clause
/* Kernel time to Unix time, by the changes of their difference. */
#include "capture/clock.h"

static const struct clock_change *change_at(const struct clock *clock, uint64_t n)
{
	return &clock->changes[n % CLOCK_CHANGES];
}

static void change(struct clock *clock, uint64_t kernel_ns, uint64_t unix_ns)
{
	clock->changes[clock->count++ % CLOCK_CHANGES] =
		(struct clock_change){ kernel_ns, unix_ns - kernel_ns };
}

void clock_init(struct clock *clock, uint64_t kernel_ns, uint64_t unix_ns)
{
	clock->count = clock->steps = 0;
	change(clock, kernel_ns, unix_ns);
}

int64_t clock_look(struct clock *clock, uint64_t kernel_ns, uint64_t unix_ns)
{
	int64_t moved = unix_ns - kernel_ns - change_at(clock, clock->count - 1)->offset_ns;

	if (moved < CLOCK_DRIFT_NS && moved > -CLOCK_DRIFT_NS)
		return 0;
	change(clock, kernel_ns, unix_ns);
	if (moved < CLOCK_STEP_NS && moved > -CLOCK_STEP_NS)
		return 0;
	clock->steps++;
	return moved;
}

uint64_t clock_to_unix(const struct clock *clock, uint64_t kernel_ns)
{
	uint64_t oldest = clock->count > CLOCK_CHANGES ? clock->count - CLOCK_CHANGES : 0;
	uint64_t n = clock->count - 1;

	while (n > oldest && change_at(clock, n)->from_ns > kernel_ns)
		n--;
	return kernel_ns + change_at(clock, n)->offset_ns;
}

uint64_t clock_to_kernel(const struct clock *clock, uint64_t unix_ns)
{
	return unix_ns - change_at(clock, clock->count - 1)->offset_ns;
}
