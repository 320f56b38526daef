// SPDX-License-Identifier: BSD-2-Clause
/* Sessions through an HTTP proxy. */
#include <stdio.h>
#include <string.h>
#include "connect.h"

void connect_prepare(const struct sim *sim, struct session *session, const struct spec *spec,
		     const struct address *server, uint16_t port)
{
	char name[SPEC_TEXT];

	strcpy(name, session->name);
	if (!name[0])
		address_format(server, name);
	snprintf(session->authority, sizeof(session->authority),
		 strchr(name, ':') ? "[%s]:%u" : "%s:%u", name, port);
	session->beyond_ns = sim_round_trip(sim, server);
	session->stream.addresses[SIDE_SERVER] = addresses_at(&spec->proxy, 0);
	session->stream.ports[SIDE_SERVER] = spec->proxy_port;
}

void connect_begin(struct session *session, uint8_t phase)
{
	session->turned_away = session->stream.answer != ANSWER_OPEN;
	session->stream.answer = ANSWER_OPEN;
	session->phase = phase;
}

void connect_ask(struct session *session, struct turn *turn)
{
	turn->length = snprintf((char *)session->head, sizeof(session->head),
				"CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n",
				session->authority, session->authority, session->agent);
	turn->head_length = turn->length;
}

void connect_answer(struct session *session, struct turn *turn)
{
	const char *text = session->turned_away
				   ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
				     "Connection: close\r\n\r\n"
				   : "HTTP/1.1 200 Connection established\r\n\r\n";

	turn->side = SIDE_SERVER;
	turn->length = turn->head_length = strlen(text);
	memcpy(session->head, text, turn->length);
}
