// SPDX-License-Identifier: BSD-2-Clause
/* Lists of samples over a pool of blocks. */
#include <string.h>
#include "record/shelf.h"

/* Later blocks of a sample. */
struct shelf_more {
	uint32_t more;
	uint8_t bytes[SHELF_BLOCK - 4];
};
_Static_assert(sizeof(struct shelf_more) == SHELF_BLOCK, "blocks have one size");

#define FIRST sizeof(((struct shelf_sample *)0)->bytes)
#define MORE sizeof(((struct shelf_more *)0)->bytes)

static void *block_at(const struct shelf *shelf, uint32_t block)
{
	return shelf->bytes + (uint64_t)block * SHELF_BLOCK;
}

struct shelf_sample *shelf_sample(const struct shelf *shelf, uint32_t sample)
{
	return block_at(shelf, sample);
}

/* Block 0 is never given away, so that its number can mean none. */
void shelf_init(struct shelf *shelf, void *bytes, uint64_t size)
{
	uint64_t blocks = size / SHELF_BLOCK;

	*shelf = (struct shelf){ .bytes = bytes,
				 .blocks = blocks < UINT32_MAX ? blocks : UINT32_MAX,
				 .fresh = 1 };
}

uint32_t shelf_need(uint32_t captured)
{
	return captured <= FIRST ? 1 : 1 + (captured - FIRST + MORE - 1) / MORE;
}

uint32_t shelf_left(const struct shelf *shelf)
{
	return shelf->blocks ? shelf->blocks - 1 - shelf->used : 0;
}

static uint32_t take_block(struct shelf *shelf)
{
	uint32_t block = shelf->free_list;

	if (block)
		memcpy(&shelf->free_list, block_at(shelf, block), sizeof(shelf->free_list));
	else
		block = shelf->fresh++;
	shelf->used++;
	return block;
}

static void give_block(struct shelf *shelf, uint32_t block)
{
	memcpy(block_at(shelf, block), &shelf->free_list, sizeof(shelf->free_list));
	shelf->free_list = block;
	shelf->used--;
}

static void give_more(struct shelf *shelf, uint32_t block)
{
	while (block) {
		uint32_t more = ((struct shelf_more *)block_at(shelf, block))->more;

		give_block(shelf, block);
		block = more;
	}
}

/* What does not fit into the first block. */
static void fill_more(struct shelf *shelf, struct shelf_sample *sample, const uint8_t *bytes,
		      uint32_t left)
{
	uint32_t *link = &sample->more;

	while (left) {
		uint32_t block = take_block(shelf), part = left < MORE ? left : MORE;
		struct shelf_more *more = block_at(shelf, block);

		*link = block;
		link = &more->more;
		memcpy(more->bytes, bytes, part);
		bytes += part;
		left -= part;
	}
	*link = 0;
}

static void fill(struct shelf_sample *sample, const struct sample_row *row)
{
	sample->number = row->number;
	sample->captured = row->captured;
	sample->event = *row->event;
	memcpy(sample->bytes, row->bytes, row->captured < FIRST ? row->captured : FIRST);
}

uint32_t shelf_append(struct shelf *shelf, struct shelf_list *list, const struct sample_row *row,
		      uint32_t exchange)
{
	struct shelf_sample *sample;
	uint32_t name;

	if (row->captured > UINT16_MAX || shelf_need(row->captured) > shelf_left(shelf))
		return SHELF_NONE;
	name = take_block(shelf);
	sample = shelf_sample(shelf, name);
	memset(sample, 0, sizeof(*sample));
	fill(sample, row);
	sample->exchange = exchange;
	if (row->captured > FIRST)
		fill_more(shelf, sample, row->bytes + FIRST, row->captured - FIRST);
	if (list->last)
		shelf_sample(shelf, list->last)->next = name;
	else
		list->first = name;
	list->last = name;
	return name;
}

void shelf_replace(struct shelf *shelf, uint32_t name, const struct sample_row *row)
{
	struct shelf_sample *sample = shelf_sample(shelf, name);

	shelf_cut(shelf, name, 0);
	fill(sample, row);
}

void shelf_cut(struct shelf *shelf, uint32_t name, uint32_t captured)
{
	struct shelf_sample *sample = shelf_sample(shelf, name);

	if (sample->captured <= captured || captured > FIRST)
		return;
	give_more(shelf, sample->more);
	sample->more = 0;
	sample->captured = captured;
}

void shelf_remove_after(struct shelf *shelf, struct shelf_list *list, uint32_t before)
{
	uint32_t *link = before ? &shelf_sample(shelf, before)->next : &list->first;
	uint32_t name = *link;
	struct shelf_sample *sample = shelf_sample(shelf, name);

	if (!name)
		return;
	*link = sample->next;
	if (list->last == name)
		list->last = before;
	give_more(shelf, sample->more);
	give_block(shelf, name);
}

void shelf_clear(struct shelf *shelf, struct shelf_list *list)
{
	while (list->first)
		shelf_remove_after(shelf, list, SHELF_NONE);
}

const uint8_t *shelf_bytes(const struct shelf *shelf, uint32_t name, uint8_t *room)
{
	const struct shelf_sample *sample = shelf_sample(shelf, name);
	uint32_t at = FIRST, block = sample->more;

	if (!block)
		return sample->bytes;
	memcpy(room, sample->bytes, FIRST);
	while (block && at < sample->captured) {
		const struct shelf_more *more = block_at(shelf, block);
		uint32_t left = sample->captured - at, part = left < MORE ? left : MORE;

		memcpy(room + at, more->bytes, part);
		at += part;
		block = more->more;
	}
	return room;
}
