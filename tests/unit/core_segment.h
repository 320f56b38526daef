/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP segment between a client (low, port 50000) and a server (high, port 443). */
#ifndef TESTS_CORE_SEGMENT_H
#define TESTS_CORE_SEGMENT_H

#include "skua/flow.h"

#define SECOND SKUA_SECOND_NS

static inline struct skua_packet segment(enum skua_side side, __u8 flags, __u32 seq, __u32 ack,
					 __u32 payload)
{
	struct skua_packet pkt = { .src = { 1, 1 }, .dst = { 1, 2 }, .sport = 50000, .dport = 443 };

	if (side == SKUA_HIGH)
		pkt = (struct skua_packet){
			.src = { 1, 2 }, .dst = { 1, 1 }, .sport = 443, .dport = 50000
		};
	pkt.proto = SKUA_TCP;
	pkt.tcp_flags = flags;
	pkt.seq = seq;
	pkt.ack = ack;
	pkt.payload = payload;
	pkt.length = 54 + payload;
	return pkt;
}

#endif /* TESTS_CORE_SEGMENT_H */
