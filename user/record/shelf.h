/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Samples that stay until somebody takes them away, in blocks of one size from
 * a pool of fixed size, in lists.  A header of 128 bytes takes one block.
 */
#ifndef SKUA_RECORD_SHELF_H
#define SKUA_RECORD_SHELF_H

#include "record/sample_row.h"

#define SHELF_BLOCK 256
#define SHELF_NONE 0 /* no sample has this name */

/* Keeps the first block of each sample. */
struct shelf_sample {
	uint64_t number;
	uint32_t more; /* block with the next bytes */
	uint32_t next; /* sample of the list, or SHELF_NONE */
	uint32_t exchange;
	uint16_t captured;
	uint8_t reserved[2];
	struct skua_sample_event event;
	uint8_t bytes[SHELF_BLOCK - 104];
};
_Static_assert(sizeof(struct shelf_sample) == SHELF_BLOCK, "a header fits into one block");
_Static_assert(sizeof(((struct shelf_sample *)0)->bytes) >= 128, "a header fits into one block");

struct shelf {
	uint8_t *bytes; /* the caller's */
	uint32_t blocks, used, fresh, free_list;
};

struct shelf_list {
	uint32_t first, last;
};

void shelf_init(struct shelf *shelf, void *bytes, uint64_t size);
/* Blocks that a sample of so many bytes takes. */
uint32_t shelf_need(uint32_t captured);
uint32_t shelf_left(const struct shelf *shelf);
/* Its name, or SHELF_NONE: there is no room. */
uint32_t shelf_append(struct shelf *shelf, struct shelf_list *list, const struct sample_row *row,
		      uint32_t exchange);
/* Puts another header of at most 128 bytes in the place of one. */
void shelf_replace(struct shelf *shelf, uint32_t sample, const struct sample_row *row);
/* Removes the sample behind another, or with SHELF_NONE the first. */
void shelf_remove_after(struct shelf *shelf, struct shelf_list *list, uint32_t before);
/* Cuts a sample to its first bytes. */
void shelf_cut(struct shelf *shelf, uint32_t sample, uint32_t captured);
void shelf_clear(struct shelf *shelf, struct shelf_list *list);
struct shelf_sample *shelf_sample(const struct shelf *shelf, uint32_t sample);
/* The bytes of a sample in one piece: its own, or copied to room. */
const uint8_t *shelf_bytes(const struct shelf *shelf, uint32_t sample, uint8_t *room);

#endif /* SKUA_RECORD_SHELF_H */
