// SPDX-License-Identifier: BSD-2-Clause
/* Hosts that pull container images: a registry says what there is, several connections fetch it. */
#include <errno.h>
#include <stdio.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define LAYERS_MOST 4             /* of one connection */
#define LAYERS_AFTER_NS 400000000 /* when the manifest has been read */
#define LAYER_SHARE 16            /* the smallest is that part of the line's reply */

static enum next ask_registry(struct sim *sim, struct session *session, struct exchange *exchange)
{
	(void)sim;
	if (!session->left)
		return NEXT_CLOSE;
	session->left--;
	/* A token of two to three thousand bytes goes along with all but the first question. */
	exchange->request = draw_between(&session->draw, 2300, 2900);
	exchange->reply = draw_between(&session->draw, 900, 9000);
	return NEXT_TURN;
}

static enum next fetch_layer(struct sim *sim, struct session *session, struct exchange *exchange)
{
	const struct habit *habit = session->owner;
	uint32_t most = draw_spread(&session->draw, habit->actor->spec.reply);

	(void)sim;
	if (!session->left)
		return NEXT_CLOSE;
	session->left--;
	exchange->request = draw_between(&session->draw, 700, 1100);
	exchange->reply = draw_size(&session->draw, most / LAYER_SHARE + 1, most + 1);
	return NEXT_TURN;
}

static void connect_part(struct sim *sim, struct habit *habit, const char *name, uint64_t left,
			 uint64_t delay_ns,
			 enum next (*exchange)(struct sim *, struct session *, struct exchange *))
{
	struct address server = name_address(name, address_is_ipv4(&habit->host));
	struct session *session =
		session_new(sim, habit->actor, &habit->draw, &habit->host, &server, 443);

	if (!session)
		return;
	snprintf(session->name, sizeof(session->name), "%.*s", SPEC_TEXT - 1, name);
	session->exchange = exchange;
	session->owner = habit;
	session->left = left;
	session_start(sim, session,
		      dns_lookup(sim, habit->actor, &habit->draw, &habit->host, name, &server) +
			      delay_ns);
}

static void pull(struct sim *sim, struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;
	char store[SPEC_TEXT + 8];

	habit->truth->count++;
	snprintf(store, sizeof(store), "layers.%s", spec->name);
	connect_part(sim, habit, spec->name, 4, 0, ask_registry);
	for (uint32_t i = 0; i < spec->connections; i++)
		connect_part(sim, habit, store, draw_between(&habit->draw, 1, LAYERS_MOST),
			     LAYERS_AFTER_NS + i * 3000000, fetch_layer);
}

int pull_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, pull) : -ENOMEM;
}
