/* SPDX-License-Identifier: BSD-2-Clause */
/* All rules of skua suspicious, shown items of one connection. */
#ifndef TESTS_SUSPICIOUS_STAGE_H
#define TESTS_SUSPICIOUS_STAGE_H

#include "analyze/suspicious.h"
#include "frames_played.h"
#include "tap.h"

#define SERVER SKUA_HIGH
#define CLIENT SKUA_LOW

static struct played played;
static struct lists *lists;
static struct item_place place; /* of the last item */

/* The server's port. */
static inline void suspicious_begin(uint16_t port)
{
	const struct suspicious_options options = { .lists = lists };
	struct analyst *analyst;

	if (suspicious_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	place = (struct item_place){ .conversation = 1,
				     .client = CLIENT,
				     .time_ns = 1000 * PLAYED_SECOND };
	memcpy(place.key.low, played.pkt.src, 16);
	memcpy(place.key.high, played.pkt.dst, 16);
	place.key.low_port = 50000;
	place.key.high_port = port;
	place.key.proto = SKUA_TCP;
}

/* Then it is over: so many rows with this text, and no others. */
static inline bool says(unsigned rows, const char *wanted)
{
	char *said = played_end(&played);
	bool good = played_count(said, "\n") == rows && played_count(said, wanted) == rows;

	if (!good)
		printf("# no %u rows with %s: %s\n", rows, wanted, said);
	free(said);
	return good;
}

/* A frame and a second later. */
static inline void item(unsigned sender, enum item_kind kind, const void *is)
{
	const struct item one = { kind, &place, is };

	place.frame++;
	place.time_ns += PLAYED_SECOND;
	place.sender = sender;
	played.analyst->item(played.analyst, &one);
}

#endif /* TESTS_SUSPICIOUS_STAGE_H */
