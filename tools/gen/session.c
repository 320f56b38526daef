// SPDX-License-Identifier: BSD-2-Clause
/* A client's session with a server over one stream. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "connect.h"
#include "session.h"

#define LEAST_RECORD 23    /* header, one byte, type and tag */
#define FINISHED_RECORD 74 /* of a SHA-384 suite */

enum phase_of_session {
	PHASE_CONNECT,
	PHASE_CONNECTED,
	PHASE_HELLO,
	PHASE_FLIGHT,
	PHASE_FINISHED,
	PHASE_REQUEST,
	PHASE_REPLY,
};

enum answer answer_draw(struct draw *draw, const uint32_t shares_ppm[ANSWERS])
{
	uint32_t at = draw_below(draw, PPM);

	for (unsigned i = 0; i < ANSWERS; i++) {
		if (at < shares_ppm[i])
			return i;
		at -= shares_ppm[i];
	}
	return ANSWER_OPEN;
}

static void say_hello(struct session *session, struct turn *turn)
{
	turn->length = tls_client_hello(session->head, &session->draw, session->name,
					session->browser, session->session_id);
	turn->head_length = turn->length;
}

/* ServerHello, then what is already encrypted: extensions, certificates, signature. */
static void say_flight(struct session *session, struct turn *turn)
{
	turn->side = SIDE_SERVER;
	turn->head_length = tls_server_hello(session->head, &session->draw, session->session_id);
	turn->length = turn->head_length + draw_between(&session->draw, 2200, 3900);
}

static void say_finished(struct session *session, struct turn *turn)
{
	turn->head_length = tls_change_cipher_spec(session->head);
	turn->length = turn->head_length + FINISHED_RECORD;
}

/* Of a request that only asks, a token makes up the size. */
static unsigned write_token(char *to, size_t room, uint64_t size)
{
	static const char word[] = "Authorization: Bearer ";
	unsigned length = sizeof(word) - 1 + 2;

	if (size <= length || size > room)
		return 0;
	memset(to, 'e', size);
	memcpy(to, word, sizeof(word) - 1);
	memcpy(to + size - 2, "\r\n", 2);
	return size;
}

static unsigned write_request(struct session *session, const char *path, uint64_t body)
{
	char *to = (char *)session->head;
	size_t room = sizeof(session->head);
	bool posts = body && !session->now.path;
	unsigned length;

	length = snprintf(to, room,
			  "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n"
			  "Accept: */*\r\n",
			  posts ? "POST" : "GET", path, session->name, session->agent);
	if (posts)
		length += snprintf(to + length, room - length, "Content-Length: %" PRIu64 "\r\n",
				   body);
	else if (body > length + 2)
		length += write_token(to + length, room - length - 3, body - length - 2);
	return length + snprintf(to + length, room - length, "\r\n");
}

/* A body makes up what the head leaves of the size; a second try knows its length's digits. */
static void say_http_request(struct session *session, struct turn *turn, uint64_t size)
{
	const char *path = session->now.path;
	uint64_t body = size;
	char drawn[12];

	if (!path) {
		snprintf(drawn, sizeof(drawn), "/%08" PRIx32, (uint32_t)draw_next(&session->draw));
		path = drawn;
	}
	turn->head_length = write_request(session, path, body);
	turn->length = turn->head_length;
	if (session->now.path)
		return;
	body = size > turn->head_length ? size - turn->head_length : 0;
	turn->head_length = write_request(session, path, body);
	turn->length = turn->head_length + body;
}

/* What the owner says that the turn begins with. */
static void put_head(struct session *session, struct turn *turn)
{
	uint32_t length = session->now.head_lengths[turn->side];

	if (!length || length > turn->length)
		return;
	turn->head = session->now.heads[turn->side];
	turn->head_length = length;
}

static void say_request(struct session *session, struct turn *turn)
{
	uint64_t size = session->now.request;

	turn->rate = session->now.rate;
	if (session->now.quiet)
		return;
	turn->length = size;
	if (session->application == APPLICATION_TLS && size < LEAST_RECORD)
		turn->length = LEAST_RECORD;
	if (session->application == APPLICATION_HTTP)
		say_http_request(session, turn, size);
	if (session->application == APPLICATION_RAW)
		put_head(session, turn);
}

static unsigned write_reply(struct session *session, uint64_t body)
{
	const char *status = session->now.status;

	if (status && !body)
		return snprintf((char *)session->head, sizeof(session->head),
				"HTTP/1.1 %s\r\nServer: nginx\r\n\r\n", status);
	return snprintf((char *)session->head, sizeof(session->head),
			"HTTP/1.1 %s\r\nServer: nginx\r\n"
			"Content-Type: application/octet-stream\r\n"
			"Content-Length: %" PRIu64 "\r\n\r\n",
			status ? status : "200 OK", body);
}

static void say_reply(struct session *session, struct turn *turn)
{
	uint64_t size = session->now.reply, body;

	turn->side = SIDE_SERVER;
	turn->length = size;
	if (session->application == APPLICATION_TLS && size && size < LEAST_RECORD)
		turn->length = LEAST_RECORD;
	if (session->application == APPLICATION_RAW)
		put_head(session, turn);
	if (session->application != APPLICATION_HTTP)
		return;
	turn->head_length = write_reply(session, size);
	body = size > turn->head_length ? size - turn->head_length : 0;
	turn->head_length = write_reply(session, body);
	turn->length = turn->head_length + body;
}

static enum next begin_exchange(struct sim *sim, struct session *session, struct turn *turn)
{
	enum next next;

	if (session->turned_away)
		return NEXT_CLOSE;
	memset(&session->now, 0, sizeof(session->now));
	next = session->exchange(sim, session, &session->now);
	if (next == NEXT_TURN)
		say_request(session, turn);
	turn->at_ns = session->now.at_ns;
	if (next == NEXT_TURN)
		session->phase = PHASE_REPLY;
	return next;
}

static enum next next_turn(struct sim *sim, struct stream *stream, struct turn *turn)
{
	struct session *session = (struct session *)stream;

	if (session->phase == PHASE_CONNECTED || session->phase == PHASE_FLIGHT ||
	    session->phase == PHASE_REPLY)
		turn->at_ns = sim->now_ns + session->beyond_ns;
	turn->head = session->head;
	turn->filler = session->application == APPLICATION_TLS ? FILLER_RECORDS : FILLER_TEXT;
	switch ((enum phase_of_session)session->phase) {
	case PHASE_CONNECT:
		connect_ask(session, turn);
		break;
	case PHASE_CONNECTED:
		connect_answer(session, turn);
		if (session->application != APPLICATION_TLS || session->turned_away)
			session->phase = PHASE_FINISHED;
		break;
	case PHASE_HELLO:
		say_hello(session, turn);
		break;
	case PHASE_FLIGHT:
		say_flight(session, turn);
		break;
	case PHASE_FINISHED:
		say_finished(session, turn);
		break;
	case PHASE_REQUEST:
		return begin_exchange(sim, session, turn);
	case PHASE_REPLY:
		say_reply(session, turn);
		session->phase = PHASE_REQUEST;
		return NEXT_TURN;
	}
	session->phase++;
	return NEXT_TURN;
}

static void end(struct sim *sim, struct stream *stream, bool established)
{
	struct session *session = (struct session *)stream;

	if (session->over)
		session->over(sim, session, established);
	sim_end(sim, &stream->task);
}

enum next session_hang_up(struct sim *sim, struct session *session, struct exchange *exchange)
{
	(void)sim;
	(void)session;
	(void)exchange;
	return NEXT_CLOSE;
}

struct session *session_new(struct sim *sim, const struct actor *actor, struct draw *draw,
			    const struct address *client, const struct address *server,
			    uint16_t port)
{
	struct session *session = sim_new(sim, sizeof(*session), NULL);

	if (!session)
		return NULL;
	session->draw = draw_from(draw_next(draw), 0);
	session->stream.route = &actor->spec.route;
	session->stream.addresses[SIDE_CLIENT] = *client;
	session->stream.addresses[SIDE_SERVER] = *server;
	session->stream.ports[SIDE_CLIENT] = sim_port(sim);
	session->stream.ports[SIDE_SERVER] = port;
	session->stream.ending = actor->spec.ending;
	session->stream.answer = answer_draw(&session->draw, actor->spec.answers_ppm);
	session->stream.next = next_turn;
	session->stream.over = end;
	session->exchange = session_hang_up;
	session->application = actor->spec.application;
	session->agent = actor->spec.agent;
	session->browser = actor->spec.alpn;
	strcpy(session->name, actor->spec.name);
	if (session->application == APPLICATION_HTTP && !session->name[0])
		address_format(server, session->name);
	if (actor->spec.proxy.used)
		connect_prepare(sim, session, &actor->spec, server, port);
	return session;
}

void session_start(struct sim *sim, struct session *session, uint64_t at_ns)
{
	session->phase = session->application == APPLICATION_TLS ? PHASE_HELLO : PHASE_REQUEST;
	if (session->authority[0])
		connect_begin(session, PHASE_CONNECT);
	stream_start(sim, &session->stream, &session->draw, at_ns);
}
