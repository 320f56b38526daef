// SPDX-License-Identifier: BSD-2-Clause
/* Keeps the last samples in a ring of bytes. */
#include <string.h>
#include "record/ring.h"

/* Before each sample, and before the unused bytes at the ring's end. */
struct ring_record {
	uint64_t previous;
	uint64_t number; /* 0: nothing here, go on at the beginning */
	uint32_t size;   /* with this, and what follows; a multiple of 8 */
	uint32_t captured;
	struct skua_sample_event event;
};

#define RECORD_HEAD offsetof(struct ring_record, event)

static struct ring_record *record_at(const struct ring *ring, uint64_t place)
{
	return (struct ring_record *)(ring->bytes + place % ring->size);
}

void ring_init(struct ring *ring, void *bytes, uint64_t size)
{
	*ring = (struct ring){ .bytes = bytes, .size = size & ~7ull };
}

/* Bytes behind a place before the ring's end. */
static uint64_t behind(const struct ring *ring, uint64_t place)
{
	return ring->size - place % ring->size;
}

static uint64_t step(const struct ring *ring, uint64_t place)
{
	/* What is left at the end may be too little for a head. */
	if (behind(ring, place) < RECORD_HEAD)
		return place + behind(ring, place);
	return place + record_at(ring, place)->size;
}

static bool is_sample(const struct ring *ring, uint64_t place)
{
	return behind(ring, place) >= RECORD_HEAD && record_at(ring, place)->number;
}

static void make_room(struct ring *ring, uint64_t size)
{
	while (ring->head + size - ring->tail > ring->size) {
		ring->overwritten += is_sample(ring, ring->tail);
		ring->tail = step(ring, ring->tail);
	}
}

/* A sample lies in one piece: what is too short for it is skipped. */
static void skip_end(struct ring *ring, uint64_t size)
{
	uint64_t left = behind(ring, ring->head);

	if (left >= size)
		return;
	make_room(ring, left);
	if (left >= RECORD_HEAD) {
		struct ring_record *record = record_at(ring, ring->head);

		record->number = 0;
		record->size = left;
	}
	ring->head += left;
}

uint64_t ring_put(struct ring *ring, const struct sample_row *row, uint64_t previous)
{
	uint64_t size = (sizeof(struct ring_record) + row->captured + 7) & ~7ull, place;
	struct ring_record *record;

	if (size > ring->size)
		return RING_NOWHERE;
	skip_end(ring, size);
	make_room(ring, size);
	place = ring->head;
	record = record_at(ring, place);
	record->previous = previous;
	record->number = row->number;
	record->size = size;
	record->captured = row->captured;
	record->event = *row->event;
	memcpy(record + 1, row->bytes, row->captured);
	ring->head += size;
	return place;
}

bool ring_get(const struct ring *ring, uint64_t place, struct sample_row *out, uint64_t *previous)
{
	const struct ring_record *record;

	if (place < ring->tail || place >= ring->head)
		return false;
	record = record_at(ring, place);
	*out = (struct sample_row){ .number = record->number,
				    .event = &record->event,
				    .bytes = (const uint8_t *)(record + 1),
				    .captured = record->captured };
	*previous = record->previous;
	return true;
}

uint64_t ring_next(const struct ring *ring, uint64_t place)
{
	place = place == RING_NOWHERE ? ring->tail : step(ring, place);
	while (place < ring->head && !is_sample(ring, place))
		place = step(ring, place);
	return place < ring->head ? place : RING_NOWHERE;
}
