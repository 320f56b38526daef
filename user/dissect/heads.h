/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows somebody the beginning of each direction of each TCP stream, in order,
 * until he has seen enough.  A beginning that comes in one segment is shown
 * where it lies; only what must wait for more is copied.  Both tables have a
 * fixed capacity; what was used longest ago goes first.  A direction whose SYN
 * was not seen begins with the first segment that is.
 */
#ifndef SKUA_DISSECT_HEADS_H
#define SKUA_DISSECT_HEADS_H

#include "skua/event.h"
#include "base/table.h"

#define HEADS_STREAMS 16 /* streams remembered per head: most begin with one segment */

enum head_verdict {
	HEAD_WAIT,    /* show it again with more behind it */
	HEAD_TAKEN,   /* taken bytes were used, go on behind them */
	HEAD_DECIDED, /* never ask again for this direction */
};

/* What is shown. */
struct head_view {
	const uint8_t *bytes;
	size_t length;  /* > 0 */
	bool last;      /* waiting is in vain: no more can be had */
	uint8_t *stage; /* of this direction, the judge's own; zero at the beginning */
	size_t taken;   /* set with HEAD_TAKEN: 1 to length */
};

typedef enum head_verdict head_judge_fn(void *arg, struct head_view *view);

/* Directions given up without a decision, by cause, and what the tables lost. */
struct heads_counters {
	uint64_t streams_evicted;
	uint64_t evicted; /* heads that were waiting */
	uint64_t full;    /* HEAD_BYTES did not suffice */
	uint64_t cut;     /* the capture kept too little of a segment */
	uint64_t missing; /* a segment never came, while later ones did */
	uint64_t crowded; /* pieces forgotten: too many holes (the direction goes on) */
};

struct heads {
	struct table streams;
	struct table waiting;
	struct heads_counters *counters;
};

/* capacity: of directions that wait for more bytes at the same time; counters: the caller's.
 * 0 or -ENOMEM. */
int heads_init(struct heads *heads, uint32_t capacity, struct heads_counters *counters);
void heads_fini(struct heads *heads);

/* sample: of a TCP segment; payload: its first captured bytes, at most sample->payload. */
void heads_add(struct heads *heads, const struct skua_sample_event *sample, const uint8_t *payload,
	       uint32_t captured, head_judge_fn *judge, void *arg);

#endif /* SKUA_DISSECT_HEADS_H */
