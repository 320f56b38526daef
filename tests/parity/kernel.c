// SPDX-License-Identifier: BSD-2-Clause
/* The kernel engine: frames through BPF_PROG_TEST_RUN, maps and ring read back. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "engine.h"
#include "skua/testrun.h"
#include "agent.skel.h" /* last: it names types of skua/ without including them */

#define FRAME_MAX SKUA_TESTRUN_CAPTURED_MAX

struct kernel {
	struct agent *skel;
	struct ring_buffer *ring;
	struct said_list said;
};

static int kernel_said(void *arg, void *event, size_t size)
{
	struct said_list *said = arg;
	union said *item = &said->items[said->count++];

	assert(said->count <= SAID_MAX && size <= sizeof(*item));
	memset(item, 0, sizeof(*item));
	memcpy(item, event, size);
	return 0;
}

static int kernel_sampled(void *arg, void *event, size_t size)
{
	struct skua_sample_event *sample = event;

	(void)size;
	said_sample(arg, sample, (const unsigned char *)(sample + 1));
	return 0;
}

static int kernel_map_fd(const struct kernel *kernel, int table)
{
	const struct bpf_map *maps[ENGINE_TABLES] = {
		[ENGINE_OUT] = kernel->skel->maps.flows_out,
		[ENGINE_IN] = kernel->skel->maps.flows_in,
		[ENGINE_PENDING] = kernel->skel->maps.half_open,
		[ENGINE_SOURCES] = kernel->skel->maps.sources,
	};

	return bpf_map__fd(maps[table]);
}

int kernel_open(struct kernel **out, const struct skua_config *config)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	int err = -ENOMEM;

	if (!kernel)
		return err;
	kernel->skel = agent__open();
	if (!kernel->skel) {
		err = -errno;
		goto out;
	}
	memcpy((void *)&kernel->skel->rodata->config, config, sizeof(*config));
	kernel->skel->rodata->test_run = true;
	err = agent__load(kernel->skel);
	if (err)
		goto out;
	kernel->ring = ring_buffer__new(bpf_map__fd(kernel->skel->maps.events), kernel_said,
					&kernel->said, NULL);
	if (!kernel->ring || ring_buffer__add(kernel->ring, bpf_map__fd(kernel->skel->maps.samples),
					      kernel_sampled, &kernel->said))
		err = -errno;
out:
	if (err)
		kernel_close(kernel);
	else
		*out = kernel;
	return err;
}

void kernel_close(struct kernel *kernel)
{
	if (!kernel)
		return;
	ring_buffer__free(kernel->ring);
	agent__destroy(kernel->skel);
	free(kernel);
}

static unsigned padded(const struct engine_frame *frame)
{
	return frame->captured < SKUA_FRAME_MIN ? SKUA_FRAME_MIN : frame->captured;
}

static int kernel_show_xdp(struct kernel *kernel, const struct engine_frame *frame)
{
	unsigned char bytes[sizeof(struct skua_testrun) + FRAME_MAX] = {};
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
	memcpy(bytes + sizeof(told), frame->bytes, frame->captured);
	return bpf_prog_test_run_opts(bpf_program__fd(kernel->skel->progs.skua_xdp_ingress), &opts);
}

static int kernel_show_tc(struct kernel *kernel, const struct engine_frame *frame)
{
	const struct bpf_program *prog = frame->origin == SKUA_OURS
						 ? kernel->skel->progs.skua_tc_egress
						 : kernel->skel->progs.skua_tc_ingress;
	struct __sk_buff ctx = { .tstamp = frame->time_ns,
				 .cb = { frame->length, frame->ifindex, frame->origin,
					 frame->captured, frame->link } };
	unsigned char bytes[FRAME_MAX] = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = padded(frame),
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = 1);

	memcpy(bytes, frame->bytes, frame->captured);
	return bpf_prog_test_run_opts(bpf_program__fd(prog), &opts);
}

int kernel_show(struct kernel *kernel, const struct engine_frame *frame, bool all_through_tc)
{
	int err;

	assert(frame->captured <= FRAME_MAX);
	if (frame->origin == SKUA_OURS || all_through_tc)
		err = kernel_show_tc(kernel, frame);
	else
		err = kernel_show_xdp(kernel, frame);
	if (err)
		return err;
	err = ring_buffer__consume(kernel->ring);
	return err < 0 ? err : 0;
}

int kernel_forget(struct kernel *kernel)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 zeros[cpus > 0 ? cpus : 1];
	unsigned char key[64];

	kernel->said.count = 0;
	memset(zeros, 0, sizeof(zeros));
	for (int i = 0; i < ENGINE_TABLES; i++)
		while (!bpf_map_get_next_key(kernel_map_fd(kernel, i), NULL, key))
			if (bpf_map_delete_elem(kernel_map_fd(kernel, i), key))
				return -errno;
	for (__u32 row = 0; row < SKUA_COUNTERS; row++)
		if (bpf_map_update_elem(bpf_map__fd(kernel->skel->maps.counters), &row, zeros, 0))
			return -errno;
	return 0;
}

/* The native value begins with what the kernel's is; of the rest the kernel knows nothing. */
static bool kernel_table_differs(int map_fd, size_t value_size, const struct table *table)
{
	unsigned char key[64], value[512], *previous = NULL;
	unsigned present = 0;

	while (!bpf_map_get_next_key(map_fd, previous, key)) {
		previous = key;
		present++;
	}
	if (present != table->used)
		return true;
	for (void *v = table_next(table, NULL); v; v = table_next(table, v))
		if (bpf_map_lookup_elem(map_fd, table_key(table, v), value) ||
		    memcmp(value, v, value_size))
			return true;
	return false;
}

static bool kernel_counters_differ(const struct kernel *kernel, const struct native *native)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 values[cpus > 0 ? cpus : 1];

	for (__u32 row = 0; row < SKUA_COUNTERS; row++) {
		__u64 sum = 0;

		if (bpf_map_lookup_elem(bpf_map__fd(kernel->skel->maps.counters), &row, values))
			return true;
		for (int i = 0; i < cpus; i++)
			sum += values[i];
		if (sum != engine_counters(native->engine)[row])
			return true;
	}
	return false;
}

const char *kernel_said_differs(const struct kernel *kernel, const struct native *native)
{
	if (kernel->said.count != native->said.count)
		return "number of events";
	return memcmp(kernel->said.items, native->said.items,
		      kernel->said.count * sizeof(kernel->said.items[0]))
		       ? "events"
		       : NULL;
}

const char *kernel_differs(struct kernel *kernel, const struct native *native)
{
	static const struct {
		const char *name;
		size_t value_size;
	} tables[ENGINE_TABLES] = {
		[ENGINE_OUT] = { "flows_out", sizeof(struct skua_flow) },
		[ENGINE_IN] = { "flows_in", sizeof(struct skua_flow) },
		[ENGINE_PENDING] = { "half_open", sizeof(struct skua_pending) },
		[ENGINE_SOURCES] = { "sources", sizeof(struct skua_source) },
	};

	for (int i = 0; i < ENGINE_TABLES; i++)
		if (kernel_table_differs(kernel_map_fd(kernel, i), tables[i].value_size,
					 engine_table(native->engine, i)))
			return tables[i].name;
	return kernel_counters_differ(kernel, native) ? "counters" : NULL;
}
