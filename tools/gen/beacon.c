// SPDX-License-Identifier: BSD-2-Clause
/* An implant that calls home: a connection each time, or one it keeps. */
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "session.h"
#include "spells.h"

#define TASK_LEAST 2000 /* bytes of a task and of what is answered, beyond the idle call's */
#define TASK_MOST 30000
#define RESULT_LEAST 4000
#define RESULT_MOST 40000
#define TASK_LEAST_NS 200000000 /* an interactive implant polls faster than it sleeps */
#define TASK_MEAN_NS 800000000
#define TOGETHER_LEAST_NS 30000000 /* one after the other, but of one call */
#define TOGETHER_MOST_NS 250000000
#define DATAGRAM_MOST 1400 /* a task would need several; its size is not the point here */

/* The size laws: even over the spread; its middle always; the middle and up to as much padding;
 * from an eighth of it to eight times, heavy-tailed. */
static uint64_t draw_size_of(struct draw *draw, const struct spec *spec, struct spread spread)
{
	switch ((enum sizes)spec->sizes) {
	case SIZES_CONSTANT:
		return spread.middle;
	case SIZES_PADDED:
		return draw_between(draw, spread.middle, 2ull * spread.middle);
	case SIZES_RANDOM:
		return draw_size(draw, spread.middle / 8 + 1, spread.middle * 8);
	case SIZES_EVEN:
		break;
	}
	return draw_spread(draw, spread);
}

/* At work, an operator gives a task about every other time; its result comes with the next call. */
static void draw_task(struct habit *habit, struct draw *draw, uint64_t *request, uint64_t *reply)
{
	if (habit->tasked)
		*request += draw_size(draw, RESULT_LEAST, RESULT_MOST);
	habit->tasked = draw_chance(draw, PPM / 2);
	if (habit->tasked)
		*reply += draw_size(draw, TASK_LEAST, TASK_MOST);
}

static void draw_exchange(struct sim *sim, struct habit *habit, struct draw *draw,
			  uint64_t *request, uint64_t *reply)
{
	const struct spec *spec = &habit->actor->spec;

	*request = draw_size_of(draw, spec, spec->size);
	*reply = draw_size_of(draw, spec, spec->reply);
	if (sim->now_ns < habit->session_end_ns || habit->tasked)
		draw_task(habit, draw, request, reply);
}

static enum next exchange(struct sim *sim, struct session *session, struct exchange *exchange)
{
	struct habit *habit = session->owner;
	bool keeps = habit->actor->spec.mode == MODE_KEEPALIVE && !habit->hang_up;

	if (!session->left)
		return keeps ? NEXT_IDLE : NEXT_CLOSE;
	session->left--;
	draw_exchange(sim, habit, &session->draw, &exchange->request, &exchange->reply);
	return NEXT_TURN;
}

static void over(struct sim *sim, struct session *session, bool established)
{
	struct habit *habit = session->owner;

	(void)sim;
	if (habit->talk == session)
		habit->talk = NULL;
	if (!established || session->turned_away)
		habit->truth->failed++;
}

static uint32_t datagram(uint64_t length, struct spread spread)
{
	uint64_t most = (uint64_t)spread.middle + spread.width;

	if (most < DATAGRAM_MOST)
		most = DATAGRAM_MOST;
	return length < most ? length : most;
}

static void send_datagrams(struct sim *sim, struct habit *habit, const struct address *server,
			   bool out)
{
	const struct spec *spec = &habit->actor->spec;
	uint64_t request, answer;
	struct packet packet = {
		.source = habit->host,
		.target = *server,
		.source_port = sim_port(sim),
		.target_port = spec->port,
		.protocol = IPPROTO_UDP,
		.payload = sim->text,
	};
	struct packet reply = packet;

	draw_exchange(sim, habit, &habit->draw, &request, &answer);
	packet.length = datagram(request, spec->size);
	sim_send(sim, &spec->route, &packet);
	reply.source = packet.target;
	reply.target = packet.source;
	reply.source_port = packet.target_port;
	reply.target_port = packet.source_port;
	reply.length = datagram(answer, spec->reply);
	if (out || answer_draw(&habit->draw, spec->answers_ppm) != ANSWER_OPEN)
		habit->truth->failed++;
	else
		sim_send_at(sim, sim->now_ns + sim_round_trip(sim, server), &spec->route, &reply);
}

/* An operator's session begins with the first call after its time, for only then does the implant
 * learn of it. */
static void follow_operator(struct sim *sim, struct habit *habit)
{
	const struct actor *actor = habit->actor;
	const struct spells *tasking = &actor->spec.tasking;

	if (habit->sessions < tasking->count &&
	    sim->now_ns >= spells_begin(tasking, actor, SPELLS_TASKING, habit->sessions)) {
		habit->sessions++;
		habit->session_end_ns = sim->now_ns + tasking->length_ns;
	}
	if (sim->now_ns < habit->session_end_ns)
		habit->sooner_ns = TASK_LEAST_NS + draw_exponential(&habit->draw, TASK_MEAN_NS);
}

/* Every other outage answers with a reset, the first not at all. */
static bool is_out(struct sim *sim, struct habit *habit, enum answer *answer)
{
	const struct spec *spec = &habit->actor->spec;
	int outage = spells_at(&spec->outage, habit->actor, SPELLS_OUTAGE, sim->now_ns);

	if (outage < 0)
		return false;
	*answer = outage % 2 ? ANSWER_REFUSED : ANSWER_SILENT;
	habit->sooner_ns = spec->retry_ns;
	return true;
}

/* On with the conversation that is kept; false if there is none any more. */
static bool resume(struct sim *sim, struct habit *habit, bool out)
{
	struct session *session = habit->talk;

	if (!session)
		return false;
	habit->hang_up = out;
	session->left += !out;
	if (stream_is_idle(&session->stream))
		stream_resume(sim, &session->stream);
	return !out;
}

static struct session *new_call(struct sim *sim, struct habit *habit, const struct address *server)
{
	struct actor *actor = habit->actor;
	struct session *session =
		session_new(sim, actor, &habit->draw, &habit->host, server, actor->spec.port);

	if (!session)
		return NULL;
	session->exchange = exchange;
	session->over = over;
	session->owner = habit;
	session->left = 1;
	return session;
}

/* The connections of a call beyond the first, each a little later. */
static void call_again(struct sim *sim, struct habit *habit, const struct address *server,
		       uint64_t at_ns)
{
	const struct ports *together = &habit->actor->spec.together;
	unsigned calls = together->used ? ports_count(together) : 0;

	calls = calls ? ports_at(together, draw_below(&habit->draw, calls)) : 1;
	for (unsigned i = 1; i < calls; i++) {
		struct session *session = new_call(sim, habit, server);

		at_ns += draw_between(&habit->draw, TOGETHER_LEAST_NS, TOGETHER_MOST_NS);
		if (session)
			session_start(sim, session, at_ns);
	}
}

static void call_home(struct sim *sim, struct habit *habit)
{
	struct actor *actor = habit->actor;
	struct address server = habit_target(habit);
	enum answer answer = ANSWER_OPEN;
	struct session *session;
	uint64_t at_ns;
	bool out;

	habit->truth->count++;
	follow_operator(sim, habit);
	out = is_out(sim, habit, &answer);
	if (actor->spec.application == APPLICATION_UDP) {
		send_datagrams(sim, habit, &server, out);
		return;
	}
	if (resume(sim, habit, out))
		return;
	habit->hang_up = out;
	session = new_call(sim, habit, &server);
	if (!session)
		return;
	if (out)
		session->stream.answer = answer;
	if (actor->spec.mode == MODE_KEEPALIVE)
		habit->talk = session;
	at_ns = dns_lookup(sim, actor, &habit->draw, &habit->host, actor->spec.name, &server);
	session_start(sim, session, at_ns);
	if (actor->spec.mode == MODE_RECONNECT && !out)
		call_again(sim, habit, &server, at_ns);
}

int beacon_start(struct sim *sim, struct actor *actor)
{
	const char *protocol = actor->spec.application == APPLICATION_UDP ? "udp" : "tcp";

	return habits_start(sim, actor, PHASE_START, NULL, protocol, call_home);
}
