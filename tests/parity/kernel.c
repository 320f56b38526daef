// SPDX-License-Identifier: BSD-2-Clause
/* The kernel engine as it is, with what it says written down, and compared. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include "engine.h"

struct kernel {
	struct testrun *xdp, *tc; /* the second sends every frame through tc */
	struct said_list said;
};

static int open_one(struct kernel *kernel, struct testrun **out, const struct skua_config *config,
		    bool all_through_tc)
{
	struct testrun_options options = { .engine = ENGINE_OPTIONS_DEFAULT,
					   .all_through_tc = all_through_tc };
	char error[LOADER_ERROR_SIZE];
	int err;

	options.engine.config = *config;
	options.engine.flows = options.engine.pending = options.engine.sources = 4096;
	err = testrun_open(out, &options, write_down, &kernel->said, error);
	if (err)
		printf("# %s\n", error);
	return err;
}

int kernel_open(struct kernel **out, const struct skua_config *config)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	int err = kernel ? open_one(kernel, &kernel->xdp, config, false) : -ENOMEM;

	if (!err)
		err = open_one(kernel, &kernel->tc, config, true);
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
	testrun_close(kernel->xdp);
	testrun_close(kernel->tc);
	free(kernel);
}

static struct testrun *chosen(const struct kernel *kernel, bool all_through_tc)
{
	return all_through_tc ? kernel->tc : kernel->xdp;
}

int kernel_show(struct kernel *kernel, const struct engine_frame *frame, bool all_through_tc)
{
	return testrun_frame(chosen(kernel, all_through_tc), frame);
}

int kernel_tick(struct kernel *kernel, uint64_t now_s, bool all_through_tc)
{
	return testrun_tick(chosen(kernel, all_through_tc), now_s);
}

int kernel_arm(struct kernel *kernel, const struct skua_armed_key *key, uint64_t until_ns,
	       bool all_through_tc)
{
	return testrun_arm(chosen(kernel, all_through_tc), key, until_ns);
}

int kernel_forget(struct kernel *kernel)
{
	int err = testrun_forget(kernel->xdp);

	kernel->said.count = 0;
	return err ? err : testrun_forget(kernel->tc);
}

/* The native value begins with what the kernel's is; of the rest the kernel knows nothing. */
static bool table_differs(int map_fd, size_t value_size, const struct table *table)
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

const char *kernel_said_differs(const struct kernel *kernel, const struct native *native)
{
	if (kernel->said.count != native->said.count)
		return "number of events";
	return memcmp(kernel->said.items, native->said.items,
		      kernel->said.count * sizeof(kernel->said.items[0]))
		       ? "events"
		       : NULL;
}

const char *kernel_differs(struct kernel *kernel, const struct native *native, bool all_through_tc)
{
	static const struct {
		const char *name;
		size_t value_size;
	} tables[SKUA_TABLES] = {
		[SKUA_TABLE_OUT] = { "flows_out", sizeof(struct skua_flow) },
		[SKUA_TABLE_IN] = { "flows_in", sizeof(struct skua_flow) },
		[SKUA_TABLE_PENDING] = { "half_open", sizeof(struct skua_pending) },
		[SKUA_TABLE_SOURCES] = { "sources", sizeof(struct skua_source) },
	};
	struct testrun *testrun = chosen(kernel, all_through_tc);

	for (int i = 0; i < SKUA_TABLES; i++)
		if (table_differs(testrun_map_fd(testrun, i), tables[i].value_size,
				  engine_table(native->engine, i)))
			return tables[i].name;
	return memcmp(testrun_counters(testrun), engine_counters(native->engine),
		      SKUA_COUNTERS * sizeof(uint64_t))
		       ? "counters"
		       : NULL;
}
