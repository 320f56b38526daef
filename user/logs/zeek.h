/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines in Zeek's JSON, by the field names of its logs (conn.log, dns.log,
 * ssl.log, http.log, files.log): each writes one into an object that is open.
 */
#ifndef SKUA_LOGS_ZEEK_H
#define SKUA_LOGS_ZEEK_H

#include "skua/dns.h"
#include "analyze/objects.h"
#include "base/json.h"
#include "dissect/fact.h"
#include "dissect/tls_view.h"
#include "logs/dns_queries.h"
#include "logs/http_exchange.h"
#include "logs/identity.h"
#include "logs/log_flow.h"

/* path: the log's name.  proto: whether it is told. */
void zeek_begin(struct json *json, const char *path, uint64_t time_ns,
		const struct identity *identity, bool proto);
/* Seconds, to the microsecond. */
void zeek_time(struct json *json, const char *name, uint64_t time_ns);
void zeek_conn(struct json *json, const struct skua_flow_key *key, const struct log_flow *flow);
/* Returns how many answers were left out (DNS_ANSWERS_TEXT). */
unsigned zeek_dns(struct json *json, const struct dns_query *query, const struct dns_view *response,
		  uint64_t response_ns);
/* A message of which only the question is known: each is a line of its own. */
void zeek_dns_event(struct json *json, const struct skua_dns *dns, const char *name);
void zeek_ssl(struct json *json, const struct tls_view *view);
void zeek_hello(struct json *json, const struct fact_hello *hello);
void zeek_http(struct json *json, const struct http_exchange *exchange);
void zeek_file(struct json *json, const struct object *object, const char *sha256,
	       const struct identity *identity);

#endif /* SKUA_LOGS_ZEEK_H */
