/* SPDX-License-Identifier: BSD-2-Clause */
/* Two hosts talk, and what is read of it becomes one line of text. */
#ifndef TESTS_DISSECT_TALK_H
#define TESTS_DISSECT_TALK_H

#include <stdlib.h>
#include <string.h>
#include "dissect/conversations.h"
#include "tap.h"

static struct conversations all;
static char said[2048];  /* by the test's own item_fn */
static uint32_t next[2]; /* sequence numbers: of the client, of the server */
static uint64_t frame;
static size_t step; /* bytes of a segment */

static inline void talk_begin(item_fn *say, uint32_t capacity, size_t bytes)
{
	const struct conversations_options options = { .capacity = capacity,
						       .memory_bytes = 1 << 20,
						       .say = say };

	conversations_fini(&all);
	if (conversations_init(&all, &options))
		abort();
	said[0] = 0;
	next[0] = 1000;
	next[1] = 5000;
	frame = 0;
	step = bytes;
}

/* server 0: the client speaks, from 40000 to 8765. */
static inline void talk_send(unsigned server, uint8_t proto, uint8_t flags, const void *bytes,
			     uint32_t length)
{
	struct skua_packet pkt = { .proto = proto,
				   .src = { server + 1 },
				   .dst = { 2 - server },
				   .sport = server ? 8765 : 40000,
				   .dport = server ? 40000 : 8765,
				   .seq = next[server],
				   .ack = next[!server],
				   .payload = length,
				   .tcp_flags = flags };
	const struct conversation_packet packet = { &pkt, bytes, length, ++frame, frame };

	conversations_packet(&all, &packet);
	next[server] += length + !!(flags & SKUA_SYN);
}

static inline void talk_bytes(unsigned server, const void *bytes, size_t length)
{
	for (size_t at = 0; at < length; at += step)
		talk_send(server, SKUA_TCP, SKUA_ACK, (const uint8_t *)bytes + at,
			  length - at < step ? length - at : step);
}

static inline bool talk_is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# got  %s\n# want %s\n", said, wanted);
	return !strcmp(said, wanted);
}

#endif /* TESTS_DISSECT_TALK_H */
