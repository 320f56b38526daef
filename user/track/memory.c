// SPDX-License-Identifier: BSD-2-Clause
/* Who has talked to whom before, and what our hosts usually send. */
#include <string.h>
#include "skua/hash.h"
#include "track/memory.h"

static uint64_t relation_worth(const void *value)
{
	return ((const struct memory_relation *)value)->last_ns;
}

static uint64_t baseline_worth(const void *value)
{
	return ((const struct baseline *)value)->last_ns;
}

/* What was last seen then could be met again as if it were new. */
static void relation_evicted(void *arg, const void *key, void *value)
{
	const struct memory_relation *relation = value;
	struct memory *memory = arg;

	(void)key;
	if (relation->last_ns > memory->since_ns)
		memory->since_ns = relation->last_ns;
}

int memory_init(struct memory *memory, const struct memory_options *options)
{
	const struct table_options relations = { .key_size = sizeof(uint64_t),
						 .value_size = sizeof(struct memory_relation),
						 .capacity = options->relations,
						 .worth = relation_worth,
						 .evicted = relation_evicted,
						 .arg = memory };
	struct table_options baselines = { .key_size = sizeof(struct memory_route),
					   .value_size = sizeof(struct baseline),
					   .capacity = options->sources,
					   .worth = baseline_worth };
	int err;

	memset(memory, 0, sizeof(*memory));
	memory->options = *options;
	err = table_init(&memory->relations, &relations);
	if (!err)
		err = table_init(&memory->sources, &baselines);
	baselines.capacity = options->routes;
	if (!err)
		err = table_init(&memory->routes, &baselines);
	if (err)
		memory_fini(memory);
	return err;
}

void memory_fini(struct memory *memory)
{
	table_fini(&memory->relations);
	table_fini(&memory->sources);
	table_fini(&memory->routes);
}

/* By seed, so that whoever chooses names cannot choose which of them are taken for known. */
static uint64_t relation_key(const struct memory *memory, const struct address *client,
			     const struct address *server, uint64_t name)
{
	uint64_t key = skua_mix(memory->options.seed, server ? 1 : 2);

	key = skua_mix(skua_mix(key, client->words[0]), client->words[1]);
	if (server)
		return skua_mix(skua_mix(key, server->words[0]), server->words[1]);
	return skua_mix(skua_mix(key, name), 0);
}

static void reach(struct memory *memory, uint64_t now_ns)
{
	if (!memory->since_ns)
		memory->since_ns = now_ns;
	if (now_ns > memory->now_ns)
		memory->now_ns = now_ns;
}

void memory_meet(struct memory *memory, const struct address *client, const struct address *server,
		 uint64_t name, uint64_t now_ns)
{
	uint64_t key = relation_key(memory, client, server, name);
	struct memory_relation *relation = table_find(&memory->relations, &key);

	reach(memory, now_ns);
	if (!relation) {
		relation = table_insert(&memory->relations, &key);
		relation->first_ns = now_ns;
	}
	if (now_ns > relation->last_ns)
		relation->last_ns = now_ns;
}

uint64_t memory_first_seen(const struct memory *memory, const struct address *client,
			   const struct address *server, uint64_t name)
{
	uint64_t key = relation_key(memory, client, server, name);
	const struct memory_relation *relation = table_find(&memory->relations, &key);

	if (!relation || relation->first_ns < memory->since_ns + MEMORY_DAY_NS)
		return 0;
	return relation->first_ns;
}

static struct memory_route route_of(const struct address *source, const struct address *destination)
{
	struct memory_route route = { .source = *source };

	if (destination)
		route.destination = *destination;
	return route;
}

void memory_upload(struct memory *memory, const struct address *source,
		   const struct address *destination, uint64_t out, uint64_t in, uint64_t now_ns)
{
	struct memory_route all = route_of(source, NULL), one = route_of(source, destination);

	reach(memory, now_ns);
	baseline_add(table_get(&memory->sources, &all, NULL), out, in, now_ns);
	baseline_add(table_get(&memory->routes, &one, NULL), out, in, now_ns);
}

const struct baseline *memory_baseline(const struct memory *memory, const struct address *source,
				       const struct address *destination)
{
	struct memory_route route = route_of(source, destination);

	return table_find(destination ? &memory->routes : &memory->sources, &route);
}

uint64_t memory_evicted(const struct memory *memory)
{
	return memory->relations.evictions + memory->sources.evictions + memory->routes.evictions;
}
