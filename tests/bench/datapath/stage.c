// SPDX-License-Identifier: BSD-2-Clause
/* Programs loaded, attached and run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include "skua/sighting.h"
#include "skua/local.h"
#include "skua/watched.h"
#include "stage.h"
#include "agent.skel.h" /* last: it names types of skua/ without including them */
#include "bench/drive_object.skel.h"
#include "bench/yardstick.skel.h"

#define RING_BYTES (16 << 20) /* as the agent has them */
#define PENDING 16384
#define SOURCES 65536
#define FORGET_BATCH 4096

static int discard(void *arg, void *event, size_t size)
{
	(void)arg, (void)event, (void)size;
	return 0;
}

static uint64_t tick_ns(void)
{
	struct timespec tick;

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return tick.tv_nsec;
}

/* As the attacher tells the programs of an uplink, and that somebody reads what they say. */
static int watch_loopback(struct agent *agent)
{
	int cpus = libbpf_num_possible_cpus();
	struct skua_watched watched[cpus > 0 ? cpus : 1];
	__u32 place = STAGE_IFINDEX % SKUA_WATCHED_PLACES;

	agent->bss->lease_ns = UINT64_MAX;
	memset(watched, 0, sizeof(watched));
	for (int i = 0; i < cpus; i++) {
		watched[i].ifindex = STAGE_IFINDEX;
		watched[i].role = SKUA_ROLE_UPLINK;
		watched[i].link = SKUA_LINK_ETHERNET;
	}
	return bpf_map_update_elem(bpf_map__fd(agent->maps.links), &place, watched, BPF_ANY);
}

/* What comes by time is kept out of the way: each row of the table is one thing. */
static int load_agent(struct stage *stage, uint32_t flows, uint32_t sample_rate)
{
	struct skua_config config = SKUA_CONFIG_DEFAULT;
	struct agent *agent = agent__open();
	int err;

	if (!agent)
		return -errno;
	stage->agent = agent;
	config.exchange_gap_ns = 1ull << 62;
	config.report_ns = 1ull << 62;
	config.sample_rate = sample_rate;
	memcpy((void *)&agent->rodata->config, &config, sizeof(config));
	agent->rodata->tick_ns = tick_ns();
	bpf_map__set_max_entries(agent->maps.flows_out, flows);
	bpf_map__set_max_entries(agent->maps.flows_in, flows);
	bpf_map__set_max_entries(agent->maps.half_open, PENDING);
	bpf_map__set_max_entries(agent->maps.sources, SOURCES);
	bpf_map__set_max_entries(agent->maps.events, RING_BYTES);
	bpf_map__set_max_entries(agent->maps.samples, RING_BYTES);
	err = agent__load(agent);
	return err ? err : watch_loopback(agent);
}

static int load_yardstick(struct stage *stage, uint32_t flows)
{
	stage->yardstick = yardstick__open();
	if (!stage->yardstick)
		return -errno;
	stage->yardstick->rodata->tick_ns = tick_ns();
	bpf_map__set_max_entries(stage->yardstick->maps.yard_flows, flows);
	return yardstick__load(stage->yardstick);
}

static int put_target(const struct bpf_map *programs, __u32 target, const struct bpf_program *prog)
{
	int fd = bpf_program__fd(prog);

	return bpf_map_update_elem(bpf_map__fd(programs), &target, &fd, 0);
}

/* An array takes programs of one kind only: all are for packets in several buffers, or none. */
static int load_drive(struct stage *stage)
{
	const struct agent *agent = stage->agent;
	const struct yardstick *yardstick = stage->yardstick;
	struct drive_object *drive = drive_object__open();
	int err;

	if (!drive)
		return -errno;
	stage->drive = drive;
	err = drive_object__load(drive);
	if (err)
		return err;
	err = put_target(drive->maps.xdp_programs, TARGET_EMPTY, drive->progs.empty_xdp) ?:
	      put_target(drive->maps.xdp_programs, TARGET_YARDSTICK,
			 yardstick->progs.yardstick_xdp) ?:
	      put_target(drive->maps.xdp_programs, TARGET_PLAIN, yardstick->progs.plain_xdp) ?:
	      put_target(drive->maps.xdp_programs, TARGET_SKUA, agent->progs.skua_xdp_ingress) ?:
	      put_target(drive->maps.tc_programs, TARGET_EMPTY, drive->progs.empty_tc) ?:
	      put_target(drive->maps.tc_programs, TARGET_YARDSTICK,
			 yardstick->progs.yardstick_tc) ?:
	      put_target(drive->maps.tc_programs, TARGET_PLAIN, yardstick->progs.plain_tc) ?:
	      put_target(drive->maps.tc_programs, TARGET_SKUA, agent->progs.skua_tc_ingress) ?:
	      put_target(drive->maps.tc_programs, TARGET_EGRESS, agent->progs.skua_tc_egress);
	return err ? err
		   : bpf_xdp_attach(STAGE_IFINDEX, bpf_program__fd(drive->progs.drive_xdp),
				    XDP_FLAGS_SKB_MODE, NULL);
}

static int open_rings(struct stage *stage)
{
	stage->rings =
		ring_buffer__new(bpf_map__fd(stage->agent->maps.events), discard, NULL, NULL);
	if (!stage->rings)
		return -errno;
	return ring_buffer__add(stage->rings, bpf_map__fd(stage->agent->maps.samples), discard,
				NULL);
}

int stage_open(struct stage *stage, uint32_t flows, uint32_t sample_rate)
{
	const char *what = "the kernel programs";
	int err;

	*stage = (struct stage){};
	err = load_agent(stage, flows, sample_rate);
	if (!err) {
		what = "the yardstick";
		err = load_yardstick(stage, flows);
	}
	if (!err) {
		what = "the prelude";
		err = load_drive(stage);
	}
	if (!err) {
		what = "the rings";
		err = open_rings(stage);
	}
	if (err) {
		fprintf(stderr, "datapath: cannot load %s: %s\n", what, strerror(-err));
		stage_close(stage);
	}
	return err;
}

void stage_close(struct stage *stage)
{
	if (stage->drive)
		bpf_xdp_detach(STAGE_IFINDEX, XDP_FLAGS_SKB_MODE, NULL);
	ring_buffer__free(stage->rings);
	drive_object__destroy(stage->drive);
	yardstick__destroy(stage->yardstick);
	agent__destroy(stage->agent);
	*stage = (struct stage){};
}

int stage_flows_fd(const struct stage *stage, bool ours)
{
	return bpf_map__fd(ours ? stage->agent->maps.flows_out : stage->agent->maps.flows_in);
}

int stage_yardstick_fd(const struct stage *stage)
{
	return bpf_map__fd(stage->yardstick->maps.yard_flows);
}

/* Reading and deleting whole buckets is a hundred times faster than key after key. */
static void forget(const struct bpf_map *map)
{
	char *keys = malloc(FORGET_BATCH * bpf_map__key_size(map));
	char *values = malloc(FORGET_BATCH * bpf_map__value_size(map));
	__u64 batch[8]; /* as large as the largest key */
	void *in = NULL;
	int err = keys && values ? 0 : -ENOMEM;

	while (!err) {
		__u32 count = FORGET_BATCH;

		err = bpf_map_lookup_and_delete_batch(bpf_map__fd(map), in, batch, keys, values,
						      &count, NULL);
		in = batch;
	}
	free(keys);
	free(values);
}

void stage_drain(struct stage *stage)
{
	ring_buffer__consume(stage->rings);
}

void stage_forget(struct stage *stage)
{
	forget(stage->agent->maps.flows_out);
	forget(stage->agent->maps.flows_in);
	forget(stage->agent->maps.half_open);
	forget(stage->agent->maps.sources);
	forget(stage->yardstick->maps.yard_flows);
	stage_drain(stage);
}

void stage_drive(struct stage *stage, const struct drive *drive)
{
	stage->drive->bss->drive = *drive;
}

void stage_drive_in_order(struct stage *stage, bool in_order)
{
	stage->drive->bss->drive.next = 0;
	stage->drive->bss->drive.in_order = in_order;
}

int stage_run(struct stage *stage, enum hook hook, enum target target,
	      const struct stage_frame *frame, unsigned packets)
{
	const struct bpf_program *prog =
		hook == HOOK_XDP ? stage->drive->progs.drive_xdp : stage->drive->progs.drive_tc;
	const uint32_t pass = hook == HOOK_XDP ? XDP_PASS : (uint32_t)-1;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->bytes, .data_size_in = frame->length,
		    .repeat = packets);
	int err;

	stage->drive->bss->drive.target = target;
	err = bpf_prog_test_run_opts(bpf_program__fd(prog), &opts);
	if (err)
		return err;
	return opts.retval == pass ? (int)opts.duration : -EPROTO;
}

void stage_frame_init(struct stage_frame *frame, const char *hex, unsigned length)
{
	unsigned n = 0;

	memset(frame, 0, sizeof(*frame));
	for (; hex[2 * n] && n < STAGE_FRAME_MAX; n++)
		sscanf(hex + 2 * n, "%2hhx", &frame->bytes[n]);
	frame->length = length > n ? length : n;
}

uint32_t stage_be32(const unsigned char *at)
{
	return skua_be32(at);
}

void stage_put_be32(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = value >> (24 - 8 * i);
}
