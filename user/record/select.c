// SPDX-License-Identifier: BSD-2-Clause
/* Finds the samples that somebody asks for, in the ring and in the keep area. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "record/domain.h"
#include "record/recorder_state.h"

#define WALK_MAX (256ull << 20) /* bytes of ring that may be looked through for few pairs */

/* What is being gathered. */
struct gathering {
	const struct recorder_selector *selector;
	struct recorder_selection *out;
	size_t room_used;
	uint64_t in_ring; /* from this number on all samples are in the ring */
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
static bool wants_row(const struct recorder *recorder, const struct recorder_selector *s,
		      const struct sample_row *row)
{
	const struct keep_key key = keep_key_of(row->event);
	const struct keep_pair *pair;

	if (!is_dns(&key))
		return true;
	pair = keep_find(&recorder->keep, &key);
	return (pair && has_name(pair, s->name_hash)) || domain_asked(row, s->domain);
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

static bool is_before(const struct recorder_selector *s, const struct sample_row *row)
{
	return row->event->head.time_ns < s->since_ns || row->number <= s->after;
}

/* Everything in the ring, for those who want more than a few pairs. */
static void gather_ring(const struct recorder *recorder, struct gathering *g)
{
	static const struct keep_pair unknown;
	const struct ring *ring = &recorder->ring;

	for (uint64_t at = RING_NOWHERE; (at = ring_next(ring, at)) != RING_NOWHERE && !g->err;) {
		const struct keep_pair *pair = NULL;
		struct sample_row row;
		struct keep_key key;
		uint64_t previous;

		if (!ring_get(ring, at, &row, &previous))
			return;
		if (is_before(g->selector, &row))
			continue;
		key = keep_key_of(row.event);
		if (g->selector->what == RECORDER_NAME)
			pair = keep_find(&recorder->keep, &key);
		if (wants_pair(g->selector, &key, pair ? pair : &unknown))
			add(g, &row);
	}
}

static void gather_chain(const struct recorder *recorder, struct gathering *g,
			 const struct keep_pair *pair)
{
	struct sample_row row;
	uint64_t previous;

	for (uint64_t at = pair->chain; !g->err && ring_get(&recorder->ring, at, &row, &previous);
	     at = previous)
		if (!is_before(g->selector, &row))
			add(g, &row);
}

/* Samples in one piece stay where they are. */
static void gather_kept(const struct shelf *shelf, struct gathering *g,
			const struct keep_pair *pair)
{
	for (uint32_t name = pair->kept.first; name && !g->err;
	     name = shelf_sample(shelf, name)->next) {
		const struct shelf_sample *sample = shelf_sample(shelf, name);
		struct sample_row row = { .number = sample->number,
					  .event = &sample->event,
					  .captured = sample->captured };

		if (row.number >= g->in_ring || is_before(g->selector, &row))
			continue;
		row.bytes = shelf_bytes(shelf, name, g->out->room + g->room_used);
		g->room_used += sample->more ? sample->captured : 0;
		add(g, &row);
	}
}

static void gather_totals(struct gathering *g, const struct keep_key *key,
			  const struct keep_pair *pair)
{
	struct recorder_totals *totals;

	if (!pair->totals.until_ns || g->err)
		return;
	totals = reallocarray(g->out->totals, g->out->totals_count + 1, sizeof(*totals));
	if (!totals) {
		g->err = -ENOMEM;
		return;
	}
	g->out->totals = totals;
	totals[g->out->totals_count++] = (struct recorder_totals){ *key, pair->totals };
}

/* Only few want everything: of all others the pairs know where their samples are. */
static bool is_wide(const struct recorder_selector *selector)
{
	return selector->what == RECORDER_HOST || selector->what == RECORDER_ALL ||
	       selector->what == RECORDER_DNS;
}

/* What a pair that was forgotten left behind is in nobody's chain. */
static bool walks_ring(const struct recorder *recorder, const struct recorder_selector *selector)
{
	return is_wide(selector) ||
	       (recorder->keep.pairs.evictions && recorder->ring.size <= WALK_MAX);
}

static void gather_pair(const struct recorder *recorder, struct gathering *g,
			const struct keep_key *key, const struct keep_pair *pair)
{
	const struct shelf *shelf = &recorder->keep.shelf;

	g->seen += pair->samples;
	if (pair->last_ns >= g->selector->since_ns)
		gather_kept(shelf, g, pair);
	gather_totals(g, key, pair);
	if (!walks_ring(recorder, g->selector))
		gather_chain(recorder, g, pair);
}

static void gather_pairs(const struct recorder *recorder, struct gathering *g)
{
	const struct table *pairs = &recorder->keep.pairs;

	for (struct keep_pair *pair = NULL; (pair = table_next(pairs, pair)) && !g->err;) {
		const struct keep_key *key = table_key(pairs, pair);

		if (wants_pair(g->selector, key, pair))
			gather_pair(recorder, g, key, pair);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct sample_row *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* No sample is there twice (in_ring).  From in_order on rows are in order. */
static int unite(struct recorder_selection *selection, size_t in_order)
{
	struct sample_row *from = selection->rows, *a = from, *b;
	const struct sample_row *a_end, *b_end;

	if (!selection->count)
		return 0;
	a_end = b = from + in_order;
	b_end = from + selection->count;
	selection->rows = reallocarray(NULL, selection->count, sizeof(*from));
	if (!selection->rows) {
		selection->rows = from;
		return -ENOMEM;
	}
	qsort(from, in_order, sizeof(*from), by_number);
	selection->count = 0;
	while (a < a_end || b < b_end) {
		bool first = b == b_end || (a < a_end && by_number(a, b) < 0);
		selection->rows[selection->count++] = first ? *a++ : *b++;
	}
	free(from);
	return 0;
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

/* The keep area has headers of what the ring had whole. */
static bool is_short(const struct recorder_selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		if (selection->rows[i].captured < selection->rows[i].event->captured)
			return true;
	return false;
}

/* Were there more samples than these, of those who were asked for? */
static bool is_thinned(struct recorder *recorder, const struct gathering *g)
{
	const struct recorder_selector *s = g->selector;
	uint64_t oldest = ring_next(&recorder->ring, RING_NOWHERE), previous, seen = g->seen;
	struct sample_row row;

	if (is_short(g->out))
		return true;
	if (s->since_ns)
		return recorder->ring.overwritten &&
		       (!ring_get(&recorder->ring, oldest, &row, &previous) ||
			s->since_ns < row.event->head.time_ns);
	if (s->what == RECORDER_ALL)
		seen = recorder->samples;
	else if (s->what == RECORDER_HOST)
		seen += keep_forgotten(&recorder->keep, &s->a);
	return seen > g->out->count;
}

static void leave_out(const struct recorder *recorder, const struct recorder_selector *selector,
		      struct recorder_selection *selection)
{
	size_t kept = 0;

	if (!selector->domain[0])
		return;
	for (size_t i = 0; i < selection->count; i++)
		if (wants_row(recorder, selector, &selection->rows[i]))
			selection->rows[kept++] = selection->rows[i];
	selection->count = kept;
}

static int by_key(const void *a, const void *b)
{
	const struct recorder_totals *x = a, *y = b;

	return memcmp(&x->key, &y->key, sizeof(x->key));
}

/* For all that the shelf can hold in pieces: what is not written to costs nothing. */
static int open_room(const struct recorder *recorder, struct recorder_selection *out)
{
	size_t size = ((size_t)recorder->keep.shelf.used + 1) * SHELF_BLOCK;
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		return -errno;
	out->room = room;
	out->room_size = size;
	return 0;
}

static uint64_t oldest_number(const struct recorder *recorder)
{
	uint64_t oldest = ring_next(&recorder->ring, RING_NOWHERE), previous;
	struct sample_row row;

	return ring_get(&recorder->ring, oldest, &row, &previous) ? row.number : UINT64_MAX;
}

/* Everything of those who were asked for, in the order of arrival. */
static int gather(struct recorder *recorder, struct gathering *g)
{
	size_t in_order;
	int err = open_room(recorder, g->out);

	if (err)
		return err;
	g->in_ring = oldest_number(recorder);
	gather_pairs(recorder, g);
	in_order = g->out->count;
	if (walks_ring(recorder, g->selector))
		gather_ring(recorder, g);
	if (g->err)
		return g->err;
	if (g->out->totals_count)
		qsort(g->out->totals, g->out->totals_count, sizeof(g->out->totals[0]), by_key);
	return unite(g->out, in_order);
}

int recorder_select(struct recorder *recorder, const struct recorder_selector *selector,
		    struct recorder_selection *out)
{
	struct recorder_selection found = {};
	struct gathering g = { .selector = selector, .out = &found };
	int err = gather(recorder, &g);

	if (!err) {
		found.thinned = is_thinned(recorder, &g);
		leave_out(recorder, selector, &found);
		if (selector->bytes_max)
			cut_middle(&found, selector->bytes_max);
		err = found.count ? 0 : -ENOENT;
	}
	if (err)
		recorder_selection_fini(&found);
	else
		*out = found;
	return err;
}

void recorder_selection_fini(struct recorder_selection *selection)
{
	free(selection->rows);
	if (selection->room)
		munmap(selection->room, selection->room_size);
	free(selection->totals);
	memset(selection, 0, sizeof(*selection));
}
