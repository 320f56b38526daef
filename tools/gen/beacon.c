// SPDX-License-Identifier: BSD-2-Clause
/* An implant that calls home: a connection each time, or one it keeps. */
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "session.h"

static enum next exchange(struct sim *sim, struct session *session, struct exchange *exchange)
{
	struct habit *habit = session->owner;
	const struct spec *spec = &habit->actor->spec;

	(void)sim;
	if (!session->left)
		return spec->mode == MODE_KEEPALIVE ? NEXT_IDLE : NEXT_CLOSE;
	session->left--;
	exchange->request = draw_spread(&session->draw, spec->size);
	exchange->reply = draw_spread(&session->draw, spec->reply);
	return NEXT_TURN;
}

static void over(struct sim *sim, struct session *session, bool established)
{
	struct habit *habit = session->owner;

	(void)sim;
	(void)established;
	if (habit->talk == session)
		habit->talk = NULL;
}

static void send_datagrams(struct sim *sim, struct habit *habit, const struct address *server)
{
	const struct spec *spec = &habit->actor->spec;
	struct packet packet = {
		.source = habit->host,
		.target = *server,
		.source_port = sim_port(sim),
		.target_port = spec->port,
		.protocol = IPPROTO_UDP,
		.payload = sim->text,
		.length = draw_spread(&habit->draw, spec->size),
	};
	struct packet reply = packet;

	sim_send(sim, &spec->route, &packet);
	reply.source = packet.target;
	reply.target = packet.source;
	reply.source_port = packet.target_port;
	reply.target_port = packet.source_port;
	reply.length = draw_spread(&habit->draw, spec->reply);
	if (answer_draw(&habit->draw, spec->answers_ppm) == ANSWER_OPEN)
		sim_send_at(sim, sim->now_ns + sim_round_trip(sim, server), &spec->route, &reply);
}

static void call_home(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	struct session *session = habit->talk;
	struct address server = habit_target(habit);

	habit->truth->count++;
	if (actor->spec.application == APPLICATION_UDP) {
		send_datagrams(sim, habit, &server);
		return;
	}
	if (session) {
		session->left++;
		if (stream_is_idle(&session->stream))
			stream_resume(sim, &session->stream);
		return;
	}
	session = session_new(sim, actor, &habit->draw, &habit->host, &server, actor->spec.port);
	if (!session)
		return;
	session->exchange = exchange;
	session->over = over;
	session->owner = habit;
	session->left = 1;
	if (actor->spec.mode == MODE_KEEPALIVE)
		habit->talk = session;
	session_start(
		sim, session,
		dns_lookup(sim, actor, &habit->draw, &habit->host, actor->spec.name, &server));
}

int beacon_start(struct sim *sim, struct actor *actor)
{
	const char *protocol = actor->spec.application == APPLICATION_UDP ? "udp" : "tcp";

	return habits_start(sim, actor, PHASE_START, NULL, protocol, call_home);
}
