// SPDX-License-Identifier: BSD-2-Clause
/* Clients that ask the same server again and again: every pair of host and server has a rhythm. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define SEALED(bytes) ((bytes) + 22) /* as one TLS record: header, type and tag */
#define BUSY_LEAST 60                /* bytes of a message among the keep-alives */
#define BUSY_MOST 6000
#define STEADY_SHARE 64 /* a steady reply varies by one part in that many */

struct poll;

/* What a protocol says when it has connected and at each turn; NULL: the line's sizes. */
struct protocol {
	void (*open)(struct poll *poll, const struct session *session, struct exchange *exchange);
	void (*tick)(struct poll *poll, const struct session *session, struct exchange *exchange);
};

/* One client and one port of one server. */
struct poll {
	struct habit habit; /* whose talk is the connection it keeps */
	const struct protocol *protocol;
	struct address server;
	uint16_t port, own_port;
	uint32_t steady;              /* bytes of its replies */
	uint64_t opened_ns, close_ns; /* the connection it keeps; close 0: never */
	bool greeted;
	uint8_t heads[2][64];
};

static uint32_t draw_reply(struct poll *poll, struct draw *draw)
{
	const struct spec *spec = &poll->habit.actor->spec;

	if (!spec->steady)
		return draw_spread(draw, spec->reply);
	return poll->steady + draw_below(draw, poll->steady / STEADY_SHARE + 1);
}

static void fill_exchange(struct poll *poll, struct session *session, struct exchange *exchange)
{
	const struct spec *spec = &poll->habit.actor->spec;

	exchange->request = draw_spread(&session->draw, spec->size);
	exchange->reply = draw_reply(poll, &session->draw);
	exchange->quiet = !spec->size.middle && session->application != APPLICATION_HTTP;
	if (spec->busy_ppm && draw_chance(&session->draw, spec->busy_ppm)) {
		exchange->quiet = false;
		exchange->request = draw_size(&session->draw, BUSY_LEAST, BUSY_MOST);
		exchange->reply = draw_size(&session->draw, BUSY_LEAST, BUSY_MOST);
	}
	exchange->path = spec->path[0] ? spec->path : NULL;
	exchange->status = spec->reply.middle ? NULL : "204 No Content";
	if (poll->protocol->tick)
		poll->protocol->tick(poll, session, exchange);
}

static enum next exchange(struct sim *sim, struct session *session, struct exchange *exchange)
{
	struct poll *poll = session->owner;
	const struct spec *spec = &poll->habit.actor->spec;
	bool keeps = spec->mode == MODE_KEEPALIVE;

	(void)sim;
	if (keeps && poll->habit.talk != session)
		return NEXT_CLOSE;
	if (keeps && !poll->greeted && poll->protocol->open) {
		poll->greeted = true;
		poll->protocol->open(poll, session, exchange);
		return NEXT_TURN;
	}
	if (!session->left)
		return keeps ? NEXT_IDLE : NEXT_CLOSE;
	session->left--;
	if (!keeps && !spec->size.middle && !spec->reply.middle &&
	    session->application == APPLICATION_RAW)
		return NEXT_CLOSE;
	fill_exchange(poll, session, exchange);
	return NEXT_TURN;
}

static void over(struct sim *sim, struct session *session, bool established)
{
	struct poll *poll = session->owner;

	(void)sim;
	(void)established;
	if (poll->habit.talk == session)
		poll->habit.talk = NULL;
}

static void send_datagrams(struct sim *sim, struct poll *poll)
{
	struct habit *habit = &poll->habit;
	const struct spec *spec = &habit->actor->spec;
	struct packet packet = {
		.source = habit->host,
		.target = poll->server,
		.source_port = spec->mode == MODE_KEEPALIVE ? poll->own_port : sim_port(sim),
		.target_port = poll->port,
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
	reply.length = draw_reply(poll, &habit->draw);
	if (answer_draw(&habit->draw, spec->answers_ppm) == ANSWER_OPEN)
		sim_send_at(sim, sim->now_ns + sim_round_trip(sim, &poll->server), &spec->route,
			    &reply);
}

static void connect_server(struct sim *sim, struct poll *poll)
{
	struct habit *habit = &poll->habit;
	const struct spec *spec = &habit->actor->spec;
	struct session *session = session_new(sim, habit->actor, &habit->draw, &habit->host,
					      &poll->server, poll->port);

	if (!session)
		return;
	session->exchange = exchange;
	session->over = over;
	session->owner = poll;
	session->left = spec->turns ? spec->turns : 1;
	/* Having just said who it is, it need not show yet that it is alive. */
	if (poll->protocol->open)
		session->left = 0;
	habit->truth->count += !poll->protocol->open;
	if (spec->mode == MODE_KEEPALIVE) {
		habit->talk = session;
		poll->greeted = false;
		poll->opened_ns = sim->now_ns;
		poll->close_ns =
			spec->life_ns ? sim->now_ns + draw_exponential(&habit->draw, spec->life_ns)
				      : 0;
	}
	session_start(sim, session,
		      dns_lookup(sim, habit->actor, &habit->draw, &habit->host, spec->name,
				 &poll->server));
}

static void ask(struct sim *sim, struct habit *habit)
{
	struct poll *poll = (struct poll *)habit;
	const struct spec *spec = &habit->actor->spec;
	struct session *session = habit->talk;

	if (spec->application == APPLICATION_UDP) {
		habit->truth->count++;
		send_datagrams(sim, poll);
		return;
	}
	if (session && poll->close_ns && sim->now_ns >= poll->close_ns) {
		habit->talk = NULL;
		if (stream_is_idle(&session->stream))
			stream_resume(sim, &session->stream);
		session = NULL;
	}
	if (!session) {
		connect_server(sim, poll);
		return;
	}
	habit->truth->count++;
	session->left += spec->turns ? spec->turns : 1;
	if (stream_is_idle(&session->stream))
		stream_resume(sim, &session->stream);
}

static bool poll_new(struct sim *sim, struct actor *actor, const struct protocol *protocol,
		     struct truth *truth, const struct address *host, uint64_t number)
{
	const struct spec *spec = &actor->spec;
	unsigned ports = spec->port ? 1 : ports_count(&spec->ports);
	struct poll *poll = habit_new(sim, actor, sizeof(*poll), PHASE_SCATTER, host, number, ask);

	if (!poll)
		return false;
	poll->habit.truth = truth;
	poll->protocol = protocol;
	poll->server = spec->to.used ? addresses_at(&spec->to, number / ports)
				     : name_address(spec->name, address_is_ipv4(host));
	poll->port = spec->port ? spec->port : ports_at(&spec->ports, number % ports);
	poll->own_port = sim_port(sim);
	poll->steady = draw_spread(&poll->habit.draw, spec->reply);
	return true;
}

static int start(struct sim *sim, struct actor *actor, const struct protocol *protocol)
{
	const struct spec *spec = &actor->spec;
	bool udp = spec->application == APPLICATION_UDP;
	struct truth *truth = truth_add(&sim->truth, actor, NULL, udp ? "udp" : "tcp");
	uint64_t servers = spec->to.used ? addresses_count(&spec->to) : 1;
	unsigned ports = spec->port ? 1 : ports_count(&spec->ports);

	if (!truth)
		return -ENOMEM;
	for (uint64_t i = 0; i < habit_hosts(actor); i++) {
		struct address host = habit_host(actor, i);

		for (uint64_t k = 0; k < servers * ports; k++)
			if (!poll_new(sim, actor, protocol, truth, &host, k))
				return -ENOMEM;
	}
	return 0;
}

int poll_start(struct sim *sim, struct actor *actor)
{
	static const struct protocol plain;

	return start(sim, actor, &plain);
}

/* MQTT 3.1.1: as many bytes each way, in the clear or as a record. */
static void mqtt_say(struct poll *poll, const struct session *session, struct exchange *exchange,
		     uint32_t request, uint32_t reply)
{
	bool sealed = session->application == APPLICATION_TLS;

	exchange->quiet = false;
	exchange->request = sealed ? SEALED(request) : request;
	exchange->reply = sealed ? SEALED(reply) : reply;
	for (unsigned i = 0; i < 2; i++)
		exchange->heads[i] = poll->heads[i];
	exchange->head_lengths[SIDE_CLIENT] = request;
	exchange->head_lengths[SIDE_SERVER] = reply;
}

/* CONNECT with a keep-alive of 60 s, CONNACK. */
static void mqtt_open(struct poll *poll, const struct session *session, struct exchange *exchange)
{
	static const uint8_t head[] = { 0x10, 24, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 12 };
	char name[16];

	snprintf(name, sizeof(name), "sensor-%05u", poll->own_port);
	wire_put(wire_put(poll->heads[SIDE_CLIENT], head, sizeof(head)), name, 12);
	wire_put32(poll->heads[SIDE_SERVER], 0x20020000);
	mqtt_say(poll, session, exchange, sizeof(head) + 12, 4);
}

/* PINGREQ, PINGRESP. */
static void mqtt_tick(struct poll *poll, const struct session *session, struct exchange *exchange)
{
	wire_put16(poll->heads[SIDE_CLIENT], 0xc000);
	wire_put16(poll->heads[SIDE_SERVER], 0xd000);
	mqtt_say(poll, session, exchange, 2, 2);
}

int mqtt_start(struct sim *sim, struct actor *actor)
{
	static const struct protocol mqtt = { mqtt_open, mqtt_tick };

	return start(sim, actor, &mqtt);
}

/* A login, or a GET that asks for an upgrade (RFC 6455), and the assent. */
static void greet(struct poll *poll, const struct session *session, struct exchange *exchange)
{
	(void)session;
	exchange->request = SEALED(420 + poll->own_port % 64);
	exchange->reply = SEALED(129);
}

int greeting_start(struct sim *sim, struct actor *actor)
{
	static const struct protocol greeting = { .open = greet };

	return start(sim, actor, &greeting);
}
