// SPDX-License-Identifier: BSD-2-Clause
/* Notes what the pipeline says of whom, and when. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "pipeline/pipeline_state.h"
#include "track/names.h"
#include "skua/hash.h"
#include "watcher.h"

#define FOUND 0.5

const unsigned marks[MARKS] = { 12, 20, 30, 60, 100 };

static struct world *world_of(struct sink *sink)
{
	return (struct world *)((char *)sink - offsetof(struct world, sink));
}

/* The actor of a finding: its number is in the server's address and in the name.  NULL: none. */
static struct actor *actor_of(struct world *world, const struct finding *finding)
{
	unsigned number = UINT32_MAX;
	struct actor *actor;

	if (finding->kind != FINDING_BEACON)
		return NULL;
	if (world->options->who)
		number = 0;
	else if (finding->has_dst && finding->dst.bytes[12] == 45 && finding->dst.bytes[15] == 10)
		number = finding->dst.bytes[13] << 8 | finding->dst.bytes[14];
	else if (!finding->has_dst && !strncmp(finding->entity, "www.c2-", 7))
		number = strtoul(finding->entity + 7, NULL, 10);
	if (number >= world->options->count)
		return NULL;
	actor = &world->actors[number];
	return address_equal(&actor->talker.client, &finding->src) ? actor : NULL;
}

/* Not its id, which is another one on the next day. */
static uint64_t entities_of(const struct finding *finding)
{
	uint64_t id = skua_hash(finding->entity, strlen(finding->entity), finding->kind);

	id = skua_mix(id, finding->src.words[0] ^ finding->src.words[1]);
	if (finding->has_dst)
		id = skua_mix(id, finding->dst.words[0] ^ finding->dst.words[1]);
	return skua_mix(id, (uint64_t)finding->dport << 8 | finding->proto);
}

static void note_alarm(struct world *world, const struct finding *finding)
{
	uint64_t id = entities_of(finding);
	struct alarm *alarm = world->alarms, *end = alarm + world->alarm_count;

	while (alarm < end && alarm->id != id)
		alarm++;
	if (alarm == end) {
		if (world->alarm_count == WORLD_ALARMS) {
			world->alarms_lost++;
			return;
		}
		world->alarm_count++;
		*alarm = (struct alarm){ .id = id, .kind = finding->kind };
	}
	if (finding->score > alarm->best)
		alarm->best = finding->score;
}

static void note_score(struct actor *actor, const struct finding *finding)
{
	const float scores[2] = { finding->score_raw, finding->score };
	struct outcome *outcome = actor->outcome;

	for (int i = 0; i < 2; i++) {
		if (scores[i] > actor->now[i])
			actor->now[i] = scores[i];
		if (scores[i] > outcome->best[i])
			outcome->best[i] = scores[i];
		if (scores[i] < FOUND || outcome->found_at[i])
			continue;
		outcome->found_at[i] = outcome->exchanges;
		outcome->found_s[i] = (finding->last_ns - actor->first_ns) / 1e9;
	}
}

static int watch(struct sink *sink, const struct record *record)
{
	struct world *world = world_of(sink);
	struct actor *actor;

	if (record->kind != RECORD_FINDING || record->finding->state == FINDING_CLOSED)
		return 0;
	actor = actor_of(world, record->finding);
	if (actor)
		note_score(actor, record->finding);
	else
		note_alarm(world, record->finding);
	return 0;
}

void watcher_init(struct sink *sink)
{
	*sink = (struct sink){ .name = "watcher", .write = watch };
}

double watcher_judge(const struct world *world, const struct pair_key *key, double threshold,
		     uint64_t now_ns)
{
	const struct pair *pair = pairs_find(&world->pipeline->pairs, key);
	struct detect_limits limits = world->pipeline->options.limits;
	struct subject subject = { .kind = SUBJECT_PAIR, .now_ns = now_ns, .ifindex = 1 };
	struct finding finding = { 0 };

	if (!pair)
		return 0;
	subject.pair = pair;
	limits.beacon.threshold = threshold;
	return beacon_detector.judge(&subject, &limits, &finding) ? finding.score_raw : 0;
}

static double judge_actor(const struct world *world, const struct actor *actor, double threshold)
{
	const struct talker *talker = &actor->talker;
	const struct talk talk = { .client = talker->client,
				   .server = talker->server,
				   .server_port = talker->server_port,
				   .proto = talker->proto };
	struct pair_key key = pair_key_server(&talk);
	double score = watcher_judge(world, &key, threshold, actor->last_ns), named;

	if (!actor->plan->named)
		return score;
	key = pair_key_name(&talker->client, name_hash(actor->name), PAIR_NAME);
	named = watcher_judge(world, &key, threshold, actor->last_ns);
	return named > score ? named : score;
}

static void note_mark(struct world *world, struct actor *actor)
{
	const struct beacon_limits *limits = &world->pipeline->options.limits.beacon;
	struct outcome *outcome = actor->outcome;
	uint64_t span_ns = actor->last_ns - actor->first_ns;

	for (unsigned i = 0; i < MARKS; i++) {
		struct mark *mark = &outcome->marks[i];

		if (marks[i] != outcome->exchanges || mark->reached)
			continue;
		mark->reached = true;
		mark->too_short = span_ns < (marks[i] >= limits->many ? limits->min_span_many_ns
								      : limits->min_span_ns);
		mark->raw = judge_actor(world, actor, FOUND);
		mark->context = mark->raw >= FOUND ? actor->now[1] : 0;
	}
}

static bool is_opening(const struct actor *actor, const struct skua_event *event)
{
	const struct skua_exchange_event *exchange = (const struct skua_exchange_event *)event;

	return event->kind == SKUA_EVENT_EXCHANGE &&
	       (!actor->outcome->exchanges || exchange->start_ns >= actor->last_ns + PAIR_MERGE_NS);
}

/* The name of a connection is told after it opened: all that counts for the exchange before. */
void watcher_before(struct world *world, struct actor *actor, const struct skua_event *event)
{
	uint32_t next = actor->outcome->exchanges + 1;

	if (!is_opening(actor, event))
		return;
	note_mark(world, actor);
	if (!actor->first_ns)
		actor->first_ns = ((const struct skua_exchange_event *)event)->start_ns;
	actor->last_ns = ((const struct skua_exchange_event *)event)->start_ns;
	actor->outcome->exchanges = next;
	if (next <= PAIR_JUDGED_EACH || next - actor->judged >= actor->judged / 16) {
		actor->judged = next;
		actor->now[0] = actor->now[1] = 0;
	}
}

void watcher_after(struct world *world, struct actor *actor, const struct skua_event *event)
{
	const struct skua_exchange_event *exchange = (const struct skua_exchange_event *)event;
	const struct skua_flow_event *flow = (const struct skua_flow_event *)event;

	(void)world;
	if (event->kind == SKUA_EVENT_EXCHANGE && exchange->previous.start_ns)
		simple_rule_burst(&actor->simple, exchange->previous.start_ns,
				  exchange->previous.packets[0] + exchange->previous.packets[1]);
	if (event->kind != SKUA_EVENT_FLOW || flow->reason == SKUA_FLOW_REPORT)
		return;
	simple_rule_burst(&actor->simple, flow->flow.exchange_ns,
			  flow->flow.way[0].packets - flow->flow.opened_packets[0] +
				  flow->flow.way[1].packets - flow->flow.opened_packets[1]);
	connections_add(&actor->connections, flow->flow.first_ns,
			flow->flow.way[skua_flow_client(&flow->flow)].bytes);
}

void watcher_end(struct world *world, struct actor *actor)
{
	struct outcome *outcome = actor->outcome;

	note_mark(world, actor);
	outcome->end_raw = judge_actor(world, actor, 0);
	outcome->rita = connections_rita(&actor->connections, world->from_ns, world->to_ns);
	outcome->simple = simple_rule_fires(&actor->simple);
}
