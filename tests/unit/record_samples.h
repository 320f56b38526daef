/* SPDX-License-Identifier: BSD-2-Clause */
/* Samples as an engine would say them, for tests of the recorder. */
#ifndef TESTS_RECORD_SAMPLES_H
#define TESTS_RECORD_SAMPLES_H

#include <stdlib.h>
#include <string.h>
#include "record/recorder.h"
#include "skua/packet.h"

#define SECOND 1000000000ull
#define SAMPLE_BYTES 2560

/* A generator of the test's own: the same numbers everywhere. */
static inline uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static inline struct address host_of(uint32_t number)
{
	struct address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	for (int i = 0; i < 4; i++)
		address.bytes[12 + i] = number >> (24 - 8 * i);
	return address;
}

/* Hosts are numbers; the client's is the smaller, unless it is said to be the higher end. */
struct talk {
	uint32_t client, server;
	uint16_t client_port, server_port;
	uint8_t proto;
};

static inline struct skua_flow_key talk_key(const struct talk *talk)
{
	bool high = talk->client > talk->server;
	struct address client = host_of(talk->client), server = host_of(talk->server);
	struct skua_flow_key key = { .low_port = high ? talk->server_port : talk->client_port,
				     .high_port = high ? talk->client_port : talk->server_port,
				     .proto = talk->proto };

	memcpy(key.low, high ? &server : &client, 16);
	memcpy(key.high, high ? &client : &server, 16);
	return key;
}

/* length: of the frame, all of it captured; 40 of it are headers. */
static inline struct skua_sample_event sample_of(const struct talk *talk, uint64_t time_ns,
						 bool from_client, uint8_t flags, uint32_t length)
{
	const struct skua_flow_key key = talk_key(talk);
	bool high = talk->client > talk->server;
	struct skua_sample_event event = { .length = length,
					   .captured = length,
					   .payload = length > 54 ? length - 54 : 0,
					   .offset = 54,
					   .tcp_flags = flags,
					   .sender = from_client == high,
					   .ours = from_client,
					   .from_client = from_client,
					   .flags = high ? SKUA_SAMPLE_CLIENT_HIGH : 0 };

	skua_event_init(&event.head, SKUA_EVENT_SAMPLE, &key, 1, time_ns);
	return event;
}

/* Bytes that tell one sample from another. */
static inline const uint8_t *bytes_of(uint64_t number)
{
	static uint8_t bytes[SAMPLE_BYTES];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = number * 131 + i * 7 + (i >> 8);
	return bytes;
}

#endif /* TESTS_RECORD_SAMPLES_H */
