// SPDX-License-Identifier: BSD-2-Clause
/* Packets to flows, and when a flow is over. */
#include <errno.h>
#include <string.h>
#include "skua/config.h"
#include "logs/flow_history.h"
#include "logs/flows.h"

/* As Zeek's inactivity timeouts: 5 minutes of TCP, 1 of what has no connections. */
#define SILENT_TCP_NS (300 * SKUA_SECOND_NS)
#define SILENT_NS (60 * SKUA_SECOND_NS)
#define SILENT_CLOSED_NS (5 * SKUA_SECOND_NS) /* last acknowledgements may follow */
#define LOOKS 64                              /* ticks until every slot was looked at */

static uint64_t flow_worth(const void *value)
{
	const struct log_flow *flow = value;

	return flow->told ? flow->last_ns / 2 : flow->last_ns;
}

static void tell(struct flows *flows, const void *key, struct log_flow *flow, enum log_flow_end end)
{
	if (flow->told)
		return;
	flow->told = true;
	flows->told(flows->arg, key, flow, flow->closed ? LOG_FLOW_CLOSED : end);
}

void flows_release(struct flows *flows, const struct skua_flow_key *key, struct log_flow *flow)
{
	enum log_flow_end end = flow->held - 1;

	if (!flow->held)
		return;
	flow->held = 0;
	flow->told = true;
	flows->told(flows->arg, key, flow, end);
}

static void evicted(void *arg, const void *key, void *value)
{
	struct flows *flows = arg;
	struct log_flow *flow = value;

	flows_release(flows, key, flow);
	if (flow->events) /* told, or its totals are yet to come */
		return;
	flows->early += !flow->told;
	tell(flows, key, flow, LOG_FLOW_EARLY);
}

int flows_init(struct flows *flows, flow_told_fn *told, void *arg)
{
	const struct table_options table = { .key_size = sizeof(struct skua_flow_key),
					     .value_size = sizeof(struct log_flow),
					     .capacity = FLOWS_MAX,
					     .worth = flow_worth,
					     .evicted = evicted,
					     .arg = flows };

	*flows = (struct flows){ .told = told, .arg = arg };
	return table_init(&flows->table, &table);
}

void flows_fini(struct flows *flows)
{
	table_fini(&flows->table);
}

static bool opens(const struct skua_packet *pkt)
{
	return pkt->proto == SKUA_TCP && (pkt->tcp_flags & (SKUA_SYN | SKUA_ACK)) == SKUA_SYN;
}

static uint64_t silent_ns(const struct skua_flow_key *key, const struct log_flow *flow)
{
	if (key->proto != SKUA_TCP)
		return SILENT_NS;
	return flow->closed ? SILENT_CLOSED_NS : SILENT_TCP_NS;
}

/* The same rule as that by which conversations are told apart, so that both bear one name. */
static bool is_another(const struct log_flow *flow, const struct skua_packet *pkt, unsigned side)
{
	const struct log_way *way = &flow->way[side];

	return opens(pkt) && way->begun && way->first != pkt->seq + 1;
}

/* What has no connections begins anew after a silence; a connection only with a SYN. */
static bool is_over(const struct skua_flow_key *key, const struct log_flow *flow, uint64_t now_ns)
{
	return key->proto != SKUA_TCP && now_ns > flow->last_ns &&
	       now_ns - flow->last_ns >= SILENT_NS;
}

static void begin(struct log_flow *flow, const struct skua_packet *pkt, unsigned side,
		  uint64_t time_ns)
{
	uint64_t before_ns = flow->born_ns;
	bool syn = pkt->proto == SKUA_TCP && pkt->tcp_flags & SKUA_SYN;
	bool answers = syn && pkt->tcp_flags & SKUA_ACK;
	bool serves = !syn && pkt->sport && pkt->sport < 1024 && pkt->dport >= 1024 &&
		      (pkt->proto == SKUA_TCP || pkt->proto == SKUA_UDP);

	*flow = (struct log_flow){ .born_ns = time_ns,
				   .before_ns = before_ns,
				   .first_ns = time_ns,
				   .last_ns = time_ns,
				   .vlan = pkt->vlan,
				   .icmp_type = pkt->icmp_type,
				   .icmp_code = pkt->icmp_code,
				   .client_known = syn,
				   .client = answers || serves ? skua_other(side) : side };
}

static void count_sequence(struct log_way *way, const struct skua_packet *pkt)
{
	uint32_t from = pkt->seq + !!(pkt->tcp_flags & SKUA_SYN), to = from + pkt->payload;

	if (!way->begun && (pkt->payload || pkt->tcp_flags & SKUA_SYN)) {
		way->begun = true;
		way->first = way->next = from;
	}
	if (!pkt->payload || (int32_t)(to - way->next) <= 0)
		return;
	way->payload += to - way->next;
	way->next = to;
}

static void count_tcp(struct log_flow *flow, const struct skua_packet *pkt, unsigned side)
{
	struct log_way *way = &flow->way[side];
	bool again = pkt->payload && way->begun && (int32_t)(pkt->seq - way->next) < 0;

	if (opens(pkt) && !flow->client_known) {
		flow->client = side;
		flow->client_known = true;
	}
	history_tcp(flow, pkt, side, again);
	count_sequence(way, pkt);
	way->flags |= pkt->tcp_flags;
	way->fin |= pkt->tcp_flags & SKUA_FIN;
	flow->closed |= pkt->tcp_flags & SKUA_RST || (flow->way[0].fin && flow->way[1].fin);
}

static void count(struct log_flow *flow, const struct skua_packet *pkt, unsigned side,
		  uint64_t time_ns)
{
	struct log_way *way = &flow->way[side];

	if (time_ns < flow->first_ns)
		flow->first_ns = time_ns;
	if (time_ns > flow->last_ns)
		flow->last_ns = time_ns;
	way->packets++;
	way->bytes += pkt->length;
	way->ip_bytes += pkt->offset + pkt->left - pkt->network_at;
	if (pkt->proto == SKUA_TCP && pkt->fragment != SKUA_LATER_FRAGMENT) {
		count_tcp(flow, pkt, side);
		return;
	}
	if (pkt->payload)
		history_add(flow, side, 'd');
	way->payload += pkt->payload;
}

/* Of a flow that had been told more came: that is a flow of its own, with the same name. */
static void resume(struct log_flow *flow, uint64_t time_ns)
{
	struct log_flow told = *flow;

	*flow = (struct log_flow){ .born_ns = told.born_ns,
				   .before_ns = told.before_ns,
				   .first_ns = time_ns,
				   .last_ns = time_ns,
				   .service = told.service,
				   .vlan = told.vlan,
				   .client = told.client,
				   .client_known = told.client_known,
				   .icmp_type = told.icmp_type,
				   .icmp_code = told.icmp_code };
	for (unsigned side = 0; side < 2; side++) {
		flow->way[side].begun = told.way[side].begun;
		flow->way[side].first = told.way[side].first;
		flow->way[side].next = told.way[side].next;
	}
}

void flows_packet(struct flows *flows, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct skua_packet ends = *pkt;
	struct skua_flow_key key;
	struct log_flow *flow;
	unsigned side;
	bool is_new;

	/* An echo's identifier is in both ports; errors and later fragments have none. */
	if (pkt->fragment == SKUA_LATER_FRAGMENT)
		ends.sport = ends.dport = 0;
	side = skua_flow_key_init(&key, &ends);
	flow = table_get(&flows->table, &key, &is_new);
	if (!is_new && (is_another(flow, pkt, side) || is_over(&key, flow, time_ns))) {
		tell(flows, &key, flow,
		     is_another(flow, pkt, side) ? LOG_FLOW_REUSED : LOG_FLOW_SILENT);
		is_new = true;
	}
	if (is_new)
		begin(flow, pkt, side, time_ns);
	else if (flow->told)
		resume(flow, time_ns);
	count(flow, pkt, side, time_ns);
}

struct log_flow *flows_find(struct flows *flows, const struct skua_flow_key *key)
{
	return table_find(&flows->table, key);
}

struct log_flow *flows_get(struct flows *flows, const struct skua_flow_key *key, uint64_t born_ns)
{
	bool is_new;
	struct log_flow *flow = table_get(&flows->table, key, &is_new);

	if (!is_new && flow->born_ns != born_ns)
		flows_release(flows, key, flow);
	if (is_new || flow->born_ns != born_ns)
		*flow = (struct log_flow){ .born_ns = born_ns,
					   .before_ns = flow->born_ns,
					   .first_ns = born_ns,
					   .last_ns = born_ns,
					   .events = true };
	return flow;
}

void flows_tick(struct flows *flows, uint64_t now_ns)
{
	for (uint32_t i = 0; i < FLOWS_MAX / LOOKS; i++) {
		struct log_flow *flow = table_at(&flows->table, flows->looked);
		const struct skua_flow_key *key;

		flows->looked = (flows->looked + 1) % FLOWS_MAX;
		if (!flow || flow->told || flow->events)
			continue;
		key = table_key(&flows->table, flow);
		if (now_ns > flow->last_ns && now_ns - flow->last_ns >= silent_ns(key, flow))
			tell(flows, key, flow, LOG_FLOW_SILENT);
	}
}

void flows_finish(struct flows *flows)
{
	struct log_flow *flow = NULL;

	while ((flow = table_next(&flows->table, flow)))
		if (!flow->events)
			tell(flows, table_key(&flows->table, flow), flow, LOG_FLOW_STOPPED);
}

uint64_t flows_born_ns(struct flows *flows, const struct skua_flow_key *key, uint64_t time_ns)
{
	const struct log_flow *flow = table_find(&flows->table, key);

	if (!flow)
		return time_ns;
	return time_ns < flow->born_ns && flow->before_ns ? flow->before_ns : flow->born_ns;
}
