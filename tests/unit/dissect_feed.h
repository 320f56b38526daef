/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes samples for tests, as a source would deliver them, and keeps the facts that come of them.
 */
#ifndef TESTS_DISSECT_FEED_H
#define TESTS_DISSECT_FEED_H

#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "dissect/dissect.h"

#define FEED_FACTS 16
#define FEED_OFFSET 54 /* Ethernet, IPv4, TCP */

struct feed {
	struct dissect *dissect;
	struct skua_sample_event sample; /* the next one; time advances by itself */
	bool of_server;                  /* the sender is known to be the server */
	unsigned count;
	struct fact facts[FEED_FACTS];
};

static inline void feed_keep(void *arg, const struct fact *fact)
{
	struct feed *feed = arg;

	if (feed->count < FEED_FACTS)
		feed->facts[feed->count] = *fact;
	feed->count++;
}

/* The low end is the client. */
static inline void feed_key(struct feed *feed, unsigned proto, unsigned client, unsigned server)
{
	struct skua_flow_key *key = &feed->sample.head.key;

	memset(key, 0, sizeof(*key));
	memcpy(key->low, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\1", 16);
	memcpy(key->high, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16);
	key->low_port = client;
	key->high_port = server;
	key->proto = proto;
}

static inline void feed_open(struct feed *feed, uint32_t heads)
{
	memset(feed, 0, sizeof(*feed));
	if (dissect_open(&feed->dissect, heads))
		abort();
	feed_key(feed, SKUA_TCP, 50000, 443);
}

static inline void feed_close(struct feed *feed)
{
	dissect_close(feed->dissect);
}

/* kept: how much of the payload was captured. */
static inline void feed_cut(struct feed *feed, unsigned sender, uint32_t seq, unsigned flags,
			    const void *payload, uint32_t length, uint32_t kept)
{
	uint8_t *frame = malloc(FEED_OFFSET + kept);

	memset(frame, 0xee, FEED_OFFSET);
	if (kept)
		memcpy(frame + FEED_OFFSET, payload, kept);
	feed->sample.head.time_ns += 1000;
	feed->sample.length = FEED_OFFSET + length;
	feed->sample.captured = FEED_OFFSET + kept;
	feed->sample.seq = seq;
	feed->sample.payload = length;
	feed->sample.offset = FEED_OFFSET;
	feed->sample.tcp_flags = flags;
	feed->sample.sender = sender;
	feed->sample.from_client = !feed->of_server;
	dissect_sample(feed->dissect, &feed->sample, frame, feed_keep, feed);
	free(frame);
}

static inline void feed_data(struct feed *feed, unsigned sender, uint32_t seq, const void *payload,
			     uint32_t length)
{
	feed_cut(feed, sender, seq, SKUA_ACK | SKUA_PSH, payload, length, length);
}

static inline void feed_text(struct feed *feed, unsigned sender, uint32_t seq, const char *text)
{
	feed_data(feed, sender, seq, text, strlen(text));
}

static inline void feed_flags(struct feed *feed, unsigned sender, uint32_t seq, unsigned flags)
{
	feed_cut(feed, sender, seq, flags, NULL, 0, 0);
}

static inline const struct fact_hello *feed_hello(const struct feed *feed, unsigned i)
{
	static const struct fact_hello none;

	return i < feed->count && feed->facts[i].kind == FACT_HELLO ? &feed->facts[i].hello : &none;
}

#endif /* TESTS_DISSECT_FEED_H */
