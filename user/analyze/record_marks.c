// SPDX-License-Identifier: BSD-2-Clause
/* Which packets hold TLS records or QUIC. */
#include <string.h>
#include "analyze/record_marks.h"

#define TLS_HEADER 5
#define TLS_RECORD_MAX (16384 + 2048) /* RFC 5246, 6.2.3: what encryption may add */
#define TLS_DATA 23
#define QUIC_V1 1u
#define QUIC_V2 0x6b3343cfu
#define QUIC_DRAFTS 0xff0000u /* of version 1: 0xff0000NN */
#define QUIC_ID_MAX 20

struct side_mark {
	uint32_t next; /* sequence number of the next record's header */
	uint32_t seen; /* behind the last octet that was shown */
	bool known;
};

struct mark {
	uint64_t used_ns;
	struct side_mark sides[2];
	bool quic;
};

static uint64_t mark_worth(const void *value)
{
	return ((const struct mark *)value)->used_ns;
}

int record_marks_init(struct record_marks *marks, uint32_t capacity)
{
	const struct table_options table = { .key_size = sizeof(struct skua_flow_key),
					     .value_size = sizeof(struct mark),
					     .capacity = capacity,
					     .worth = mark_worth };

	return table_init(&marks->table, &table);
}

void record_marks_fini(struct record_marks *marks)
{
	table_fini(&marks->table);
}

/* Bytes of a record with its header, or 0: they begin none. */
static uint32_t record_length(const uint8_t *bytes, uint32_t length)
{
	uint32_t content;

	if (length < TLS_HEADER || bytes[0] < 20 || bytes[0] > TLS_DATA || bytes[1] != 3 ||
	    bytes[2] > 4)
		return 0;
	content = bytes[3] << 8 | bytes[4];
	return content && content <= TLS_RECORD_MAX ? TLS_HEADER + content : 0;
}

/* From record to record to the end of the segment. */
static enum layer walk(struct side_mark *side, const struct analyst_frame *frame)
{
	uint32_t payload = frame->pkt->payload, at = side->next - frame->pkt->seq;
	uint32_t end = frame->pkt->seq + payload;

	if ((int32_t)(end - side->seen) <= 0) /* sent again */
		return LAYER_NONE;
	side->seen = end;
	/* In the middle of a record, or behind a gap. */
	if (at > payload) {
		if ((int32_t)at > 0 || !record_length(frame->payload, frame->payload_captured))
			return LAYER_NONE;
		at = 0;
	}
	if (!at && !record_length(frame->payload, frame->payload_captured)) {
		side->known = false;
		return LAYER_NONE;
	}
	while (at < payload && at < frame->payload_captured) {
		uint32_t length = record_length(frame->payload + at, frame->payload_captured - at);

		if (!length)
			break;
		at += length;
	}
	side->next = frame->pkt->seq + at;
	return LAYER_TLS;
}

static enum layer tls_mark(struct record_marks *marks, const struct analyst_frame *frame)
{
	struct skua_flow_key key;
	unsigned side = skua_flow_key_init(&key, frame->pkt);
	struct mark *mark = table_find(&marks->table, &key);

	if (!frame->payload_captured)
		return LAYER_NONE;
	if (!mark || !mark->sides[side].known) {
		/* The beginning may not be in the capture; three in ten million random bytes
		 * look like a header. */
		if (!record_length(frame->payload, frame->payload_captured))
			return LAYER_NONE;
		mark = mark ? mark : table_insert(&marks->table, &key);
		mark->sides[side] = (struct side_mark){ .next = frame->pkt->seq,
							.seen = frame->pkt->seq,
							.known = true };
	}
	mark->used_ns = frame->time_ns;
	return walk(&mark->sides[side], frame);
}

static bool is_quic_long(const uint8_t *bytes, uint32_t length)
{
	uint32_t version;

	if (length < 7 || (bytes[0] & 0xc0) != 0xc0 || bytes[5] > QUIC_ID_MAX)
		return false;
	version = (uint32_t)bytes[1] << 24 | bytes[2] << 16 | bytes[3] << 8 | bytes[4];
	return version == QUIC_V1 || version == QUIC_V2 || version >> 8 == QUIC_DRAFTS;
}

static enum layer quic_mark(struct record_marks *marks, const struct analyst_frame *frame)
{
	struct skua_flow_key key;
	struct mark *mark;

	skua_flow_key_init(&key, frame->pkt);
	mark = table_find(&marks->table, &key);
	if (is_quic_long(frame->payload, frame->payload_captured)) {
		mark = mark ? mark : table_insert(&marks->table, &key);
		mark->quic = true;
	}
	if (!mark || !mark->quic || !frame->payload_captured)
		return LAYER_NONE;
	mark->used_ns = frame->time_ns;
	return LAYER_QUIC;
}

enum layer record_marks_of(struct record_marks *marks, const struct analyst_frame *frame)
{
	if (frame->verdict != SKUA_PARSED || frame->pkt->fragment != SKUA_WHOLE)
		return LAYER_NONE;
	if (frame->pkt->proto == SKUA_TCP)
		return tls_mark(marks, frame);
	return frame->pkt->proto == SKUA_UDP ? quic_mark(marks, frame) : LAYER_NONE;
}
