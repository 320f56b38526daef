/* SPDX-License-Identifier: BSD-2-Clause */
/* What the logs hold: for their own files only. */
#ifndef SKUA_LOGS_LOGS_STATE_H
#define SKUA_LOGS_LOGS_STATE_H

#include "analyze/object_sources.h"
#include "dissect/conversations.h"
#include "logs/dns_queries.h"
#include "logs/flows.h"
#include "logs/http_exchange.h"
#include "logs/lines.h"
#include "logs/tls_handshakes.h"

#define LOGS_HELD_MAX 4096 /* flows of events that are over; beyond, the oldest is told */

struct logs_held {
	struct skua_flow_key key;
	uint64_t born_ns, due_ns;
};

struct logs {
	struct logs_options options;
	struct logs_counters counters;
	struct lines lines;
	struct flows flows;
	struct conversations conversations;
	struct http_exchanges exchanges;
	struct dns_queries queries;
	struct tls_handshakes handshakes;
	struct logs_held held[LOGS_HELD_MAX];
	uint32_t held_first, held_count;
	struct objects objects;
	struct object_sources sources;
};

static inline bool logs_want(const struct logs *logs, enum log_kind kind)
{
	return logs->options.kinds >> kind & 1;
}

static inline bool logs_zeek(const struct logs *logs)
{
	return logs->options.format == LOGS_ZEEK;
}

/* Flows of events that were held back until now. */
void logs_release(struct logs *logs, uint64_t now_ns);
struct eve_head;
struct identity;
/* A line begins: an object is open; lines_end() ends it. */
struct json *logs_begin_eve(struct logs *logs, enum log_kind kind, const struct eve_head *head);
struct json *logs_begin_zeek(struct logs *logs, enum log_kind kind, uint64_t time_ns,
			     const struct identity *identity);
/* Lines of one kind each; items are said by conversations. */
void logs_tell_flow(void *arg, const struct skua_flow_key *key, const struct log_flow *flow,
		    enum log_flow_end end);
void logs_tell_dns(struct logs *logs, const struct item *item);
void logs_tell_query(void *arg, const struct dns_query *query, const struct dns_view *response,
		     uint64_t response_ns);
void logs_tell_tls(struct logs *logs, const struct item *item);
void logs_tell_handshake(void *arg, const struct tls_handshake *handshake, bool established);
void logs_tell_http(void *arg, const struct http_exchange *exchange);
void logs_tell_file(void *arg, struct object *object);

#endif /* SKUA_LOGS_LOGS_STATE_H */
