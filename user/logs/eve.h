/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines in Suricata's EVE, by the field names that its manual has ("Eve JSON
 * Format", DNS version 2): each writes one into an object that is open.
 */
#ifndef SKUA_LOGS_EVE_H
#define SKUA_LOGS_EVE_H

#include "skua/dns.h"
#include "analyze/objects.h"
#include "base/json.h"
#include "dissect/dns_view.h"
#include "dissect/fact.h"
#include "dissect/tls_view.h"
#include "logs/http_exchange.h"
#include "logs/identity.h"
#include "logs/log_flow.h"
#include "report/sink.h"

/* What is outside of every line. */
struct eve_head {
	const char *event_type;
	uint64_t time_ns;
	uint64_t frame; /* 0: not said */
	const struct identity *identity;
	const char *app_proto; /* NULL: not known */
};

/* Of what Zeek calls the service. */
const char *eve_app_proto(const char *service);
void eve_begin(struct json *json, const struct sink_envelope *envelope,
	       const struct eve_head *head);
void eve_flow(struct json *json, const struct log_flow *flow, enum log_flow_end end, bool tcp);
/* Returns how many answers were left out (DNS_ANSWERS_TEXT). */
unsigned eve_dns(struct json *json, const struct dns_view *view);
void eve_dns_event(struct json *json, const struct skua_dns *dns, const char *name);
void eve_tls(struct json *json, const struct tls_view *view);
void eve_hello(struct json *json, const struct fact_hello *hello);
void eve_http(struct json *json, const struct http_exchange *exchange);
void eve_file(struct json *json, const struct object *object, const char *sha256);

#endif /* SKUA_LOGS_EVE_H */
