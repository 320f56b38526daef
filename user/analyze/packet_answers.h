/* SPDX-License-Identifier: BSD-2-Clause */
/* skua packets: the frames that meet all conditions, a row each. */
#ifndef SKUA_ANALYZE_PACKET_ANSWERS_H
#define SKUA_ANALYZE_PACKET_ANSWERS_H

#include "analyze/gaps.h"

#define PACKET_PORTS 64

/* Payload bytes of TCP, both ends included. */
struct packet_lengths {
	uint32_t least, most;
};

struct packet_options {
	bool syn; /* TCP with SYN and without ACK */
	bool by_length, by_gap, per_pair;
	struct packet_lengths lengths;
	struct gap_range gap;         /* since the frame before that met the other conditions */
	uint16_t ports[PACKET_PORTS]; /* any of them, at either end */
	unsigned port_count;
};

/* ">1000", ">=1000", "<10", "<=10", "1000", "=1000" or "100..200": 0 or -EINVAL. */
int packet_lengths_parse(struct packet_lengths *lengths, const char *text);

/* 0 or -ENOMEM. */
int packet_answers_open(struct analyst **out, const struct packet_options *options);

#endif /* SKUA_ANALYZE_PACKET_ANSWERS_H */
