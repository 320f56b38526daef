// SPDX-License-Identifier: BSD-2-Clause
/* Plays what a journal holds once more, as actors do, and compares. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "track/names.h"
#include "watcher.h"
#include "mirror.h"

#define PAIRS_MAX 64
#define EXCHANGES_MAX 20000
#define FEWEST 7

/* A client and a server, and what it did there. */
struct pair_of {
	struct talker who;
	struct script *script;
	struct skua_exchange_event *events;
	unsigned count, syns;
	unsigned contacts[SKUA_OUTCOMES]; /* less those that the actor said */
	unsigned ends;                    /* of conversations, likewise */
	bool answers;
	char name[32];   /* that it told; empty: none */
	unsigned differ; /* of the events that the actor said */
	unsigned said;
};

struct mirror {
	struct mix *mix;
	struct pair_of pairs[PAIRS_MAX];
	unsigned count;
};

static struct pair_of *find(struct mirror *mirror, const struct skua_event *event, unsigned client)
{
	struct talk talk = talk_of(&event->key, client);
	struct pair_of *pair = mirror->pairs, *end = pair + mirror->count;

	if (talk.proto != SKUA_TCP)
		return NULL;
	while (pair < end && (!address_equal(&pair->who.client, &talk.client) ||
			      !address_equal(&pair->who.server, &talk.server) ||
			      pair->who.server_port != talk.server_port))
		pair++;
	if (pair < end)
		return pair;
	if (mirror->count == PAIRS_MAX)
		return NULL;
	mirror->count++;
	pair->who.client = talk.client;
	pair->who.server = talk.server;
	pair->who.server_port = talk.server_port;
	pair->script = calloc(EXCHANGES_MAX, sizeof(*pair->script));
	pair->events = calloc(EXCHANGES_MAX, sizeof(*pair->events));
	return pair;
}

/* Totals come with the next exchange, or with the end. */
static void set_totals(struct pair_of *pair, uint64_t start_ns, uint64_t out, uint64_t in)
{
	for (unsigned i = pair->count; i-- > 0;)
		if (pair->script[i].start_ns == start_ns) {
			pair->answers |= in > 0;
			pair->script[i].out = out;
			pair->script[i].in = in;
			return;
		}
}

static int learn_exchange(struct mirror *mirror, const struct skua_exchange_event *event)
{
	struct pair_of *pair = find(mirror, &event->head, event->client);
	const struct skua_exchange *previous = &event->previous;

	if (!pair)
		return 0;
	if (!pair->script || !pair->events)
		return -ENOMEM;
	if (pair->count == EXCHANGES_MAX)
		return -E2BIG;
	if (previous->start_ns)
		set_totals(pair, previous->start_ns, previous->payload[event->client],
			   previous->payload[!event->client]);
	pair->syns += event->by_syn;
	pair->events[pair->count] = *event;
	pair->script[pair->count++].start_ns = event->start_ns;
	return 0;
}

static void learn_flow(struct mirror *mirror, const struct skua_flow_event *event)
{
	const struct skua_flow *flow = &event->flow;
	unsigned client = skua_flow_client(flow);
	struct pair_of *pair;

	if (event->reason == SKUA_FLOW_REPORT || !flow->exchange_ns)
		return;
	pair = find(mirror, &event->head, client);
	if (!pair || !pair->script)
		return;
	pair->ends++;
	set_totals(pair, flow->exchange_ns,
		   flow->way[client].payload - flow->opened_payload[client],
		   flow->way[!client].payload - flow->opened_payload[!client]);
}

static void learn_contact(struct mirror *mirror, const struct skua_contact_event *event)
{
	struct pair_of *pair = find(mirror, &event->head, event->source);

	if (pair)
		pair->contacts[event->outcome % SKUA_OUTCOMES]++;
}

static void learn_name(struct mirror *mirror, const struct fact *fact)
{
	struct skua_event head = { .key = fact->hello.key };
	struct pair_of *pair;

	if (fact->kind != FACT_HELLO)
		return;
	pair = find(mirror, &head, fact->hello.client);
	if (pair && strlen(fact->hello.name) < sizeof(pair->name))
		strcpy(pair->name, fact->hello.name);
}

static int learn(struct mirror *mirror)
{
	int err = 0;

	for (size_t i = 0; !err && i < mirror->mix->count; i++) {
		const struct skua_event *event = mix_bytes(mirror->mix, &mirror->mix->records[i]);

		if (mirror->mix->records[i].fact)
			learn_name(mirror, (const void *)event);
		else if (event->kind == SKUA_EVENT_EXCHANGE)
			err = learn_exchange(mirror, (const void *)event);
		else if (event->kind == SKUA_EVENT_FLOW)
			learn_flow(mirror, (const void *)event);
		else if (event->kind == SKUA_EVENT_CONTACT)
			learn_contact(mirror, (const void *)event);
	}
	return err;
}

/* Ports and numbers of packets are the actor's own; what is judged by is not. */
static bool same(const struct skua_exchange_event *a, const struct skua_exchange_event *b)
{
	unsigned x = a->client, y = b->client;

	return a->start_ns == b->start_ns && a->head.time_ns == b->head.time_ns &&
	       a->flow_ns == b->flow_ns && a->ours == b->ours && a->by_syn == b->by_syn &&
	       a->answered == b->answered && a->previous.start_ns == b->previous.start_ns &&
	       a->previous.payload[x] == b->previous.payload[y] &&
	       a->previous.payload[!x] == b->previous.payload[!y];
}

/* The last exchange of a conversation is told by its end. */
static void told_end(struct pair_of *pair, const struct skua_flow_event *event)
{
	const struct skua_flow *flow = &event->flow;
	unsigned client = skua_flow_client(flow), i = pair->count;

	if (event->reason == SKUA_FLOW_REPORT || !flow->exchange_ns)
		return;
	pair->ends--;
	while (i-- > 0 && pair->script[i].start_ns != flow->exchange_ns)
		;
	if (i >= pair->count ||
	    flow->way[client].payload - flow->opened_payload[client] != pair->script[i].out ||
	    flow->way[!client].payload - flow->opened_payload[!client] != pair->script[i].in)
		pair->differ++;
}

static void told(void *arg, const struct skua_event *event)
{
	struct pair_of *pair = arg;

	if (event->kind == SKUA_EVENT_FLOW)
		told_end(pair, (const struct skua_flow_event *)event);
	if (event->kind == SKUA_EVENT_CONTACT)
		pair->contacts[((const struct skua_contact_event *)event)->outcome %
			       SKUA_OUTCOMES]--;
	if (event->kind != SKUA_EVENT_EXCHANGE)
		return;
	if (pair->said >= pair->count ||
	    !same(&pair->events[pair->said], (const struct skua_exchange_event *)event))
		pair->differ++;
	pair->said++;
}

static int play(struct mirror *mirror, struct pair_of *pair, struct outcome *outcome)
{
	const struct plan plan = { .law = LAW_FIXED,
				   .interval_s = 1,
				   .count = pair->count,
				   .keepalive = pair->syns < pair->count,
				   .named = pair->name[0] != 0,
				   .dead = !pair->answers };
	const struct world_options options = { .plans = &plan,
					       .outcomes = outcome,
					       .count = 1,
					       .duration_ns =
						       mirror->mix->last_ns + SKUA_SECOND_NS -
						       pair->script->start_ns + SKUA_SECOND_NS,
					       .script = pair->script,
					       .who = &pair->who,
					       .name = pair->name,
					       .told = told,
					       .told_arg = pair };
	struct world *world;
	int err = world_run(&world, &options);

	if (err)
		return err;
	pair->differ += pair->ends != 0;
	pair->differ += pair->count > pair->said ? pair->count - pair->said : 0;
	for (unsigned i = 0; i < SKUA_OUTCOMES; i++)
		pair->differ += pair->contacts[i] != 0;
	world_close(world);
	return 0;
}

/* By server, or by the name it told: whichever scores more. */
static double score_of(const struct mirror *mirror, const struct world *world,
		       const struct pair_of *pair)
{
	const struct talk talk = { .client = pair->who.client,
				   .server = pair->who.server,
				   .server_port = pair->who.server_port,
				   .proto = SKUA_TCP };
	struct pair_key key = pair_key_server(&talk);
	double score = watcher_judge(world, &key, 0, mirror->mix->last_ns), named;

	if (!pair->name[0])
		return score;
	key = pair_key_name(&talk.client, name_hash(pair->name), PAIR_NAME);
	named = watcher_judge(world, &key, 0, mirror->mix->last_ns);
	return named > score ? named : score;
}

static int compare(struct mirror *mirror, const struct world *world, struct pair_of *pair,
		   FILE *stream)
{
	double score = score_of(mirror, world, pair);
	char client[ADDRESS_TEXT], server[ADDRESS_TEXT];
	struct outcome again = { 0 };
	int err;

	if (pair->count < FEWEST)
		return 0;
	err = play(mirror, pair, &again);
	if (!err)
		fprintf(stream, "%s %s %u %u %.6f %.6f %u %u\n",
			address_format(&pair->who.client, client),
			address_format(&pair->who.server, server), pair->who.server_port,
			pair->count, score, again.end_raw, pair->differ, again.found_at[0]);
	return err;
}

int mirror_journal(const char *directory, FILE *stream)
{
	struct mirror mirror = { 0 };
	struct world_options options = { 0 };
	struct world *world = NULL;
	int err = mix_open(&mirror.mix, directory);

	if (!err)
		err = learn(&mirror);
	if (!err) {
		options.mix = mirror.mix;
		options.duration_ns = mirror.mix->last_ns - mirror.mix->first_ns + 1;
		err = world_run(&world, &options);
	}
	for (unsigned i = 0; !err && i < mirror.count; i++)
		err = compare(&mirror, world, &mirror.pairs[i], stream);
	for (unsigned i = 0; i < mirror.count; i++) {
		free(mirror.pairs[i].script);
		free(mirror.pairs[i].events);
	}
	world_close(world);
	mix_close(mirror.mix);
	return err;
}
