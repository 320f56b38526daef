// SPDX-License-Identifier: BSD-2-Clause
/* Hosts that ask the time, at one interval or, as chrony does, at growing powers of two. */
#include <errno.h>
#include <stdio.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"

#define NTP_EPOCH 2208988800u /* seconds from 1900 to 1970 (RFC 5905) */
#define NTP_PORT 123
#define SHORTEST_POLL 6 /* chrony's minpoll: 64 s */
#define LONGEST_POLL 10 /* and maxpoll: 1,024 s */
#define POLLS_AT_ONE 8  /* until it trusts the clock enough to double the interval, about */
#define POOL_SERVERS 4  /* chrony's maxsources of a pool */

static uint8_t *put_time(uint8_t *to, uint64_t time_ns)
{
	to = wire_put32(to, time_ns / NS_PER_S + NTP_EPOCH);
	return wire_put32(to, (time_ns % NS_PER_S << 32) / NS_PER_S);
}

static void ask_time(struct sim *sim, struct habit *habit, const struct address *server)
{
	const struct route *route = &habit->actor->spec.route;
	uint64_t way_ns = sim_round_trip(sim, server) / 2;
	uint8_t query[48] = { 0x23, 0, 6, 0x20 };                          /* version 4, client */
	uint8_t answer[48] = { 0x24, 2, 6, 0xe8, 0, 0, 1, 0, 0, 0, 1, 0 }; /* server, stratum 2 */
	struct packet packet = {
		.source = habit->host,
		.target = *server,
		.source_port = sim_port(sim),
		.target_port = NTP_PORT,
		.protocol = IPPROTO_UDP,
		.payload = query,
		.length = sizeof(query),
	};
	struct packet reply = packet;

	put_time(query + 40, sim->now_ns);
	sim_send(sim, route, &packet);
	reply.source = packet.target;
	reply.target = packet.source;
	reply.source_port = NTP_PORT;
	reply.target_port = packet.source_port;
	reply.payload = answer;
	wire_put(answer + 12, server->bytes + 12, 4);
	put_time(answer + 16, sim->now_ns - 300 * NS_PER_S);
	put_time(answer + 24, sim->now_ns);
	put_time(answer + 32, sim->now_ns + way_ns);
	put_time(answer + 40, sim->now_ns + way_ns + 20000);
	sim_send_at(sim, sim->now_ns + 2 * way_ns + draw_below(&habit->draw, 300000), route,
		    &reply);
	habit->truth->count++;
}

static void ask_any(struct sim *sim, struct habit *habit)
{
	struct address server = habit_target(habit);

	ask_time(sim, habit, &server);
}

int ntp_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "udp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, ask_any) : -ENOMEM;
}

/* One server of one host's. */
struct source {
	struct habit habit;
	struct address server;
	char name[SPEC_TEXT + 12];
};

static void poll_source(struct sim *sim, struct task *task)
{
	struct source *source = (struct source *)task;
	struct habit *habit = &source->habit;
	unsigned poll = SHORTEST_POLL + habit->step / POLLS_AT_ONE;
	uint64_t gap_ns;

	if (!habit_goes_on(habit, sim->now_ns))
		return;
	if (!habit->step)
		dns_lookup(sim, habit->actor, &habit->draw, &habit->host, source->name,
			   &source->server);
	ask_time(sim, habit, &source->server);
	gap_ns = NS_PER_S << (poll < LONGEST_POLL ? poll : LONGEST_POLL);
	habit->step++;
	/* chrony spreads by up to 2 % so that clients do not fall into step. */
	habit->due_ns = sim->now_ns + gap_ns - gap_ns / 100 + draw_below(&habit->draw, gap_ns / 50);
	sim_wake(sim, task, habit->due_ns);
}

static struct source *source_new(struct sim *sim, struct actor *actor, struct truth *truth,
				 const struct address *host, unsigned number)
{
	const struct spec *spec = &actor->spec;
	struct source *source =
		habit_new(sim, actor, sizeof(*source), PHASE_SCATTER, host, number, NULL);

	if (!source)
		return NULL;
	source->habit.task.run = poll_source;
	source->habit.truth = truth;
	if (spec->to.used) {
		source->server = addresses_at(&spec->to, number);
	} else {
		snprintf(source->name, sizeof(source->name), "%u.%s", number, spec->name);
		source->server = name_address(source->name, address_is_ipv4(host));
	}
	return source;
}

int chrony_start(struct sim *sim, struct actor *actor)
{
	const struct addresses *to = &actor->spec.to;
	unsigned servers = to->used ? addresses_count(to) : POOL_SERVERS;
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "udp");

	if (!truth)
		return -ENOMEM;
	for (uint64_t i = 0; i < habit_hosts(actor); i++) {
		struct address host = habit_host(actor, i);

		for (unsigned k = 0; k < servers; k++)
			if (!source_new(sim, actor, truth, &host, k))
				return -ENOMEM;
	}
	return 0;
}
