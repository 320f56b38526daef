// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes what puts one direction of a connection in order: the input is a list
 * of segments of one true stream, five bytes each (kind, place, length, how
 * much of it the capture kept), and of acknowledgements.  What is delivered
 * must be the stream's bytes at their place, and with the losses between them
 * it must make up the sequence numbers that were passed.
 */
#include <assert.h>
#include <stdlib.h>
#include "dissect/segments.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define STEP 5
#define FIRST 0xfffffe00u /* so that sequence numbers wrap */
#define STREAM 70000

struct receiver {
	uint32_t at; /* in the stream */
	uint64_t lost, delivered;
};

static uint8_t stream[STREAM];

static void on_bytes(void *arg, uint64_t lost, const uint8_t *bytes, uint32_t length)
{
	struct receiver *receiver = arg;

	assert(lost || length);
	receiver->at += lost;
	receiver->lost += lost;
	for (uint32_t i = 0; i < length; i++, receiver->at++)
		assert(receiver->at < STREAM && bytes[i] == stream[receiver->at]);
	receiver->delivered += length;
}

static void make_stream(void)
{
	uint32_t odd = 1;

	for (unsigned i = 0; i < STREAM; i++) {
		odd = odd * 1664525 + 1013904223;
		stream[i] = odd >> 24;
	}
}

/* A copy of exactly what the capture kept shows who reads beyond it. */
static void add(struct segments *segments, const uint8_t *step, struct waiting_room *room,
		struct segments_counters *counters, struct receiver *receiver)
{
	uint32_t at = step[1] << 8 | step[2], length = step[3] * (step[0] & 0x80 ? 4 : 1);
	uint32_t captured = step[4] < length && !(step[0] & 0x40) ? step[4] : length;
	uint8_t *bytes = malloc(captured ? captured : 1);

	if (!bytes)
		abort();
	for (uint32_t i = 0; i < captured; i++)
		bytes[i] = stream[at + i];
	if (length)
		segments_add(segments, &(struct segments_in){ FIRST + at, bytes, captured, length },
			     room, counters, on_bytes, receiver);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct segments_counters counters = { 0 };
	struct receiver receiver = { 0 };
	struct segments segments = { 0 };
	struct waiting_room room = { 0 };

	if (!stream[0])
		make_stream();
	if (!length)
		return 0;
	room.limit = 1 << (6 + input[0] % 16);
	input++;
	segments_begin(&segments, FIRST);
	for (length--; length >= STEP; length -= STEP, input += STEP) {
		if (input[0] & 1)
			segments_acked(&segments, FIRST + (input[1] << 8 | input[2]));
		else
			add(&segments, input, &room, &counters, &receiver);
		assert(room.used <= room.limit);
		assert(receiver.at == (uint32_t)(segments.next - FIRST));
	}
	segments_finish(&segments, &room, &counters, on_bytes, &receiver);
	assert(receiver.at == (uint32_t)(segments.next - FIRST));
	assert(receiver.lost + receiver.delivered == receiver.at);
	assert(receiver.lost == counters.gap_bytes);
	assert(!room.used && !segments.held);
	return 0;
}
