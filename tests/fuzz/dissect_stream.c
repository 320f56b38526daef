// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes what puts streams in order: the input is a list of segments, each a
 * header of six bytes (flags and sides, sequence number, length, missing
 * bytes) and its payload.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "dissect/dissect.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define SEGMENT_HEADER 6

static void check(void *arg, const struct fact *fact)
{
	unsigned *facts = arg;

	(*facts)++;
	if (fact->kind == FACT_HELLO)
		assert(memchr(fact->hello.name, 0, sizeof(fact->hello.name)));
	else
		assert(fact->name.address_count && fact->name.address_count <= FACT_ADDRESSES);
}

/* Returns how many bytes of the input it was made of. */
static size_t feed(struct dissect *dissect, const uint8_t *input, size_t length, uint64_t time_ns,
		   unsigned *facts)
{
	struct skua_sample_event sample;
	size_t size = input[4] * 8u, rest = length - SEGMENT_HEADER;
	uint8_t *payload;

	if (size > rest)
		size = rest;
	memset(&sample, 0, sizeof(sample));
	sample.head.time_ns = time_ns;
	sample.head.key.proto = input[0] & 0x40 ? SKUA_UDP : SKUA_TCP;
	sample.head.key.low_port = 1000 + (input[0] >> 4 & 3);
	sample.head.key.high_port = input[0] & 0x80 ? 53 : 443;
	sample.sender = input[0] & 1;
	sample.from_client = !(input[0] & 8);
	sample.tcp_flags = input[0] & (SKUA_SYN | SKUA_RST) ? input[0] & 0x1e : SKUA_ACK;
	sample.seq = (uint32_t)(int8_t)input[1] << 24 | input[2] << 8 | input[3];
	sample.captured = size;
	sample.length = sample.payload = size + input[5];
	payload = malloc(size ? size : 1);
	if (size)
		memcpy(payload, input + SEGMENT_HEADER, size);
	dissect_sample(dissect, &sample, payload, check, facts);
	free(payload);
	return SEGMENT_HEADER + size;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	const struct dissect_counters *counters;
	struct dissect *dissect;
	uint64_t time_ns = 0;
	unsigned facts = 0;

	/* Two heads for up to eight directions: evictions are part of the game. */
	if (dissect_open(&dissect, 2))
		return 0;
	while (length > SEGMENT_HEADER) {
		size_t used = feed(dissect, input, length, time_ns++, &facts);

		input += used;
		length -= used;
	}
	counters = dissect_counters(dissect);
	if (facts != counters->hellos + counters->names)
		abort();
	dissect_close(dissect);
	return 0;
}
