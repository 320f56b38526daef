/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An engine for one conversation at a time, without bytes: packets are given
 * as what the parser would say of them, and what must be said of them comes
 * out of the same code as everywhere, skua/observe.h.
 */
#ifndef TESTS_EVAL_LINE_H
#define TESTS_EVAL_LINE_H

#include "skua/sighting.h"
#include "base/address.h"
#include "capture/source.h"

/* A client and its conversation with a server. */
struct talker {
	struct address client, server;
	uint16_t client_port, server_port;
	uint8_t proto;
	uint8_t origin; /* enum skua_origin of the client */
	bool has_source, has_flow;
	uint32_t seq[2]; /* next octet of the client, of the server */
	struct skua_flow_key key;
	struct skua_flow flow;
	struct skua_source source;
};

struct line {
	struct skua_sighting seen; /* first: the shared code is given a pointer to it */
	struct skua_config config;
	struct talker *talker;
	source_event_fn *deliver;
	void *arg;
};

void line_init(struct line *line, source_event_fn *deliver, void *arg);
/* One packet; from_client tells the direction, payload the bytes behind the header. */
void line_packet(struct line *line, struct talker *talker, bool from_client, uint8_t flags,
		 uint32_t payload, uint64_t now_ns);
/* The next whole second at which silence decides something; UINT64_MAX: none. */
uint64_t line_due(const struct line *line, const struct talker *talker);
void line_sweep(struct line *line, struct talker *talker, uint64_t now_ns);
/* The capture ends. */
void line_stop(struct line *line, struct talker *talker, uint64_t now_ns);

#endif /* TESTS_EVAL_LINE_H */
