// SPDX-License-Identifier: BSD-2-Clause
/* The shared code over the storage of a single conversation. */
#include <string.h>
#include "capture/sweep.h"
#include "line.h"

static inline struct line *line_of(struct skua_sighting *seen)
{
	return (struct line *)seen;
}

static inline const volatile struct skua_config *store_config(struct skua_sighting *seen)
{
	return &line_of(seen)->config;
}

static inline void store_count(struct skua_sighting *seen, __u32 row)
{
	(void)seen;
	(void)row;
}

static inline struct skua_flow *store_flow(struct skua_sighting *seen, bool ours)
{
	struct talker *talker = line_of(seen)->talker;
	bool same = talker->has_flow && !memcmp(&talker->key, &seen->key, sizeof(seen->key));

	return same && ours == (talker->origin != SKUA_THEIRS) ? &talker->flow : NULL;
}

static inline bool store_flow_insert(struct skua_sighting *seen, bool ours)
{
	struct talker *talker = line_of(seen)->talker;

	(void)ours;
	talker->key = seen->key;
	talker->flow = seen->flow;
	talker->has_flow = true;
	return true;
}

/* One attempt at a time has room in its source's slot. */
static inline struct skua_pending *store_pending(struct skua_sighting *seen)
{
	(void)seen;
	return NULL;
}

static inline bool store_pending_insert(struct skua_sighting *seen)
{
	(void)seen;
	return false;
}

static inline void store_pending_delete(struct skua_sighting *seen)
{
	(void)seen;
}

static inline struct skua_source *store_source(struct skua_sighting *seen, const __u64 *address)
{
	struct talker *talker = line_of(seen)->talker;

	return talker->has_source && address[0] == talker->client.words[0] &&
			       address[1] == talker->client.words[1]
		       ? &talker->source
		       : NULL;
}

static inline bool store_source_insert(struct skua_sighting *seen, const __u64 *address)
{
	struct talker *talker = line_of(seen)->talker;

	if (address[0] != talker->client.words[0] || address[1] != talker->client.words[1])
		return true;
	talker->source = seen->source;
	talker->has_source = true;
	return true;
}

static inline void store_source_changed(struct skua_sighting *seen, struct skua_source *source)
{
	(void)seen;
	(void)source;
}

static inline bool store_arming(struct skua_sighting *seen)
{
	(void)seen;
	return false;
}

static inline bool store_armed(struct skua_sighting *seen, const void *key)
{
	(void)seen;
	(void)key;
	return false;
}

static void line_say(struct line *line, struct skua_event *event)
{
	line->deliver(line->arg, event, NULL, event->time_ns);
}

static void head(struct skua_sighting *seen, struct skua_event *event, enum skua_event_kind kind)
{
	skua_event_init(event, kind, &seen->key, seen->ifindex, seen->now_ns);
}

static void say_exchange(struct skua_sighting *seen, const struct skua_flow *flow, bool ours)
{
	struct skua_exchange_event event;

	head(seen, &event.head, SKUA_EVENT_EXCHANGE);
	skua_exchange_event_fill(&event, flow, &seen->previous, &seen->parsed.pkt, ours);
	line_say(line_of(seen), &event.head);
}

static bool say_flow(struct skua_sighting *seen, struct skua_flow *flow, bool ours, bool end)
{
	struct skua_flow_event event;

	head(seen, &event.head, SKUA_EVENT_FLOW);
	skua_flow_event_fill(&event, flow, end ? SKUA_FLOW_END : SKUA_FLOW_REPORT, ours);
	line_say(line_of(seen), &event.head);
	return true;
}

static void say_contact(struct skua_sighting *seen, __u32 outcome,
			const struct skua_pending *pending)
{
	struct skua_contact_event event;

	head(seen, &event.head, SKUA_EVENT_CONTACT);
	skua_contact_event_fill(&event, &seen->contact, outcome, pending, 0);
	line_say(line_of(seen), &event.head);
}

/* None of these occur: there are neither bytes nor other protocols. */
static void say_dns(struct skua_sighting *seen, const __u8 *name)
{
	(void)seen;
	(void)name;
}

static void say_icmp(struct skua_sighting *seen, __u64 hash)
{
	(void)seen;
	(void)hash;
}

static void say_neighbour(struct skua_sighting *seen)
{
	(void)seen;
}

static void say_identity(struct skua_sighting *seen, const struct skua_frame *frame,
			 struct skua_flow *flow)
{
	(void)seen, (void)frame, (void)flow;
}

static void say_sample(struct skua_sighting *seen, const struct skua_frame *frame, __u32 bytes)
{
	(void)seen;
	(void)frame;
	(void)bytes;
}

#include "skua/observe.h"

void line_init(struct line *line, source_event_fn *deliver, void *arg)
{
	*line = (struct line){ .config = SKUA_CONFIG_DEFAULT, .deliver = deliver, .arg = arg };
	line->config.one_way = 1;
}

#define HEADERS 54 /* Ethernet, IPv4, TCP without options */
#define HEADERS_SYN 66
#define HEADERS_UDP 42

static uint32_t length_of(const struct talker *talker, uint8_t flags, uint32_t payload)
{
	if (talker->proto != SKUA_TCP)
		return HEADERS_UDP + payload;
	return (flags & SKUA_SYN ? HEADERS_SYN : HEADERS) + payload;
}

void line_packet(struct line *line, struct talker *talker, bool from_client, uint8_t flags,
		 uint32_t payload, uint64_t now_ns)
{
	const struct address *src = from_client ? &talker->client : &talker->server;
	const struct address *dst = from_client ? &talker->server : &talker->client;
	struct skua_sighting *seen = &line->seen;
	struct skua_frame frame = { NULL, NULL, SKUA_FRAME_WHOLE };
	struct skua_packet *pkt = &seen->parsed.pkt;
	uint8_t origin = talker->origin;

	if (!from_client && origin != SKUA_EITHER)
		origin = origin == SKUA_OURS ? SKUA_THEIRS : SKUA_OURS;
	line->talker = talker;
	*pkt = (struct skua_packet){
		.length = length_of(talker, flags, payload),
		.payload = payload,
		.proto = talker->proto,
		.tcp_flags = flags,
		.seq = talker->seq[!from_client],
		.ack = talker->seq[from_client],
		.sport = from_client ? talker->client_port : talker->server_port,
		.dport = from_client ? talker->server_port : talker->client_port
	};
	memcpy(pkt->src, src, sizeof(pkt->src));
	memcpy(pkt->dst, dst, sizeof(pkt->dst));
	talker->seq[!from_client] += payload + (flags & (SKUA_SYN | SKUA_FIN) ? 1 : 0);
	seen->now_ns = now_ns;
	seen->length = pkt->length;
	seen->ifindex = 1;
	seen->origin = origin;
	observe(seen, &frame, SKUA_PARSED);
}

static uint64_t whole_second(uint64_t time_ns)
{
	return (time_ns + SKUA_SECOND_NS - 1) / SKUA_SECOND_NS * SKUA_SECOND_NS;
}

static bool waits(const struct talker *talker)
{
	return talker->has_source && talker->source.slot.stage != SKUA_STAGE_NONE;
}

uint64_t line_due(const struct line *line, const struct talker *talker)
{
	uint64_t due_ns = UINT64_MAX, slot_ns;

	if (talker->has_flow)
		due_ns = skua_flow_deadline(&talker->flow, talker->proto);
	if (waits(talker)) {
		slot_ns = talker->source.slot.first_ns + line->config.contact_timeout_ns;
		due_ns = slot_ns < due_ns ? slot_ns : due_ns;
	}
	return due_ns == UINT64_MAX ? due_ns : whole_second(due_ns);
}

void line_sweep(struct line *line, struct talker *talker, uint64_t now_ns)
{
	const struct sweep sweep = { line->deliver, line->arg };

	if (waits(talker) && skua_contact_expired(&talker->source.slot, &line->config, now_ns)) {
		sweep_say_timeout(&sweep, &talker->source.slot_key, &talker->source.slot, now_ns);
		talker->source.slot.stage = SKUA_STAGE_NONE;
	}
	if (talker->has_flow && skua_flow_deadline(&talker->flow, talker->proto) <= now_ns) {
		sweep_say_flow(&sweep, &talker->key, &talker->flow, SKUA_FLOW_IDLE,
			       talker->origin != SKUA_THEIRS, now_ns);
		talker->has_flow = false;
	}
}

void line_stop(struct line *line, struct talker *talker, uint64_t now_ns)
{
	const struct sweep sweep = { line->deliver, line->arg };

	if (talker->has_flow)
		sweep_say_flow(&sweep, &talker->key, &talker->flow, SKUA_FLOW_STOP,
			       talker->origin != SKUA_THEIRS, now_ns);
	talker->has_flow = false;
}
