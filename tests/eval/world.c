// SPDX-License-Identifier: BSD-2-Clause
/* Runs a world: merges events by time and gives them to the pipeline. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pipeline/pipeline_state.h"
#include "skua/hash.h"
#include "watcher.h"

#define EPOCH_NS (1767657600ull * SKUA_SECOND_NS) /* where there is no mix */
#define END_NS (60 * SKUA_SECOND_NS)              /* a replay's clock goes on for so long */
#define IDLE_TICKS 90                             /* then it jumps */

static uint64_t due_of(const struct world *world, unsigned place)
{
	return actor_due(&world->actors[world->heap[place]], &world->line);
}

static bool earlier(const struct world *world, unsigned a, unsigned b)
{
	uint64_t x = due_of(world, a), y = due_of(world, b);

	return x != y ? x < y : world->heap[a] < world->heap[b];
}

static void sift(struct world *world, unsigned place)
{
	for (;;) {
		unsigned least = place, kept = world->heap[place];

		for (unsigned child = 2 * place + 1; child <= 2 * place + 2; child++)
			if (child < world->waiting && earlier(world, child, least))
				least = child;
		if (least == place)
			return;
		world->heap[place] = world->heap[least];
		world->heap[least] = kept;
		place = least;
	}
}

/* As a replay has it: each second, but after a silence only the one that matters. */
static void tick_to(struct world *world, uint64_t time_ns)
{
	uint64_t now_s = time_ns / SKUA_SECOND_NS;

	if (now_s > world->ticked_s + IDLE_TICKS) {
		for (unsigned i = 1; i <= IDLE_TICKS; i++)
			pipeline_tick(world->pipeline, (world->ticked_s + i) * SKUA_SECOND_NS);
		world->ticked_s = now_s - 1;
	}
	while (world->ticked_s < now_s)
		pipeline_tick(world->pipeline, ++world->ticked_s * SKUA_SECOND_NS);
}

static void say_queued(struct world *world, struct actor *actor)
{
	const struct queued *queued = &actor->queue[actor->taken++];
	struct fact fact;

	tick_to(world, queued->time_ns);
	if (queued->saying == SAYING_EVENT) {
		watcher_before(world, actor, &queued->event);
		if (world->options->told)
			world->options->told(world->options->told_arg, &queued->event);
		pipeline_event(world->pipeline, &queued->event, NULL);
		watcher_after(world, actor, &queued->event);
	} else {
		actor_fact(actor, queued, &fact);
		pipeline_fact(world->pipeline, &fact);
	}
}

static void say_mix(struct world *world)
{
	const struct mix *mix = world->options->mix;
	const struct mix_record *record = &mix->records[world->mix_at++];

	tick_to(world, record->time_ns);
	if (record->fact)
		pipeline_fact(world->pipeline, mix_bytes(mix, record));
	else
		pipeline_event(world->pipeline, mix_bytes(mix, record), NULL);
}

static uint64_t mix_due(const struct world *world)
{
	const struct mix *mix = world->options->mix;

	return mix && world->mix_at < mix->count ? mix->records[world->mix_at].time_ns : UINT64_MAX;
}

static void run(struct world *world)
{
	for (;;) {
		uint64_t mix_ns = mix_due(world);
		uint64_t actor_ns = world->waiting ? due_of(world, 0) : UINT64_MAX;
		struct actor *actor;

		if (mix_ns >= world->to_ns && actor_ns >= world->to_ns)
			return;
		if (mix_ns <= actor_ns) {
			say_mix(world);
			continue;
		}
		actor = &world->actors[world->heap[0]];
		world->speaking = actor;
		if (actor->taken < actor->queued)
			say_queued(world, actor);
		else
			actor_act(actor, &world->line);
		if (due_of(world, 0) == UINT64_MAX)
			world->heap[0] = world->heap[--world->waiting];
		sift(world, 0);
	}
}

static void finish(struct world *world)
{
	uint64_t now_ns = world->to_ns + END_NS;

	tick_to(world, world->to_ns);
	pipeline_ending(world->pipeline);
	tick_to(world, now_ns);
	for (unsigned i = 0; i < world->options->count; i++) {
		struct actor *actor = &world->actors[i];

		world->speaking = actor;
		while (actor->taken < actor->queued)
			say_queued(world, actor);
		actor_stop(actor, &world->line, now_ns);
		while (actor->taken < actor->queued)
			say_queued(world, actor);
	}
	pipeline_finish(world->pipeline);
	for (unsigned i = 0; i < world->options->count; i++)
		watcher_end(world, &world->actors[i]);
}

/* 45.0.0.0/8 by number, each in a network of its own; the number is read back from findings. */
static void place(struct world *world, unsigned number)
{
	const struct world_options *options = world->options;
	struct talker *talker = &world->actors[number].talker;
	char text[ADDRESS_TEXT];

	talker->origin = SKUA_OURS;
	if (options->who) {
		talker->client = options->who->client;
		talker->server = options->who->server;
		talker->server_port = options->who->server_port;
		strcpy(world->actors[number].name, options->name);
		return;
	}
	snprintf(text, sizeof(text), "45.%u.%u.10", number >> 8, number & 0xff);
	address_parse(&talker->server, text);
	talker->server_port = 443;
	if (options->mix) {
		talker->client = options->mix->clients[number % options->mix->client_count];
	} else {
		snprintf(text, sizeof(text), "10.77.%u.%u", number >> 8, number & 0xff);
		address_parse(&talker->client, text);
	}
	snprintf(world->actors[number].name, sizeof(world->actors[number].name),
		 "www.c2-%u.example", number);
}

static int open_actors(struct world *world)
{
	const struct world_options *options = world->options;

	world->actors = calloc(options->count + 1, sizeof(*world->actors));
	world->heap = calloc(options->count + 1, sizeof(*world->heap));
	if (!world->actors || !world->heap)
		return -ENOMEM;
	for (unsigned i = 0; i < options->count; i++) {
		const struct plan *plan = &options->plans[i];
		uint64_t unit_ns = plan->law < LAW_BEACONS ? SKUA_SECOND_NS : SKUA_MS_NS;
		struct draw draw = draw_from(plan->seed, 1);
		uint64_t start_ns = world->from_ns + SKUA_SECOND_NS;

		uint64_t within_ns = plan->interval_s * unit_ns;

		if (within_ns > options->duration_ns / 4)
			within_ns = options->duration_ns / 4;
		if (options->script)
			start_ns = options->script->start_ns;
		else
			start_ns += draw_below(&draw, within_ns);
		actor_init(&world->actors[i], plan, &options->outcomes[i], start_ns, world->to_ns);
		world->actors[i].script = options->script;
		place(world, i);
		world->heap[world->waiting++] = i;
	}
	for (unsigned i = world->waiting / 2; i-- > 0;)
		sift(world, i);
	return 0;
}

static int open_pipeline(struct world *world)
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;

	options.min_score = 0;
	options.every_update = true;
	options.sinks[0] = &world->sink;
	options.without_rules = world->options->without_rules;
	options.without_rule_count = world->options->without_rule_count;
	return pipeline_open(&world->pipeline, &options);
}

int world_run(struct world **out, const struct world_options *options)
{
	struct world *world = calloc(1, sizeof(*world));
	int err;

	if (!world)
		return -ENOMEM;
	world->options = options;
	world->from_ns = options->mix      ? options->mix->first_ns
			 : options->script ? options->script->start_ns - SKUA_SECOND_NS
					   : EPOCH_NS;
	world->to_ns = world->from_ns + options->duration_ns;
	world->ticked_s = world->from_ns / SKUA_SECOND_NS;
	line_init(&world->line, actor_queue, &world->speaking);
	watcher_init(&world->sink);
	err = open_pipeline(world);
	if (!err)
		err = open_actors(world);
	if (err) {
		world_close(world);
		return err;
	}
	run(world);
	finish(world);
	*out = world;
	return 0;
}

void world_close(struct world *world)
{
	if (!world)
		return;
	for (unsigned i = 0; world->actors && i < world->options->count; i++)
		connections_fini(&world->actors[i].connections);
	pipeline_close(world->pipeline);
	free(world->actors);
	free(world->heap);
	free(world);
}
