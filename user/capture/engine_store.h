/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the native engine keeps things, and how it says them: skua/observe.h over tables. */
#ifndef SKUA_CAPTURE_ENGINE_STORE_H
#define SKUA_CAPTURE_ENGINE_STORE_H

#include <stddef.h>
#include "skua/sighting.h"
#include "base/wheel.h"
#include "capture/armed.h"
#include "capture/engine.h"
#include "capture/sweep.h"

/* What the shared code knows comes first, so that a pointer to it is one to the entry. */
struct kept_flow {
	struct skua_flow flow;
	struct wheel_node node;
	uint8_t table; /* enum skua_table */
};

struct kept_pending {
	struct skua_pending pending;
	struct wheel_node node;
};

struct kept_source {
	struct skua_source source;
	struct wheel_node node;
};

struct engine {
	struct skua_sighting seen; /* first: the shared code is given a pointer to it */
	struct engine_options options;
	struct skua_locals locals;
	struct table tables[SKUA_TABLES];
	struct wheel wheels[SKUA_TABLES];
	uint64_t counters[SKUA_COUNTERS];
	uint64_t last_tick_ns;
	struct armed armed;
	void **due;         /* scratch of the sweep: entries that came up */
	struct sweep sweep; /* to whom everything is said */
};

static inline struct engine *engine_of(struct skua_sighting *seen)
{
	return (struct engine *)seen;
}

static inline uint64_t deadline_s(uint64_t deadline_ns)
{
	return (deadline_ns + SKUA_SECOND_NS - 1) / SKUA_SECOND_NS;
}

static inline const volatile struct skua_config *store_config(struct skua_sighting *seen)
{
	return &engine_of(seen)->options.config;
}

static inline void store_count(struct skua_sighting *seen, __u32 row)
{
	engine_of(seen)->counters[row]++;
}

static inline struct skua_flow *store_flow(struct skua_sighting *seen, bool ours)
{
	return table_find(&engine_of(seen)->tables[ours ? SKUA_TABLE_OUT : SKUA_TABLE_IN],
			  &seen->key);
}

static inline bool store_flow_insert(struct skua_sighting *seen, bool ours)
{
	enum skua_table which = ours ? SKUA_TABLE_OUT : SKUA_TABLE_IN;
	struct engine *engine = engine_of(seen);
	struct kept_flow *kept = table_insert(&engine->tables[which], &seen->key);

	kept->flow = seen->flow;
	kept->table = which;
	wheel_put(&engine->wheels[which], &kept->node,
		  deadline_s(skua_flow_deadline(&kept->flow, seen->key.proto)));
	return true;
}

static inline struct skua_pending *store_pending(struct skua_sighting *seen)
{
	return table_find(&engine_of(seen)->tables[SKUA_TABLE_PENDING], &seen->contact);
}

static inline bool store_pending_insert(struct skua_sighting *seen)
{
	struct engine *engine = engine_of(seen);
	struct kept_pending *kept =
		table_get(&engine->tables[SKUA_TABLE_PENDING], &seen->contact, NULL);

	kept->pending = seen->pending;
	wheel_put(&engine->wheels[SKUA_TABLE_PENDING], &kept->node,
		  deadline_s(kept->pending.first_ns + engine->options.config.contact_timeout_ns));
	return true;
}

static inline void store_pending_delete(struct skua_sighting *seen)
{
	struct engine *engine = engine_of(seen);
	struct kept_pending *kept = table_find(&engine->tables[SKUA_TABLE_PENDING], &seen->contact);

	if (!kept)
		return;
	wheel_remove(&engine->wheels[SKUA_TABLE_PENDING], &kept->node);
	table_remove(&engine->tables[SKUA_TABLE_PENDING], kept);
}

static inline struct skua_source *store_source(struct skua_sighting *seen, const __u64 *address)
{
	return table_find(&engine_of(seen)->tables[SKUA_TABLE_SOURCES], address);
}

void engine_schedule_source(struct engine *engine, struct kept_source *kept);

/* Its slot was filled, or it made an attempt beyond its budget. */
static inline void store_source_changed(struct skua_sighting *seen, struct skua_source *source)
{
	engine_schedule_source(engine_of(seen), (struct kept_source *)source);
}

static inline bool store_source_insert(struct skua_sighting *seen, const __u64 *address)
{
	struct engine *engine = engine_of(seen);
	struct kept_source *kept = table_insert(&engine->tables[SKUA_TABLE_SOURCES], address);

	kept->source = seen->source;
	engine_schedule_source(engine, kept);
	return true;
}

static inline bool store_arming(struct skua_sighting *seen)
{
	return seen->now_ns < engine_of(seen)->armed.until_ns;
}

static inline bool store_armed(struct skua_sighting *seen, const void *key)
{
	return armed_holds(&engine_of(seen)->armed, key, seen->now_ns);
}

void engine_say(struct engine *engine, struct skua_event *event, const uint8_t *bytes);

static inline void engine_say_head(struct skua_sighting *seen, struct skua_event *head,
				   enum skua_event_kind kind)
{
	skua_event_init(head, kind, &seen->key, seen->ifindex, seen->now_ns);
}

static inline void say_exchange(struct skua_sighting *seen, const struct skua_flow *flow, bool ours)
{
	struct skua_exchange_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_EXCHANGE);
	skua_exchange_event_fill(&event, flow, &seen->previous, &seen->parsed.pkt, ours);
	engine_say(engine_of(seen), &event.head, NULL);
}

static inline bool say_flow(struct skua_sighting *seen, struct skua_flow *flow, bool ours, bool end)
{
	struct engine *engine = engine_of(seen);
	struct skua_flow_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_FLOW);
	skua_flow_event_fill(&event, flow, end ? SKUA_FLOW_END : SKUA_FLOW_REPORT, ours);
	engine_say(engine, &event.head, NULL);
	if (end && flow != &seen->flow) { /* it now expires earlier than it is scheduled */
		struct kept_flow *kept = (struct kept_flow *)flow;

		wheel_put_earlier(&engine->wheels[kept->table], &kept->node,
				  deadline_s(seen->now_ns + SKUA_IDLE_CLOSED_NS));
	}
	return true;
}

static inline void say_contact(struct skua_sighting *seen, __u32 outcome,
			       const struct skua_pending *pending)
{
	struct skua_contact_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_CONTACT);
	skua_contact_event_fill(&event, &seen->contact, outcome, pending,
				seen->parsed.pkt.icmp_code);
	engine_say(engine_of(seen), &event.head, NULL);
}

static inline void say_dns(struct skua_sighting *seen, const __u8 *name)
{
	struct skua_dns_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_DNS);
	skua_dns_event_fill(&event, seen);
	skua_dns_copy(event.name, name, seen->dns.name_length);
	engine_say(engine_of(seen), &event.head, NULL);
}

static inline void say_icmp(struct skua_sighting *seen, __u64 hash)
{
	struct skua_icmp_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_ICMP);
	skua_icmp_event_fill(&event, seen, hash);
	engine_say(engine_of(seen), &event.head, NULL);
}

static inline void say_neighbour(struct skua_sighting *seen)
{
	struct skua_neighbour_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_NEIGHBOUR);
	skua_neighbour_event_fill(&event, &seen->neighbour);
	engine_say(engine_of(seen), &event.head, NULL);
}

/* Only the kernel knows sockets. */
static inline void say_identity(struct skua_sighting *seen, const struct skua_frame *frame,
				struct skua_flow *flow)
{
	(void)seen, (void)frame, (void)flow;
}

static inline void say_sample(struct skua_sighting *seen, const struct skua_frame *frame,
			      __u32 bytes)
{
	struct skua_sample_event event;

	engine_say_head(seen, &event.head, SKUA_EVENT_SAMPLE);
	skua_sample_event_fill(&event, seen, skua_frame_has(frame, bytes));
	engine_of(seen)->sweep.deliver(engine_of(seen)->sweep.arg, &event.head, frame->data,
				       seen->now_ns);
}

#endif /* SKUA_CAPTURE_ENGINE_STORE_H */
