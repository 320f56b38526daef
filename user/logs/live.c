// SPDX-License-Identifier: BSD-2-Clause
/* What can be said where only the kernel programs look: their events, and names from samples. */
#include <stdio.h>
#include "skua/contact.h"
#include "logs/eve.h"
#include "logs/logs_state.h"
#include "logs/zeek.h"

#define HOLD_NS (2 * SKUA_SECOND_NS)

static void set_ways(struct log_flow *to, const struct skua_flow *flow)
{
	for (unsigned side = 0; side < 2; side++) {
		to->way[side].packets = flow->way[side].packets;
		to->way[side].bytes = flow->way[side].bytes;
		to->way[side].payload = flow->way[side].payload;
	}
	/* Of whom a flag came is known by its meaning, and of FIN by side; not of RST. */
	to->way[to->client].flags = flow->syn ? SKUA_SYN : 0;
	to->way[skua_other(to->client)].flags = flow->syn_ack ? SKUA_SYN | SKUA_ACK : 0;
	to->way[0].fin = flow->state & SKUA_FLOW_FIN_LOW;
	to->way[1].fin = flow->state & SKUA_FLOW_FIN_HIGH;
	if (flow->rst && !flow->syn_ack)
		to->way[skua_other(to->client)].flags |= SKUA_RST; /* mostly it refuses */
}

/* Tells the one that waits longest. */
static void release_first(struct logs *logs)
{
	const struct logs_held *first = &logs->held[logs->held_first];
	struct log_flow *flow = flows_find(&logs->flows, &first->key);

	if (flow && flow->born_ns == first->born_ns)
		flows_release(&logs->flows, &first->key, flow);
	logs->held_first = (logs->held_first + 1) % LOGS_HELD_MAX;
	logs->held_count--;
}

/* Names come by another ring, and often a little later than the end of their flow. */
static void hold(struct logs *logs, const struct skua_flow_event *event, struct log_flow *flow,
		 enum log_flow_end end)
{
	struct logs_held *place;

	flow->held = 1 + end;
	if (logs->held_count == LOGS_HELD_MAX)
		release_first(logs);
	place = &logs->held[(logs->held_first + logs->held_count++) % LOGS_HELD_MAX];
	*place = (struct logs_held){ .key = event->head.key,
				     .born_ns = flow->born_ns,
				     .due_ns = event->head.time_ns + HOLD_NS };
}

void logs_release(struct logs *logs, uint64_t now_ns)
{
	while (logs->held_count && logs->held[logs->held_first].due_ns <= now_ns)
		release_first(logs);
}

static void on_flow(struct logs *logs, const struct skua_flow_event *event)
{
	static const enum log_flow_end ends[] = { [SKUA_FLOW_END] = LOG_FLOW_CLOSED,
						  [SKUA_FLOW_IDLE] = LOG_FLOW_SILENT,
						  [SKUA_FLOW_EVICTED] = LOG_FLOW_EARLY,
						  [SKUA_FLOW_STOP] = LOG_FLOW_STOPPED };
	const struct skua_flow *from = &event->flow;
	struct log_flow *flow = flows_get(&logs->flows, &event->head.key, from->first_ns);

	flow->last_ns = from->last_ns;
	if (event->reason == SKUA_FLOW_REPORT || event->reason > SKUA_FLOW_STOP)
		return;
	if (flow->told || flow->held) {
		logs->counters.late++;
		return;
	}
	flow->client = skua_flow_client(from);
	flow->closed = from->state & SKUA_FLOW_CLOSED;
	flow->all_flags = from->state >> SKUA_FLOW_FLAGS_SHIFT & 0xff;
	set_ways(flow, from);
	hold(logs, event, flow, ends[event->reason]);
}

static void on_exchange(struct logs *logs, const struct skua_exchange_event *event)
{
	struct log_flow *flow = flows_get(&logs->flows, &event->head.key, event->flow_ns);

	flow->last_ns = event->start_ns;
}

/* Attempts that came to nothing are no flows, but both formats tell them. */
static void on_contact(struct logs *logs, const struct skua_contact_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	const struct log_flow *known = flows_find(&logs->flows, key);
	struct log_flow flow = { .born_ns = event->first_ns,
				 .first_ns = event->first_ns,
				 .last_ns = event->head.time_ns,
				 .client = event->source,
				 .events = true,
				 .uncounted = true };
	bool failed = event->outcome == SKUA_REFUSED || event->outcome == SKUA_UNREACHABLE ||
		      event->outcome == SKUA_UNANSWERED;
	struct log_way *server = &flow.way[skua_other(event->source)];

	if (!failed || (known && known->born_ns == event->first_ns))
		return;
	if (event->outcome == SKUA_UNANSWERED)
		flow.last_ns = flow.first_ns; /* of the last attempt nobody tells */
	flow.way[event->source].packets = event->attempts;
	flow.way[event->source].flags = flow.all_flags = event->flags;
	if (event->outcome == SKUA_REFUSED) {
		server->packets = 1;
		server->flags = SKUA_RST;
		flow.all_flags |= SKUA_RST;
		flow.closed = true;
	}
	logs_tell_flow(logs, key, &flow, flow.closed ? LOG_FLOW_CLOSED : LOG_FLOW_SILENT);
}

/* Labels to dots; bytes that stand for something there are shown as \DDD (RFC 1035, 5.1). */
static void name_text(const struct skua_dns_event *event, char to[DNS_NAME_TEXT])
{
	size_t at = 0, length = 0;

	while (at < sizeof(event->name) && event->name[at]) {
		unsigned label = event->name[at++];

		if (label > 63 || at + label > sizeof(event->name))
			break;
		if (length)
			to[length++] = '.';
		for (unsigned i = 0; i < label; i++, at++) {
			uint8_t c = event->name[at];

			if (c > 0x20 && c < 0x7f && c != '.' && c != '\\')
				to[length++] = (char)c;
			else
				length +=
					snprintf(to + length, DNS_NAME_TEXT - length, "\\%03u", c);
		}
	}
	to[length] = '\0';
}

static void on_dns(struct logs *logs, const struct skua_dns_event *event)
{
	unsigned client = event->dns.response ? skua_other(event->sender) : event->sender;
	uint64_t time_ns = event->head.time_ns, born_ns;
	char name[DNS_NAME_TEXT];
	struct identity identity;
	struct eve_head head = { "dns", time_ns, 0, &identity, "dns" };

	born_ns = flows_born_ns(&logs->flows, &event->head.key, time_ns);
	identity_set(&identity, &event->head.key, client, born_ns);
	name_text(event, name);
	if (logs_zeek(logs))
		zeek_dns_event(logs_begin_zeek(logs, LOG_DNS, time_ns, &identity), &event->dns,
			       name);
	else
		eve_dns_event(logs_begin_eve(logs, LOG_DNS, &head), &event->dns, name);
	lines_end(&logs->lines);
}

void logs_event(struct logs *logs, const struct skua_event *event)
{
	struct log_flow *flow;

	switch (event->kind) {
	case SKUA_EVENT_FLOW:
		on_flow(logs, (const struct skua_flow_event *)event);
		break;
	case SKUA_EVENT_EXCHANGE:
		on_exchange(logs, (const struct skua_exchange_event *)event);
		break;
	case SKUA_EVENT_CONTACT:
		on_contact(logs, (const struct skua_contact_event *)event);
		break;
	case SKUA_EVENT_DNS:
		flow = flows_find(&logs->flows, &event->key);
		if (!flow) /* what opens it may come behind it */
			flow = flows_get(&logs->flows, &event->key, event->time_ns);
		flow->service = "dns";
		if (logs_want(logs, LOG_DNS))
			on_dns(logs, (const struct skua_dns_event *)event);
		break;
	default:
		break;
	}
}

void logs_fact(struct logs *logs, const struct fact *fact)
{
	const struct fact_hello *hello = &fact->hello;
	enum log_kind kind;
	struct identity identity;
	struct eve_head head = { "tls", fact->time_ns, 0, &identity, "tls" };
	struct log_flow *flow;

	if (fact->kind != FACT_HELLO)
		return;
	kind = hello->tls ? LOG_TLS : LOG_HTTP;
	flow = flows_find(&logs->flows, &hello->key);
	if (flow)
		flow->service = hello->tls ? "ssl" : "http";
	if (!logs_want(logs, kind))
		return;
	identity_set(&identity, &hello->key, hello->client,
		     flows_born_ns(&logs->flows, &hello->key, fact->time_ns));
	if (!hello->tls)
		head.event_type = head.app_proto = "http";
	if (logs_zeek(logs))
		zeek_hello(logs_begin_zeek(logs, kind, fact->time_ns, &identity), hello);
	else
		eve_hello(logs_begin_eve(logs, kind, &head), hello);
	lines_end(&logs->lines);
}
