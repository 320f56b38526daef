// SPDX-License-Identifier: BSD-2-Clause
/* What a million flows take: memory as the kernel charges it, and a sweep over them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include "skua/flow.h"
#include "datapath.h"
#include "stage.h"
#include "capture/loader.h"

#define FLOWS 1000000
#define BATCH 4096
#define SWEEPS 7

struct batch {
	struct skua_flow_key keys[BATCH];
	struct skua_flow flows[BATCH];
};

/* Of this thread: what others do on the machine is not counted. */
static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int fill(int map_fd, struct batch *batch)
{
	int err = 0;

	memset(batch, 0, sizeof(*batch));
	for (uint32_t i = 0; !err && i < FLOWS;) {
		__u32 count = 0;

		for (; count < BATCH && i < FLOWS; count++, i++) {
			batch->keys[count].low[1] = i;
			batch->keys[count].proto = SKUA_TCP;
			batch->flows[count].last_ns = i;
		}
		err = bpf_map_update_batch(map_fd, batch->keys, batch->flows, &count, NULL);
	}
	return err;
}

/* As the agent's: every entry is read and asked whether it is over.  Seconds, or < 0. */
static double sweep(int map_fd, struct batch *batch, uint64_t *seen, uint64_t *over)
{
	double begun = now_s();
	void *in = NULL;
	__u64 at[8];
	int err = 0;

	*seen = *over = 0;
	while (!err) {
		__u32 count = BATCH;

		err = bpf_map_lookup_batch(map_fd, in, at, batch->keys, batch->flows, &count, NULL);
		if (err && err != -ENOENT)
			return err;
		for (__u32 i = 0; i < count; i++)
			*over += skua_flow_deadline(&batch->flows[i], batch->keys[i].proto) <
				 75 * SKUA_SECOND_NS + FLOWS / 2;
		*seen += count;
		in = at;
	}
	return now_s() - begun;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int show_sweep(int map_fd, struct batch *batch)
{
	double times[SWEEPS];
	uint64_t seen, over;

	for (int i = 0; i < SWEEPS; i++) {
		times[i] = sweep(map_fd, batch, &seen, &over);
		if (times[i] < 0)
			return times[i];
	}
	qsort(times, SWEEPS, sizeof(times[0]), by_value);
	printf("sweep of %llu flows: %.3f s (least %.3f), %.0f ns each, %llu over; goal <= 0.5 s\n",
	       (unsigned long long)seen, times[SWEEPS / 2], times[0],
	       times[SWEEPS / 2] * 1e9 / seen, (unsigned long long)over);
	return 0;
}

int memory_show(struct stage *stage)
{
	struct batch *batch = malloc(sizeof(*batch));
	int map_fd = stage_flows_fd(stage, true);
	uint64_t bytes = loader_map_memory(map_fd);
	int err;

	if (!batch)
		return -ENOMEM;
	printf("\nmemory of a table of %u flows: %.1f MiB, %.0f B each, whatever the number of "
	       "CPUs; "
	       "goal <= 240 B\n",
	       COST_FLOWS_LARGE, bytes / 1048576.0, (double)bytes / COST_FLOWS_LARGE);
	stage_forget(stage);
	err = fill(map_fd, batch);
	if (!err)
		err = show_sweep(map_fd, batch);
	if (err)
		fprintf(stderr, "datapath: sweep: %s\n", strerror(-err));
	free(batch);
	return err;
}
