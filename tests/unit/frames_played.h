/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays frames to an analyst, and keeps the rows he writes. */
#ifndef TESTS_FRAMES_PLAYED_H
#define TESTS_FRAMES_PLAYED_H

#include <stdlib.h>
#include <string.h>
#include "analyze/analyst.h"
#include "base/address.h"

#define PLAYED_SECOND 1000000000ull

struct played {
	struct analyst *analyst;
	struct analyst_frame frame; /* the next one */
	struct skua_packet pkt;
	uint8_t bytes[512];
	char *text;
	size_t size;
	FILE *stream;
};

static inline void played_ends(struct played *played, const char *src, uint16_t sport,
			       const char *dst, uint16_t dport)
{
	struct address address;

	address_parse(&address, src);
	memcpy(played->pkt.src, address.bytes, 16);
	address_parse(&address, dst);
	memcpy(played->pkt.dst, address.bytes, 16);
	played->pkt.sport = sport;
	played->pkt.dport = dport;
}

/* TCP from 10.0.0.1, 50000 to 10.0.0.2, 80; rows as JSON. */
static inline void played_begin(struct played *played, struct analyst *analyst)
{
	memset(played, 0, sizeof(*played));
	played->analyst = analyst;
	played->stream = open_memstream(&played->text, &played->size);
	if (!played->stream ||
	    answers_open(&analyst->answers, played->stream, ANSWERS_JSON, analyst->columns))
		abort();
	played->pkt = (struct skua_packet){ .proto = SKUA_TCP, .ethertype = 0x0800 };
	played->frame = (struct analyst_frame){ .number = 0,
						.time_ns = 1000 * PLAYED_SECOND,
						.bytes = played->bytes,
						.length = 60,
						.linktype = 1,
						.verdict = SKUA_PARSED,
						.pkt = &played->pkt };
	played_ends(played, "10.0.0.1", 50000, "10.0.0.2", 80);
}

/* One frame, so many nanoseconds after the one before. */
static inline void played_frame(struct played *played, uint8_t flags, uint32_t payload,
				uint64_t later_ns)
{
	played->frame.number++;
	played->frame.time_ns += later_ns;
	played->pkt.tcp_flags = flags;
	played->pkt.payload = payload;
	played->analyst->frame(played->analyst, &played->frame);
}

/* The rows; to be freed. */
static inline char *played_end(struct played *played)
{
	if (played->analyst->finish)
		played->analyst->finish(played->analyst);
	answers_close(played->analyst->answers);
	fclose(played->stream);
	played->analyst->close(played->analyst);
	return played->text;
}

/* How often the rows hold this text. */
static inline unsigned played_count(const char *text, const char *wanted)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, wanted)); at += strlen(wanted))
		count++;
	return count;
}

#endif /* TESTS_FRAMES_PLAYED_H */
