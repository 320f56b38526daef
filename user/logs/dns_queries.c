// SPDX-License-Identifier: BSD-2-Clause
/* A query and its answer, put together by ends and id. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/config.h"
#include "logs/dns_queries.h"

#define SILENT_NS (10 * SKUA_SECOND_NS) /* as Zeek's dns_session_timeout */
#define LOOKS 8

struct query_key {
	struct skua_flow_key ends;
	uint64_t id;
};

struct slot {
	struct dns_query query;
	char *text;
};

static uint64_t slot_worth(const void *value)
{
	return ((const struct slot *)value)->query.time_ns;
}

static void tell(struct dns_queries *all, struct slot *slot, const struct dns_view *response,
		 uint64_t response_ns)
{
	slot->query.name = slot->text;
	all->told(all->arg, &slot->query, response, response_ns);
	free(slot->text);
	slot->text = NULL;
}

static void evicted(void *arg, const void *key, void *value)
{
	struct dns_queries *all = arg;

	(void)key;
	all->early++;
	tell(all, value, NULL, 0);
}

int dns_queries_init(struct dns_queries *all, dns_told_fn *told, void *arg)
{
	const struct table_options table = { .key_size = sizeof(struct query_key),
					     .value_size = sizeof(struct slot),
					     .capacity = DNS_QUERIES_MAX,
					     .worth = slot_worth,
					     .evicted = evicted,
					     .arg = all };

	*all = (struct dns_queries){ .told = told, .arg = arg };
	return table_init(&all->table, &table);
}

void dns_queries_fini(struct dns_queries *all)
{
	struct slot *slot = NULL;

	while (all->table.slots && (slot = table_next(&all->table, slot)))
		free(slot->text);
	table_fini(&all->table);
}

static void read_query(struct dns_query *query, const struct item_place *place,
		       const struct dns_view *view, struct dns_record *question)
{
	struct dns_reader reader = dns_view_rewind(view);

	query->place = *place;
	query->time_ns = place->time_ns;
	query->id = view->id;
	query->flags = view->flags;
	query->asked = !dns_view_is_response(view);
	query->has_question = view->questions && dns_read_question(&reader, question);
	if (!query->has_question)
		question->name[0] = '\0';
	query->type = query->has_question ? question->type : 0;
	query->class = query->has_question ? question->class : 0;
	query->name = question->name;
}

static void on_query(struct dns_queries *all, const struct query_key *key,
		     const struct dns_query *query)
{
	bool is_new;
	struct slot *slot = table_get(&all->table, key, &is_new);

	if (!is_new) /* asked again before it was answered: a line of its own */
		tell(all, slot, NULL, 0);
	slot->query = *query;
	slot->text = strdup(query->name);
	if (slot->text)
		return;
	all->early++;
	all->told(all->arg, query, NULL, 0);
	table_remove(&all->table, slot);
}

void dns_queries_message(struct dns_queries *all, const struct item_place *place,
			 const struct dns_view *view, uint64_t born_ns)
{
	const struct query_key key = { place->key, view->id };
	struct dns_query query = { .born_ns = born_ns };
	struct dns_record question;
	struct slot *slot;

	read_query(&query, place, view, &question);
	if (query.asked && !view->multicast) {
		on_query(all, &key, &query);
		return;
	}
	if (query.asked) { /* everybody is asked, and whoever answers says so to all */
		all->told(all->arg, &query, NULL, 0);
		return;
	}
	slot = view->multicast ? NULL : table_find(&all->table, &key);
	if (!slot) {
		all->told(all->arg, &query, view, place->time_ns);
		return;
	}
	tell(all, slot, view, place->time_ns);
	table_remove(&all->table, slot);
}

void dns_queries_tick(struct dns_queries *all, uint64_t now_ns)
{
	for (uint32_t i = 0; i < DNS_QUERIES_MAX / LOOKS; i++) {
		struct slot *slot = table_at(&all->table, all->looked);

		all->looked = (all->looked + 1) % DNS_QUERIES_MAX;
		if (!slot || now_ns < slot->query.time_ns ||
		    now_ns - slot->query.time_ns < SILENT_NS)
			continue;
		tell(all, slot, NULL, 0);
		table_remove(&all->table, slot);
	}
}

static int by_place(const void *x, const void *y)
{
	const struct dns_query *a = &(*(struct slot *const *)x)->query;
	const struct dns_query *b = &(*(struct slot *const *)y)->query;

	if (a->place.frame != b->place.frame)
		return a->place.frame < b->place.frame ? -1 : 1;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void tell_rest(void *arg, void *value)
{
	struct dns_queries *all = arg;

	tell(all, value, NULL, 0);
	table_remove(&all->table, value);
}

void dns_queries_finish(struct dns_queries *all)
{
	table_show_sorted(&all->table, by_place, tell_rest, all);
}
