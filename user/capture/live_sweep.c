// SPDX-License-Identifier: BSD-2-Clause
/* Sweeps the kernel's tables by batches. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "skua/sighting.h"
#include "capture/live_sweep.h"

#define SLICE 4096   /* entries read at once; larger ones are no faster */
#define FLOW_PASS 16 /* ticks for a pass through the flows: what is idle is over for a minute */
#define KEY_SIZE_MAX sizeof(struct skua_contact_key)
#define VALUE_SIZE_MAX sizeof(struct skua_source)

/* When the entry is over, if nothing comes for it; up to the pass's own time: it is, and was said.
 */
typedef uint64_t judge_fn(struct live_sweep *sweep, enum skua_table which, const void *key,
			  const void *value);

static uint64_t contact_deadline(const struct live_sweep *sweep, const struct skua_pending *pending)
{
	return pending->first_ns + sweep->config.contact_timeout_ns;
}

static uint64_t judge_pending(struct live_sweep *sweep, enum skua_table which, const void *key,
			      const void *value)
{
	const struct live_table *table = &sweep->tables[which];
	uint64_t over_ns = contact_deadline(sweep, value);

	if (over_ns <= table->now_ns)
		sweep_say_timeout(&sweep->say, key, value, table->now_ns);
	return over_ns;
}

/* Its slot or its overflow may have to be said before it is over, of which itself nothing is said:
 * nobody needs its room when nobody writes. */
static uint64_t judge_source(struct live_sweep *sweep, enum skua_table which, const void *key,
			     const void *value)
{
	const struct live_table *table = &sweep->tables[which];
	const struct skua_source *source = value;
	uint64_t over_ns =
		sweep->rests ? UINT64_MAX : sweep_source_last_ns(source) + SWEEP_SOURCE_IDLE_NS;
	uint64_t slot_ns = contact_deadline(sweep, &source->slot);

	if (skua_source_slot_expires(source, &sweep->config, table->from_ns, table->now_ns))
		sweep_say_timeout(&sweep->say, &source->slot_key, &source->slot, table->now_ns);
	if (skua_source_overflowed(source, table->from_ns, table->now_ns))
		sweep_say_overflow(&sweep->say, key, source, table->now_ns);
	if (over_ns <= table->now_ns)
		return over_ns;
	if (source->slot.stage != SKUA_STAGE_NONE && slot_ns > table->now_ns && slot_ns < over_ns)
		over_ns = slot_ns;
	if (source->overflow_ns >= table->now_ns && source->overflow_ns < over_ns)
		over_ns = source->overflow_ns + 1;
	return over_ns;
}

static uint64_t judge_flow(struct live_sweep *sweep, enum skua_table which, const void *key,
			   const void *value)
{
	const struct live_table *table = &sweep->tables[which];
	const struct skua_flow_key *flow = key;
	uint64_t over_ns = skua_flow_deadline(value, flow->proto);

	if (over_ns <= table->now_ns)
		sweep_say_flow(&sweep->say, key, value, SKUA_FLOW_IDLE, which == SKUA_TABLE_OUT,
			       table->now_ns);
	return over_ns;
}

static uint64_t say_stop(struct live_sweep *sweep, enum skua_table which, const void *key,
			 const void *value)
{
	sweep_say_flow(&sweep->say, key, value, SKUA_FLOW_STOP, which == SKUA_TABLE_OUT,
		       sweep->tables[which].now_ns);
	return 0;
}

static judge_fn *const judges[SKUA_TABLES] = {
	[SKUA_TABLE_OUT] = judge_flow,
	[SKUA_TABLE_IN] = judge_flow,
	[SKUA_TABLE_PENDING] = judge_pending,
	[SKUA_TABLE_SOURCES] = judge_source,
};

/* Reads the next entries: their number, or -errno.  *last: the pass is complete with them. */
static int read_slice(struct live_sweep *sweep, struct live_table *table, bool *last)
{
	uint32_t count = SLICE, next;
	int err = bpf_map_lookup_batch(table->fd, table->begun ? &table->cursor : NULL, &next,
				       sweep->keys, sweep->values, &count, NULL);

	*last = err && errno == ENOENT;
	if (err && !*last)
		return -errno;
	table->cursor = next;
	table->begun = !*last;
	return count;
}

static void begin_pass(struct live_sweep *sweep, struct live_table *table, uint64_t made,
		       uint64_t now_ns)
{
	table->due_ns = sweep->rests ? UINT64_MAX : 0;
	table->from_ns = table->now_ns;
	table->now_ns = now_ns;
	table->found = table->gone = 0;
	table->inserted = made;
	table->made = made - table->deleted;
}

/* Entries made during the pass may hide as many evictions, until the next. */
static void end_pass(struct live_sweep *sweep, enum skua_table which)
{
	struct live_table *table = &sweep->tables[which];
	uint64_t there = table->found + table->gone;
	uint64_t lacking = table->made > there ? table->made - there : 0;

	table->present = table->found;
	if (!table->passes++ && sweep->adopted)
		sweep->missing[which] = lacking;
	lacking -= lacking < sweep->missing[which] ? lacking : sweep->missing[which];
	if (lacking > table->evicted)
		table->evicted = lacking;
}

/* By the counters: walking an empty map costs as much as a full one. */
static bool is_empty(const struct live_sweep *sweep, enum skua_table which)
{
	const struct live_table *table = &sweep->tables[which];

	return !table->begun && table->passes &&
	       table->made <= table->evicted + sweep->missing[which];
}

static int sweep_table(struct live_sweep *sweep, enum skua_table which, judge_fn *judge,
		       uint32_t room)
{
	struct live_table *table = &sweep->tables[which];
	bool last = false;

	for (uint32_t seen = 0; !last && seen < room;) {
		int count = read_slice(sweep, table, &last);

		if (count < 0)
			return count;
		seen += count;
		for (int i = 0; i < count; i++) {
			const void *key = sweep->keys + i * table->key_size;
			uint64_t over_ns =
				judge(sweep, which, key, sweep->values + i * table->value_size);

			if (over_ns > table->now_ns)
				table->found++;
			else if (!bpf_map_delete_elem(table->fd, key))
				table->gone++;
			if (over_ns > table->now_ns && over_ns < table->due_ns)
				table->due_ns = over_ns;
		}
	}
	if (last) {
		end_pass(sweep, which);
		table->deleted += table->gone;
	}
	return 0;
}

int live_sweep_tick(struct live_sweep *sweep, const uint64_t made[SKUA_TABLES], uint64_t now_ns,
		    bool all)
{
	/* As the offline engines do: a source's first attempt is decided behind its others. */
	static const enum skua_table order[SKUA_TABLES] = { SKUA_TABLE_PENDING, SKUA_TABLE_SOURCES,
							    SKUA_TABLE_OUT, SKUA_TABLE_IN };
	int err = 0;

	for (int i = 0; !err && i < SKUA_TABLES; i++) {
		judge_fn *judge = judges[order[i]];
		uint32_t room = sweep->tables[order[i]].capacity + 1;

		if (!sweep->tables[order[i]].begun && sweep->tables[order[i]].due_ns > now_ns)
			continue;
		if (judge == judge_flow && !all)
			room = room / FLOW_PASS + 1;
		if (!sweep->tables[order[i]].begun)
			begin_pass(sweep, &sweep->tables[order[i]], made[order[i]], now_ns);
		if (is_empty(sweep, order[i])) {
			end_pass(sweep, order[i]);
			continue;
		}
		err = sweep_table(sweep, order[i], judge, room);
	}
	return err;
}

void live_sweep_rest(struct live_sweep *sweep)
{
	sweep->rests = true;
}

int live_sweep_stop(struct live_sweep *sweep, uint64_t now_ns)
{
	int err = 0;

	for (int which = SKUA_TABLE_OUT; !err && which <= SKUA_TABLE_IN; which++) {
		struct live_table *table = &sweep->tables[which];

		table->begun = false;
		begin_pass(sweep, table, table->inserted, now_ns);
		err = sweep_table(sweep, which, say_stop, UINT32_MAX);
	}
	return err;
}

int live_sweep_init(struct live_sweep *sweep, const struct engine_options *options, const int *fds,
		    const struct sweep *say, uint64_t now_ns)
{
	static const struct live_table shapes[SKUA_TABLES] = {
		[SKUA_TABLE_OUT] = { .key_size = sizeof(struct skua_flow_key),
				     .value_size = sizeof(struct skua_flow) },
		[SKUA_TABLE_IN] = { .key_size = sizeof(struct skua_flow_key),
				    .value_size = sizeof(struct skua_flow) },
		[SKUA_TABLE_PENDING] = { .key_size = sizeof(struct skua_contact_key),
					 .value_size = sizeof(struct skua_pending) },
		[SKUA_TABLE_SOURCES] = { .key_size = sizeof(struct skua_source_key),
					 .value_size = sizeof(struct skua_source) },
	};
	const uint32_t capacities[SKUA_TABLES] = { options->flows, options->flows, options->pending,
						   options->sources };

	*sweep = (struct live_sweep){ .config = options->config, .say = *say };
	sweep->keys = malloc(SLICE * KEY_SIZE_MAX);
	sweep->values = malloc(SLICE * VALUE_SIZE_MAX);
	for (int i = 0; i < SKUA_TABLES; i++) {
		sweep->tables[i] = shapes[i];
		sweep->tables[i].fd = fds[i];
		sweep->tables[i].capacity = capacities[i];
		sweep->tables[i].now_ns = now_ns;
	}
	return sweep->keys && sweep->values ? 0 : -ENOMEM;
}

void live_sweep_fini(struct live_sweep *sweep)
{
	free(sweep->keys);
	free(sweep->values);
	sweep->keys = sweep->values = NULL;
}
