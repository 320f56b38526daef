// SPDX-License-Identifier: BSD-2-Clause
/* How many events a second the agent takes from its ring: reading alone, and with all it does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include "pipeline/pipeline.h"
#include "datapath.h"
#include "speak.h"
#include "bench/speak_object.skel.h"

#define ROUNDS 9
#define EVENTS 60000 /* of 168 B on average: they fit into the ring */
#define RATE 100000  /* events a second that the goal speaks of */
#define BEGIN_NS 1700000000000000000ull

struct drain {
	struct speak_object *object;
	struct pipeline *pipeline;
	struct ring_buffer *rings[2]; /* read only; read and understood */
	uint64_t ticked_s;
	uint64_t events;
};

static int take(void *arg, void *event, size_t size)
{
	struct drain *drain = arg;

	(void)event, (void)size;
	drain->events++;
	return 0;
}

static int understand(void *arg, void *data, size_t size)
{
	const struct skua_event *event = data;
	struct drain *drain = arg;
	uint64_t second = event->time_ns / SKUA_SECOND_NS;

	(void)size;
	drain->events++;
	if (second != drain->ticked_s)
		pipeline_tick(drain->pipeline, second * SKUA_SECOND_NS);
	drain->ticked_s = second;
	pipeline_event(drain->pipeline, event, NULL);
	return 0;
}

static int open_drain(struct drain *drain)
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	int err;

	*drain = (struct drain){};
	drain->object = speak_object__open_and_load();
	if (!drain->object)
		return -errno;
	drain->object->bss->speak.begin_ns = BEGIN_NS;
	drain->object->bss->speak.step_ns = SKUA_SECOND_NS / RATE;
	err = pipeline_open(&drain->pipeline, &options);
	if (err)
		return err;
	drain->rings[0] =
		ring_buffer__new(bpf_map__fd(drain->object->maps.said), take, drain, NULL);
	drain->rings[1] =
		ring_buffer__new(bpf_map__fd(drain->object->maps.said), understand, drain, NULL);
	return drain->rings[0] && drain->rings[1] ? 0 : -errno;
}

static void close_drain(struct drain *drain)
{
	ring_buffer__free(drain->rings[0]);
	ring_buffer__free(drain->rings[1]);
	pipeline_close(drain->pipeline);
	speak_object__destroy(drain->object);
}

/* Of this thread: what others do on the machine is not counted. */
static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Fill the ring, then empty it: ns per event, or < 0. */
static double drain_once(struct drain *drain, struct ring_buffer *ring)
{
	unsigned char frame[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = EVENTS);
	int err = bpf_prog_test_run_opts(bpf_program__fd(drain->object->progs.speak_xdp), &opts);
	double begun;

	if (err)
		return err;
	drain->events = 0;
	begun = now_s();
	err = ring_buffer__consume(ring);
	if (err < 0)
		return err;
	return (now_s() - begun) * 1e9 / drain->events;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int show(struct drain *drain, const char *name, struct ring_buffer *ring)
{
	double ns[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ns[i] = drain_once(drain, ring);
		if (ns[i] < 0)
			return ns[i];
	}
	qsort(ns, ROUNDS, sizeof(ns[0]), by_value);
	printf("%-42s %8.1f %8.1f %9.2f %8.2f\n", name, ns[0], ns[ROUNDS / 2], 1e3 / ns[ROUNDS / 2],
	       ns[ROUNDS / 2] * RATE / 1e7);
	return 0;
}

int drain_show(void)
{
	struct drain drain;
	int err = open_drain(&drain);

	printf("\n%-42s %8s %8s %9s %8s\n", "events from the ring, ns each", "min", "median",
	       "million/s", "% a core");
	if (!err)
		err = show(&drain, "read", drain.rings[0]);
	if (!err)
		err = show(&drain, "read, tracked, judged", drain.rings[1]);
	if (err)
		fprintf(stderr, "datapath: drain: %s\n", strerror(-err));
	else
		printf("%% a core: at %u events/s, of which 10 %% exchanges; goal <= 10\n", RATE);
	close_drain(&drain);
	return err;
}
