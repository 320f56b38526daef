/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last samples in the order they came, in a ring of fixed size: when it is
 * full the oldest go.  A sample's place is counted from the beginning of the
 * run and never reused, so a place that was overwritten is known as such.
 */
#ifndef SKUA_RECORD_RING_H
#define SKUA_RECORD_RING_H

#include "record/sample_row.h"

#define RING_NOWHERE UINT64_MAX

struct ring {
	uint8_t *bytes; /* the caller's, 8-aligned */
	uint64_t size;  /* a multiple of 8 */
	uint64_t head;  /* place of the next sample */
	uint64_t tail;  /* place of the oldest; equal to head: empty */
	uint64_t overwritten;
};

void ring_init(struct ring *ring, void *bytes, uint64_t size);
/* previous: place of the one before it in its chain, or RING_NOWHERE.  Returns its place, or
 * RING_NOWHERE: larger than the ring. */
uint64_t ring_put(struct ring *ring, const struct sample_row *row, uint64_t previous);
/* false: it was overwritten.  *previous may be overwritten as well. */
bool ring_get(const struct ring *ring, uint64_t place, struct sample_row *out, uint64_t *previous);
/* Walks from the oldest on: begin with RING_NOWHERE; returns RING_NOWHERE behind the last. */
uint64_t ring_next(const struct ring *ring, uint64_t place);

#endif /* SKUA_RECORD_RING_H */
