// SPDX-License-Identifier: BSD-2-Clause
/* Who calls us from outside: the readers of a web server, and the Internet's scanners. */
#include <errno.h>
#include <stdio.h>
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define READ_NS (8 * NS_PER_S) /* mean time between two requests of a reader */

static struct address stranger(const char *kind, unsigned number, bool ipv4)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%u", kind, number);
	return name_address(name, ipv4);
}

static enum next read_page(struct sim *sim, struct session *session, struct exchange *exchange)
{
	const struct habit *habit = session->owner;

	if (!session->left)
		return NEXT_CLOSE;
	session->left--;
	exchange->at_ns = sim->now_ns + draw_exponential(&session->draw, READ_NS);
	exchange->request = draw_between(&session->draw, 350, 900);
	exchange->reply = draw_size(&session->draw, 300, habit->actor->spec.reply.middle + 300);
	return NEXT_TURN;
}

/* One of many clients, some of whom come often. */
static void call(struct sim *sim, struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;
	unsigned rank = draw_size(&habit->draw, 1, spec->sites);
	struct address client = stranger("reader", rank, address_is_ipv4(&habit->host));
	struct session *session =
		session_new(sim, habit->actor, &habit->draw, &client, &habit->host,
			    spec->port ? spec->port : ports_at(&spec->ports, 0));

	if (!session)
		return;
	habit->truth->count++;
	session->exchange = read_page;
	session->owner = habit;
	session->left = draw_between(&habit->draw, 1, 6);
	session_start(sim, session, sim->now_ns);
}

int callers_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, call) : -ENOMEM;
}

/* A scanner of the whole Internet passes our address: one SYN, answered or not, rarely a second. */
struct passing {
	struct task task;
	struct habit *habit;
	struct packet packet;
	enum answer answer;
	bool said;
};

static void pass(struct sim *sim, struct task *task)
{
	struct passing *passing = (struct passing *)task;
	const struct route *route = &passing->habit->actor->spec.route;
	struct packet reply = passing->packet;

	sim_send(sim, route, &passing->packet);
	if (passing->answer != ANSWER_SILENT) {
		reply.source = passing->packet.target;
		reply.target = passing->packet.source;
		reply.source_port = passing->packet.target_port;
		reply.target_port = passing->packet.source_port;
		reply.sequence = 0;
		reply.acknowledged = passing->packet.sequence + 1;
		reply.flags = TH_RST | TH_ACK;
		reply.window = 0;
		sim_send_at(sim, sim->now_ns + sim_round_trip(sim, &reply.source), route, &reply);
	}
	sim_end(sim, task);
}

/* What worms and the builders of botnets look for. */
static uint16_t draw_port(struct draw *draw)
{
	static const uint16_t ports[] = { 23,   23,   23,   445,  445,  22,    22,    2323,
					  5555, 8080, 3389, 6379, 7547, 37215, 52869, 8291,
					  80,   443,  1433, 5900, 9200, 27017, 11211, 81 };

	if (draw_chance(draw, 200000))
		return draw_between(draw, 1, 65535);
	return ports[draw_below(draw, sizeof(ports) / sizeof(ports[0]))];
}

static void scan_us(struct sim *sim, struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;
	struct passing *passing = sim_new(sim, sizeof(*passing), pass);
	unsigned number = draw_below(&habit->draw, spec->sites);
	struct draw who = draw_from(number, 80);

	if (!passing)
		return;
	habit->truth->count++;
	passing->habit = habit;
	passing->answer = answer_draw(&habit->draw, spec->answers_ppm);
	passing->packet = (struct packet){
		.source = stranger("scanner", number, address_is_ipv4(&habit->host)),
		.target = habit->host,
		.source_port = draw_between(&habit->draw, 1024, 65535),
		/* Most look for one thing only. */
		.target_port = draw_port(draw_chance(&habit->draw, 800000) ? &who : &habit->draw),
		.protocol = IPPROTO_TCP,
		.flags = TH_SYN,
		.sequence = draw_next(&habit->draw),
		.window = 1024, /* ZMap's and masscan's, where a kernel would offer more */
	};
	sim_wake(sim, &passing->task, sim->now_ns);
}

int noise_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, scan_us) : -ENOMEM;
}
