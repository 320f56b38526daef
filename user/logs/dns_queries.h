/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries of DNS wait for their answer, for Zeek tells both in one line. */
#ifndef SKUA_LOGS_DNS_QUERIES_H
#define SKUA_LOGS_DNS_QUERIES_H

#include "base/table.h"
#include "dissect/dissector.h"
#include "dissect/dns_view.h"

#define DNS_QUERIES_MAX 16384

/* What is asked; name: borrowed for the call in which it is told. */
struct dns_query {
	struct item_place place;
	uint64_t born_ns; /* of its flow */
	uint64_t time_ns; /* of the query; of the response where there was none */
	uint16_t id, flags, type, class;
	bool asked; /* there was a query */
	bool has_question;
	const char *name;
};

/* response: NULL, there was none. */
typedef void dns_told_fn(void *arg, const struct dns_query *query, const struct dns_view *response,
			 uint64_t response_ns);

struct dns_queries {
	struct table table;
	dns_told_fn *told;
	void *arg;
	uint64_t early;
	uint32_t looked;
};

/* 0 or -ENOMEM. */
int dns_queries_init(struct dns_queries *queries, dns_told_fn *told, void *arg);
void dns_queries_fini(struct dns_queries *queries);
void dns_queries_message(struct dns_queries *queries, const struct item_place *place,
			 const struct dns_view *view, uint64_t born_ns);
/* Some of those that wait in vain. */
void dns_queries_tick(struct dns_queries *queries, uint64_t now_ns);
/* All that are left, in the order of the capture if there is memory to sort them. */
void dns_queries_finish(struct dns_queries *queries);

#endif /* SKUA_LOGS_DNS_QUERIES_H */
