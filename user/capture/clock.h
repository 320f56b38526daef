/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the kernel's clock (CLOCK_MONOTONIC) to Unix time.  The difference of
 * the two moves when somebody sets the time or slews it, so it is looked at once
 * a second; what happened before a change keeps the time it had, else a
 * conversation would change its name and its gaps.
 */
#ifndef SKUA_CAPTURE_CLOCK_H
#define SKUA_CAPTURE_CLOCK_H

#include <stdint.h>

#define CLOCK_CHANGES 64
#define CLOCK_DRIFT_NS 5000000   /* the packet path's clock is no finer */
#define CLOCK_STEP_NS 1000000000 /* nobody slews that far within a second */

struct clock_change {
	uint64_t from_ns;   /* kernel time */
	uint64_t offset_ns; /* Unix minus kernel time */
};

struct clock {
	struct clock_change changes[CLOCK_CHANGES]; /* a ring, by rising time */
	uint64_t count;                             /* of all there ever were */
	uint64_t steps;                             /* of a second or more */
};

void clock_init(struct clock *clock, uint64_t kernel_ns, uint64_t unix_ns);
/* Both clocks, read now.  Returns how far Unix time had moved, when that was a step, else 0. */
int64_t clock_look(struct clock *clock, uint64_t kernel_ns, uint64_t unix_ns);
uint64_t clock_to_unix(const struct clock *clock, uint64_t kernel_ns);
/* By the offset of now. */
uint64_t clock_to_kernel(const struct clock *clock, uint64_t unix_ns);

#endif /* SKUA_CAPTURE_CLOCK_H */
