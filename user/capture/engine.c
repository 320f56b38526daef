// SPDX-License-Identifier: BSD-2-Clause
/* The native engine: frames through the shared code, over tables of user space. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "capture/engine_store.h"
#include "capture/locals.h"
#include "skua/observe.h"

void engine_say(struct engine *engine, struct skua_event *event, const uint8_t *bytes)
{
	engine->counters[SKUA_COUNT_EVENTS]++;
	engine->sweep.deliver(engine->sweep.arg, event, bytes, event->time_ns);
}

static uint64_t flow_worth(const void *value)
{
	return ((const struct kept_flow *)value)->flow.last_ns;
}

static uint64_t pending_worth(const void *value)
{
	return ((const struct kept_pending *)value)->pending.last_ns;
}

static uint64_t source_worth(const void *value)
{
	return sweep_source_last_ns(&((const struct kept_source *)value)->source);
}

static void flow_evicted(void *arg, const void *key, void *value)
{
	struct kept_flow *kept = value;
	struct engine *engine = arg;

	wheel_remove(&engine->wheels[kept->table], &kept->node);
	sweep_say_flow(&engine->sweep, key, &kept->flow, SKUA_FLOW_EVICTED,
		       kept->table == SKUA_TABLE_OUT, engine->seen.now_ns);
}

static void pending_evicted(void *arg, const void *key, void *value)
{
	(void)key;
	wheel_remove(&((struct engine *)arg)->wheels[SKUA_TABLE_PENDING],
		     &((struct kept_pending *)value)->node);
}

static void source_evicted(void *arg, const void *key, void *value)
{
	(void)key;
	wheel_remove(&((struct engine *)arg)->wheels[SKUA_TABLE_SOURCES],
		     &((struct kept_source *)value)->node);
}

static int open_tables(struct engine *engine)
{
	const struct engine_options *o = &engine->options;
	const struct table_options tables[SKUA_TABLES] = {
		[SKUA_TABLE_OUT] = { sizeof(struct skua_flow_key), sizeof(struct kept_flow),
				     o->flows, flow_worth, flow_evicted, engine },
		[SKUA_TABLE_IN] = { sizeof(struct skua_flow_key), sizeof(struct kept_flow),
				    o->flows, flow_worth, flow_evicted, engine },
		[SKUA_TABLE_PENDING] = { sizeof(struct skua_contact_key),
					 sizeof(struct kept_pending), o->pending, pending_worth,
					 pending_evicted, engine },
		[SKUA_TABLE_SOURCES] = { sizeof(struct skua_source_key), sizeof(struct kept_source),
					 o->sources, source_worth, source_evicted, engine },
	};
	uint32_t largest = 0;

	for (int i = 0; i < SKUA_TABLES; i++) {
		int err = table_init(&engine->tables[i], &tables[i]);

		if (err)
			return err;
		wheel_init(&engine->wheels[i], 0);
		largest = tables[i].capacity > largest ? tables[i].capacity : largest;
	}
	engine->due = malloc(largest * sizeof(*engine->due));
	return engine->due ? 0 : -ENOMEM;
}

int engine_open(struct engine **out, const struct engine_options *options, source_event_fn *deliver,
		void *arg)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int err;

	if (!engine)
		return -ENOMEM;
	engine->options = *options;
	locals_fill(&engine->locals, options->locals, options->local_count);
	engine->sweep = (struct sweep){ deliver, arg };
	armed_init(&engine->armed, -1, -1);
	err = open_tables(engine);
	if (err)
		engine_close(engine);
	else
		*out = engine;
	return err;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	for (int i = 0; i < SKUA_TABLES; i++)
		table_fini(&engine->tables[i]);
	free(engine->due);
	free(engine);
}

enum skua_origin engine_origin(const struct skua_locals *locals, const struct skua_packet *pkt)
{
	return skua_origin_by_address(skua_is_local(pkt->src, locals),
				      skua_is_local(pkt->dst, locals));
}

const struct skua_packet *engine_frame(struct engine *engine, const struct engine_frame *told)
{
	struct skua_sighting *seen = &engine->seen;
	struct skua_frame frame = { told->bytes, told->bytes + told->captured, told->captured };
	const struct skua_packet *pkt = &seen->parsed.pkt;
	enum skua_verdict v;

	seen->now_ns = told->time_ns;
	seen->length = told->length;
	seen->ifindex = told->ifindex;
	seen->link = told->link;
	v = skua_parse(&frame, told->length, told->link, engine->options.config.look_through,
		       &seen->parsed);
	seen->origin = SKUA_EITHER;
	if (told->origin >= 0)
		seen->origin = told->origin;
	else if (v == SKUA_PARSED)
		seen->origin = engine_origin(&engine->locals, pkt);
	if (v == SKUA_PARSED && engine->options.payload)
		engine->options.payload(engine->options.payload_arg, &seen->parsed.pkt,
					told->time_ns);
	observe(seen, &frame, v);
	return v == SKUA_PARSED ? pkt : NULL;
}

/* When a sweep must look at this source next. */
void engine_schedule_source(struct engine *engine, struct kept_source *kept)
{
	const struct skua_source *source = &kept->source;
	uint64_t due_ns = sweep_source_last_ns(source) + SWEEP_SOURCE_IDLE_NS;
	uint64_t slot_ns = source->slot.first_ns + engine->options.config.contact_timeout_ns;

	if (source->slot.stage != SKUA_STAGE_NONE && slot_ns > engine->last_tick_ns &&
	    slot_ns < due_ns)
		due_ns = slot_ns;
	if (source->overflow_ns && source->overflow_ns >= engine->last_tick_ns &&
	    source->overflow_ns < due_ns)
		due_ns = source->overflow_ns + 1; /* the tick behind it, also from a whole second */
	wheel_put_earlier(&engine->wheels[SKUA_TABLE_SOURCES], &kept->node, deadline_s(due_ns));
}

static int by_key(const void *a, const void *b, void *arg)
{
	const struct table *table = arg;

	return sweep_compare_keys(table_key(table, *(void *const *)a),
				  table_key(table, *(void *const *)b), table->options.key_size);
}

/* By key, so that the order of events does not depend on the order of insertion. */
static void sort_due(struct engine *engine, enum skua_table which, size_t n)
{
	if (n > 1)
		qsort_r(engine->due, n, sizeof(*engine->due), by_key, &engine->tables[which]);
}

/* Entries whose nodes came up, sorted. */
static size_t collect(struct engine *engine, enum skua_table which, size_t node_offset,
		      uint64_t now_s)
{
	struct wheel_node *node = wheel_turn(&engine->wheels[which], now_s);
	size_t n = 0;

	for (; node; node = node->next)
		engine->due[n++] = (unsigned char *)node - node_offset;
	sort_due(engine, which, n);
	return n;
}

/* Flows that are over and of which this has not been said; those that live on are scheduled anew,
 * and those whose end was said go silently. */
static size_t collect_flows(struct engine *engine, enum skua_table which, uint64_t now_s)
{
	struct wheel_node *node = wheel_turn(&engine->wheels[which], now_s), *next;
	struct table *table = &engine->tables[which];
	size_t n = 0;

	for (; node; node = next) {
		struct kept_flow *kept = (void *)((char *)node - offsetof(struct kept_flow, node));
		const struct skua_flow_key *key = table_key(table, kept);
		uint64_t deadline_ns = skua_flow_deadline(&kept->flow, key->proto);

		next = node->next;
		if (deadline_ns > now_s * SKUA_SECOND_NS)
			wheel_put(&engine->wheels[which], node, deadline_s(deadline_ns));
		else if (kept->flow.state & SKUA_FLOW_TOLD)
			table_remove(table, kept);
		else
			engine->due[n++] = kept;
	}
	sort_due(engine, which, n);
	return n;
}

static void sweep_flows(struct engine *engine, enum skua_table which, uint64_t now_s)
{
	size_t n = collect_flows(engine, which, now_s);

	for (size_t i = 0; i < n; i++) {
		struct kept_flow *kept = engine->due[i];

		sweep_say_flow(&engine->sweep, table_key(&engine->tables[which], kept), &kept->flow,
			       SKUA_FLOW_IDLE, which == SKUA_TABLE_OUT, now_s * SKUA_SECOND_NS);
		table_remove(&engine->tables[which], kept);
	}
}

static void sweep_pending(struct engine *engine, uint64_t now_s)
{
	size_t n = collect(engine, SKUA_TABLE_PENDING, offsetof(struct kept_pending, node), now_s);
	const struct skua_config *config = &engine->options.config;
	uint64_t now_ns = now_s * SKUA_SECOND_NS;

	for (size_t i = 0; i < n; i++) {
		struct kept_pending *kept = engine->due[i];
		const struct skua_pending *pending = &kept->pending;

		if (!skua_contact_expired(pending, config, now_ns)) { /* the clock had jumped */
			wheel_put(&engine->wheels[SKUA_TABLE_PENDING], &kept->node,
				  deadline_s(pending->first_ns + config->contact_timeout_ns));
			continue;
		}
		sweep_say_timeout(&engine->sweep,
				  table_key(&engine->tables[SKUA_TABLE_PENDING], kept), pending,
				  now_ns);
		table_remove(&engine->tables[SKUA_TABLE_PENDING], kept);
	}
}

static void sweep_sources(struct engine *engine, uint64_t now_s)
{
	size_t n = collect(engine, SKUA_TABLE_SOURCES, offsetof(struct kept_source, node), now_s);
	uint64_t now_ns = now_s * SKUA_SECOND_NS, last_ns = engine->last_tick_ns;

	for (size_t i = 0; i < n; i++) {
		struct kept_source *kept = engine->due[i];
		const struct skua_source *source = &kept->source;

		if (skua_source_slot_expires(source, &engine->options.config, last_ns, now_ns))
			sweep_say_timeout(&engine->sweep, &source->slot_key, &source->slot, now_ns);
		if (skua_source_overflowed(source, last_ns, now_ns))
			sweep_say_overflow(&engine->sweep,
					   table_key(&engine->tables[SKUA_TABLE_SOURCES], kept),
					   source, now_ns);
		if (sweep_source_last_ns(source) + SWEEP_SOURCE_IDLE_NS <= now_ns) {
			table_remove(&engine->tables[SKUA_TABLE_SOURCES], kept);
			engine->due[i] = NULL;
		}
	}
	/* Those that stay are scheduled anew, once this second counts as seen. */
	engine->last_tick_ns = now_ns;
	for (size_t i = 0; i < n; i++)
		if (engine->due[i])
			engine_schedule_source(engine, engine->due[i]);
}

void engine_tick(struct engine *engine, uint64_t now_s)
{
	engine->seen.now_ns = now_s * SKUA_SECOND_NS;
	sweep_pending(engine, now_s);
	sweep_sources(engine, now_s);
	sweep_flows(engine, SKUA_TABLE_OUT, now_s);
	sweep_flows(engine, SKUA_TABLE_IN, now_s);
	armed_tick(&engine->armed, now_s * SKUA_SECOND_NS);
}

uint64_t engine_next(const struct engine *engine)
{
	uint64_t next_s = UINT64_MAX;

	for (int i = 0; i < SKUA_TABLES; i++) {
		uint64_t s = wheel_next(&engine->wheels[i]);

		next_s = s < next_s ? s : next_s;
	}
	return next_s;
}

static void stop_flows(struct engine *engine, enum skua_table which, uint64_t now_ns)
{
	struct table *table = &engine->tables[which];
	size_t n = 0;

	for (void *kept = table_next(table, NULL); kept; kept = table_next(table, kept))
		engine->due[n++] = kept;
	sort_due(engine, which, n);
	for (size_t i = 0; i < n; i++) {
		struct kept_flow *kept = engine->due[i];

		sweep_say_flow(&engine->sweep, table_key(table, kept), &kept->flow, SKUA_FLOW_STOP,
			       which == SKUA_TABLE_OUT, now_ns);
		wheel_remove(&engine->wheels[which], &kept->node);
		table_remove(table, kept);
	}
}

void engine_stop(struct engine *engine, uint64_t now_ns)
{
	stop_flows(engine, SKUA_TABLE_OUT, now_ns);
	stop_flows(engine, SKUA_TABLE_IN, now_ns);
}

int engine_arm(struct engine *engine, const struct skua_armed_key *key, uint64_t until_ns)
{
	return armed_put(&engine->armed, key, until_ns);
}

uint64_t engine_arms_given_up(const struct engine *engine)
{
	return engine->armed.given_up;
}

const uint64_t *engine_counters(const struct engine *engine)
{
	return engine->counters;
}

const struct table *engine_table(const struct engine *engine, enum skua_table which)
{
	return &engine->tables[which];
}
