/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a prelude does to the frame of a test run, so that each packet is another one. */
#ifndef BENCH_DRIVE_H
#define BENCH_DRIVE_H

#include <linux/types.h>

/* Whom the prelude hands the packet to. */
enum target { TARGET_EMPTY, TARGET_YARDSTICK, TARGET_PLAIN, TARGET_SKUA, TARGET_EGRESS, TARGETS };

/* Visits every value under a mask of 8 bits or more once, in an order no cache expects. */
static inline __attribute__((always_inline)) __u32 drive_scatter(__u32 i, __u32 mask)
{
	i = i * 2654435761u & mask;
	i ^= i >> 7;
	return i * 2246822519u & mask;
}

/* Offsets are zero where nothing is to be changed; numbers are in host order. */
struct drive {
	__u32 target;       /* enum target */
	__u32 next;         /* number of the next packet */
	__u32 in_order;     /* one conversation after the other: to make them */
	__u32 spread_at;    /* offset of 32 bits that tell conversations apart */
	__u32 spread_base;  /* what is there */
	__u32 spread_mask;  /* how many conversations: this + 1, a power of two */
	__u32 spread_shift; /* each comes 1 << shift times in a row */
	__u32 seq_at;       /* offset of the TCP sequence number */
	__u32 seq_shift;    /* it moves on every 1 << shift packets */
	__u32 seq_step;
	__u32 flags_at; /* offset of the TCP flags */
	__u32 flags[2]; /* of even packets and of odd ones */
};

#endif /* BENCH_DRIVE_H */
