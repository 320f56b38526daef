// SPDX-License-Identifier: BSD-2-Clause
/* People at their browsers, machines at their update servers, and hosts whose IPv6 is broken. */
#include <errno.h>
#include <string.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define PLAIN_HTTP_PPM 150000        /* of the sites */
#define PAGES_MOST 5                 /* in a row, before the longer pause that is the rhythm */
#define READ_NS (25 * NS_PER_S)      /* mean time on a page */
#define FALLBACK_NS 250000000        /* RFC 8305, connection attempt delay */
#define KEEP_OPEN_NS (15 * NS_PER_S) /* after the last request, mean */

/* One object of a page after the other, then the server's keep-alive runs out. */
static enum next load(struct sim *sim, struct session *session, struct exchange *exchange)
{
	if (!session->left) {
		exchange->at_ns = sim->now_ns + draw_exponential(&session->draw, KEEP_OPEN_NS);
		return NEXT_CLOSE;
	}
	session->left--;
	exchange->at_ns = sim->now_ns + draw_exponential(&session->draw, 40000000);
	/* In HTTP a head alone: nobody posts to read. */
	if (session->application == APPLICATION_TLS)
		exchange->request = draw_between(&session->draw, 350, 900);
	exchange->reply = draw_size(&session->draw, 300, 24000);
	return NEXT_TURN;
}

static void visit(struct sim *sim, struct habit *habit, const char *name, uint64_t objects,
		  uint64_t delay_ns)
{
	struct actor *actor = habit->actor;
	struct address server = name_address(name, address_is_ipv4(&habit->host));
	bool http = server.bytes[15] * (PPM / 256) < PLAIN_HTTP_PPM;
	uint64_t at_ns = sim->now_ns;
	struct session *session =
		session_new(sim, actor, &habit->draw, &habit->host, &server, http ? 80 : 443);

	if (!session)
		return;
	strcpy(session->name, name);
	session->application = http ? APPLICATION_HTTP : APPLICATION_TLS;
	session->exchange = load;
	session->left = objects;
	/* Names are remembered for a while. */
	if (draw_chance(&habit->draw, 600000))
		at_ns = dns_lookup(sim, actor, &habit->draw, &habit->host, name, &server);
	session_start(sim, session, at_ns + delay_ns);
}

/* The better known a site, the more often it is visited: even over the logarithm of its rank. */
static unsigned draw_site(struct habit *habit)
{
	uint32_t sites = habit->actor->spec.sites % NAME_SITES;
	uint32_t rank = draw_size(&habit->draw, 1, sites ? sites : 1);

	/* Each host has favourites of its own among those all know. */
	return draw_chance(&habit->draw, 500000) ? rank : rank * 37 + habit->host.bytes[15] * 11;
}

static void open_page(struct sim *sim, struct habit *habit)
{
	unsigned site = draw_site(habit);
	char name[NAME_MOST];

	habit->truth->count++;
	for (unsigned part = PART_MAIN; part < PARTS; part++) {
		if (part != PART_MAIN && draw_chance(&habit->draw, 500000))
			continue;
		name_site(site, part, name);
		visit(sim, habit, name, draw_between(&habit->draw, 1, 4), part * 60000000);
	}
	if (draw_chance(&habit->draw, 300000))
		visit(sim, habit, name, draw_between(&habit->draw, 1, 3), 150000000);
}

/* A few more pages while the reader is there. */
struct reading {
	struct task task;
	struct habit *habit;
	unsigned left;
};

static void read_on(struct sim *sim, struct task *task)
{
	struct reading *reading = (struct reading *)task;

	open_page(sim, reading->habit);
	if (--reading->left)
		sim_wake(sim, task, sim->now_ns + draw_exponential(&reading->habit->draw, READ_NS));
	else
		sim_end(sim, task);
}

static void browse(struct sim *sim, struct habit *habit)
{
	struct reading *reading = sim_new(sim, sizeof(*reading), read_on);

	if (!reading)
		return;
	reading->habit = habit;
	reading->left = draw_between(&habit->draw, 1, PAGES_MOST);
	sim_wake(sim, &reading->task, sim->now_ns);
}

int browse_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, browse) : -ENOMEM;
}

static enum next fetch(struct sim *sim, struct session *session, struct exchange *exchange)
{
	const struct habit *habit = session->owner;
	bool index = session->left == 2;

	(void)sim;
	if (!session->left)
		return NEXT_CLOSE;
	session->left--;
	if (session->application == APPLICATION_TLS)
		exchange->request = draw_between(&session->draw, 180, 260);
	exchange->reply = index ? draw_between(&session->draw, 2000, 4000)
				: draw_spread(&session->draw, habit->actor->spec.reply);
	return NEXT_TURN;
}

static void update(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	const struct spec *spec = &actor->spec;
	struct address server = name_address(spec->name, address_is_ipv4(&habit->host));
	struct session *session = session_new(sim, actor, &habit->draw, &habit->host, &server,
					      spec->application == APPLICATION_HTTP ? 80 : 443);

	if (!session)
		return;
	habit->truth->count++;
	session->exchange = fetch;
	session->owner = habit;
	session->left = 2;
	session_start(sim, session,
		      dns_lookup(sim, actor, &habit->draw, &habit->host, spec->name, &server));
}

int updates_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, update) : -ENOMEM;
}

/* A try over IPv6 that nobody answers, then the same page over IPv4. */
static void try_both(struct sim *sim, struct habit *habit)
{
	const uint8_t *b = habit->host.bytes + 12;
	struct address client = { .bytes = { 0xfd, 0, 0, 9, [14] = b[2], b[3] } };
	struct session *session;
	struct address server;
	char name[NAME_MOST];

	name_site(draw_site(habit), PART_MAIN, name);
	server = name_address(name, false);
	session = session_new(sim, habit->actor, &habit->draw, &client, &server, 443);
	if (!session)
		return;
	habit->truth->count++;
	session->stream.answer = ANSWER_SILENT;
	session_start(sim, session, sim->now_ns);
	visit(sim, habit, name, 2, FALLBACK_NS);
}

int broken_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, try_both) : -ENOMEM;
}
