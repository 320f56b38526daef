// SPDX-License-Identifier: BSD-2-Clause
/* Browsers that keep their connections open from page to page and open some they never use. */
#include <errno.h>
#include <string.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define PAGES_MOST 8
#define READ_NS (30 * NS_PER_S)         /* mean time on a page */
#define SERVER_WAITS_NS (75 * NS_PER_S) /* nginx's keepalive_timeout */
#define UNUSED_NS (10 * NS_PER_S)       /* at least, until a browser drops a preconnect */
#define PRECONNECT_PPM 400000           /* of visits */
#define SECURED_PPM 500000              /* preconnects that get as far as TLS */
#define PART_USED_PPM 600000            /* of pages that load something from a part of the site */

/* One site, a few pages: what its connections have in common. */
struct visit {
	struct task task;
	unsigned pages, open;
	uint64_t pages_ns[PAGES_MOST];
};

static void leave(struct sim *sim, struct session *session, bool established)
{
	struct visit *visit = session->owner;

	(void)established;
	if (!--visit->open)
		sim_end(sim, &visit->task);
}

/* Page of the visit in the high half of left, objects still to load in the low one. */
static enum next load(struct sim *sim, struct session *session, struct exchange *exchange)
{
	struct visit *visit = session->owner;
	uint32_t page = session->left >> 32, objects = session->left;

	while (!objects && page < visit->pages) {
		exchange->at_ns = visit->pages_ns[page++];
		if (page == 1 || draw_chance(&session->draw, PART_USED_PPM))
			objects = draw_between(&session->draw, 1, 4);
	}
	if (!objects) {
		exchange->at_ns = sim->now_ns + SERVER_WAITS_NS;
		return NEXT_CLOSE;
	}
	session->left = (uint64_t)page << 32 | (objects - 1);
	if (exchange->at_ns < sim->now_ns)
		exchange->at_ns = sim->now_ns;
	exchange->at_ns += draw_exponential(&session->draw, 40000000);
	exchange->request = draw_between(&session->draw, 350, 900);
	exchange->reply = draw_size(&session->draw, 300, 30000);
	return NEXT_TURN;
}

static void connect_part(struct sim *sim, struct habit *habit, struct visit *visit,
			 const char *name, uint64_t delay_ns)
{
	struct address server = name_address(name, address_is_ipv4(&habit->host));
	struct session *session =
		session_new(sim, habit->actor, &habit->draw, &habit->host, &server, 443);

	if (!session)
		return;
	strcpy(session->name, name);
	session->exchange = load;
	session->over = leave;
	session->owner = visit;
	visit->open++;
	session_start(sim, session,
		      dns_lookup(sim, habit->actor, &habit->draw, &habit->host, name, &server) +
			      delay_ns);
}

/* Closed without a request, having done the handshake of TLS or only that of TCP. */
static enum next drop(struct sim *sim, struct session *session, struct exchange *exchange)
{
	exchange->at_ns = sim->now_ns + UNUSED_NS + draw_exponential(&session->draw, UNUSED_NS);
	return NEXT_CLOSE;
}

static void preconnect(struct sim *sim, struct habit *habit, const char *name)
{
	struct address server = name_address(name, address_is_ipv4(&habit->host));
	struct session *session =
		session_new(sim, habit->actor, &habit->draw, &habit->host, &server, 443);

	if (!session)
		return;
	strcpy(session->name, name);
	session->exchange = drop;
	if (!draw_chance(&habit->draw, SECURED_PPM))
		session->application = APPLICATION_RAW;
	session_start(sim, session,
		      dns_lookup(sim, habit->actor, &habit->draw, &habit->host, name, &server));
}

static void go_on(struct sim *sim, struct task *task)
{
	(void)sim;
	(void)task;
}

static void surf(struct sim *sim, struct habit *habit)
{
	uint32_t sites = habit->actor->spec.sites % NAME_SITES;
	unsigned site = draw_size(&habit->draw, 1, sites ? sites : 1) * 37 + habit->host.bytes[15];
	struct visit *visit = sim_new(sim, sizeof(*visit), go_on);
	uint64_t at_ns = sim->now_ns;
	char name[NAME_MOST];

	if (!visit)
		return;
	habit->truth->count++;
	visit->pages = draw_between(&habit->draw, 1, PAGES_MOST);
	for (unsigned i = 0; i < visit->pages; i++) {
		visit->pages_ns[i] = at_ns;
		at_ns += draw_exponential(&habit->draw, READ_NS);
	}
	for (unsigned part = PART_MAIN; part < PARTS; part++) {
		name_site(site, part, name);
		connect_part(sim, habit, visit, name, part * 60000000);
	}
	if (draw_chance(&habit->draw, PRECONNECT_PPM)) {
		name_site(site + 1 + draw_below(&habit->draw, 9), PART_MAIN, name);
		preconnect(sim, habit, name);
	}
}

int surf_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, surf) : -ENOMEM;
}
