// SPDX-License-Identifier: BSD-2-Clause
/* Finds the samples that somebody asks for, in the ring and in the keep area. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/domain.h"
#include "record/recorder_state.h"

/* What is being gathered; count first, then fill. */
struct gathering {
	const struct recorder_selector *selector;
	struct recorder_selection *out;
	size_t room, room_used;
	size_t capacity;
	uint64_t seen; /* samples that the selected pairs have had */
	int err;
};

static bool is_host(const struct keep_key *key, const struct address *host)
{
	return address_equal(&key->low, host) || address_equal(&key->high, host);
}

static bool has_name(const struct keep_pair *pair, uint64_t hash)
{
	for (int i = 0; i < KEEP_NAMES; i++)
		if (pair->names[i] && pair->names[i] == hash)
			return true;
	return false;
}

static bool is_dns(const struct keep_key *key)
{
	return key->port == SKUA_DNS_PORT;
}

/* Is the pair wanted, or some of it? */
static bool wants_pair(const struct recorder_selector *s, const struct keep_key *key,
		       const struct keep_pair *pair)
{
	switch (s->what) {
	case RECORDER_PAIR:
		return is_host(key, &s->a) && is_host(key, &s->b) &&
		       (!s->port || s->port == key->port) && (!s->proto || s->proto == key->proto);
	case RECORDER_HOST:
		return is_host(key, &s->a);
	case RECORDER_NAME:
		return is_host(key, &s->a) && (has_name(pair, s->name_hash) || is_dns(key));
	case RECORDER_DNS:
		return is_host(key, &s->a) && is_dns(key) && (s->domain[0] || is_host(key, &s->b));
	case RECORDER_ALL:
		return true;
	}
	return false;
}

/* Of a wanted pair, this sample? */
static bool wants_row(const struct recorder_selector *s, const struct keep_key *key,
		      const struct keep_pair *pair, const struct sample_row *row)
{
	if (row->event->head.time_ns < s->since_ns)
		return false;
	if (!s->domain[0] || !is_dns(key) || (pair && has_name(pair, s->name_hash)))
		return true;
	return domain_asked(row, s->domain);
}

static void add(struct gathering *g, const struct sample_row *row)
{
	struct sample_row *rows;

	if (g->out->count == g->capacity) {
		g->capacity = g->capacity ? 2 * g->capacity : 1024;
		rows = reallocarray(g->out->rows, g->capacity, sizeof(*rows));
		if (!rows) {
			g->err = -ENOMEM;
			return;
		}
		g->out->rows = rows;
	}
	g->out->rows[g->out->count++] = *row;
}

/* Everything in the ring, for those who want more than a few pairs. */
static void gather_ring(const struct recorder *recorder, struct gathering *g)
{
	const struct ring *ring = &recorder->ring;

	for (uint64_t at = RING_NOWHERE; (at = ring_next(ring, at)) != RING_NOWHERE && !g->err;) {
		struct sample_row row;
		struct keep_key key;
		uint64_t previous;

		if (!ring_get(ring, at, &row, &previous))
			return;
		key = keep_key_of(row.event);
		if (wants_pair(g->selector, &key, &(struct keep_pair){}) &&
		    wants_row(g->selector, &key, NULL, &row))
			add(g, &row);
	}
}

static void gather_chain(const struct recorder *recorder, struct gathering *g,
			 const struct keep_key *key, const struct keep_pair *pair)
{
	struct sample_row row;
	uint64_t previous;

	for (uint64_t at = pair->chain; !g->err && ring_get(&recorder->ring, at, &row, &previous);
	     at = previous)
		if (wants_row(g->selector, key, pair, &row))
			add(g, &row);
}

static void gather_kept(struct recorder *recorder, struct gathering *g, const struct keep_key *key,
			const struct keep_pair *pair)
{
	const struct shelf *shelf = &recorder->keep.shelf;

	for (uint32_t name = pair->kept.first; name && !g->err;
	     name = shelf_sample(shelf, name)->next) {
		const struct shelf_sample *sample = shelf_sample(shelf, name);
		struct sample_row row = { .number = sample->number,
					  .event = &sample->event,
					  .captured = sample->captured };

		if (g->out->room) {
			row.bytes = shelf_bytes(shelf, name, g->out->room + g->room_used);
			g->room_used += sample->captured;
		} else {
			g->room += sample->captured;
			continue;
		}
		if (wants_row(g->selector, key, pair, &row))
			add(g, &row);
	}
}

/* Only few want everything: of all others the pairs know where their samples are. */
static bool is_wide(const struct recorder_selector *selector)
{
	return selector->what == RECORDER_HOST || selector->what == RECORDER_ALL ||
	       selector->what == RECORDER_DNS;
}

static void gather_pairs(struct recorder *recorder, struct gathering *g)
{
	const struct table *pairs = &recorder->keep.pairs;

	for (struct keep_pair *pair = NULL; (pair = table_next(pairs, pair)) && !g->err;) {
		const struct keep_key *key = table_key(pairs, pair);

		if (!wants_pair(g->selector, key, pair))
			continue;
		gather_kept(recorder, g, key, pair);
		if (!g->out->room)
			continue;
		g->seen += pair->samples;
		if (!is_wide(g->selector))
			gather_chain(recorder, g, key, pair);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct sample_row *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->captured < y->captured ? 1 : x->captured > y->captured ? -1 : 0;
}

/* What lies in both places is one: the longer of the two. */
static void unite(struct recorder_selection *selection)
{
	size_t kept = 0;

	qsort(selection->rows, selection->count, sizeof(selection->rows[0]), by_number);
	for (size_t i = 0; i < selection->count; i++)
		if (!kept || selection->rows[kept - 1].number != selection->rows[i].number)
			selection->rows[kept++] = selection->rows[i];
	selection->count = kept;
}

/* The beginning and the end say more than the middle. */
static void cut_middle(struct recorder_selection *selection, uint64_t bytes_max)
{
	size_t first = 0, last = selection->count, kept;
	uint64_t head = 0, tail = 0;

	while (first < last && head + selection->rows[first].captured <= bytes_max / 2)
		head += selection->rows[first++].captured;
	while (last > first && tail + selection->rows[last - 1].captured <= bytes_max / 2)
		tail += selection->rows[--last].captured;
	if (first == last)
		return;
	kept = selection->count - last;
	memmove(selection->rows + first, selection->rows + last, kept * sizeof(selection->rows[0]));
	selection->count = first + kept;
	selection->cut = true;
}

int recorder_select(struct recorder *recorder, const struct recorder_selector *selector,
		    struct recorder_selection *out)
{
	struct gathering g = { .selector = selector, .out = out };

	memset(out, 0, sizeof(*out));
	gather_pairs(recorder, &g); /* how much there is */
	out->room = malloc(g.room + 1);
	if (!out->room)
		return -ENOMEM;
	gather_pairs(recorder, &g);
	if (is_wide(selector))
		gather_ring(recorder, &g);
	if (g.err) {
		recorder_selection_fini(out);
		return g.err;
	}
	unite(out);
	/* Of pairs it is known how many samples they had; of others, whether any are gone. */
	if (is_wide(selector) || selector->domain[0])
		out->thinned = recorder->ring.overwritten != 0;
	else
		out->thinned = g.seen > out->count;
	if (selector->bytes_max)
		cut_middle(out, selector->bytes_max);
	if (out->count)
		return 0;
	recorder_selection_fini(out);
	return -ENOENT;
}

void recorder_selection_fini(struct recorder_selection *selection)
{
	free(selection->rows);
	free(selection->room);
	memset(selection, 0, sizeof(*selection));
}
