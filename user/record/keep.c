// SPDX-License-Identifier: BSD-2-Clause
/* Chooses which samples of a pair stay, and who goes when there is no room. */
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "skua/packet.h"
#include "record/keep.h"

#define WHOLE_EXCHANGES 2         /* from the first packet on */
#define WHOLE_BYTES 4096          /* of these, and of each exchange of a warm pair */
#define WARM_EXCHANGES 3          /* with all gaps so far within a factor of */
#define WARM_FACTOR 4             /* this, a pair may be a beacon */
#define WARM_RESERVE 4            /* not in the last such part of the shelf */
#define SHRINK_LOOKS 1024         /* pairs looked at for one sample's room */
#define HALF (KEEP_EXCHANGES / 2) /* exchanges before the place where pairs are thinned */

/* Whoever came back is worth more than anybody seen once; of these, who is one of few. */
static uint64_t pair_worth(const void *value)
{
	const struct keep_pair *pair = value;
	uint64_t crowd = 1;

	if (pair->exchanges >= WHOLE_EXCHANGES)
		return 1ull << 63 | pair->last_ns;
	while (crowd < 32 && pair->crowd >> crowd)
		crowd++;
	return (32 - crowd) << 57 | pair->last_ns >> 7;
}

static uint32_t *crowd_of(struct keep *keep, const struct address *host)
{
	return &keep->crowd[skua_hash(host, sizeof(*host), 0) % KEEP_CROWD];
}

static void leave_crowd(struct keep *keep, const struct keep_key *key)
{
	uint32_t *low = crowd_of(keep, &key->low), *high = crowd_of(keep, &key->high);

	*low -= *low != 0;
	*high -= *high != 0;
}

static void on_evicted(void *arg, const void *key, void *value)
{
	struct keep *keep = arg;
	struct keep_pair *pair = value;

	leave_crowd(keep, key);
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

static bool has_ports(uint8_t proto)
{
	return proto == SKUA_TCP || proto == SKUA_UDP || proto == SKUA_SCTP;
}

static uint16_t server_port(const struct skua_sample_event *event)
{
	const struct skua_flow_key *key = &event->head.key;

	if (!has_ports(key->proto))
		return 0;
	return event->flags & SKUA_SAMPLE_CLIENT_HIGH ? key->low_port : key->high_port;
}

struct keep_key keep_key_of(const struct skua_sample_event *event)
{
	struct keep_key key;

	memset(&key, 0, sizeof(key));
	key.low = address_from(event->head.key.low);
	key.high = address_from(event->head.key.high);
	key.port = server_port(event);
	key.proto = event->head.key.proto;
	return key;
}

struct keep_pair *keep_get(struct keep *keep, const struct keep_key *key)
{
	bool is_new;
	struct keep_pair *pair = table_get(&keep->pairs, key, &is_new);

	if (is_new) {
		uint32_t low = ++*crowd_of(keep, &key->low), high = ++*crowd_of(keep, &key->high);

		pair->crowd = low > high ? low : high;
		pair->chain = RING_NOWHERE;
	}
	return pair;
}

/* The exchange behind the first half gives way to the newest, so one hole is left in the middle. */
static void thin(struct keep *keep, struct keep_pair *pair)
{
	uint32_t first = shelf_sample(&keep->shelf, pair->middle)->next, exchange;

	if (!first)
		return;
	exchange = shelf_sample(&keep->shelf, first)->exchange;
	while (first && shelf_sample(&keep->shelf, first)->exchange == exchange) {
		shelf_remove_after(&keep->shelf, &pair->kept, pair->middle);
		first = shelf_sample(&keep->shelf, pair->middle)->next;
	}
	pair->kept_exchanges--;
	pair->thinned++;
	keep->counts.thinned++;
}

/* To its first header and its last. */
static void shrink(struct keep *keep, struct keep_pair *pair)
{
	struct shelf *shelf = &keep->shelf;
	uint32_t first = pair->kept.first, next;

	shelf_cut(shelf, first, KEEP_HEADER);
	shelf_cut(shelf, pair->kept.last, KEEP_HEADER);
	while ((next = shelf_sample(shelf, first)->next) && next != pair->kept.last)
		shelf_remove_after(shelf, &pair->kept, first);
	pair->tail[0] = pair->tail[1] = SHELF_NONE;
	pair->whole = WHOLE_BYTES;
	pair->shrunk = true;
	pair->thinned++;
	keep->counts.shrunk++;
}

/* Pairs seen once shrink in the order of their places, which is about that of their coming. */
static bool make_room(struct keep *keep, uint32_t blocks)
{
	struct keep_pair *pair;

	if (shelf_left(&keep->shelf) >= blocks)
		return true;
	for (uint32_t looked = 0; looked < SHRINK_LOOKS; looked++) {
		pair = table_at(&keep->pairs, keep->hand);
		keep->hand = (keep->hand + 1) % keep->pairs.options.capacity;
		if (!pair || pair->shrunk || pair->exchanges >= WHOLE_EXCHANGES ||
		    !pair->kept.first)
			continue;
		shrink(keep, pair);
		if (shelf_left(&keep->shelf) >= blocks)
			return true;
	}
	return false;
}

static uint32_t append(struct keep *keep, struct keep_pair *pair, const struct sample_row *row,
		       uint32_t captured)
{
	struct sample_row cut = *row;
	uint32_t name = SHELF_NONE;

	if (cut.captured > captured)
		cut.captured = captured;
	if (make_room(keep, shelf_need(cut.captured)))
		name = shelf_append(&keep->shelf, &pair->kept, &cut, pair->exchanges);
	if (name == SHELF_NONE) {
		keep->counts.refused++;
		pair->thinned += !pair->thinned;
	}
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
	if (pair->kept_exchanges == HALF)
		pair->middle = pair->kept.last;
	if (pair->kept_exchanges == KEEP_EXCHANGES && pair->middle)
		thin(keep, pair);
	pair->exchanges++;
	pair->kept_exchanges++;
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

	if (*tail == SHELF_NONE) {
		*tail = append(keep, pair, row, KEEP_HEADER);
		return;
	}
	if (!row->event->payload && !(row->event->tcp_flags & SKUA_FIN))
		return;
	if (cut.captured > KEEP_HEADER)
		cut.captured = KEEP_HEADER;
	shelf_replace(&keep->shelf, *tail, &cut);
}

void keep_sample(struct keep *keep, struct keep_pair *pair, const struct sample_row *row,
		 bool opens)
{
	const struct skua_sample_event *event = row->event;
	bool whole;

	pair->samples++;
	if (!keep->shelf.blocks)
		return;
	if (!pair->first_ns)
		pair->first_ns = event->head.time_ns;
	pair->last_ns = event->head.time_ns;
	if (opens || !pair->exchanges)
		open_exchange(keep, pair, event->head.time_ns);
	whole = pair->whole + row->captured <= WHOLE_BYTES && !pair->shrunk &&
		(pair->exchanges <= WHOLE_EXCHANGES || is_warm(keep, pair));
	if (whole) {
		if (append(keep, pair, row, row->captured))
			pair->whole += row->captured;
	} else if (opens || event->tcp_flags & SKUA_SYN) {
		append(keep, pair, row, KEEP_HEADER);
	} else {
		keep_tail(keep, pair, row);
	}
}
