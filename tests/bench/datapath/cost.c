// SPDX-License-Identifier: BSD-2-Clause
/* Nanoseconds per packet over an empty program, beside the yardstick and the budget. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "skua/sighting.h"
#include "datapath.h"
#include "rows.h"
#include "stage.h"

#define ROUNDS 9
#define REPEAT 200000

static struct drive drive_of(const struct row *row, const struct stage_frame *frame)
{
	struct drive drive = { .spread_at = row->spread_at,
			       .spread_mask = row->flows ? row->flows - 1 : row->spread_mask,
			       .seq_at = row->seq_at,
			       .seq_step = row->seq_step };

	if (row->spread_at)
		drive.spread_base = stage_be32(frame->bytes + row->spread_at) & ~drive.spread_mask;
	while (row->flows >> drive.seq_shift > 1)
		drive.seq_shift++;
	return drive;
}

static int put_flow(int map_fd, const struct row *row, const struct stage_frame *shown)
{
	struct skua_frame frame = { shown->bytes, shown->bytes + shown->length, shown->length };
	struct skua_flow flow = {};
	struct skua_flow_key key;
	struct skua_parsed parsed;
	enum skua_side side;

	if (skua_parse(&frame, shown->length, SKUA_LINK_ETHERNET, true, &parsed) != SKUA_PARSED)
		return -EINVAL;
	side = skua_flow_key_init(&key, &parsed.pkt);
	skua_flow_init(&flow, side, STAGE_IFINDEX, 1);
	flow.reported_s = ~0u; /* no report while we measure */
	flow.report_shift = 62;
	flow.exchange_ns = flow.payload_ns = 1;
	flow.way[0].payload = flow.way[1].payload = row->fresh ? 0 : 1 << 20;
	return bpf_map_update_elem(map_fd, &key, &flow, BPF_ANY);
}

static int put_flows(struct stage *stage, const struct row *row, const struct drive *drive,
		     const struct stage_frame *shown)
{
	struct stage_frame frame = *shown;
	int err = 0;

	if (row->known == KNOWN_NOWHERE)
		return 0;
	for (unsigned i = 0; !err && i < (row->flows ? row->flows : 1); i++) {
		if (row->flows)
			stage_put_be32(frame.bytes + row->spread_at, drive->spread_base + i);
		err = put_flow(stage_flows_fd(stage, row->known == KNOWN_OUT), row, &frame);
	}
	return err;
}

/* What is measured, beside the empty program of the same round. */
enum run { RUN_FLOOR, RUN_SKUA, RUN_YARDSTICK, RUN_PLAIN, RUNS };

struct times {
	double ns[RUNS][ROUNDS]; /* all but the floor: over it */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(const double values[ROUNDS])
{
	double sorted[ROUNDS];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, ROUNDS, sizeof(sorted[0]), by_value);
	return sorted[ROUNDS / 2];
}

static double least(const double values[ROUNDS])
{
	double least = values[0];

	for (int i = 1; i < ROUNDS; i++)
		least = values[i] < least ? values[i] : least;
	return least;
}

/* Of each round's, for what disturbs one program of a round often disturbs the other too. */
static double ratio(const struct times *times, enum run to)
{
	double ratios[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double base = times->ns[to][i] > 1 ? times->ns[to][i] : 1;

		ratios[i] = times->ns[RUN_SKUA][i] / base;
	}
	return median(ratios);
}

/* The yardstick's flows are made in the order in which ours were put, not in the one they are
 * visited in: else its memory would be read ahead. */
static int make_flows(struct stage *stage, const struct row *row, enum hook hook,
		      const struct stage_frame *frame)
{
	int ns = 0;

	if (!row->flows)
		return 0;
	stage_drive_in_order(stage, true);
	ns = stage_run(stage, hook, TARGET_PLAIN, frame, row->flows);
	stage_drive_in_order(stage, false);
	return ns < 0 ? ns : 0;
}

static int measure(struct stage *stage, const struct row *row, enum hook hook,
		   const struct stage_frame *frame, struct times *times)
{
	const enum target targets[RUNS] = { [RUN_FLOOR] = TARGET_EMPTY,
					    [RUN_SKUA] = row->egress ? TARGET_EGRESS : TARGET_SKUA,
					    [RUN_YARDSTICK] = TARGET_YARDSTICK,
					    [RUN_PLAIN] = TARGET_PLAIN };
	unsigned repeat = row->repeat ? row->repeat : REPEAT;

	for (int round = -1; round < ROUNDS; round++) { /* the first fills tables and caches */
		for (int i = 0; i < RUNS; i++) {
			int ns;

			if (!row->full)
				stage_drain(stage);
			ns = stage_run(stage, hook, targets[i], frame, repeat);
			if (ns < 0)
				return ns;
			if (round >= 0)
				times->ns[i][round] =
					ns - (i == RUN_FLOOR ? 0 : times->ns[RUN_FLOOR][round]);
		}
	}
	return 0;
}

static void print_row(const struct row *row, enum hook hook, const struct times *times)
{
	double skua = median(times->ns[RUN_SKUA]);
	bool budget = row->budget && hook == HOOK_XDP;

	printf("%-42s ", row->name);
	if (budget)
		printf("%6u", row->budget);
	else
		printf("%6s", "-");
	printf(" %5.0f %6.0f %6.0f%c %9.0f %6.2f %6.0f %6.2f", median(times->ns[RUN_FLOOR]),
	       least(times->ns[RUN_SKUA]), skua, budget && skua > row->budget ? '!' : ' ',
	       median(times->ns[RUN_YARDSTICK]), ratio(times, RUN_YARDSTICK),
	       median(times->ns[RUN_PLAIN]), ratio(times, RUN_PLAIN));
	if (row->to_yardstick)
		printf("  goal <= %.2f of the yardstick", row->to_yardstick);
	if (row->to_plain)
		printf("  goal <= %.2f of plain", row->to_plain);
	putchar('\n');
	fflush(stdout);
}

static int show_row(struct stage *stage, const struct row *row, enum hook hook)
{
	struct stage_frame frame;
	struct drive drive;
	struct times times;
	int err;

	stage_frame_init(&frame, row->hex, row->length);
	drive = drive_of(row, &frame);
	stage_forget(stage);
	err = put_flows(stage, row, &drive, &frame);
	if (err)
		return err;
	stage_drive(stage, &drive);
	err = make_flows(stage, row, hook, &frame);
	if (!err)
		err = measure(stage, row, hook, &frame, &times);
	if (err)
		return err;
	print_row(row, hook, &times);
	return 0;
}

static enum cost_rows kind_of(const struct row *row)
{
	if (row->fresh)
		return COST_SAMPLED;
	return row->flows > COST_FLOWS / 2 ? COST_LARGE : COST_USUAL;
}

int cost_show(struct stage *stage, enum cost_rows which)
{
	static const char *const hooks[] = { [HOOK_XDP] = "XDP", [HOOK_TC] = "tc" };
	int err = 0;

	if (which == COST_USUAL)
		printf("ns per packet over an empty program, %d rounds, programs taking turns; the "
		       "yardstick\nparses, reads the exact clock and updates one LRU hash (plain: "
		       "no clock); !: over budget\n",
		       ROUNDS);
	for (int hook = HOOK_XDP; !err && hook <= HOOK_TC; hook++) {
		printf("\n%-42s %6s %5s %6s %6s %9s %6s %6s %6s\n", hooks[hook], "budget", "floor",
		       "min", "median", "yardstick", "ratio", "plain", "ratio");
		for (unsigned i = 0; !err && i < ROWS; i++) {
			if (getenv("ROW") && !strstr(rows[i].name, getenv("ROW")))
				continue;
			if (kind_of(&rows[i]) != which || (rows[i].egress && hook == HOOK_XDP))
				continue;
			err = show_row(stage, &rows[i], hook);
			if (err)
				fprintf(stderr, "datapath: %s: %s\n", rows[i].name, strerror(-err));
		}
	}
	return err;
}
