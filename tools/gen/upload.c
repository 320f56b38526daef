// SPDX-License-Identifier: BSD-2-Clause
/* A host that sends much away, at once or in parts. */
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
		return NEXT_CLOSE;
	exchange->request = session->left;
	exchange->reply = draw_spread(&session->draw, spec->reply);
	if (spec->rate.amount)
		exchange->rate = spec->rate.amount * NS_PER_S / spec->rate.period_ns;
	habit->truth->count += session->left;
	session->left = 0;
	return NEXT_TURN;
}

static void send_part(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	const struct spec *spec = &actor->spec;
	struct address server = habit_target(habit);
	struct session *session =
		session_new(sim, actor, &habit->draw, &habit->host, &server, spec->port);

	if (!session)
		return;
	session->exchange = exchange;
	session->owner = habit;
	session->left = spec->bytes / spec->count + (habit->step < spec->bytes % spec->count);
	session_start(sim, session,
		      dns_lookup(sim, actor, &habit->draw, &habit->host, spec->name, &server));
}

int upload_start(struct sim *sim, struct actor *actor)
{
	return habits_start(sim, actor, PHASE_START, NULL, "tcp", send_part);
}
