/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client's session with a server, TLS, HTTP or raw, over one stream: does
 * what its protocol says at the begin, then requests and replies of the sizes
 * its owner asks for.
 */
#ifndef SKUA_GEN_SESSION_H
#define SKUA_GEN_SESSION_H

#include "stream.h"
#include "tls.h"

struct exchange {
	uint64_t at_ns;          /* not before; at NEXT_CLOSE: the end */
	uint64_t request, reply; /* bytes of payload; what the protocol needs is the least */
	uint64_t rate;           /* of the request, bytes per second; 0: the line's */
	bool quiet;              /* no request at all: the server speaks unasked */
	/* Of HTTP: what is asked for and the status line's end; NULL: a new path, "200 OK". */
	const char *path, *status;
	/* Without TLS and HTTP: how request and reply begin; borrowed while the session asks. */
	const uint8_t *heads[2];
	uint32_t head_lengths[2];
};

struct session {
	struct stream stream;
	unsigned application; /* enum application, not UDP */
	char name[SPEC_TEXT];
	const char *agent;
	/* Behind a proxy: "name:port" as it is asked for; the proxy cannot reach it. */
	char authority[SPEC_TEXT + 8];
	bool turned_away;
	uint64_t beyond_ns; /* from the proxy to the server and back */
	bool browser;
	/* The owner's: fills exchange; NEXT_TURN means to go on with it. */
	enum next (*exchange)(struct sim *sim, struct session *session, struct exchange *exchange);
	void (*over)(struct sim *sim, struct session *session, bool established); /* or NULL */
	void *owner;
	uint64_t left; /* the owner's counter */
	struct draw draw;

	/* From here on the session's own. */
	struct exchange now;
	uint8_t phase;
	uint8_t session_id[32];
	uint8_t head[TLS_HELLO_MOST + 256];
};

/*
 * A session of client with server, whose other fields the caller then fills in;
 * application, name, agent, answer (by the actor's shares) and route are the
 * actor's.  NULL: no memory.
 */
struct session *session_new(struct sim *sim, const struct actor *actor, struct draw *draw,
			    const struct address *client, const struct address *server,
			    uint16_t port);
/* The exchange of a session that closes without a word; what session_new() fills in. */
enum next session_hang_up(struct sim *sim, struct session *session, struct exchange *exchange);
void session_start(struct sim *sim, struct session *session, uint64_t at_ns);
/* What the target does with an attempt, by the actor's shares. */
enum answer answer_draw(struct draw *draw, const uint32_t shares_ppm[ANSWERS]);

#endif /* SKUA_GEN_SESSION_H */
