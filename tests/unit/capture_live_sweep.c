// SPDX-License-Identifier: BSD-2-Clause
/* When nobody writes any more, tables are read only when something in them is due, and what is said
 * is the same.  Needs root. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include "capture/live_sweep.h"
#include "tap.h"

#define ENTRIES 1024
#define FLOWS 600
#define START (1000 * SKUA_SECOND_NS)
#define TICKS 60
#define MS 1000000ull

struct said {
	uint64_t time_ns;
	unsigned kind, reason, port, none; /* compared whole: no padding */
};

static struct said said[2][4 * ENTRIES];
static unsigned counts[2], round_now;

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct said *to = &said[round_now][counts[round_now]++];

	(void)arg, (void)bytes, (void)now_ns;
	*to = (struct said){ event->time_ns, event->kind, 0, event->key.high_port };
	if (event->kind == SKUA_EVENT_FLOW)
		to->reason = ((const struct skua_flow_event *)event)->reason;
}

static int by_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct said));
}

static int make(size_t key, size_t value)
{
	return bpf_map_create(BPF_MAP_TYPE_HASH, NULL, key, value, ENTRIES, NULL);
}

/* Of every kind there is: closed and half open connections, open ones, datagrams. */
static void fill_flows(int fd)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		struct skua_flow_key key = { .high_port = i, .proto = i % 4 ? SKUA_TCP : SKUA_UDP };
		struct skua_flow flow = { .last_ns = START - i * 97 * MS };

		flow.state = i % 4 == 1 ? SKUA_FLOW_CLOSED : 0;
		flow.way[0].packets = 1;
		flow.way[1].packets = i % 4 == 2;
		bpf_map_update_elem(fd, &key, &flow, BPF_ANY);
	}
}

static void fill_rest(int pending_fd, int source_fd)
{
	for (unsigned i = 0; i < 40; i++) {
		struct skua_contact_key key = { .port = i, .proto = SKUA_TCP };
		struct skua_pending pending = { .first_ns = START - i * 130 * MS,
						.stage = SKUA_STAGE_SYN,
						.attempts = 1 };
		struct skua_source_key source = {};
		struct skua_source value = { .slot = pending,
					     .slot_key = key,
					     .last_ns = START - (60 + i) * SKUA_SECOND_NS };

		bpf_map_update_elem(pending_fd, &key, &pending, BPF_ANY);
		memcpy(&source, &i, sizeof(i));
		value.slot_key.port = 1000 + i;
		value.overflow_ns = i % 8 ? 0 : START + (i == 8) * SKUA_SECOND_NS;
		bpf_map_update_elem(source_fd, &source, &value, BPF_ANY);
	}
}

/* The passes through all tables. */
static uint64_t play(bool rests)
{
	struct engine_options options = ENGINE_OPTIONS_DEFAULT;
	const struct sweep say = { on_event, NULL };
	const int fds[SKUA_TABLES] = {
		[SKUA_TABLE_OUT] = make(sizeof(struct skua_flow_key), sizeof(struct skua_flow)),
		[SKUA_TABLE_IN] = make(sizeof(struct skua_flow_key), sizeof(struct skua_flow)),
		[SKUA_TABLE_PENDING] =
			make(sizeof(struct skua_contact_key), sizeof(struct skua_pending)),
		[SKUA_TABLE_SOURCES] =
			make(sizeof(struct skua_source_key), sizeof(struct skua_source)),
	};
	const uint64_t made[SKUA_TABLES] = { FLOWS, 0, 40, 40 };
	struct live_sweep sweep;
	uint64_t passes = 0, evicted = 0;
	int err;

	round_now = rests;
	options.flows = options.pending = options.sources = ENTRIES;
	err = live_sweep_init(&sweep, &options, fds, &say, START - SKUA_SECOND_NS);
	fill_flows(fds[SKUA_TABLE_OUT]);
	fill_rest(fds[SKUA_TABLE_PENDING], fds[SKUA_TABLE_SOURCES]);
	/* A part of a pass lies behind it. */
	if (!err)
		err = live_sweep_tick(&sweep, made, START, false);
	if (rests)
		live_sweep_rest(&sweep);
	for (unsigned i = 1; !err && i <= TICKS; i++)
		err = live_sweep_tick(&sweep, made, START + i * SKUA_SECOND_NS, true);
	if (!err)
		err = live_sweep_stop(&sweep, START + TICKS * SKUA_SECOND_NS);
	for (int i = 0; i < SKUA_TABLES; i++) {
		passes += sweep.tables[i].passes;
		evicted += sweep.tables[i].evicted;
		close(fds[i]);
	}
	ok(!err && !evicted, rests ? "with tables that rest, nothing looks evicted"
				   : "with tables that are written to, nothing looks evicted");
	live_sweep_fini(&sweep);
	qsort(said[rests], counts[rests], sizeof(said[0][0]), by_order);
	return passes;
}

int main(void)
{
	uint64_t always, rarely;
	int fd = make(8, 8);

	if (fd < 0) {
		printf("1..0 # SKIP tables of the kernel need root: %s\n", strerror(errno));
		return 0;
	}
	close(fd);
	always = play(false);
	rarely = play(true);
	printf("# %u events; %llu passes, and %llu\n", counts[0], (unsigned long long)always,
	       (unsigned long long)rarely);
	ok(counts[0] >= FLOWS + 80, "flows, attempts and sources are said");
	ok(counts[0] == counts[1] && !memcmp(said[0], said[1], counts[0] * sizeof(said[0][0])),
	   "each at the same second and for the same reason when nobody writes any more");
	/* Half open connections are over one each second. */
	ok(always > 4 * TICKS && rarely < TICKS + 15, "with a pass only when something is due");
	return done();
}
