// SPDX-License-Identifier: BSD-2-Clause
/* A host that sends much away, at once or in parts. */
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "quic.h"
#include "session.h"

static enum next exchange(struct sim *sim, struct session *session, struct exchange *exchange)
{
	struct habit *habit = session->owner;
	const struct spec *spec = &habit->actor->spec;

	(void)sim;
	if (!session->left)
		return NEXT_CLOSE;
	exchange->request = session->left;
	exchange->reply = draw_spread(&session->draw, spec->reply);
	if (spec->rate.amount)
		exchange->rate = spec->rate.amount * NS_PER_S / spec->rate.period_ns;
	habit->truth->count += session->left;
	session->left = 0;
	return NEXT_TURN;
}

/* What is left of a part that goes out in datagrams. */
struct datagrams {
	struct task task;
	struct habit *habit;
	struct packet packet;
	uint64_t left, sent;
	uint8_t id[QUIC_ID]; /* of the server's end */
};

#define ANSWER_EVERY 16     /* datagrams: as QUIC does with its acknowledgements, about */
#define RATE_BYTES 10000000 /* a second, where the line names no rate */

static uint32_t quic_length(uint32_t length)
{
	if (length < QUIC_LEAST)
		return QUIC_LEAST;
	return length < QUIC_MOST ? length : QUIC_MOST;
}

static void answer(struct sim *sim, struct datagrams *datagrams)
{
	const struct spec *spec = &datagrams->habit->actor->spec;
	struct packet reply = datagrams->packet;
	uint8_t bytes[QUIC_MOST];

	reply.source = datagrams->packet.target;
	reply.target = datagrams->packet.source;
	reply.source_port = datagrams->packet.target_port;
	reply.target_port = datagrams->packet.source_port;
	reply.length = draw_spread(&datagrams->habit->draw, spec->reply);
	if (spec->quic) {
		reply.length = datagrams->sent > 1 ? quic_length(reply.length) : QUIC_INITIAL;
		reply.payload = bytes;
		quic_write(sim, &datagrams->habit->draw, NULL, datagrams->sent - 1, reply.length,
			   bytes);
	}
	sim_send_at(sim, sim->now_ns + sim_round_trip(sim, &reply.source), &spec->route, &reply);
}

static void send_datagram(struct sim *sim, struct task *task)
{
	struct datagrams *datagrams = (struct datagrams *)task;
	const struct spec *spec = &datagrams->habit->actor->spec;
	const struct rate *rate = &spec->rate;
	struct packet *packet = &datagrams->packet;
	uint64_t speed = rate->amount ? rate->amount * NS_PER_S / rate->period_ns : RATE_BYTES;
	uint8_t bytes[QUIC_MOST];

	if (!datagrams->left || sim->now_ns >= datagrams->habit->actor->end_ns) {
		sim_end(sim, task);
		return;
	}
	packet->length = draw_spread(&datagrams->habit->draw, spec->size);
	if (!packet->length || packet->length > datagrams->left)
		packet->length = datagrams->left;
	if (spec->quic) {
		packet->length = datagrams->sent ? quic_length(packet->length) : QUIC_INITIAL;
		packet->payload = bytes;
		quic_write(sim, &datagrams->habit->draw, datagrams->id, datagrams->sent,
			   packet->length, bytes);
	}
	sim_send(sim, &spec->route, packet);
	datagrams->habit->truth->count += packet->length;
	datagrams->left -= packet->length < datagrams->left ? packet->length : datagrams->left;
	if (datagrams->sent++ % ANSWER_EVERY == 0)
		answer(sim, datagrams);
	sim_wake(sim, task, sim->now_ns + packet->length * NS_PER_S / (speed ? speed : 1));
}

static void send_part_in_datagrams(struct sim *sim, struct habit *habit, uint64_t bytes)
{
	struct datagrams *datagrams = sim_new(sim, sizeof(*datagrams), send_datagram);

	if (!datagrams)
		return;
	datagrams->habit = habit;
	datagrams->left = bytes;
	if (habit->actor->spec.quic)
		draw_bytes(&habit->draw, datagrams->id, QUIC_ID);
	datagrams->packet = (struct packet){ .source = habit->host,
					     .target = habit_target(habit),
					     .source_port = sim_port(sim),
					     .target_port = habit->actor->spec.port,
					     .protocol = IPPROTO_UDP,
					     .payload = sim->text };
	sim_wake(sim, &datagrams->task, sim->now_ns);
}

static uint64_t part_of(const struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;

	return spec->bytes / spec->count + (habit->step < spec->bytes % spec->count);
}

static void send_part(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	const struct spec *spec = &actor->spec;
	struct address server;
	struct session *session;

	if (spec->application == APPLICATION_UDP) {
		send_part_in_datagrams(sim, habit, part_of(habit));
		return;
	}
	server = habit_target(habit);
	session = session_new(sim, actor, &habit->draw, &habit->host, &server, spec->port);
	if (!session)
		return;
	session->exchange = exchange;
	session->owner = habit;
	session->left = part_of(habit);
	session_start(sim, session,
		      dns_lookup(sim, actor, &habit->draw, &habit->host, spec->name, &server));
}

int upload_start(struct sim *sim, struct actor *actor)
{
	const char *protocol = actor->spec.application == APPLICATION_UDP ? "udp" : "tcp";

	return habits_start(sim, actor, PHASE_START, NULL, protocol, send_part);
}
