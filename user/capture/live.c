// SPDX-License-Identifier: BSD-2-Clause
/* Rings and tables of the kernel as a source of events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "skua/sighting.h"
#include "base/log.h"
#include "capture/armed.h"
#include "capture/counters.h"
#include "capture/live.h"
#include "capture/live_event.h"
#include "capture/live_sweep.h"
#include "capture/watched_map.h"

/* The reader looks on its own clock: a wake-up costs the packet path more than the packet. */
#define DRAIN_BUSY_NS 1000000
#define DRAIN_IDLE_NS 15000000 /* no event waits longer than 20 ms */
#define DRAIN_BUSY 64          /* records that make the next look come soon */
#define DRAIN_MOST 65536       /* records of one ring per look, so that the loop goes round */
#define DRAIN_PAUSED (-1000)   /* what a callback returns to stop */
/* Behind a second's end, so that its last events have been drained. */
#define TICK_LAG_NS (2 * DRAIN_IDLE_NS)
#define TICKS_MAX 90 /* as in replay: seconds of a pause that are ticked one by one */
#define END_TICKS 60

struct live {
	struct source source;
	struct live_options options;
	struct ring_buffer *events, *samples;
	struct live_sweep sweep;
	struct armed armed; /* in kernel time */
	struct clock clock;
	source_event_fn *deliver;
	void *arg;
	uint64_t tick_s; /* the last one */
	uint64_t drained;
	uint64_t alien, skipped_ticks;
	bool busy;
	/* Of both rings, a page each: how far the reader is, how far the programs are. */
	const unsigned long *positions[2];
	size_t page;
};

static uint64_t read_clock(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return now.tv_sec * SKUA_SECOND_NS + now.tv_nsec;
}

static uint64_t unix_now(const struct live *live)
{
	return clock_to_unix(&live->clock, read_clock(CLOCK_MONOTONIC));
}

static int take(struct live *live, const void *bytes, size_t size, const __u8 *sampled)
{
	union live_event event;

	if (live_event_read(&event, bytes, size, &live->clock))
		live->deliver(live->arg, &event.head, sampled, event.head.time_ns);
	else
		live->alien++;
	return ++live->drained % DRAIN_MOST ? 0 : DRAIN_PAUSED;
}

static int on_event(void *arg, void *bytes, size_t size)
{
	return take(arg, bytes, size, NULL);
}

static int on_sample(void *arg, void *bytes, size_t size)
{
	return take(arg, bytes, size, (const __u8 *)bytes + sizeof(struct skua_sample_event));
}

/* What a sweep says is in kernel time. */
static void on_swept(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	(void)bytes, (void)now_ns;
	take(arg, event, skua_event_size(event->kind), NULL);
}

/* true: a ring may hold more. */
static bool drain(struct live *live)
{
	uint64_t events;
	bool more;

	live->drained = 0;
	more = ring_buffer__consume(live->events) == DRAIN_PAUSED;
	events = live->drained;
	live->drained = 0; /* each ring has its own share of a look */
	more |= ring_buffer__consume(live->samples) == DRAIN_PAUSED;
	live->drained += events;
	return more;
}

static void set_timer(const struct live *live, uint64_t every_ns)
{
	const struct itimerspec timer = { .it_interval.tv_nsec = every_ns,
					  .it_value.tv_nsec = every_ns };

	timerfd_settime(live->source.wait_fd, 0, &timer, NULL);
}

static void pace(struct live *live)
{
	bool busy = live->drained > DRAIN_BUSY;

	if (busy != live->busy)
		set_timer(live, busy ? DRAIN_BUSY_NS : DRAIN_IDLE_NS);
	live->busy = busy;
}

static void look_at_clock(struct live *live)
{
	int64_t moved =
		clock_look(&live->clock, read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_REALTIME));

	if (moved)
		log_warning("the system's time was set %s by %.1f s: findings follow it",
			    moved > 0 ? "forward" : "back", (moved > 0 ? moved : -moved) / 1e9);
}

static int tick(struct live *live, uint64_t second, bool all)
{
	uint64_t unix_ns = second * SKUA_SECOND_NS;
	uint64_t counters[SKUA_COUNTERS], made[SKUA_TABLES];
	int err;

	live_counters(live, counters);
	for (int i = 0; i < SKUA_TABLES; i++)
		made[i] = counters[SKUA_COUNT_INSERTED + i];
	made[SKUA_TABLE_PENDING] -= counters[SKUA_COUNT_DECIDED];
	err = live_sweep_tick(&live->sweep, made, clock_to_kernel(&live->clock, unix_ns), all);
	armed_tick(&live->armed, clock_to_kernel(&live->clock, unix_ns));

	live->tick_s = second;
	live->deliver(live->arg, NULL, NULL, unix_ns);
	return err;
}

/* After a long pause, or when time was set, only the last second is ticked. */
static void skip_pause(struct live *live, uint64_t second)
{
	if (second <= live->tick_s + TICKS_MAX)
		return;
	live->skipped_ticks += second - live->tick_s - 1;
	live->tick_s = second - 1;
}

/* The whole seconds that have passed. */
static int advance(struct live *live)
{
	uint64_t second = (unix_now(live) - TICK_LAG_NS) / SKUA_SECOND_NS;
	int err = 0;

	if (second <= live->tick_s)
		return 0;
	look_at_clock(live);
	skip_pause(live, second);
	while (!err && live->tick_s < second)
		err = tick(live, live->tick_s + 1, false);
	return err;
}

static int live_poll(struct source *source, source_event_fn *deliver, void *arg)
{
	struct live *live = (struct live *)source;
	uint64_t expirations;
	int err = 0;

	live->deliver = deliver;
	live->arg = arg;
	if (read(source->wait_fd, &expirations, sizeof(expirations)) < 0 && errno != EAGAIN)
		return -errno;
	if (!drain(live))
		err = advance(live);
	pace(live);
	return err ? err : SOURCE_AGAIN;
}

/* How far the reader of a ring is, and how far the programs are: bytes that never shrink. */
static unsigned long position(const struct live *live, int ring, bool programs)
{
	const unsigned long *positions = live->positions[ring];

	if (!positions)
		return 0;
	return positions[programs ? live->page / sizeof(*positions) : 0];
}

/* All there is; of programs that stay attached what is there now, for they may never be silent. */
static void drain_rest(struct live *live, bool attached)
{
	const unsigned long ends[] = { position(live, 0, true), position(live, 1, true) };

	while (drain(live))
		if (attached && position(live, 0, false) >= ends[0] &&
		    position(live, 1, false) >= ends[1])
			break;
}

int live_stop(struct live *live, bool keep, source_event_fn *deliver, void *arg)
{
	uint64_t end_s;
	int err = 0;

	live->deliver = deliver;
	live->arg = arg;
	drain_rest(live, keep);
	end_s = unix_now(live) / SKUA_SECOND_NS + 1;
	if (end_s < live->tick_s)
		end_s = live->tick_s;
	skip_pause(live, end_s);
	if (!keep) {
		live_sweep_rest(&live->sweep);
		end_s += END_TICKS;
	}
	while (!err && live->tick_s < end_s)
		err = tick(live, live->tick_s + 1, true);
	if (!err && !keep)
		err = live_sweep_stop(&live->sweep,
				      clock_to_kernel(&live->clock, end_s * SKUA_SECOND_NS));
	live->deliver(live->arg, NULL, NULL, live->tick_s * SKUA_SECOND_NS);
	return err;
}

/* BPF_MAP_TYPE_RINGBUF: the reader's page, then the programs'. */
static void map_positions(struct live *live)
{
	live->page = sysconf(_SC_PAGESIZE);
	for (int i = 0; i < 2; i++) {
		void *at = mmap(NULL, 2 * live->page, PROT_READ, MAP_SHARED,
				live->options.fds[LOADER_EVENTS + i], 0);

		live->positions[i] = at == MAP_FAILED ? NULL : at;
	}
}

static void live_close(struct source *source)
{
	struct live *live = (struct live *)source;

	if (!live)
		return;
	for (int i = 0; i < 2; i++)
		if (live->positions[i])
			munmap((void *)live->positions[i], 2 * live->page);
	ring_buffer__free(live->events);
	ring_buffer__free(live->samples);
	live_sweep_fini(&live->sweep);
	for (int i = 0; i < LOADER_MAPS; i++)
		close(live->options.fds[i]);
	if (source->wait_fd >= 0)
		close(source->wait_fd);
	free(live);
}

int live_open(struct live **out, const struct live_options *options)
{
	struct live *live = calloc(1, sizeof(*live));
	const struct sweep say = { on_swept, live };
	int err;

	if (!live)
		return -ENOMEM;
	live->options = *options;
	map_positions(live);
	live->source = (struct source){ .name = "kernel", .poll = live_poll, .close = live_close };
	live->source.wait_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	clock_init(&live->clock, read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_REALTIME));
	live->tick_s = unix_now(live) / SKUA_SECOND_NS;
	err = live_sweep_init(&live->sweep, &options->engine, options->fds, &say,
			      clock_to_kernel(&live->clock, live->tick_s * SKUA_SECOND_NS));
	live->sweep.adopted = options->adopted;
	if (!err)
		err = armed_init(&live->armed, options->fds[LOADER_ARMED],
				 options->fds[LOADER_ARMING]);
	live->events = ring_buffer__new(options->fds[LOADER_EVENTS], on_event, live, NULL);
	live->samples = ring_buffer__new(options->fds[LOADER_SAMPLES], on_sample, live, NULL);
	if (!err && (live->source.wait_fd < 0 || !live->events || !live->samples))
		err = errno ? -errno : -EINVAL;
	if (err) {
		live_close(&live->source);
		return err;
	}
	set_timer(live, DRAIN_IDLE_NS);
	*out = live;
	return 0;
}

struct source *live_source(struct live *live)
{
	return &live->source;
}

int live_arm(struct live *live, const struct skua_armed_key *key, uint64_t until_ns)
{
	bool past = until_ns <= unix_now(live); /* may lie before the kernel's time began */

	return armed_put(&live->armed, key, past ? 0 : clock_to_kernel(&live->clock, until_ns));
}

uint64_t live_samples_lost(const struct live *live)
{
	int fd = live->options.fds[LOADER_COUNTERS];

	return counters_row(fd, SKUA_COUNT_LOST_SAMPLE) +
	       counters_row(fd, SKUA_COUNT_SAMPLE_REFUSED);
}

void live_counters(const struct live *live, uint64_t out[SKUA_COUNTERS])
{
	counters_read(live->options.fds[LOADER_COUNTERS], out);
}

bool live_link(const struct live *live, int ifindex, uint64_t *packets, uint64_t *bytes)
{
	const struct watched_map map = { live->options.fds[LOADER_LINKS],
					 live->options.fds[LOADER_LINKS_FAR] };

	return watched_map_get(&map, ifindex, packets, bytes);
}

uint64_t live_ring_used(const struct live *live, enum loader_map ring)
{
	return position(live, ring - LOADER_EVENTS, true) -
	       position(live, ring - LOADER_EVENTS, false);
}

void live_totals(const struct live *live, struct live_totals *out)
{
	*out = (struct live_totals){ .alien = live->alien,
				     .clock_steps = live->clock.steps,
				     .skipped_ticks = live->skipped_ticks,
				     .arms_given_up = live->armed.given_up };
	for (int i = 0; i < SKUA_TABLES; i++) {
		out->present[i] = live->sweep.tables[i].present;
		out->evicted[i] = live->sweep.tables[i].evicted;
	}
}
