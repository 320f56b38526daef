// SPDX-License-Identifier: BSD-2-Clause
/* Keeps the connections of pairs for RITA's score. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include "analyze/rita_pairs.h"

#define NONE UINT32_MAX

struct pair_key {
	struct address client, server;
};

static uint64_t pair_worth(const void *value)
{
	return ((const struct rita_pair *)value)->connections;
}

static void pair_evicted(void *arg, const void *key, void *value)
{
	struct rita_pairs *pairs = arg;
	uint32_t chunk = ((struct rita_pair *)value)->chunk;

	(void)key;
	while (chunk != NONE) {
		uint32_t next = pairs->chunks[chunk].next;

		pairs->chunks[chunk].next = pairs->free;
		pairs->free = chunk;
		chunk = next;
	}
}

int rita_pairs_init(struct rita_pairs *pairs, uint32_t capacity, uint32_t chunks)
{
	const struct table_options options = { .key_size = sizeof(struct pair_key),
					       .value_size = sizeof(struct rita_pair),
					       .capacity = capacity,
					       .worth = pair_worth,
					       .evicted = pair_evicted,
					       .arg = pairs };
	int err;

	*pairs = (struct rita_pairs){ .from_s = UINT32_MAX };
	pairs->chunks = calloc(chunks, sizeof(*pairs->chunks));
	err = pairs->chunks ? table_init(&pairs->table, &options) : -ENOMEM;
	if (err) {
		free(pairs->chunks);
		*pairs = (struct rita_pairs){ 0 };
		return err;
	}
	for (uint32_t i = 0; i < chunks; i++)
		pairs->chunks[i].next = i + 1 < chunks ? i + 1 : NONE;
	return 0;
}

void rita_pairs_fini(struct rita_pairs *pairs)
{
	table_fini(&pairs->table);
	free(pairs->chunks);
}

/* NULL: there is none left. */
static struct rita_chunk *take_chunk(struct rita_pairs *pairs, struct rita_pair *pair)
{
	struct rita_chunk *chunk = pair->chunk == NONE ? NULL : &pairs->chunks[pair->chunk];
	uint32_t number = pairs->free;

	if (chunk && chunk->used < RITA_CHUNK_CONNECTIONS)
		return chunk;
	if (number == NONE)
		return NULL;
	chunk = &pairs->chunks[number];
	pairs->free = chunk->next;
	chunk->next = pair->chunk;
	chunk->used = 0;
	pair->chunk = number;
	return chunk;
}

static void keep(struct rita_pairs *pairs, struct rita_pair *pair,
		 const struct rita_connection *connection)
{
	struct rita_chunk *chunk;

	if (pair->connections != UINT32_MAX)
		pair->connections++;
	if (pair->connections > RITA_STROBE)
		return;
	chunk = take_chunk(pairs, pair);
	if (chunk) {
		chunk->connections[chunk->used++] = *connection;
		return;
	}
	pair->lost++;
	pairs->lost++;
}

void rita_pairs_flow(struct rita_pairs *pairs, const struct skua_flow_event *event)
{
	const struct skua_flow_key *flow_key = &event->head.key;
	const struct skua_flow *flow = &event->flow;
	enum skua_side client = skua_flow_client(flow);
	uint64_t bytes = flow->way[client].bytes;
	const struct rita_connection connection = {
		.start_s = flow->first_ns / SKUA_SECOND_NS,
		.bytes = bytes < UINT32_MAX ? bytes : UINT32_MAX,
	};
	struct pair_key key;
	struct rita_pair *pair;
	bool is_new;

	if (event->reason == SKUA_FLOW_REPORT || !event->ours ||
	    (flow_key->proto != SKUA_TCP && flow_key->proto != SKUA_UDP))
		return;
	key.client = address_from(client == SKUA_LOW ? flow_key->low : flow_key->high);
	key.server = address_from(client == SKUA_LOW ? flow_key->high : flow_key->low);
	if (address_is_multicast(&key.server))
		return;
	if (connection.start_s < pairs->from_s)
		pairs->from_s = connection.start_s;
	if (connection.start_s > pairs->to_s)
		pairs->to_s = connection.start_s;
	pair = table_get(&pairs->table, &key, &is_new);
	if (is_new)
		pair->chunk = NONE;
	keep(pairs, pair, &connection);
}

void rita_pairs_finding(struct rita_pairs *pairs, const struct finding *finding)
{
	const struct pair_key key = { .client = finding->src, .server = finding->dst };
	struct rita_pair *pair;

	if (finding->kind != FINDING_BEACON || !finding->has_dst ||
	    finding->state == FINDING_CLOSED)
		return;
	pair = table_get(&pairs->table, &key, NULL);
	if (!pair->connections)
		pair->chunk = NONE;
	pair->found = true;
	pair->score = finding->score;
}

/* All that was kept of a pair, to be freed; NULL: out of memory. */
static struct rita_connection *gather(const struct rita_pairs *pairs, const struct rita_pair *pair,
				      size_t *count)
{
	size_t most = pair->connections < RITA_STROBE ? pair->connections : RITA_STROBE;
	struct rita_connection *all = malloc((most + 1) * sizeof(*all));

	*count = 0;
	for (uint32_t i = pair->chunk; all && i != NONE; i = pairs->chunks[i].next) {
		const struct rita_chunk *chunk = &pairs->chunks[i];

		memcpy(all + *count, chunk->connections, chunk->used * sizeof(*all));
		*count += chunk->used;
	}
	return all;
}

/* 1: there is a row; 0: none; -ENOMEM. */
static int fill_row(const struct rita_pairs *pairs, const struct rita_pair *pair,
		    struct rita_row *row)
{
	const struct pair_key *key = table_key(&pairs->table, pair);
	struct rita_connection *all;
	double *room;
	size_t count;
	int got = -ENOMEM;

	*row = (struct rita_row){ .client = key->client,
				  .server = key->server,
				  .connections = pair->connections,
				  .strobe = pair->connections > RITA_STROBE,
				  .cut = pair->lost,
				  .found = pair->found,
				  .skua = pair->score };
	if (pair->connections < RITA_UNIQUE)
		return 0;
	all = gather(pairs, pair, &count);
	room = malloc((count + 1) * sizeof(*room));
	if (all && room)
		got = rita_score(all, count, pairs->from_s, pairs->to_s, room, &row->score) ||
		      row->strobe;
	for (size_t i = 0; got == 1 && i < count; i++)
		if (all[i].start_s * SKUA_SECOND_NS > row->last_ns)
			row->last_ns = all[i].start_s * SKUA_SECOND_NS;
	if (row->strobe)
		row->score = (struct rita_score){ 0 };
	free(all);
	free(room);
	return got;
}

static int compare_rows(const void *a, const void *b)
{
	const struct rita_row *x = a, *y = b;
	int order;

	if (x->score.score != y->score.score)
		return x->score.score < y->score.score ? 1 : -1;
	order = memcmp(x->client.bytes, y->client.bytes, sizeof(x->client.bytes));
	return order ? order : memcmp(x->server.bytes, y->server.bytes, sizeof(x->server.bytes));
}

ssize_t rita_pairs_rows(const struct rita_pairs *pairs, struct rita_row **out)
{
	struct rita_row *rows = calloc(pairs->table.used + 1, sizeof(*rows));
	ssize_t count = 0;

	if (!rows)
		return -ENOMEM;
	for (const struct rita_pair *pair = NULL; (pair = table_next(&pairs->table, pair));) {
		int got = fill_row(pairs, pair, &rows[count]);

		if (got < 0) {
			free(rows);
			return got;
		}
		count += got;
	}
	qsort(rows, count, sizeof(*rows), compare_rows);
	*out = rows;
	return count;
}
