// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes who answers questions about captures, from frames to rows: the input
 * is a byte of analyst, one of format, then frames, each a byte of link type
 * and time, two of length, and its content.
 */
#include <errno.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "base/lists.h"
#include "analyze/conversation_answers.h"
#include "analyze/credential_answers.h"
#include "analyze/dns_answers.h"
#include "analyze/forensic.h"
#include "analyze/hierarchy_answers.h"
#include "analyze/http_answers.h"
#include "analyze/object_answers.h"
#include "analyze/packet_answers.h"
#include "analyze/smb_answers.h"
#include "analyze/suspicious.h"
#include "analyze/tls_answers.h"
#include "dissect/conversations.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define FRAME_HEADER 3
#define FRAMES_MAX 400
#define QUESTIONS 12
#define ROOM (1 << 16)

static FILE *nowhere;

static int open_packets(struct analyst **out, uint8_t how)
{
	const struct packet_options options = {
		.syn = how & 4, .by_gap = how & 8, .per_pair = how & 16, .gap = { 0, 1000000000 }
	};

	return packet_answers_open(out, &options);
}

static int open_conversations(struct analyst **out, uint8_t how)
{
	const struct conversation_options options = { .layer = how % 3,
						      .failed = how % 3 == 0 && how & 8,
						      .by_gap = how & 16,
						      .per_pair = how & 32,
						      .gap = { 0, 1000000000 },
						      .capacity = 8 };

	return conversation_answers_open(out, &options);
}

static int open_forensic(struct analyst **out)
{
	const struct forensic_options options = { .input = "input",
						  .variance = FORENSIC_BEACON_VARIANCE,
						  .report = nowhere,
						  .summary = nowhere,
						  .tables = nowhere };

	return forensic_open(out, &options);
}

static int open_suspicious(struct analyst **out)
{
	static struct lists *lists; /* those built in, for all runs */

	if (!lists && lists_open(&lists, NULL))
		return -ENOMEM;
	return suspicious_open(out, &(struct suspicious_options){ .lists = lists });
}

static int open_analyst(struct analyst **out, uint8_t which, uint8_t how)
{
	switch (which % QUESTIONS) {
	case 0:
		return dns_answers_open(out, &(struct dns_answers_options){ .multicast = how & 4,
									    .unique = how & 8 });
	case 1:
		return http_answers_open(
			out, &(struct http_answers_options){ .method = how & 4 ? "GET" : NULL });
	case 2:
		return tls_answers_open(out);
	case 3:
		return credential_answers_open(
			out, &(struct credential_answers_options){ how & 4, how & 8 });
	case 4:
		return object_answers_open(out,
					   &(struct object_answers_options){ NULL, ROOM, ROOM });
	case 5:
		return smb_answers_open(out, how & 4);
	case 6:
		return open_conversations(out, how >> 2);
	case 7:
		return talker_answers_open(out, &(struct talker_options){ .capacity = 8 });
	case 8:
		return hierarchy_answers_open(out, &(struct hierarchy_options){ how & 4, how & 8 });
	case 9:
		return open_suspicious(out);
	case 10:
		return open_packets(out, how);
	default:
		return open_forensic(out);
	}
}

static void on_item(void *arg, const struct item *item)
{
	struct analyst *analyst = arg;

	if (analyst->item)
		analyst->item(analyst, item);
}

/* As user/analyst/analyst_session.c does. */
static void show(struct analyst *analyst, struct conversations *all, struct analyst_frame *frame)
{
	const struct skua_frame bytes = { frame->bytes, frame->bytes + frame->captured,
					  SKUA_FRAME_WHOLE };
	struct conversation_packet packet = { .frame = frame->number, .time_ns = frame->time_ns };
	struct skua_parsed parsed;

	frame->verdict = skua_parse(&bytes, frame->length, frame->link, true, &parsed);
	frame->pkt = &parsed.pkt;
	if (frame->verdict == SKUA_PARSED && parsed.pkt.payload_at < frame->captured) {
		frame->payload = frame->bytes + parsed.pkt.payload_at;
		frame->payload_captured = frame->captured - parsed.pkt.payload_at;
		if (frame->payload_captured > parsed.pkt.payload)
			frame->payload_captured = parsed.pkt.payload;
	}
	if (analyst->frame)
		analyst->frame(analyst, frame);
	if (frame->verdict != SKUA_PARSED)
		return;
	packet.pkt = frame->pkt;
	packet.payload = frame->payload;
	packet.captured = frame->payload_captured;
	conversations_packet(all, &packet);
}

static void read_frames(struct analyst *analyst, struct conversations *all, struct cursor input)
{
	uint64_t now_ns = 1700000000u * 1000000000ull;

	for (unsigned i = 1; i <= FRAMES_MAX && input.left > FRAME_HEADER; i++) {
		size_t length = input.at[1] << 8 | input.at[2];
		uint8_t kind = input.at[0], *bytes;
		struct cursor part;

		input.at += FRAME_HEADER;
		input.left -= FRAME_HEADER;
		cursor_take(&input, length < input.left ? length : input.left, &part);
		/* A block of exactly that size shows who reads beyond it. */
		bytes = malloc(part.left ? part.left : 1);
		memcpy(bytes, part.at, part.left);
		now_ns += (kind & 8 ? 1300 : 7) * 1000000ull;
		show(analyst, all,
		     &(struct analyst_frame){ .number = i,
					      .time_ns = now_ns,
					      .bytes = bytes,
					      .captured = part.left,
					      .length = part.left + (kind & 16 ? 100 : 0),
					      .linktype = 1,
					      .link = kind % 5 });
		free(bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct conversations_options options = { .capacity = 4,
						 .memory_bytes = 1 << 16,
						 .say = on_item };
	struct conversations all;
	struct analyst *analyst;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere || length < 2)
		return 0;
	if (open_analyst(&analyst, input[0], input[1]))
		abort();
	options.arg = analyst;
	if (conversations_init(&all, &options) ||
	    answers_open(&analyst->answers, nowhere, (input[1] & 3) % 3, analyst->columns))
		abort();
	read_frames(analyst, &all, (struct cursor){ input + 2, length - 2 });
	conversations_finish(&all);
	assert(!all.room.used);
	if (analyst->finish)
		analyst->finish(analyst);
	if (answers_close(analyst->answers))
		abort();
	analyst->close(analyst);
	conversations_fini(&all);
	return 0;
}
