// SPDX-License-Identifier: BSD-2-Clause
/* Plays a plan as packets. */
#include <assert.h>
#include <string.h>
#include "actor.h"

#define SECOND_NS SKUA_SECOND_NS
#define MS_NS SKUA_MS_NS
#define CLIENT_REPLY_NS 60000
#define FIRST_PORT 32768
#define HELLO_BYTES 230
#define FINISHED_BYTES 80
#define REQUEST 600
#define REPLY 1000
#define ORDER_PPM 20000 /* of the exchanges bring an order */

void actor_init(struct actor *actor, const struct plan *plan, struct outcome *outcome,
		uint64_t start_ns, uint64_t stop_ns)
{
	actor->plan = plan;
	actor->outcome = outcome;
	actor->draw = draw_from(plan->seed, 0);
	actor->next_ns = start_ns;
	actor->stop_ns = stop_ns;
	actor->trip_ns = draw_between(&actor->draw, 5 * MS_NS, 60 * MS_NS);
	actor->talker.proto = SKUA_TCP;
	actor->talker.client_port = FIRST_PORT + draw_below(&actor->draw, 20000);
}

void actor_queue(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct actor *actor = *(struct actor **)arg;
	struct queued *queued = &actor->queue[actor->queued++];

	(void)bytes;
	(void)now_ns;
	assert(actor->queued <= ACTOR_QUEUE);
	queued->time_ns = event->time_ns;
	queued->saying = SAYING_EVENT;
	memcpy(&queued->event, event, skua_event_size(event->kind));
}

static void say_fact(struct actor *actor, enum saying saying, uint64_t now_ns)
{
	struct queued *queued = &actor->queue[actor->queued++];

	assert(actor->queued <= ACTOR_QUEUE);
	queued->time_ns = now_ns;
	queued->saying = saying;
}

void actor_fact(const struct actor *actor, const struct queued *queued, struct fact *out)
{
	const struct talker *talker = &actor->talker;

	memset(out, 0, sizeof(*out));
	out->time_ns = queued->time_ns;
	if (queued->saying == SAYING_NAME) {
		out->kind = FACT_NAME;
		out->name.client = talker->client;
		strcpy(out->name.name, actor->name);
		out->name.address_count = 1;
		out->name.addresses[0] = talker->server;
		return;
	}
	out->kind = FACT_HELLO;
	out->hello.key = talker->key;
	out->hello.client = skua_flow_client(&talker->flow);
	out->hello.tls = true;
	strcpy(out->hello.name, actor->name);
	strcpy(out->hello.ja4, "t13d190900_9dc949149365_97f8aa674fd9");
}

uint64_t actor_due(const struct actor *actor, const struct line *line)
{
	uint64_t due_ns;

	if (actor->taken < actor->queued)
		return actor->queue[actor->taken].time_ns;
	due_ns = line_due(line, &actor->talker);
	return due_ns < actor->next_ns ? due_ns : actor->next_ns;
}

static uint32_t draw_bytes_of(struct actor *actor, uint32_t usual)
{
	usual = actor->plan->small ? usual / 4 : usual;
	switch ((enum sizes)actor->plan->sizes) {
	case SIZES_PADDED:
		return draw_between(&actor->draw, usual / 2, usual * 3 / 2);
	case SIZES_RANDOM:
		return draw_size(&actor->draw, usual / 4, usual * 64);
	default:
		return usual;
	}
}

static void draw_sizes(struct actor *actor, uint32_t *out, uint32_t *in)
{
	if (actor->script) {
		*out = actor->script[actor->begun].out;
		*in = actor->script[actor->begun].in;
		return;
	}
	*out = draw_bytes_of(actor, REQUEST) + actor->ordered;
	*in = draw_bytes_of(actor, REPLY);
	actor->ordered = 0;
	if (actor->plan->tasked && draw_chance(&actor->draw, ORDER_PPM)) {
		*in += draw_size(&actor->draw, 4096, 131072);
		actor->ordered = draw_size(&actor->draw, 8192, 131072);
	}
}

/* Returns when it is over, as do the others. */
static uint64_t connect_to(struct actor *actor, struct line *line, uint64_t at_ns)
{
	struct talker *talker = &actor->talker;

	talker->has_flow = false;
	talker->client_port = talker->client_port < 65000 ? talker->client_port + 1 : FIRST_PORT;
	talker->seq[0] = draw_next(&actor->draw);
	talker->seq[1] = draw_next(&actor->draw);
	line_packet(line, talker, true, SKUA_SYN, 0, at_ns);
	at_ns += actor->trip_ns;
	line_packet(line, talker, false, SKUA_SYN | SKUA_ACK, 0, at_ns);
	at_ns += CLIENT_REPLY_NS;
	line_packet(line, talker, true, SKUA_ACK, 0, at_ns);
	return at_ns;
}

static uint64_t shake_hands(struct actor *actor, struct line *line, uint64_t at_ns)
{
	struct talker *talker = &actor->talker;

	line_packet(line, talker, true, SKUA_ACK | SKUA_PSH, HELLO_BYTES, at_ns);
	say_fact(actor, SAYING_HELLO, at_ns);
	at_ns += actor->trip_ns;
	line_packet(line, talker, false, SKUA_ACK | SKUA_PSH,
		    draw_between(&actor->draw, 2300, 4000), at_ns);
	at_ns += CLIENT_REPLY_NS;
	line_packet(line, talker, true, SKUA_ACK | SKUA_PSH, FINISHED_BYTES, at_ns);
	return at_ns;
}

static uint64_t hang_up(struct actor *actor, struct line *line, uint64_t at_ns)
{
	struct talker *talker = &actor->talker;

	line_packet(line, talker, true, SKUA_FIN | SKUA_ACK, 0, at_ns);
	at_ns += actor->trip_ns;
	line_packet(line, talker, false, SKUA_FIN | SKUA_ACK, 0, at_ns);
	at_ns += CLIENT_REPLY_NS;
	line_packet(line, talker, true, SKUA_ACK, 0, at_ns);
	return at_ns;
}

static uint64_t call(struct actor *actor, struct line *line, uint64_t at_ns)
{
	bool reconnect = !actor->plan->keepalive || !actor->talker.has_flow;
	struct talker *talker = &actor->talker;
	uint32_t out, in;

	draw_sizes(actor, &out, &in);
	if (reconnect) {
		at_ns = connect_to(actor, line, at_ns);
		if (actor->plan->named && actor->script) /* its sizes hold the handshake */
			say_fact(actor, SAYING_HELLO, at_ns);
		else if (actor->plan->named)
			at_ns = shake_hands(actor, line, at_ns);
	}
	if (out)
		line_packet(line, talker, true, SKUA_ACK | SKUA_PSH, out, at_ns);
	at_ns += actor->trip_ns;
	if (in)
		line_packet(line, talker, false, SKUA_ACK | SKUA_PSH, in, at_ns);
	at_ns += CLIENT_REPLY_NS;
	line_packet(line, talker, true, SKUA_ACK, 0, at_ns);
	return actor->plan->keepalive ? at_ns : hang_up(actor, line, at_ns);
}

/* Refused, by a server that is gone. */
static uint64_t call_in_vain(struct actor *actor, struct line *line, uint64_t at_ns)
{
	struct talker *talker = &actor->talker;

	talker->has_flow = false;
	talker->client_port = talker->client_port < 65000 ? talker->client_port + 1 : FIRST_PORT;
	talker->seq[0] = draw_next(&actor->draw);
	talker->seq[1] = 0;
	line_packet(line, talker, true, SKUA_SYN, 0, at_ns);
	at_ns += actor->trip_ns;
	line_packet(line, talker, false, SKUA_RST | SKUA_ACK, 0, at_ns);
	return at_ns;
}

static uint64_t draw_gap(struct actor *actor)
{
	const struct plan *plan = actor->plan;
	uint64_t unit_ns = plan->law < LAW_BEACONS ? SECOND_NS : MS_NS, gap_ns = 0;

	do
		gap_ns += law_gap(plan->law, plan->interval_s * unit_ns, plan->shape, &actor->draw);
	while (draw_chance(&actor->draw, plan->loss * 10000));
	return gap_ns;
}

static void schedule(struct actor *actor, uint64_t began_ns, uint64_t over_ns)
{
	uint64_t next_ns;

	actor->begun++;
	if (actor->plan->count && actor->begun >= actor->plan->count) {
		actor->next_ns = UINT64_MAX;
		return;
	}
	next_ns = actor->script ? actor->script[actor->begun].start_ns : began_ns + draw_gap(actor);
	if (next_ns <= over_ns)
		next_ns = over_ns + MS_NS;
	actor->next_ns = next_ns < actor->stop_ns ? next_ns : UINT64_MAX;
}

void actor_act(struct actor *actor, struct line *line)
{
	uint64_t at_ns = actor->next_ns, due_ns = line_due(line, &actor->talker), over_ns;

	actor->queued = actor->taken = 0;
	if (due_ns < at_ns) {
		line_sweep(line, &actor->talker, due_ns);
		return;
	}
	if (actor->plan->named && !actor->named && !actor->script) {
		say_fact(actor, SAYING_NAME, at_ns);
		actor->named = true;
	}
	over_ns = actor->plan->dead ? call_in_vain(actor, line, at_ns) : call(actor, line, at_ns);
	schedule(actor, at_ns, over_ns);
}

void actor_stop(struct actor *actor, struct line *line, uint64_t now_ns)
{
	actor->queued = actor->taken = 0;
	line_stop(line, &actor->talker, now_ns);
}
