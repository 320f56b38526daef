// SPDX-License-Identifier: BSD-2-Clause
/* ICMP echo: honest pings, and tunnels that answer with something else. */
#include "habit.h"
#include "icmptunnel.h"
#include "kinds.h"
#include "session.h"

static void send_echo(struct sim *sim, struct habit *habit, bool honest)
{
	const struct spec *spec = &habit->actor->spec;
	uint64_t later_ns = sim->now_ns;
	uint32_t at = honest ? 0 : draw_below(&habit->draw, 4096);
	struct address target = habit_target(habit);
	struct packet packet = {
		.source = habit->host,
		.target = target,
		.protocol = IPPROTO_ICMP,
		.message = MESSAGE_ECHO,
		.echo = (habit->host.bytes[15] * 257u + 4096) << 16 | (habit->step & 0xffff),
		.payload = sim->noise + at,
		.length = draw_spread(&habit->draw, spec->size),
	};
	struct packet reply = packet;

	habit->truth->count++;
	sim_send(sim, &spec->route, &packet);
	later_ns += sim_round_trip(sim, &packet.target) + draw_below(&habit->draw, 400000);
	reply.source = packet.target;
	reply.target = packet.source;
	reply.message = MESSAGE_ECHO_REPLY;
	if (!honest) {
		reply.payload = sim->noise + draw_below(&habit->draw, 4096);
		reply.length = draw_spread(&habit->draw, spec->reply);
	} else if (answer_draw(&habit->draw, spec->answers_ppm) != ANSWER_OPEN) {
		return;
	}
	sim_send_at(sim, later_ns, &spec->route, &reply);
}

static void ping(struct sim *sim, struct habit *habit)
{
	send_echo(sim, habit, true);
}

static void tunnel(struct sim *sim, struct habit *habit)
{
	send_echo(sim, habit, false);
}

int ping_start(struct sim *sim, struct actor *actor)
{
	return habits_start(sim, actor, PHASE_SCATTER, NULL, "icmp", ping);
}

int icmptunnel_start(struct sim *sim, struct actor *actor)
{
	return habits_start(sim, actor, PHASE_START, NULL, "icmp",
			    actor->spec.shape == SHAPE_RANDOM ? tunnel : icmptunnel_turn);
}
