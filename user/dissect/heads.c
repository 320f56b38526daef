// SPDX-License-Identifier: BSD-2-Clause
/* Shows somebody the beginning of each direction of each TCP stream, in order. */
#include <assert.h>
#include "dissect/head.h"
#include "dissect/heads.h"

/*
 * Segments behind the window that are let pass while a hole before them may
 * still be filled: two initial windows (RFC 6928), less what a head holds.
 */
#define BEYOND_MAX 16

enum direction_state {
	DIRECTION_UNSEEN = 0,
	DIRECTION_OPEN, /* next is known */
	DIRECTION_DECIDED,
};

struct direction {
	uint32_t first; /* sequence number of the SYN, or of an octet before the first one seen */
	uint32_t next;  /* of the first octet that nobody has taken */
	uint8_t state;  /* enum direction_state */
	uint8_t stage;
	uint8_t beyond;
	bool waits; /* it has a head */
};

struct stream {
	uint64_t used_ns;
	struct direction direction[2]; /* by side of the sender */
};

struct head_key {
	struct skua_flow_key flow;
	uint64_t side;
};

/* One segment, trimmed as it is worked on. */
struct segment {
	const struct skua_sample_event *sample;
	const uint8_t *bytes;
	uint32_t length;
	bool cut; /* more was on the wire */
	head_judge_fn *judge;
	void *arg;
};

static uint64_t stream_worth(const void *value)
{
	return ((const struct stream *)value)->used_ns;
}

static uint64_t head_worth(const void *value)
{
	return ((const struct head *)value)->used_ns;
}

static struct head *head_find(struct heads *heads, const struct skua_flow_key *flow, unsigned side)
{
	struct head_key key = { *flow, side };

	return table_find(&heads->waiting, &key);
}

static void head_release(struct heads *heads, const struct skua_flow_key *flow,
			 struct stream *stream, unsigned side)
{
	struct direction *direction = &stream->direction[side];

	if (!direction->waits)
		return;
	table_remove(&heads->waiting, head_find(heads, flow, side));
	direction->waits = false;
}

static void stream_evicted(void *arg, const void *key, void *value)
{
	struct heads *heads = arg;

	heads->counters->streams_evicted++;
	head_release(heads, key, value, SKUA_LOW);
	head_release(heads, key, value, SKUA_HIGH);
}

static void head_evicted(void *arg, const void *key, void *value)
{
	const struct head_key *head = key;
	struct heads *heads = arg;
	struct stream *stream = table_find(&heads->streams, &head->flow);
	struct direction *direction = &stream->direction[head->side];

	(void)value;
	heads->counters->evicted++;
	direction->waits = false;
	direction->state = DIRECTION_DECIDED;
}

int heads_init(struct heads *heads, uint32_t capacity, struct heads_counters *counters)
{
	const struct table_options streams = {
		.key_size = sizeof(struct skua_flow_key),
		.value_size = sizeof(struct stream),
		.capacity = capacity * HEADS_STREAMS,
		.worth = stream_worth,
		.evicted = stream_evicted,
		.arg = heads,
	};
	const struct table_options waiting = {
		.key_size = sizeof(struct head_key),
		.value_size = sizeof(struct head),
		.capacity = capacity,
		.worth = head_worth,
		.evicted = head_evicted,
		.arg = heads,
	};
	int err;

	heads->counters = counters;
	err = table_init(&heads->streams, &streams);
	if (err)
		return err;
	err = table_init(&heads->waiting, &waiting);
	if (err)
		table_fini(&heads->streams);
	return err;
}

void heads_fini(struct heads *heads)
{
	table_fini(&heads->streams);
	table_fini(&heads->waiting);
}

static void decide(struct heads *heads, const struct segment *segment, struct stream *stream)
{
	unsigned side = segment->sample->sender & 1;

	head_release(heads, &segment->sample->head.key, stream, side);
	stream->direction[side].state = DIRECTION_DECIDED;
}

/* A SYN that is no retransmission begins anew; without ACK the other direction does too. */
static void synchronise(struct heads *heads, const struct skua_sample_event *sample,
			struct stream *stream)
{
	unsigned side = sample->sender & 1;
	struct direction *direction = &stream->direction[side];

	if (direction->state != DIRECTION_UNSEEN && direction->first == sample->seq)
		return;
	head_release(heads, &sample->head.key, stream, side);
	*direction = (struct direction){
		.first = sample->seq,
		.next = sample->seq + 1,
		.state = DIRECTION_OPEN,
	};
	if (sample->tcp_flags & SKUA_ACK)
		return;
	head_release(heads, &sample->head.key, stream, !side);
	stream->direction[!side] = (struct direction){ 0 };
}

/* Show bytes until they are taken or somebody must wait; returns how many were taken. */
static uint32_t show(const struct segment *segment, struct direction *direction,
		     const uint8_t *bytes, uint32_t length, bool last)
{
	uint32_t taken = 0;

	while (taken < length) {
		struct head_view view = {
			.bytes = bytes + taken,
			.length = length - taken,
			.last = last || length - taken >= HEAD_BYTES,
			.stage = &direction->stage,
		};
		enum head_verdict verdict = segment->judge(segment->arg, &view);

		if (verdict == HEAD_DECIDED)
			direction->state = DIRECTION_DECIDED;
		if (verdict != HEAD_TAKEN)
			break;
		assert(view.taken && view.taken <= view.length);
		taken += view.taken;
	}
	direction->next += taken;
	return taken;
}

/* What was shown did not suffice; true: no more can be had. */
static bool is_hopeless(struct heads *heads, uint32_t left, bool last)
{
	if (left < HEAD_BYTES && !last)
		return false;
	if (last)
		heads->counters->cut++;
	else
		heads->counters->full++;
	return true;
}

/* The rest of the segment, or all of it, must wait. */
static void keep(struct heads *heads, const struct segment *segment, struct direction *direction,
		 uint32_t offset)
{
	struct head_key key = { segment->sample->head.key, segment->sample->sender & 1 };
	struct head *head = table_insert(&heads->waiting, &key);

	direction->waits = true;
	head->used_ns = segment->sample->head.time_ns;
	head_add(head, offset, segment->bytes, segment->length);
}

/* Nothing waits, and this is what comes next: no need to copy it before it was shown. */
static void add_direct(struct heads *heads, struct segment *segment, struct stream *stream)
{
	struct direction *direction = &stream->direction[segment->sample->sender & 1];
	uint32_t taken = show(segment, direction, segment->bytes, segment->length, segment->cut);

	segment->bytes += taken;
	segment->length -= taken;
	if (direction->state == DIRECTION_DECIDED)
		return;
	if (is_hopeless(heads, segment->length, segment->cut))
		decide(heads, segment, stream);
	else if (segment->length)
		keep(heads, segment, direction, 0);
}

static void add_waiting(struct heads *heads, const struct segment *segment, struct stream *stream,
			uint32_t offset)
{
	unsigned side = segment->sample->sender & 1;
	struct direction *direction = &stream->direction[side];
	struct head *head = head_find(heads, &segment->sample->head.key, side);
	uint32_t ready, taken;
	bool last;

	if (!head_add(head, offset, segment->bytes, segment->length))
		heads->counters->crowded++;
	head->used_ns = segment->sample->head.time_ns;
	ready = head_ready(head);
	/* Behind a segment that was cut is a hole that nothing fills. */
	last = segment->cut && ready && offset + segment->length >= ready;
	taken = show(segment, direction, head->bytes, ready, last);
	if (direction->state == DIRECTION_DECIDED || is_hopeless(heads, ready - taken, last)) {
		decide(heads, segment, stream);
		return;
	}
	head_drop(head, taken);
	if (!head->ranges)
		head_release(heads, &segment->sample->head.key, stream, side);
}

static void add_payload(struct heads *heads, struct segment *segment, struct stream *stream)
{
	struct direction *direction = &stream->direction[segment->sample->sender & 1];
	uint32_t seq = segment->sample->seq + !!(segment->sample->tcp_flags & SKUA_SYN), offset;

	if (direction->state == DIRECTION_UNSEEN)
		*direction = (struct direction){
			.first = seq - 1,
			.next = seq,
			.state = DIRECTION_OPEN,
		};
	offset = seq - direction->next;
	if (offset > INT32_MAX) { /* it begins with what was taken before */
		uint32_t before = -offset;

		if (before >= segment->length)
			return;
		segment->bytes += before;
		segment->length -= before;
		offset = 0;
	}
	if (offset >= HEAD_BYTES) {
		if (++direction->beyond < BEYOND_MAX)
			return;
		heads->counters->missing++;
		decide(heads, segment, stream);
	} else if (direction->waits) {
		add_waiting(heads, segment, stream, offset);
	} else if (offset) {
		keep(heads, segment, direction, offset);
	} else {
		add_direct(heads, segment, stream);
	}
}

void heads_add(struct heads *heads, const struct skua_sample_event *sample, const uint8_t *payload,
	       uint32_t captured, head_judge_fn *judge, void *arg)
{
	struct segment segment = {
		sample, payload, captured, captured < sample->payload, judge, arg
	};
	struct stream *stream;

	if (!captured && (sample->tcp_flags & (SKUA_SYN | SKUA_ACK)) != SKUA_SYN) {
		/* Only what begins a stream is worth an entry. */
		stream = table_find(&heads->streams, &sample->head.key);
		if (!stream)
			return;
	} else {
		stream = table_get(&heads->streams, &sample->head.key, NULL);
	}
	stream->used_ns = sample->head.time_ns;
	if (sample->tcp_flags & SKUA_SYN)
		synchronise(heads, sample, stream);
	if (captured && stream->direction[sample->sender & 1].state != DIRECTION_DECIDED)
		add_payload(heads, &segment, stream);
}
