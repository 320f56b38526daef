/* SPDX-License-Identifier: BSD-2-Clause */
/* Exchanges, hellos and ends of flows as a capture source would say them, for tests of pairs. */
#ifndef TESTS_EXCHANGES_H
#define TESTS_EXCHANGES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "track/names.h"
#include "track/pairs.h"

#define SECOND 1000000000ull
#define MS 1000000ull
#define START (1700000000 * SECOND)

struct judged {
	unsigned calls;
	struct pair_key last;
	uint32_t exchanges[64]; /* of the first calls */
};

static inline void note(void *arg, const struct pair *pair)
{
	struct judged *judged = arg;

	if (judged->calls < 64)
		judged->exchanges[judged->calls] = pair->exchanges;
	judged->last = pair->key;
	judged->calls++;
}

/* The client is the lower end. */
static inline struct skua_flow_key key_of(const char *client, const char *server,
					  uint16_t client_port, uint16_t server_port, uint8_t proto)
{
	struct skua_flow_key key = { .low_port = client_port,
				     .high_port = server_port,
				     .proto = proto };
	struct address a, b;

	if (address_parse(&a, client) || address_parse(&b, server))
		abort();
	memcpy(key.low, &a, sizeof(a));
	memcpy(key.high, &b, sizeof(b));
	return key;
}

static inline struct skua_flow_key web(uint16_t client_port)
{
	return key_of("10.0.0.5", "203.0.113.9", client_port, 443, SKUA_TCP);
}

static inline struct pair_key pair_key_of(const struct skua_flow_key *key)
{
	struct talk talk = talk_of(key, SKUA_LOW);

	return pair_key_server(&talk);
}

static inline const struct pair *find(const struct pairs *pairs, const struct skua_flow_key *key)
{
	struct pair_key pair = pair_key_of(key);

	return pairs_find(pairs, &pair);
}

static inline const struct pair *find_name(const struct pairs *pairs, const char *name,
					   enum pair_kind kind)
{
	struct address client;
	struct pair_key key;

	address_parse(&client, "10.0.0.5");
	key = pair_key_name(&client, name_hash(name), kind);
	return pairs_find(pairs, &key);
}

static inline struct skua_exchange_event exchange_at(const struct skua_flow_key *key,
						     uint64_t flow_ns, uint64_t start_ns)
{
	struct skua_exchange_event event = {
		.start_ns = start_ns,
		.flow_ns = flow_ns,
		.client = SKUA_LOW,
		.ours = 1,
		.by_syn = flow_ns == start_ns,
	};

	skua_event_init(&event.head, SKUA_EVENT_EXCHANGE, key, 1, start_ns);
	return event;
}

static inline void open_exchange(struct pairs *pairs, const struct skua_flow_key *key,
				 uint64_t flow_ns, uint64_t start_ns)
{
	struct skua_exchange_event event = exchange_at(key, flow_ns, start_ns);

	pairs_exchange(pairs, &event);
}

/* An exchange in a conversation whose last one began at previous_ns and carried out and in. */
static inline void next_exchange(struct pairs *pairs, const struct skua_flow_key *key,
				 uint64_t flow_ns, uint64_t start_ns, uint64_t previous_ns,
				 uint64_t out, uint64_t in)
{
	struct skua_exchange_event event = exchange_at(key, flow_ns, start_ns);

	event.previous.start_ns = previous_ns;
	event.previous.payload[SKUA_LOW] = out;
	event.previous.payload[SKUA_HIGH] = in;
	pairs_exchange(pairs, &event);
}

static inline void end_flow(struct pairs *pairs, const struct skua_flow_key *key, uint64_t first_ns,
			    uint64_t exchange_ns, uint64_t out, enum skua_flow_reason reason)
{
	struct skua_flow_event event = { .reason = reason, .ours = 1 };

	skua_event_init(&event.head, SKUA_EVENT_FLOW, key, 1, exchange_ns + SECOND);
	event.flow.first_ns = first_ns;
	event.flow.exchange_ns = exchange_ns;
	event.flow.opened_payload[SKUA_LOW] = 1000;
	event.flow.way[SKUA_LOW].payload = 1000 + out;
	event.flow.way[SKUA_HIGH].payload = 77;
	pairs_flow(pairs, &event);
}

static inline struct fact_hello hello_of(const struct skua_flow_key *key, const char *name)
{
	struct fact_hello hello = { .key = *key, .client = SKUA_LOW, .tls = true };

	snprintf(hello.name, sizeof(hello.name), "%s", name);
	return hello;
}

static inline void hello(struct pairs *pairs, const struct skua_flow_key *key, const char *name,
			 uint64_t now_ns)
{
	struct fact_hello fact = hello_of(key, name);

	pairs_hello(pairs, &fact, now_ns);
}

static inline unsigned sizes_counted(const struct pair *pair)
{
	unsigned total = 0;

	for (int i = 0; i < SIZE_BINS; i++)
		total += pair->sizes[i];
	return total;
}

#endif /* TESTS_EXCHANGES_H */
