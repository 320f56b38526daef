// SPDX-License-Identifier: BSD-2-Clause
/* One direction of a TCP connection put in order. */
#include <stdlib.h>
#include <string.h>
#include "dissect/segments.h"

/* Further ahead nothing of this connection can be: windows are at most 1 GiB (RFC 7323, 2.3). */
#define AHEAD_MAX (1u << 30)

struct segment_held {
	struct segment_held *next;
	uint32_t seq;
	uint32_t captured, length;
	uint8_t bytes[];
};

struct delivery {
	struct segments *segments;
	struct waiting_room *room;
	struct segments_counters *counters;
	segments_fn *deliver;
	void *arg;
};

void segments_begin(struct segments *segments, uint32_t seq)
{
	segments->first = segments->next = seq;
	segments->begun = true;
}

void segments_acked(struct segments *segments, uint32_t seq)
{
	if (!segments->has_acked || (int32_t)(seq - segments->acked) > 0)
		segments->acked = seq;
	segments->has_acked = true;
}

/* From next on: a hole, then the bytes, of which a part may be known, then what was cut off. */
static void hand_over(const struct delivery *d, const struct segments_in *in)
{
	uint32_t hole = in->seq - d->segments->next, known = 0, cut;
	struct segments_in rest = *in;

	if ((int32_t)hole < 0) {
		known = -hole;
		hole = 0;
	}
	d->counters->repeated += known < in->length ? known : in->length;
	if (known >= in->length)
		return;
	d->segments->next = in->seq + in->length;
	rest.captured = in->captured > known ? in->captured - known : 0;
	if (rest.captured) /* else there may be no bytes to point at */
		rest.bytes += known;
	cut = in->length - known - rest.captured;
	if (hole) {
		d->counters->gaps++;
		d->counters->gap_bytes += hole;
	}
	if (hole || rest.captured)
		d->deliver(d->arg, hole, rest.bytes, rest.captured);
	if (!cut)
		return;
	d->counters->gaps++;
	d->counters->gap_bytes += cut;
	d->deliver(d->arg, cut, NULL, 0);
}

static size_t cost_of(uint32_t captured)
{
	return sizeof(struct segment_held) + captured;
}

static void release_first(struct segments *segments, struct waiting_room *room)
{
	struct segment_held *held = segments->held;

	segments->held = held->next;
	segments->held_bytes -= held->captured;
	segments->held_pieces--;
	room->used -= cost_of(held->captured);
	free(held);
}

static void deliver_first(const struct delivery *d)
{
	const struct segment_held *held = d->segments->held;
	const struct segments_in in = { held->seq, held->bytes, held->captured, held->length };

	hand_over(d, &in);
	release_first(d->segments, d->room);
}

/* As far as there is no hole, or up to what the receiver has. */
static void drain(const struct delivery *d)
{
	struct segments *s = d->segments;

	while (s->held) {
		bool reached = (int32_t)(s->held->seq - s->next) <= 0;
		bool arrived = s->has_acked && (int32_t)(s->acked - s->held->seq) >= 0;

		if (!reached && !arrived)
			return;
		deliver_first(d);
	}
}

/* false: there is no room for it. */
static bool hold(const struct delivery *d, const struct segments_in *in)
{
	struct segments *segments = d->segments;
	struct segment_held **at = &segments->held, *held = NULL;

	if (segments->held_bytes + in->captured > SEGMENTS_HELD_MAX ||
	    segments->held_pieces == SEGMENTS_PIECES_MAX)
		return false;
	if (d->room->used + cost_of(in->captured) <= d->room->limit)
		held = malloc(cost_of(in->captured));
	if (!held) {
		d->room->no_memory++;
		return false;
	}
	while (*at && (int32_t)((*at)->seq - in->seq) <= 0)
		at = &(*at)->next;
	*held = (struct segment_held){ *at, in->seq, in->captured, in->length };
	if (in->captured)
		memcpy(held->bytes, in->bytes, in->captured);
	*at = held;
	segments->held_bytes += in->captured;
	segments->held_pieces++;
	d->room->used += cost_of(in->captured);
	return true;
}

/* It cannot wait for what is missing before it. */
static void give_up(const struct delivery *d, const struct segments_in *in)
{
	d->counters->full++;
	while (d->segments->held && (int32_t)(d->segments->held->seq - in->seq) < 0)
		deliver_first(d);
	hand_over(d, in);
}

void segments_add(struct segments *segments, const struct segments_in *in,
		  struct waiting_room *room, struct segments_counters *counters,
		  segments_fn *deliver, void *arg)
{
	const struct delivery d = { segments, room, counters, deliver, arg };
	uint32_t ahead;

	if (!segments->begun)
		segments_begin(segments, in->seq);
	ahead = in->seq - segments->next;
	/* Neither behind nor in front: another connection, whose beginning was not seen. */
	if ((int32_t)ahead > 0 ? ahead > AHEAD_MAX : -ahead > AHEAD_MAX) {
		segments_finish(segments, room, counters, deliver, arg);
		segments_begin(segments, in->seq);
		ahead = 0;
	}
	if ((int32_t)ahead <= 0) {
		hand_over(&d, in);
	} else {
		counters->held++;
		if (!hold(&d, in))
			give_up(&d, in);
	}
	drain(&d);
}

void segments_finish(struct segments *segments, struct waiting_room *room,
		     struct segments_counters *counters, segments_fn *deliver, void *arg)
{
	const struct delivery d = { segments, room, counters, deliver, arg };

	while (segments->held)
		deliver_first(&d);
}

void segments_fini(struct segments *segments, struct waiting_room *room)
{
	while (segments->held)
		release_first(segments, room);
}
