/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One direction of a TCP connection put in order.  Where segments overlap the
 * copy that came first wins, as in most receivers.  What the receiver
 * acknowledged although it is not in the capture is lost: it is said, and
 * reading goes on behind it.  Memory is malloc's, within bounds of each
 * direction and of all: beyond them a hole is given up as lost.
 */
#ifndef SKUA_DISSECT_SEGMENTS_H
#define SKUA_DISSECT_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "dissect/waiting.h"

#define SEGMENTS_HELD_MAX (1u << 20) /* bytes behind holes, of one direction */
#define SEGMENTS_PIECES_MAX 1024     /* of them; each new one looks for its place among these */

struct segment_held;

struct segments {
	struct segment_held *held; /* behind a hole, by sequence number */
	uint32_t held_bytes, held_pieces;
	uint32_t first; /* sequence number at which it began */
	uint32_t next;  /* sequence number of what comes next */
	uint32_t acked; /* by the receiver: everything before it has arrived there */
	bool begun, has_acked;
};

struct segments_counters {
	uint64_t gaps, gap_bytes; /* lost in the capture */
	uint64_t repeated;        /* bytes that were there before */
	uint64_t held;            /* segments that had to wait */
	uint64_t full;            /* holes given up for want of room */
};

/* lost > 0: so many bytes are missing before these. */
typedef void segments_fn(void *arg, uint64_t lost, const uint8_t *bytes, uint32_t length);

struct segments_in {
	uint32_t seq;
	const uint8_t *bytes;
	uint32_t captured; /* of them are there */
	uint32_t length;   /* on the wire */
};

/* seq: of the first byte of payload to come. */
void segments_begin(struct segments *segments, uint32_t seq);
/* room: of all who hold something; without any the holes before the segment are given up as lost.
 */
void segments_add(struct segments *segments, const struct segments_in *in,
		  struct waiting_room *room, struct segments_counters *counters,
		  segments_fn *deliver, void *arg);
/* The other side said that it has everything before seq. */
void segments_acked(struct segments *segments, uint32_t seq);
/* Nothing more comes: what waits is delivered, with the losses before it. */
void segments_finish(struct segments *segments, struct waiting_room *room,
		     struct segments_counters *counters, segments_fn *deliver, void *arg);
void segments_fini(struct segments *segments, struct waiting_room *room);

#endif /* SKUA_DISSECT_SEGMENTS_H */
