/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The native engine on a stage: one conversation between a client and a server,
 * frames made by hand, and what is said of them, in order, as words:
 * "exchange", "contact-answered", "flow-end"...  Samples are kept apart, for
 * nearly every packet has one.
 */
#ifndef TESTS_ENGINE_STAGE_H
#define TESTS_ENGINE_STAGE_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "capture/engine.h"
#include "../parity/frames.h"
#include "tap.h"

#define MS SKUA_MS_NS
#define SECOND SKUA_SECOND_NS
#define START_S 1700000000ull
#define CLIENT_ISN 1000
#define SERVER_ISN 5000
#define HEADERS 54 /* Ethernet, IPv4, TCP */
#define PAYLOAD_MAX 60000

/* Addresses that the tests deal with. */
#define HOST_OURS 0x0a000005   /* 10.0.0.5 */
#define HOST_OURS_2 0x0a000006 /* 10.0.0.6 */
#define HOST_ROUTER 0x0a000001 /* 10.0.0.1 */
#define HOST_WORLD 0xcb007109  /* 203.0.113.9 */
#define HOST_LOWER 0x08080808  /* 8.8.8.8: sorts before ours */

struct host {
	uint32_t address;
	uint16_t port;
};

struct stage {
	struct engine *engine;
	struct host client, server;
	uint64_t now_ns, ticked_s;
	uint64_t shown; /* frames */
	uint32_t ifindex;
	int origin;
	char said[4096];
	/* The last event of each kind. */
	struct skua_exchange_event exchange;
	struct skua_flow_event flow;
	struct skua_contact_event contact;
	struct skua_source_event source;
	struct skua_dns_event dns;
	struct skua_icmp_event icmp;
	struct skua_neighbour_event neighbour;
	struct skua_sample_event sample;
	uint8_t sampled[128]; /* the first bytes of the last sample */
	unsigned samples, exchanges, flows, contacts;
};

static const char *const outcome_words[SKUA_OUTCOMES] = {
	"contact-?",          "contact-answered",  "contact-refused", "contact-unreachable",
	"contact-unanswered", "contact-half-open", "contact-empty",   "contact-odd",
};
static const char *const reason_words[] = { "flow-report", "flow-end", "flow-idle", "flow-evicted",
					    "flow-stop" };

static inline void stage_note(struct stage *stage, const char *word)
{
	size_t used = strlen(stage->said);

	if (used + strlen(word) + 2 < sizeof(stage->said))
		sprintf(stage->said + used, "%s%s", used ? " " : "", word);
}

#define STAGE_KEEP(member, event) memcpy(&(member), event, sizeof(member))

static inline void stage_sample(struct stage *stage, const struct skua_event *event,
				const __u8 *bytes)
{
	uint32_t n;

	STAGE_KEEP(stage->sample, event);
	n = stage->sample.captured;
	memset(stage->sampled, 0, sizeof(stage->sampled));
	memcpy(stage->sampled, bytes, n < sizeof(stage->sampled) ? n : sizeof(stage->sampled));
	stage->samples++;
}

static inline void stage_told(struct stage *stage, const struct skua_event *event)
{
	switch (event->kind) {
	case SKUA_EVENT_EXCHANGE:
		STAGE_KEEP(stage->exchange, event);
		stage->exchanges++;
		return stage_note(stage, "exchange");
	case SKUA_EVENT_FLOW:
		STAGE_KEEP(stage->flow, event);
		stage->flows++;
		return stage_note(stage, reason_words[stage->flow.reason]);
	case SKUA_EVENT_CONTACT:
		STAGE_KEEP(stage->contact, event);
		stage->contacts++;
		return stage_note(stage, outcome_words[stage->contact.outcome]);
	case SKUA_EVENT_SOURCE:
		STAGE_KEEP(stage->source, event);
		return stage_note(stage, "source");
	case SKUA_EVENT_DNS:
		STAGE_KEEP(stage->dns, event);
		return stage_note(stage, "dns");
	case SKUA_EVENT_ICMP:
		STAGE_KEEP(stage->icmp, event);
		return stage_note(stage, "icmp");
	case SKUA_EVENT_NEIGHBOUR:
		STAGE_KEEP(stage->neighbour, event);
		return stage_note(stage, "neighbour");
	}
}

static inline void stage_deliver(void *arg, const struct skua_event *event, const __u8 *bytes,
				 __u64 now_ns)
{
	struct stage *stage = arg;

	assert(event->version == SKUA_ABI_VERSION && now_ns == event->time_ns);
	assert((bytes != NULL) == (event->kind == SKUA_EVENT_SAMPLE));
	if (event->kind == SKUA_EVENT_SAMPLE)
		stage_sample(stage, event, bytes);
	else
		stage_told(stage, event);
}

/* Since it was asked last, this was said and nothing else. */
static inline bool says(struct stage *stage, const char *wanted)
{
	bool good = !strcmp(stage->said, wanted);

	if (!good)
		printf("# said '%s', not '%s'\n", stage->said, wanted);
	stage->said[0] = '\0';
	return good;
}

static inline struct engine_options stage_options(void)
{
	struct engine_options options = ENGINE_OPTIONS_DEFAULT;

	options.flows = options.pending = options.sources = 1024;
	return options;
}

/* Ours calls the world; the clock stands at START_S.  Closed by stage_close(). */
static inline struct stage *stage_open_as(const struct engine_options *options)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	assert(stage);
	if (engine_open(&stage->engine, options, stage_deliver, stage))
		abort();
	stage->client = (struct host){ HOST_OURS, 50000 };
	stage->server = (struct host){ HOST_WORLD, 443 };
	stage->ifindex = 1;
	stage->origin = -1;
	stage->ticked_s = START_S;
	stage->now_ns = START_S * SECOND;
	engine_tick(stage->engine, START_S);
	return stage;
}

static inline struct stage *stage_open(void)
{
	struct engine_options options = stage_options();

	return stage_open_as(&options);
}

static inline void stage_close(struct stage *stage)
{
	engine_close(stage->engine);
	free(stage);
}

/* Turns the stage: the world calls ours. */
static inline struct stage *stage_open_inbound(void)
{
	struct stage *stage = stage_open();

	stage->client = (struct host){ HOST_WORLD, 40000 };
	stage->server = (struct host){ HOST_OURS, 22 };
	return stage;
}

static inline uint64_t ms(uint64_t since_start)
{
	return START_S * SECOND + since_start * MS;
}

/* The clock reaches so many milliseconds after START_S, with every tick on the way. */
static inline void at(struct stage *stage, uint64_t since_start)
{
	stage->now_ns = ms(since_start);
	while (stage->ticked_s < stage->now_ns / SECOND)
		engine_tick(stage->engine, ++stage->ticked_s);
}

static inline uint64_t counted(const struct stage *stage, enum skua_counter row)
{
	return engine_counters(stage->engine)[row];
}

static inline uint32_t kept(const struct stage *stage, enum skua_table which)
{
	return engine_table(stage->engine, which)->used;
}

/* On the heap and no longer than captured, so that the sanitizer sees an overread. */
static inline const struct skua_packet *show(struct stage *stage, const uint8_t *bytes,
					     uint32_t captured, uint32_t length)
{
	uint8_t *exact = malloc(captured ? captured : 1);
	struct engine_frame frame = { .bytes = exact,
				      .captured = captured,
				      .length = length,
				      .ifindex = stage->ifindex,
				      .time_ns = stage->now_ns,
				      .origin = stage->origin };
	const struct skua_packet *pkt;

	assert(exact);
	memcpy(exact, bytes, captured);
	pkt = engine_frame(stage->engine, &frame);
	free(exact);
	stage->shown++;
	return pkt;
}

static inline void stage_put(uint8_t *at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		at[i] = value >> 8 * (size - 1 - i);
}

/* Ethernet and IPv4 around what stands behind them in frame. */
static inline void show_ip(struct stage *stage, uint8_t *frame, uint8_t proto, uint32_t from,
			   uint32_t to, uint32_t size)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45 };

	memset(frame, 0, 34);
	memcpy(frame, head, sizeof(head));
	stage_put(frame + 16, 20 + size, 2);
	frame[22] = 64;
	frame[23] = proto;
	stage_put(frame + 26, from, 4);
	stage_put(frame + 30, to, 4);
	show(stage, frame, 34 + size, 34 + size);
}

struct segment {
	bool out; /* from the client */
	uint8_t flags;
	uint32_t seq, ack, payload;
};

static inline void show_segment(struct stage *stage, const struct segment *segment)
{
	const struct host *from = segment->out ? &stage->client : &stage->server;
	const struct host *to = segment->out ? &stage->server : &stage->client;
	static uint8_t frame[HEADERS + PAYLOAD_MAX];
	uint8_t *tcp = frame + 34;

	assert(segment->payload <= PAYLOAD_MAX);
	stage_put(tcp, from->port, 2);
	stage_put(tcp + 2, to->port, 2);
	stage_put(tcp + 4, segment->seq, 4);
	stage_put(tcp + 8, segment->ack, 4);
	tcp[12] = 0x50;
	tcp[13] = segment->flags;
	memset(tcp + 14, 0, 6);
	memset(tcp + 20, 'p', segment->payload);
	show_ip(stage, frame, SKUA_TCP, from->address, to->address, 20 + segment->payload);
}

/* Numbers count from the initial ones: the SYN is 0, the first payload byte 1. */
static inline void out(struct stage *stage, uint8_t flags, uint32_t seq, uint32_t ack,
		       uint32_t payload)
{
	show_segment(stage, &(struct segment){ true, flags, CLIENT_ISN + seq,
					       flags & SKUA_ACK ? SERVER_ISN + ack : 0, payload });
}

static inline void in(struct stage *stage, uint8_t flags, uint32_t seq, uint32_t ack,
		      uint32_t payload)
{
	show_segment(stage, &(struct segment){ false, flags, SERVER_ISN + seq,
					       flags & SKUA_ACK ? CLIENT_ISN + ack : 0, payload });
}

/* Three packets within 21 ms of now, and what was said of them is forgotten. */
static inline void handshake(struct stage *stage)
{
	out(stage, SKUA_SYN, 0, 0, 0);
	stage->now_ns += 20 * MS;
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	stage->now_ns += MS;
	out(stage, SKUA_ACK, 1, 1, 0);
	stage->said[0] = '\0';
}

static inline void show_datagram(struct stage *stage, bool outwards, const uint8_t *payload,
				 uint32_t size)
{
	const struct host *from = outwards ? &stage->client : &stage->server;
	const struct host *to = outwards ? &stage->server : &stage->client;
	uint8_t frame[2048];

	assert(size + 42 <= sizeof(frame));
	stage_put(frame + 34, from->port, 2);
	stage_put(frame + 36, to->port, 2);
	stage_put(frame + 38, 8 + size, 2);
	stage_put(frame + 40, 0, 2);
	memcpy(frame + 42, payload, size);
	show_ip(stage, frame, SKUA_UDP, from->address, to->address, 8 + size);
}

#endif /* TESTS_ENGINE_STAGE_H */
