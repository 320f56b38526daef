/* SPDX-License-Identifier: BSD-2-Clause */
/* A pipeline in memory: events in through its doors, JSON lines out, for its tests. */
#ifndef TESTS_HOUSE_H
#define TESTS_HOUSE_H

#include <stdlib.h>
#include <string.h>
#include "pipeline/pipeline.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START_S 1699999980ull /* a whole minute */
#define CLIENT "10.0.0.5"
#define SERVER "203.0.113.9"

struct house {
	struct pipeline *pipeline;
	struct sink *json;
	FILE *stream;
	char *text;
	size_t size;
};

static inline struct pipeline_options house_options(void)
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;

	options.pairs = options.sources = options.census = 512;
	options.heads = 16;
	options.findings = 64;
	return options;
}

/* The JSON sink takes the place behind those given. */
static inline struct house *house_open_as(struct pipeline_options options)
{
	static const struct sink_envelope envelope = { .mode = "replay" };
	struct house *house = calloc(1, sizeof(*house));
	int place = 0;

	if (!house)
		abort();
	house->stream = open_memstream(&house->text, &house->size);
	if (!house->stream || sink_json_open(&house->json, house->stream, &envelope))
		abort();
	while (options.sinks[place])
		place++;
	options.sinks[place] = house->json;
	if (pipeline_open(&house->pipeline, &options))
		abort();
	return house;
}

static inline struct house *house_open(void)
{
	return house_open_as(house_options());
}

static inline void house_close(struct house *house)
{
	pipeline_close(house->pipeline);
	house->json->close(house->json);
	fclose(house->stream);
	free(house->text);
	free(house);
}

/* Lines that hold both texts; either may be empty. */
static inline unsigned lines(struct house *house, const char *one, const char *other)
{
	unsigned n = 0;

	fflush(house->stream);
	for (const char *at = house->text; *at;) {
		size_t length = strcspn(at, "\n") + 1;
		char *line = strndup(at, length);

		if (!line)
			abort();
		n += strstr(line, one) && strstr(line, other);
		free(line);
		at += length;
	}
	return n;
}

/* How often this was given up. */
static inline uint64_t lost(const struct house *house, const char *name)
{
	struct stats_cause losses[STATS_CAUSES];
	unsigned n = pipeline_losses(house->pipeline, losses, STATS_CAUSES);

	for (unsigned k = 0; k < n; k++)
		if (!strcmp(losses[k].name, name))
			return losses[k].packets;
	return 0;
}

static inline struct pipeline_counts counts(const struct house *house)
{
	struct pipeline_counts out;

	pipeline_counts(house->pipeline, &out);
	return out;
}

static inline uint64_t at_s(double since_start)
{
	return START_S * SECOND + (uint64_t)(since_start * 1e9);
}

static inline void tick(struct house *house, uint64_t since_start)
{
	pipeline_tick(house->pipeline, (START_S + since_start) * SECOND);
}

/* From the client, which sorts first, to the server. */
static inline struct skua_event head_of(enum skua_event_kind kind, const char *client,
					const char *server, uint16_t port, double since_start)
{
	struct skua_flow_key key = { .low_port = 50000, .high_port = port, .proto = SKUA_TCP };
	struct skua_event head = {};
	struct address low, high;

	if (address_parse(&low, client) || address_parse(&high, server) ||
	    memcmp(low.bytes, high.bytes, 16) >= 0)
		abort();
	memcpy(key.low, low.bytes, 16);
	memcpy(key.high, high.bytes, 16);
	skua_event_init(&head, kind, &key, 1, at_s(since_start));
	return head;
}

static inline void contact(struct house *house, uint16_t port, enum skua_outcome outcome,
			   double since_start)
{
	struct skua_contact_event event = {
		.head = head_of(SKUA_EVENT_CONTACT, CLIENT, "10.0.0.7", port, since_start),
		.first_ns = at_s(since_start),
		.source = SKUA_LOW,
		.outcome = outcome,
		.flags = SKUA_SYN,
		.attempts = 1,
		.ours = 1,
	};

	pipeline_event(house->pipeline, &event.head, NULL);
}

static inline void contacts(struct house *house, unsigned n, enum skua_outcome outcome,
			    double since_start)
{
	for (unsigned i = 0; i < n; i++)
		contact(house, 1 + i, outcome, since_start);
}

/* A connection of its own, the n-th, after one of 500 bytes. */
static inline void callback(struct house *house, unsigned n, double since_start,
			    double previous_start)
{
	struct skua_exchange_event event = {
		.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, SERVER, 443, since_start),
		.start_ns = at_s(since_start),
		.flow_ns = at_s(since_start),
		.client = SKUA_LOW,
		.ours = 1,
		.by_syn = 1,
	};

	event.head.key.low_port += n;
	if (n) {
		event.previous.start_ns = at_s(previous_start);
		event.previous.payload[SKUA_LOW] = 500;
	}
	pipeline_event(house->pipeline, &event.head, NULL);
}

static inline void beacon(struct house *house, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		callback(house, i, 60 * i, 60 * i - 60.0);
}

#endif /* TESTS_HOUSE_H */
