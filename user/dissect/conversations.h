/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what hosts say to each other: puts TCP connections in order, finds by
 * content which protocol each speaks, and hands its bytes to that dissector
 * (dissector.h).  UDP datagrams are shown to those who read datagrams.
 * Connections that nobody knows cost their entry only.  All is bounded: the
 * number of connections (the longest silent one gives way), what waits of each
 * and what waits in all; each loss is counted.  One thread.
 */
#ifndef SKUA_DISSECT_CONVERSATIONS_H
#define SKUA_DISSECT_CONVERSATIONS_H

#include "base/table.h"
#include "dissect/dissector.h"
#include "dissect/quic.h"
#include "dissect/expected.h"
#include "dissect/segments.h"
#include "dissect/waiting.h"

struct conversations_options {
	uint32_t capacity;     /* connections at a time */
	uint64_t memory_bytes; /* that wait, of all */
	item_fn *say;
	void *arg;
};

struct conversations_counters {
	struct segments_counters segments;
	uint64_t connections;
	uint64_t midstream; /* of them: the beginning was not seen */
	uint64_t evicted;
};

struct conversations {
	struct conversations_options options;
	struct conversations_counters counters;
	struct table table;
	struct waiting_room room;
	struct quic quic;
	struct expected expected;
};

/* A frame that was parsed, and what was captured of its payload. */
struct conversation_packet {
	const struct skua_packet *pkt;
	const uint8_t *payload;
	uint32_t captured;
	uint64_t frame, time_ns;
};

/* 0 or -ENOMEM. */
int conversations_init(struct conversations *conversations,
		       const struct conversations_options *options);
/* Frees; items are said no more. */
void conversations_fini(struct conversations *conversations);

/* Of TCP and UDP; others are passed over, and so are later fragments. */
void conversations_packet(struct conversations *conversations,
			  const struct conversation_packet *packet);
/* The input is over: what still waits is read as far as it goes. */
void conversations_finish(struct conversations *conversations);

#endif /* SKUA_DISSECT_CONVERSATIONS_H */
