/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The next bytes of one direction of a TCP stream, put in order.  Where
 * segments overlap the first copy wins, as in most receivers; who sends two
 * different copies can make us see another one than the receiver does.
 */
#ifndef SKUA_DISSECT_HEAD_H
#define SKUA_DISSECT_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#define HEAD_BYTES 8192 /* a ClientHello with post-quantum keys has about 2 KiB, a request less */
#define HEAD_RANGES 8   /* pieces with holes between; more out of order is an attack */

/* [from, to) was received. */
struct head_range {
	uint16_t from;
	uint16_t to;
};

struct head {
	uint64_t used_ns; /* when a segment was added last */
	uint32_t ranges;
	struct head_range range[HEAD_RANGES]; /* in order, with holes between */
	uint8_t bytes[HEAD_BYTES];
};

/*
 * What lies beyond HEAD_BYTES is dropped.  false: there were too many holes,
 * and the piece furthest from the beginning was forgotten.
 */
bool head_add(struct head *head, uint32_t offset, const uint8_t *bytes, uint32_t length);
/* Bytes from the beginning on, without a hole. */
uint32_t head_ready(const struct head *head);
/* The first count bytes, at most head_ready(), are done with. */
void head_drop(struct head *head, uint32_t count);

#endif /* SKUA_DISSECT_HEAD_H */
