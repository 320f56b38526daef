// SPDX-License-Identifier: BSD-2-Clause
/* A connection that was announced to carry bytes alone (FTP's data): they are said as they come. */
#include "dissect/bytes.h"
#include "dissect/dissector.h"

struct bytes_stream {
	uint64_t lost[2];
	bool said[2];
};

/* Nothing tells such a connection but its announcement. */
static enum dissector_claim claim(const struct dissector_begin *begin)
{
	(void)begin;
	return CLAIM_NO;
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct bytes_stream *stream = state;
	const struct bytes_piece piece = { bytes, length, stream->lost[call->place.sender], false };

	stream->said[call->place.sender] = true;
	dissector_say(call, ITEM_BYTES, &piece);
	return length;
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	((struct bytes_stream *)state)->lost[call->place.sender] += bytes;
}

static void end(void *state, struct dissector_call *call)
{
	const struct bytes_stream *stream = state;

	for (unsigned side = 0; side < 2; side++) {
		const struct bytes_piece piece = { .lost = stream->lost[side],
						   .whole = call->closed >> side & 1 &&
							    !stream->lost[side] };

		call->place.sender = side;
		if (stream->said[side])
			dissector_say(call, ITEM_BYTES_END, &piece);
	}
}

const struct dissector bytes_dissector = {
	.name = "bytes",
	.state_size = sizeof(struct bytes_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
	.end = end,
};
