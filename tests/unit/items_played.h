/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays TCP connections to an analyst of what they say, and keeps the rows he writes. */
#ifndef TESTS_ITEMS_PLAYED_H
#define TESTS_ITEMS_PLAYED_H

#include <stdlib.h>
#include <string.h>
#include "analyze/analyst.h"
#include "dissect/conversations.h"
#include "tap.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define CONNECTIONS 4 /* told apart by the server's port */

static struct conversations all;
static struct analyst *analyst;
static char *said; /* rows as JSON, to be freed */
static size_t said_size;
static FILE *stream;
static uint32_t next[2][CONNECTIONS]; /* sequence numbers, of the server in the second */
static uint64_t frame;

static inline void items_say(void *arg, const struct item *item)
{
	(void)arg;
	analyst->item(analyst, item);
}

/* err: of opening the analyst. */
static inline void items_begin(int err)
{
	const struct conversations_options options = { .capacity = 16,
						       .memory_bytes = 1 << 20,
						       .say = items_say };

	stream = open_memstream(&said, &said_size);
	if (err || !stream || conversations_init(&all, &options) ||
	    answers_open(&analyst->answers, stream, ANSWERS_JSON, analyst->columns))
		abort();
	memset(next, 0, sizeof(next));
	frame = 0;
}

static inline void finish(void)
{
	conversations_finish(&all);
	analyst->finish(analyst);
	answers_close(analyst->answers);
	fclose(stream);
	conversations_fini(&all);
	analyst->close(analyst);
}

static inline bool has(const char *text)
{
	bool found = strstr(said, text);

	if (!found)
		printf("# no %s in %s\n", text, said);
	return found;
}

/* server 0: the client speaks; on: the connection, of this port. */
static inline void items_send(unsigned on, uint16_t port, unsigned server, uint8_t flags,
			      const void *bytes, uint32_t length)
{
	struct skua_packet pkt = { .proto = SKUA_TCP,
				   .src = { server + 1 },
				   .dst = { 2 - server },
				   .sport = server ? port : 40000,
				   .dport = server ? 40000 : port,
				   .seq = next[server][on],
				   .payload = length,
				   .tcp_flags = flags };
	const struct conversation_packet packet = { &pkt, bytes, length, ++frame, frame };

	conversations_packet(&all, &packet);
	next[server][on] += length;
}

/* A message of NetBIOS, whose first four bytes become its length, in pieces of so many bytes. */
static inline void items_send_netbios(uint16_t port, unsigned server, uint8_t *message,
				      size_t length, size_t piece)
{
	message[2] = (length - 4) >> 8;
	message[3] = length - 4;
	for (size_t at = 0; at < length; at += piece)
		items_send(0, port, server, SKUA_ACK, message + at,
			   length - at < piece ? length - at : piece);
}

#endif /* TESTS_ITEMS_PLAYED_H */
