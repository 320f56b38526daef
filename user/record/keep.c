// SPDX-License-Identifier: BSD-2-Clause
/* Chooses which samples of a pair stay. */
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "skua/packet.h"
#include "record/keep_room.h"

#define WHOLE_EXCHANGES 2 /* from the first packet on */
#define WHOLE_BYTES 4096  /* of these, and of each exchange of a warm pair */
#define WARM_EXCHANGES 3  /* with all gaps so far within a factor of */
#define WARM_FACTOR 4     /* this, a pair may be a beacon */
#define RETURN_LEVELS 4   /* who came back is worth as much as who is one of 16 times fewer */
#define WARM_RESERVE 4    /* not in the last such part of the shelf */

/* One of few is worth more than one of many, who came back more than who was seen once. */
static uint64_t pair_worth(const void *value)
{
	const struct keep_pair *pair = value;
	uint64_t rank = CROWD_LEVELS - crowd_level(pair->crowd);

	if (pair->exchanges >= WHOLE_EXCHANGES)
		rank += RETURN_LEVELS;
	return rank << 57 | pair->last_ns >> 7;
}

uint64_t keep_forgotten(struct keep *keep, const struct address *host)
{
	return crowds_forgotten(&keep->crowds, host);
}

static void on_evicted(void *arg, const void *key, void *value)
{
	struct keep *keep = arg;
	struct keep_pair *pair = value;

	crowds_leave(&keep->crowds, key, pair->samples);
	shelf_clear(&keep->shelf, &pair->kept);
}

int keep_init(struct keep *keep, uint32_t pairs, void *bytes, uint64_t size)
{
	const struct table_options options = { .key_size = sizeof(struct keep_key),
					       .value_size = sizeof(struct keep_pair),
					       .capacity = pairs,
					       .worth = pair_worth,
					       .evicted = on_evicted,
					       .arg = keep };

	memset(keep, 0, sizeof(*keep));
	shelf_init(&keep->shelf, bytes, size);
	return table_init(&keep->pairs, &options);
}

void keep_fini(struct keep *keep)
{
	table_fini(&keep->pairs);
}

struct keep_pair *keep_find(const struct keep *keep, const struct keep_key *key)
{
	return table_find(&keep->pairs, key);
}

struct keep_pair *keep_get(struct keep *keep, const struct keep_key *key)
{
	bool is_new;
	struct keep_pair *pair = table_get(&keep->pairs, key, &is_new);

	if (is_new) {
		crowds_join(&keep->crowds, key);
		pair->chain = RING_NOWHERE;
	}
	return pair;
}

static uint32_t append(struct keep *keep, struct keep_pair *pair, const struct sample_row *row,
		       uint32_t captured)
{
	struct sample_row cut = *row;
	uint32_t name = SHELF_NONE;

	if (cut.captured > captured)
		cut.captured = captured;
	if (!pair->kept_samples && pair->kept_exchanges == KEEP_EXCHANGES)
		keep_thin(keep, pair);
	if (keep_make_room(keep, pair, shelf_need(cut.captured)))
		name = shelf_append(&keep->shelf, &pair->kept, &cut, pair->exchanges);
	if (name == SHELF_NONE)
		keep->counts.refused++;
	else
		pair->kept_exchanges += !pair->kept_samples++;
	return name;
}

static void open_exchange(struct keep *keep, struct keep_pair *pair, uint64_t time_ns)
{
	uint64_t gap_ns = time_ns > pair->opened_ns ? time_ns - pair->opened_ns : 0;

	if (pair->exchanges) {
		if (gap_ns > pair->gap_max)
			pair->gap_max = gap_ns;
		if (gap_ns < pair->gap_min || pair->exchanges == 1)
			pair->gap_min = gap_ns;
	}
	pair->crowd = crowds_now(&keep->crowds, table_key(&keep->pairs, pair));
	pair->exchanges++;
	pair->kept_samples = 0;
	pair->opened_ns = time_ns;
	pair->tail[0] = pair->tail[1] = SHELF_NONE;
	if (pair->exchanges > WHOLE_EXCHANGES)
		pair->whole = 0;
}

static bool is_warm(const struct keep *keep, const struct keep_pair *pair)
{
	return pair->exchanges >= WARM_EXCHANGES && pair->gap_max <= pair->gap_min * WARM_FACTOR &&
	       shelf_left(&keep->shelf) > keep->shelf.blocks / WARM_RESERVE;
}

/* The last header of either side tells by its sequence number how much the exchange carried. */
static void keep_tail(struct keep *keep, struct keep_pair *pair, const struct sample_row *row)
{
	uint32_t *tail = &pair->tail[row->event->sender & 1];
	struct sample_row cut = *row;
	bool ends = !row->event->payload && row->event->tcp_flags & (SKUA_FIN | SKUA_RST);

	/* An end alone would look like a conversation that said nothing. */
	if (*tail == SHELF_NONE || (ends && pair->kept_samples < KEEP_SAMPLES &&
				    shelf_sample(&keep->shelf, *tail)->event.payload)) {
		*tail = append(keep, pair, row, KEEP_HEADER);
		return;
	}
	if (!row->event->payload && !ends)
		return;
	if (cut.captured > KEEP_HEADER)
		cut.captured = KEEP_HEADER;
	shelf_replace(&keep->shelf, *tail, &cut);
}

static bool stays_whole(const struct keep *keep, const struct keep_pair *pair, uint32_t captured)
{
	return pair->whole + captured <= WHOLE_BYTES && pair->kept_samples < KEEP_SAMPLES &&
	       !pair->shrunk && (pair->exchanges <= WHOLE_EXCHANGES || is_warm(keep, pair));
}

void keep_sample(struct keep *keep, struct keep_pair *pair, const struct sample_row *row,
		 bool opens)
{
	const struct skua_sample_event *event = row->event;

	pair->samples++;
	pair->last_ns = event->head.time_ns;
	if (opens || !pair->exchanges)
		open_exchange(keep, pair, event->head.time_ns);
	if (!keep->shelf.blocks)
		return;
	if (stays_whole(keep, pair, row->captured)) {
		if (append(keep, pair, row, row->captured))
			pair->whole += row->captured;
	} else if (opens || (event->tcp_flags & SKUA_SYN && pair->kept_samples < KEEP_SAMPLES)) {
		append(keep, pair, row, KEEP_HEADER);
	} else {
		keep_tail(keep, pair, row);
	}
}
