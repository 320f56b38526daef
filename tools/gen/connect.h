/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions through an HTTP proxy: the CONNECT request before them (RFC 9110, 9.3.6). */
#ifndef SKUA_GEN_CONNECT_H
#define SKUA_GEN_CONNECT_H

#include "session.h"

/* Turns a new session with a server into one with the actor's proxy. */
void connect_prepare(const struct sim *sim, struct session *session, const struct spec *spec,
		     const struct address *server, uint16_t port);
/* Just before the stream starts: a proxy answers whether the server does or not. */
void connect_begin(struct session *session, uint8_t phase);
/* The client's request and the proxy's answer. */
void connect_ask(struct session *session, struct turn *turn);
void connect_answer(struct session *session, struct turn *turn);

#endif /* SKUA_GEN_CONNECT_H */
