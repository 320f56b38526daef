/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS and the samples that carry names, for tests of the pipeline. */
#ifndef TESTS_HOUSE_NAMES_H
#define TESTS_HOUSE_NAMES_H

#include "house.h"
#include "track_dns_event.h"

static inline void ask(struct house *house, const char *client, const char *name,
		       double since_start)
{
	struct dns_message message = { .client = client, .name = name };
	struct skua_dns_event event;

	message.time_ns = at_s(since_start);
	message.id = (uint16_t)since_start;
	dns_event_from(&event, &message);
	event.head.version = SKUA_ABI_VERSION;
	event.head.kind = SKUA_EVENT_DNS;
	event.head.key.proto = SKUA_UDP;
	event.head.key.high_port = 53;
	event.dns.labels = 3;
	event.length = 80;
	pipeline_event(house->pipeline, &event.head, NULL);
}

/* Names that carry much: forty characters of base32, all new. */
static inline void tunnel(struct house *house, unsigned queries)
{
	for (unsigned i = 0; i < queries; i++) {
		char name[80] = "";
		uint64_t noise = (i + 1) * 0x9e3779b97f4a7c15ull;

		for (unsigned at = 0; at < 40; at++, noise = noise * 6364136223846793005ull + 1)
			name[at] = 'a' + (noise >> 59) % 26;
		strcat(name, ".evil.example");
		ask(house, CLIENT, name, 100 + i / 10.0);
	}
}

/* The bytes of a segment of the client's; why: SKUA_SAMPLE_*. */
static inline void sample_as(struct house *house, struct skua_event head, uint8_t why,
			     uint8_t flags, uint32_t seq, const char *payload)
{
	static uint8_t bytes[1514];
	uint32_t size = strlen(payload);
	struct skua_sample_event event = { .head = head,
					   .length = 54 + size,
					   .captured = 54 + size,
					   .seq = seq,
					   .payload = size,
					   .offset = 54,
					   .tcp_flags = flags,
					   .sender = SKUA_LOW,
					   .ours = 1,
					   .from_client = 1,
					   .flags = why };

	event.head.kind = SKUA_EVENT_SAMPLE;
	memcpy(bytes + 54, payload, size);
	pipeline_event(house->pipeline, &event.head, bytes);
}

static inline void sample(struct house *house, struct skua_event head, uint8_t flags, uint32_t seq,
			  const char *payload)
{
	sample_as(house, head, 0, flags, seq, payload);
}

/* An HTTP request in the conversation of this head, from its SYN on. */
static inline void request(struct house *house, struct skua_event head, const char *host)
{
	char text[256];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
	sample(house, head, SKUA_SYN, 100, "");
	sample(house, head, SKUA_ACK, 101, text);
}

/* The answer "x.NAME is 198.51.100.7"; name: of two labels, as sent. */
static inline void answer(struct house *house, const char *client, const char *name,
			  double since_start)
{
	static const uint8_t head[] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'x' };
	static const uint8_t tail[] = { 0, 1, 0, 1,  0xc0, 0x0c, 0,   1,  0,   1,
					0, 0, 0, 60, 0,    4,    198, 51, 100, 7 };
	uint8_t bytes[256] = {}, *at = bytes + 42;
	struct skua_sample_event event = { .sender = SKUA_HIGH, .offset = 42 };

	memcpy(at, head, sizeof(head));
	at += sizeof(head);
	memcpy(at, name, strlen(name) + 1);
	at += strlen(name) + 1;
	memcpy(at, tail, sizeof(tail));
	at += sizeof(tail);
	event.head = head_of(SKUA_EVENT_SAMPLE, client, "10.0.0.53", 53, since_start);
	event.head.key.proto = SKUA_UDP;
	event.length = event.captured = at - bytes;
	event.payload = event.captured - 42;
	pipeline_event(house->pipeline, &event.head, bytes);
}

#endif /* TESTS_HOUSE_NAMES_H */
