/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel engine offline: frames through BPF_PROG_TEST_RUN of the very
 * programs that a live agent attaches, told time and place with each frame;
 * only .rodata switches differ.  Its maps are swept on ticks of packet time,
 * so it says what the native engine says, in the same order.  Needs CAP_BPF,
 * CAP_NET_ADMIN and CAP_PERFMON.  One thread, which it binds to one CPU: what
 * the programs keep per CPU must be found again.
 */
#ifndef SKUA_CAPTURE_TESTRUN_H
#define SKUA_CAPTURE_TESTRUN_H

#include "capture/engine.h"
#include "capture/loader.h"

struct testrun;

struct testrun_options {
	struct engine_options engine;
	bool all_through_tc; /* else XDP takes what our side does not send */
};

/* On failure -errno and one line in error.  Events are delivered while the calls below run. */
int testrun_open(struct testrun **out, const struct testrun_options *options,
		 source_event_fn *deliver, void *arg, char error[LOADER_ERROR_SIZE]);
void testrun_close(struct testrun *testrun);
/* frame->origin must be told.  0, or -errno: the kernel refused the test run. */
int testrun_frame(struct testrun *testrun, const struct engine_frame *frame);
/* As engine_tick(), engine_next() and engine_stop().  0 or -errno. */
int testrun_tick(struct testrun *testrun, uint64_t now_s);
uint64_t testrun_next(struct testrun *testrun);
int testrun_stop(struct testrun *testrun, uint64_t now_ns);
/* As engine_arm(); -errno: the kernel refused. */
int testrun_arm(struct testrun *testrun, const struct skua_armed_key *key, uint64_t until_ns);
uint64_t testrun_arms_given_up(const struct testrun *testrun);
/* SKUA_COUNTERS rows, summed over CPUs; borrowed until the next call. */
const uint64_t *testrun_counters(struct testrun *testrun);
/* Of one row alone, which costs less. */
uint64_t testrun_counter(const struct testrun *testrun, enum skua_counter row);
/* Of one of the tables, for tests that compare entries. */
int testrun_map_fd(const struct testrun *testrun, enum skua_table which);
/* Forget entries and counters. */
int testrun_forget(struct testrun *testrun);

#endif /* SKUA_CAPTURE_TESTRUN_H */
