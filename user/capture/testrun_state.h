/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two halves of the kernel engine share: the programs and the sweep. */
#ifndef SKUA_CAPTURE_TESTRUN_STATE_H
#define SKUA_CAPTURE_TESTRUN_STATE_H

#include "capture/armed.h"
#include "capture/loader.h"
#include "capture/sweep.h"
#include "capture/testrun.h"
#include "capture/testrun_maps.h"

struct ring_buffer;

struct testrun {
	struct testrun_options options;
	struct loader *loader;
	struct ring_buffer *rings; /* events, then samples: a frame's sample comes last */
	struct sweep sweep;
	struct map_copy copies[SKUA_TABLES];
	struct armed armed;
	uint64_t counters[SKUA_COUNTERS];
	uint64_t forgotten[SKUA_COUNTERS]; /* counted before testrun_forget() */
	uint64_t last_tick_ns;
	uint64_t look_s;   /* no entry can be due before this second */
	uint64_t overflow; /* attempts beyond budgets, at the last tick */
};

#endif /* SKUA_CAPTURE_TESTRUN_STATE_H */
