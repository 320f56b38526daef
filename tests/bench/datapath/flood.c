// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a flood pushes out: established conversations that are idle meanwhile,
 * in skua's tables and in one plain LRU hash of the same size.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "skua/flow.h"
#include "datapath.h"
#include "frames.h"
#include "stage.h"

#define LIVE 10000
#define LIVE_MASK 16383
#define FLOOD (10 * COST_FLOWS)
#define SLICE 16384 /* packets between two looks at the rings */
#define KEY_SIZE sizeof(struct skua_flow_key)

#define SYN_IN ETH "0800" IN4("0028", "06") TCP("02")
#define DNS_IN ETH "0800" IN4("003d", "11") DNS

struct step {
	const char *hex;
	enum hook hook;
	enum target target;
	unsigned spread_at; /* the client's address */
};

/* A handshake and one segment, opened by our side: what leaves passes tc, what comes XDP. */
static const struct step opened_by_us[] = {
	{ ETH "0800" OUT4("0028", "06") "c00101bb00000064000000005002000000000000", HOOK_TC,
	  TARGET_EGRESS, AT_SRC4 },
	{ ETH "0800" IN4("0028", "06") "01bbc001000001f4000000655012000000000000", HOOK_XDP,
	  TARGET_SKUA, AT_DST4 },
	{ ETH "0800" OUT4("0028", "06") "c00101bb00000065000001f55010000000000000", HOOK_TC,
	  TARGET_EGRESS, AT_SRC4 },
	{ ETH "0800" OUT4("0032", "06") "c00101bb00000065000001f55018000000000000" BYTES10, HOOK_TC,
	  TARGET_EGRESS, AT_SRC4 },
};

/* The same, opened by strangers. */
static const struct step opened_by_them[] = {
	{ ETH "0800" IN4("0028", "06") "c00101bb00000064000000005002000000000000", HOOK_XDP,
	  TARGET_SKUA, AT_SRC4 },
	{ ETH "0800" OUT4("0028", "06") "01bbc001000001f4000000655012000000000000", HOOK_TC,
	  TARGET_EGRESS, AT_DST4 },
	{ ETH "0800" IN4("0028", "06") "c00101bb00000065000001f55010000000000000", HOOK_XDP,
	  TARGET_SKUA, AT_SRC4 },
	{ ETH "0800" IN4("0032", "06") "c00101bb00000065000001f55018000000000000" BYTES10, HOOK_XDP,
	  TARGET_SKUA, AT_SRC4 },
};
#define STEPS 4

/* Whatever the victim's tables hold is what the flood must not push out. */
static const struct flood {
	const char *name;
	const char *hex;
	struct drive drive;
	unsigned packets;
	enum hook hook;
	enum target target;
} floods[] = {
	{ "each SYN once",
	  SYN_IN,
	  { .spread_at = AT_SRC4, .spread_mask = 0xffffff },
	  FLOOD,
	  HOOK_XDP,
	  TARGET_SKUA },
	{ "each SYN twice",
	  SYN_IN,
	  { .spread_at = AT_SRC4, .spread_mask = 0xffffff, .spread_shift = 1 },
	  2 * FLOOD,
	  HOOK_XDP,
	  TARGET_SKUA },
	{ "SYN and forged ACK",
	  SYN_IN,
	  { .spread_at = AT_SRC4,
	    .spread_mask = 0xffffff,
	    .spread_shift = 1,
	    .flags_at = AT_FLAGS4,
	    .flags = { 0x02, 0x10 } },
	  2 * FLOOD,
	  HOOK_XDP,
	  TARGET_SKUA },
	{ "each SYN twice, one source, any port",
	  SYN_IN,
	  { .spread_at = AT_PORTS, .spread_mask = 0xffffff, .spread_shift = 1 },
	  2 * FLOOD,
	  HOOK_XDP,
	  TARGET_SKUA },
	{ "DNS queries, each twice",
	  DNS_IN,
	  { .spread_at = AT_SRC4, .spread_mask = 0xffffff, .spread_shift = 1 },
	  2 * FLOOD,
	  HOOK_XDP,
	  TARGET_SKUA },
	{ "a host of ours that scans, each SYN twice",
	  ETH "0800" OUT4("0028", "06") TCP("02"),
	  { .spread_at = AT_DST4, .spread_mask = 0xffffff, .spread_shift = 1 },
	  2 * FLOOD,
	  HOOK_TC,
	  TARGET_EGRESS },
};
#define FLOODS (sizeof(floods) / sizeof(floods[0]))

/* Where the established conversations are: a copy of every key. */
struct roster {
	int map_fd;
	unsigned char keys[LIVE][KEY_SIZE];
	unsigned count;
};

static int call_roster(struct roster *roster, int map_fd)
{
	unsigned char *previous = NULL;

	roster->map_fd = map_fd;
	roster->count = 0;
	while (roster->count < LIVE &&
	       !bpf_map_get_next_key(map_fd, previous, roster->keys[roster->count])) {
		previous = roster->keys[roster->count];
		roster->count++;
	}
	return roster->count == LIVE ? 0 : -ENOENT;
}

static double kept(const struct roster *roster)
{
	unsigned char value[sizeof(struct skua_flow)];
	unsigned there = 0;

	for (unsigned i = 0; i < roster->count; i++)
		there += !bpf_map_lookup_elem(roster->map_fd, roster->keys[i], value);
	return 100.0 * there / roster->count;
}

/* ns per packet, or -errno. */
static int play(struct stage *stage, enum hook hook, enum target target, const char *hex,
		const struct drive *drive, unsigned packets)
{
	struct stage_frame frame;
	struct drive shown = *drive;
	uint64_t sum = 0;

	stage_frame_init(&frame, hex, 60);
	shown.spread_base = stage_be32(frame.bytes + drive->spread_at) & ~drive->spread_mask;
	stage_drive(stage, &shown);
	for (unsigned done = 0; done < packets;) {
		unsigned slice = packets - done < SLICE ? packets - done : SLICE;
		int ns = stage_run(stage, hook, target, &frame, slice);

		if (ns < 0)
			return ns;
		sum += (uint64_t)ns * slice;
		done += slice;
		stage_drain(stage);
	}
	return sum / packets;
}

/* plain: the one LRU hash is shown the packets of the client only, for it keeps each direction. */
static int establish(struct stage *stage, const struct step *steps, bool plain)
{
	int ns = 0;

	for (int i = 0; i < STEPS && ns >= 0; i++) {
		struct drive drive = { .spread_at = steps[i].spread_at, .spread_mask = LIVE_MASK };

		if (plain && i == 1)
			continue;
		ns = play(stage, steps[i].hook, plain ? TARGET_PLAIN : steps[i].target,
			  steps[i].hex, &drive, LIVE);
	}
	return ns < 0 ? ns : 0;
}

static int rage(struct stage *stage, const struct flood *flood, bool plain)
{
	return play(stage, flood->hook, plain ? TARGET_PLAIN : flood->target, flood->hex,
		    &flood->drive, flood->packets);
}

static int show_flood(struct stage *stage, const struct flood *flood)
{
	static struct roster ours, theirs, plain;
	int err, skua_ns, plain_ns;

	stage_forget(stage);
	err = establish(stage, opened_by_us, false);
	if (!err)
		err = call_roster(&ours, stage_flows_fd(stage, true));
	if (!err)
		err = establish(stage, opened_by_them, false);
	if (!err)
		err = call_roster(&theirs, stage_flows_fd(stage, false));
	if (!err)
		err = establish(stage, opened_by_us, true);
	if (!err)
		err = call_roster(&plain, stage_yardstick_fd(stage));
	if (err)
		return err;
	skua_ns = rage(stage, flood, false);
	plain_ns = rage(stage, flood, true);
	if (skua_ns < 0 || plain_ns < 0)
		return skua_ns < 0 ? skua_ns : plain_ns;
	printf("%-42s %9.2f %9.2f %9.2f %8d %8d %6.2f\n", flood->name, kept(&ours), kept(&theirs),
	       kept(&plain), skua_ns, plain_ns, (double)skua_ns / plain_ns);
	fflush(stdout);
	return 0;
}

int flood_show(struct stage *stage)
{
	int err = 0;

	printf("\nFloods of %u SYNs over tables of %u: percent kept of %u idle established flows\n"
	       "(ours and theirs: the two tables of skua; goal: 100 of ours)\n"
	       "%-42s %9s %9s %9s %8s %8s %6s\n",
	       FLOOD, COST_FLOWS, LIVE, "", "ours", "theirs", "plain LRU", "skua ns", "plain ns",
	       "ratio");
	for (unsigned i = 0; !err && i < FLOODS; i++) {
		err = show_flood(stage, &floods[i]);
		if (err)
			fprintf(stderr, "datapath: %s: %s\n", floods[i].name, strerror(-err));
	}
	return err;
}
