// SPDX-License-Identifier: BSD-2-Clause
/* Gathers the connections of a mix by pair. */
#include <errno.h>
#include "base/table.h"
#include "mix_rivals.h"
#include "rivals.h"
#include "track/talk.h"

#define PAIRS_MAX 262144

struct key {
	struct address client, server;
	uint16_t port; /* 0 for RITA */
	uint8_t proto;
	uint8_t reserved[5];
};

struct known {
	struct connections connections;
	struct simple_rule simple;
};

static uint64_t worth(const void *value)
{
	(void)value;
	return 0;
}

static struct known *get(struct table *table, const struct talk *talk, bool by_port)
{
	struct key key = { .client = talk->client, .server = talk->server };

	if (by_port) {
		key.port = talk->server_port;
		key.proto = talk->proto;
	}
	return table_get(table, &key, NULL);
}

static void add_burst(struct table *table, const struct talk *talk,
		      const struct skua_exchange *exchange)
{
	simple_rule_burst(&get(table, talk, true)->simple, exchange->start_ns,
			  exchange->packets[0] + exchange->packets[1]);
}

static int add_flow(struct table *table, const struct skua_flow_event *event)
{
	const struct skua_flow *flow = &event->flow;
	enum skua_side client = skua_flow_client(flow);
	struct talk talk = talk_of(&event->head.key, client);
	const struct skua_exchange last = {
		.start_ns = flow->exchange_ns ? flow->exchange_ns : flow->first_ns,
		.packets = { flow->way[0].packets - flow->opened_packets[0],
			     flow->way[1].packets - flow->opened_packets[1] }
	};

	if (event->reason == SKUA_FLOW_REPORT)
		return 0;
	add_burst(table, &talk, &last);
	if (!event->ours || address_is_private(&talk.server) ||
	    address_is_multicast(&talk.server) ||
	    (talk.proto != SKUA_TCP && talk.proto != SKUA_UDP))
		return 0;
	return connections_add(&get(table, &talk, false)->connections, flow->first_ns,
			       flow->way[client].bytes);
}

static int add_event(struct table *table, const struct skua_event *event)
{
	const struct skua_exchange_event *exchange = (const struct skua_exchange_event *)event;
	struct talk talk;

	if (event->kind == SKUA_EVENT_FLOW)
		return add_flow(table, (const struct skua_flow_event *)event);
	if (event->kind != SKUA_EVENT_EXCHANGE || !exchange->previous.start_ns)
		return 0;
	talk = talk_of(&event->key, exchange->client);
	add_burst(table, &talk, &exchange->previous);
	return 0;
}

static void judge(struct known *known, const struct mix *mix, struct verdict *verdict)
{
	double score = connections_rita(&known->connections, mix->first_ns, mix->last_ns);

	for (unsigned i = 0; i < THRESHOLDS; i++)
		verdict->rita[i] += score >= threshold_at(i);
	verdict->simple += simple_rule_fires(&known->simple);
}

int mix_rivals(const struct mix *mix, struct verdict *verdict)
{
	const struct table_options options = { .key_size = sizeof(struct key),
					       .value_size = sizeof(struct known),
					       .capacity = PAIRS_MAX,
					       .worth = worth };
	struct table table;
	int err = table_init(&table, &options);

	if (err)
		return err;
	for (size_t i = 0; !err && i < mix->count; i++)
		if (!mix->records[i].fact)
			err = add_event(&table, mix_bytes(mix, &mix->records[i]));
	if (!err && table.evictions)
		err = -ENOSPC;
	for (struct known *known = NULL; (known = table_next(&table, known));) {
		if (!err)
			judge(known, mix, verdict);
		connections_fini(&known->connections);
	}
	table_fini(&table);
	return err;
}
