// SPDX-License-Identifier: BSD-2-Clause
/* The kernel engine offline: frames through BPF_PROG_TEST_RUN. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "skua/sighting.h"
#include "skua/testrun.h"
#include "capture/counters.h"
#include "capture/testrun_state.h"

#define RING_BYTES (1 << 20) /* of one frame's events: far more than enough */

static int on_event(void *arg, void *event, size_t size)
{
	struct testrun *testrun = arg;
	const struct skua_event *head = event;

	(void)size;
	testrun->sweep.deliver(testrun->sweep.arg, head, NULL, head->time_ns);
	return 0;
}

static int on_sample(void *arg, void *event, size_t size)
{
	const struct skua_sample_event *sample = event;
	struct testrun *testrun = arg;

	(void)size;
	testrun->sweep.deliver(testrun->sweep.arg, &sample->head, (const __u8 *)(sample + 1),
			       sample->head.time_ns);
	return 0;
}

int testrun_map_fd(const struct testrun *testrun, enum skua_table which)
{
	return loader_map_fd(testrun->loader, which);
}

static int open_rings(struct testrun *testrun)
{
	testrun->rings = ring_buffer__new(loader_map_fd(testrun->loader, LOADER_EVENTS), on_event,
					  testrun, NULL);
	if (!testrun->rings)
		return -errno;
	return ring_buffer__add(testrun->rings, loader_map_fd(testrun->loader, LOADER_SAMPLES),
				on_sample, testrun);
}

static int open_armed(struct testrun *testrun)
{
	return armed_init(&testrun->armed, loader_map_fd(testrun->loader, LOADER_ARMED),
			  loader_map_fd(testrun->loader, LOADER_ARMING));
}

static int open_copies(struct testrun *testrun)
{
	const struct engine_options *o = &testrun->options.engine;
	const size_t flow = sizeof(struct skua_flow), key = sizeof(struct skua_flow_key);
	int err = map_copy_init(&testrun->copies[SKUA_TABLE_OUT], key, flow, o->flows);

	if (!err)
		err = map_copy_init(&testrun->copies[SKUA_TABLE_IN], key, flow, o->flows);
	if (!err)
		err = map_copy_init(&testrun->copies[SKUA_TABLE_PENDING],
				    sizeof(struct skua_contact_key), sizeof(struct skua_pending),
				    o->pending);
	if (!err)
		err = map_copy_init(&testrun->copies[SKUA_TABLE_SOURCES],
				    sizeof(struct skua_source_key), sizeof(struct skua_source),
				    o->sources);
	return err;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	sched_setaffinity(0, sizeof(here), &here);
}

int testrun_open(struct testrun **out, const struct testrun_options *options,
		 source_event_fn *deliver, void *arg, char error[LOADER_ERROR_SIZE])
{
	const struct loader_options loading = { .engine = options->engine,
						.ring_bytes = RING_BYTES,
						.test_run = true };
	struct testrun *testrun = calloc(1, sizeof(*testrun));
	int err;

	snprintf(error, LOADER_ERROR_SIZE, "cannot start the kernel engine: out of memory");
	if (!testrun)
		return -ENOMEM;
	testrun->options = *options;
	testrun->sweep = (struct sweep){ deliver, arg };
	err = open_copies(testrun);
	if (!err)
		err = loader_open(&testrun->loader, &loading, error);
	stay_on_one_cpu(); /* only now: its threads would have to share it */
	if (!err)
		err = open_rings(testrun);
	if (!err)
		err = open_armed(testrun);
	if (err)
		testrun_close(testrun);
	else
		*out = testrun;
	return err;
}

void testrun_close(struct testrun *testrun)
{
	if (!testrun)
		return;
	ring_buffer__free(testrun->rings);
	loader_close(testrun->loader);
	for (int i = 0; i < SKUA_TABLES; i++)
		map_copy_fini(&testrun->copies[i]);
	free(testrun);
}

static unsigned padded(const struct engine_frame *frame)
{
	return frame->captured < SKUA_FRAME_MIN ? SKUA_FRAME_MIN : frame->captured;
}

static int run_xdp(struct testrun *testrun, const struct engine_frame *frame)
{
	unsigned char bytes[sizeof(struct skua_testrun) + SKUA_TESTRUN_CAPTURED_MAX];
	struct skua_testrun told = { .time_ns = frame->time_ns,
				     .length = frame->length,
				     .ifindex = frame->ifindex,
				     .origin = frame->origin,
				     .captured = frame->captured,
				     .link = frame->link };
	struct xdp_md ctx = { .data = sizeof(told), .data_end = sizeof(told) + padded(frame) };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = ctx.data_end,
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = 1);

	memcpy(bytes, &told, sizeof(told));
	memset(bytes + sizeof(told), 0, SKUA_FRAME_MIN);
	memcpy(bytes + sizeof(told), frame->bytes, frame->captured);
	return bpf_prog_test_run_opts(loader_program_fd(testrun->loader, LOADER_XDP), &opts);
}

static int run_tc(struct testrun *testrun, const struct engine_frame *frame)
{
	enum loader_program which =
		frame->origin == SKUA_OURS ? LOADER_TC_EGRESS : LOADER_TC_INGRESS;
	struct __sk_buff ctx = { .tstamp = frame->time_ns,
				 .cb = { frame->length, frame->ifindex, frame->origin,
					 frame->captured, frame->link } };
	unsigned char bytes[SKUA_TESTRUN_CAPTURED_MAX];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = padded(frame),
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = 1);

	memset(bytes, 0, SKUA_FRAME_MIN);
	memcpy(bytes, frame->bytes, frame->captured);
	return bpf_prog_test_run_opts(loader_program_fd(testrun->loader, which), &opts);
}

int testrun_frame(struct testrun *testrun, const struct engine_frame *frame)
{
	int err;

	if (frame->captured > SKUA_TESTRUN_CAPTURED_MAX)
		return -EMSGSIZE;
	if (frame->time_ns < testrun->last_tick_ns) /* late: what it begins may be due at once */
		testrun->look_s = 0;
	if (frame->origin == SKUA_OURS || testrun->options.all_through_tc)
		err = run_tc(testrun, frame);
	else
		err = run_xdp(testrun, frame);
	if (err)
		return err;
	err = ring_buffer__consume(testrun->rings);
	return err < 0 ? err : 0;
}

const uint64_t *testrun_counters(struct testrun *testrun)
{
	counters_read(loader_map_fd(testrun->loader, LOADER_COUNTERS), testrun->counters);
	for (int row = 0; row < SKUA_COUNTERS; row++)
		testrun->counters[row] -= testrun->forgotten[row];
	return testrun->counters;
}

uint64_t testrun_counter(const struct testrun *testrun, enum skua_counter row)
{
	return counters_row(loader_map_fd(testrun->loader, LOADER_COUNTERS), row) -
	       testrun->forgotten[row];
}

int testrun_arm(struct testrun *testrun, const struct skua_armed_key *key, uint64_t until_ns)
{
	return armed_put(&testrun->armed, key, until_ns);
}

uint64_t testrun_arms_given_up(const struct testrun *testrun)
{
	return testrun->armed.given_up;
}

/* One per CPU. */
static int forget_sightings(const struct testrun *testrun)
{
	const uint32_t zero = 0;
	size_t size = (sizeof(struct skua_sighting) + 7) / 8 * 8;
	void *values = calloc(libbpf_num_possible_cpus(), size);
	int err = -1;

	if (values)
		err = bpf_map_update_elem(loader_map_fd(testrun->loader, LOADER_SIGHTINGS), &zero,
					  values, BPF_ANY);
	free(values);
	return err;
}

int testrun_forget(struct testrun *testrun)
{
	testrun->look_s = testrun->last_tick_ns = testrun->overflow = 0;
	for (int i = 0; i < SKUA_TABLES; i++) {
		struct map_copy *copy = &testrun->copies[i];
		int fd = testrun_map_fd(testrun, i), err = map_copy_read(copy, fd);

		for (size_t n = 0; !err && n < copy->count; n++)
			if (bpf_map_delete_elem(fd, map_copy_key(copy, n)))
				err = -errno;
		if (err)
			return err;
	}
	if (forget_sightings(testrun) || open_armed(testrun))
		return -ENOMEM;
	/* The programs own their counters: what they had is subtracted from now on. */
	counters_read(loader_map_fd(testrun->loader, LOADER_COUNTERS), testrun->forgotten);
	return 0;
}
