// SPDX-License-Identifier: BSD-2-Clause
/*
 * SMB2 over TCP: commands, alone or in compounds, in messages with their length
 * in front (RFC 1002, 4.3.1; MS-SMB2, 2.1).  Data that is read or written is
 * said as it comes; other commands wait until they are complete.  SMB1 comes in
 * the same messages; what is encrypted or compressed is passed over.
 */
#include <string.h>
#include "dissect/dissector.h"
#include "dissect/smb1_view.h"
#include "dissect/smb2_view.h"

#define SESSION_HEADER 4
#define SESSION_MESSAGE 0x00
#define SESSION_REQUEST 0x81
#define SESSION_RESPONSE 0x82
#define SESSION_KEEPALIVE 0x85
#define COMMAND_MAX (128u << 10) /* half of what may wait; without data nobody needs it */
#define DATA_AT_MAX 1024         /* padding before data is a few octets */

struct smb2_side {
	uint32_t frame_left; /* of the message */
	uint32_t data_left;  /* of the data of a command; within it */
	uint32_t skip;       /* behind that, within it */
	uint64_t chain;
	bool chained; /* a command of this message was seen */
	bool lost;    /* nothing tells where a message begins */
	struct smb2_view view;
	uint64_t data_at;
};

struct smb2_stream {
	struct smb2_side sides[2];
};

static bool is_smb(const uint8_t *at)
{
	return (at[0] >= 0xfc) && !memcmp(at + 1, "SMB", 3);
}

/* Without what NetBIOS has in front. */
static struct cursor behind_session(struct cursor said)
{
	if (said.left >= SESSION_HEADER &&
	    (said.at[0] == SESSION_REQUEST || said.at[0] == SESSION_RESPONSE) && !said.at[1]) {
		size_t length = SESSION_HEADER + (said.at[2] << 8 | said.at[3]);

		if (length <= said.left)
			return (struct cursor){ said.at + length, said.left - length };
	}
	return said;
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	enum dissector_claim best = CLAIM_NO;

	for (unsigned side = 0; side < 2; side++) {
		struct cursor said = behind_session(begin->said[side]);

		if (said.left >= 8 && !said.at[0] && is_smb(said.at + 4))
			return CLAIM_YES;
		if (said.left < 8 && begin->said[side].left &&
		    (said.left != begin->said[side].left || !said.at[0]))
			best = CLAIM_UNSURE;
	}
	return best;
}

static void give_up(struct smb2_side *side)
{
	side->lost = true;
	side->frame_left = side->data_left = side->skip = 0;
}

/* The next message that is one of SMB. */
static size_t find_message(struct smb2_side *side, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i + 8 <= length; i++) {
		if (bytes[i] == SESSION_MESSAGE && is_smb(bytes + i + 4)) {
			side->lost = false;
			return i;
		}
	}
	return length < 8 ? 0 : length - 7;
}

static size_t begin_message(struct smb2_side *side, const uint8_t *bytes, size_t length)
{
	if (length < SESSION_HEADER)
		return 0;
	side->frame_left = bytes[1] << 16 | bytes[2] << 8 | bytes[3];
	side->chained = false;
	if (bytes[0] == SESSION_REQUEST || bytes[0] == SESSION_RESPONSE ||
	    bytes[0] == SESSION_KEEPALIVE)
		side->skip = side->frame_left;
	else if (bytes[0] != SESSION_MESSAGE)
		give_up(side);
	return SESSION_HEADER;
}

static size_t take_data(struct smb2_side *side, struct dissector_call *call, const uint8_t *bytes,
			size_t length)
{
	size_t step = length < side->data_left ? length : side->data_left;
	const struct smb2_data data = { &side->view, side->data_at, bytes, step };

	dissector_say(call, ITEM_SMB2_DATA, &data);
	side->data_at += step;
	side->data_left -= step;
	side->frame_left -= step;
	return step;
}

static size_t take_skip(struct smb2_side *side, size_t length)
{
	size_t step = length < side->skip ? length : side->skip;

	side->skip -= step;
	side->frame_left -= step;
	return step;
}

/* Says the command, and gets ready for its data. */
static size_t begin_data(struct smb2_side *side, struct dissector_call *call,
			 struct smb2_view *view, uint32_t size)
{
	side->skip = size - view->data_at;
	side->data_left = view->data_length < side->skip ? view->data_length : side->skip;
	side->skip -= side->data_left;
	side->data_at = 0;
	side->frame_left -= view->data_at;
	dissector_say(call, ITEM_SMB2, view);
	side->view = *view;
	side->view.name = (struct cursor){ 0 };
	return view->data_at;
}

/* All commands of a message; what follows data in it is passed over. */
static size_t take_smb1(struct smb2_side *side, struct dissector_call *call, const uint8_t *bytes,
			size_t length)
{
	size_t head = side->frame_left < SMB1_HEAD_MAX ? side->frame_left : SMB1_HEAD_MAX;
	struct smb1_block block = { 0 };
	struct smb2_view view;
	uint32_t size = side->frame_left;

	if (length < head)
		return 0;
	if (!smb1_view_parse(&view, bytes, head, &block)) {
		side->skip = size;
		return take_skip(side, length);
	}
	if (smb2_view_has_data(&view) && view.data_at <= size && view.data_at <= DATA_AT_MAX)
		return length < view.data_at ? 0 : begin_data(side, call, &view, size);
	if (size > COMMAND_MAX) {
		side->skip = size;
		return take_skip(side, length);
	}
	if (length < size)
		return 0;
	block = (struct smb1_block){ 0 };
	while (smb1_view_parse(&view, bytes, size, &block)) {
		dissector_say(call, ITEM_SMB2, &view);
		if (!block.at)
			break;
	}
	side->frame_left = 0;
	return size;
}

static size_t take_command(struct smb2_side *side, struct dissector_call *call,
			   const uint8_t *bytes, size_t length)
{
	size_t head = side->frame_left < SMB2_HEAD_MAX ? side->frame_left : SMB2_HEAD_MAX;
	struct smb2_view view;
	uint32_t size;

	if (length < head)
		return 0;
	if (smb1_is(bytes, head))
		return take_smb1(side, call, bytes, length);
	if (!smb2_view_parse(&view, bytes, head) || view.next > side->frame_left ||
	    (view.next && view.next < SMB2_HEADER)) {
		side->skip = side->frame_left;
		return take_skip(side, length);
	}
	size = view.next ? view.next : side->frame_left;
	if (side->chained)
		view.chain = side->chain;
	if (smb2_view_has_data(&view) && view.data_at <= size && view.data_at <= DATA_AT_MAX) {
		if (length < view.data_at)
			return 0;
		side->chain = view.chain;
		side->chained = true;
		return begin_data(side, call, &view, size);
	}
	if (size > COMMAND_MAX) {
		side->skip = size;
		return take_skip(side, length);
	}
	if (length < size)
		return 0;
	smb2_view_parse(&view, bytes, size);
	if (side->chained)
		view.chain = side->chain;
	side->chain = view.chain;
	side->chained = true;
	side->frame_left -= size;
	dissector_say(call, ITEM_SMB2, &view);
	return size;
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct smb2_side *side = &((struct smb2_stream *)state)->sides[call->place.sender];

	if (side->lost) {
		size_t passed = find_message(side, bytes, length);

		if (passed || side->lost)
			return passed;
	}
	if (side->data_left)
		return take_data(side, call, bytes, length);
	if (side->skip)
		return take_skip(side, length);
	if (!side->frame_left)
		return begin_message(side, bytes, length);
	return take_command(side, call, bytes, length);
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct smb2_side *side = &((struct smb2_stream *)state)->sides[call->place.sender];

	if (bytes > side->data_left) {
		give_up(side);
		return;
	}
	side->data_at += bytes;
	side->data_left -= bytes;
	side->frame_left -= bytes;
}

const struct dissector smb2_dissector = {
	.name = "smb2",
	.state_size = sizeof(struct smb2_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
};
