// SPDX-License-Identifier: BSD-2-Clause
/* Hosts that watch videos and play games: for a while, many exchanges at an even pace. */
#include <errno.h>
#include <stdio.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define BUFFERED 4 /* segments fetched at once before playing begins */
#define EDGES 3    /* servers of one video service */

/* How long this one lasts: half to one and a half times the line's. */
static uint64_t draw_life(struct habit *habit)
{
	uint64_t life_ns = habit->actor->spec.life_ns;

	return draw_between(&habit->draw, life_ns / 2, life_ns + life_ns / 2);
}

/* left counts the segments still to come; the owner is the habit. */
static enum next play(struct sim *sim, struct session *session, struct exchange *exchange)
{
	const struct habit *habit = session->owner;
	const struct spec *spec = &habit->actor->spec;
	bool buffering = session->left >> 32;

	if (!(uint32_t)session->left)
		return NEXT_CLOSE;
	session->left--;
	if (buffering)
		session->left -= 1ull << 32;
	else
		exchange->at_ns = sim->now_ns + spec->pace_ns -
				  draw_below(&session->draw, spec->pace_ns / 8 + 1);
	exchange->request = draw_spread(&session->draw, spec->size);
	exchange->reply = draw_spread(&session->draw, spec->reply);
	return NEXT_TURN;
}

static void watch(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	char name[SPEC_TEXT + 12];
	struct address server;
	struct session *session;

	snprintf(name, sizeof(name), "edge%u.%s", (unsigned)draw_below(&habit->draw, EDGES),
		 actor->spec.name);
	server = name_address(name, address_is_ipv4(&habit->host));
	session = session_new(sim, actor, &habit->draw, &habit->host, &server, 443);
	if (!session)
		return;
	habit->truth->count++;
	snprintf(session->name, sizeof(session->name), "%.*s", SPEC_TEXT - 1, name);
	session->exchange = play;
	session->owner = habit;
	session->left = (uint64_t)BUFFERED << 32 | (draw_life(habit) / actor->spec.pace_ns + 1);
	session_start(sim, session,
		      dns_lookup(sim, actor, &habit->draw, &habit->host, name, &server));
}

int video_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, watch) : -ENOMEM;
}

/* One game: both sides send at the pace, neither waits for the other. */
struct match {
	struct task task;
	struct habit *habit;
	struct packet out, in;
	struct draw draw;
	uint64_t end_ns, way_ns;
};

static void send_state(struct sim *sim, struct task *task)
{
	struct match *match = (struct match *)task;
	const struct spec *spec = &match->habit->actor->spec;

	if (sim->now_ns >= match->end_ns) {
		sim_end(sim, task);
		return;
	}
	match->out.length = draw_spread(&match->draw, spec->size);
	match->in.length = draw_spread(&match->draw, spec->reply);
	sim_send(sim, &spec->route, &match->out);
	sim_send_at(sim, sim->now_ns + match->way_ns + draw_below(&match->draw, 2000000),
		    &spec->route, &match->in);
	sim_wake(sim, task,
		 sim->now_ns + spec->pace_ns - 500000 + draw_below(&match->draw, 1000000));
}

static void play_match(struct sim *sim, struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;
	struct match *match = sim_new(sim, sizeof(*match), send_state);
	struct address server = spec->to.used
					? habit_target(habit)
					: name_address(spec->name, address_is_ipv4(&habit->host));

	if (!match)
		return;
	habit->truth->count++;
	match->habit = habit;
	match->draw = draw_from(draw_next(&habit->draw), 0);
	match->out =
		(struct packet){ .source = habit->host,
				 .target = server,
				 .source_port = sim_port(sim),
				 .target_port = spec->port ? spec->port : ports_at(&spec->ports, 0),
				 .protocol = IPPROTO_UDP,
				 .payload = sim->text };
	match->in = match->out;
	match->in.source = match->out.target;
	match->in.target = match->out.source;
	match->in.source_port = match->out.target_port;
	match->in.target_port = match->out.source_port;
	match->way_ns = sim_round_trip(sim, &server);
	match->end_ns = sim->now_ns + draw_life(habit);
	sim_wake(sim, &match->task,
		 dns_lookup(sim, habit->actor, &habit->draw, &habit->host, spec->name, &server));
}

int game_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "udp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, play_match) : -ENOMEM;
}
