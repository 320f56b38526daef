// SPDX-License-Identifier: BSD-2-Clause
/* Queries without an answer are told when the input is over, in their order. */
#include "logs/dns_queries.h"
#include "dissect_message.h"
#include "refusing_calloc.h"
#include "tap.h"

#define QUERIES 3

static unsigned told, in_order;

static void tell(void *arg, const struct dns_query *query, const struct dns_view *response,
		 uint64_t response_ns)
{
	(void)arg;
	(void)response_ns;
	told++;
	in_order += !response && query->asked && query->place.frame == told;
}

/* Each from a port of its own, the last first. */
static void ask(struct dns_queries *all)
{
	struct message message = { 0 };
	struct dns_view view;

	put_question(&message, QUERY, "\1a\2bc", 6);
	if (!dns_view_open(&view, message.at, message.length))
		abort();
	told = in_order = 0;
	for (unsigned i = QUERIES; i; i--) {
		const struct item_place place = { .key = { .low_port = i, .proto = SKUA_UDP },
						  .frame = i,
						  .time_ns = i };

		dns_queries_message(all, &place, &view, i);
	}
}

int main(void)
{
	struct dns_queries all;

	ok(!dns_queries_init(&all, tell, NULL), "queries wait");
	ask(&all);
	dns_queries_finish(&all);
	ok(told == QUERIES && in_order == QUERIES, "those without an answer come in their order");
	ask(&all);
	calloc_refuses = true;
	dns_queries_finish(&all);
	calloc_refuses = false;
	ok(told == QUERIES && !all.table.used, "without memory to sort them they are told as well");
	dns_queries_fini(&all);
	return done();
}
