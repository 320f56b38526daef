/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a conversation is known by: one key for both directions, and its two sides. */
#ifndef SKUA_FLOW_KEY_H
#define SKUA_FLOW_KEY_H

#include "skua/packet.h"

/* One key for both directions: the endpoint with the lower address (then port) comes first. */
struct skua_flow_key {
	__u64 low[2]; /* address as sent */
	__u64 high[2];
	__u16 low_port;
	__u16 high_port;
	__u8 proto;
	__u8 tenant[3]; /* zero: conversations are told apart by addresses alone */
};
_Static_assert(sizeof(struct skua_flow_key) == 40, "skua_flow_key is ABI");

enum skua_side { SKUA_LOW = 0, SKUA_HIGH = 1 };

/* true: a comes before b in the order of addresses as sent. */
skua_inline bool skua_before(const __u64 a[2], const __u64 b[2])
{
	__u64 x = skua_be64(&a[0]), y = skua_be64(&b[0]);

	return x != y ? x < y : skua_be64(&a[1]) < skua_be64(&b[1]);
}

/* Puts two ends into the key's order; returns the side of the first. */
skua_inline enum skua_side skua_flow_key_order(struct skua_flow_key *key, const __u64 a[2],
					       const __u64 b[2], __u16 a_port, __u16 b_port)
{
	bool same = a[0] == b[0] && a[1] == b[1];
	bool high = same ? a_port > b_port : skua_before(b, a);

	key->low[0] = high ? b[0] : a[0];
	key->low[1] = high ? b[1] : a[1];
	key->high[0] = high ? a[0] : b[0];
	key->high[1] = high ? a[1] : b[1];
	key->low_port = high ? b_port : a_port;
	key->high_port = high ? a_port : b_port;
	return high ? SKUA_HIGH : SKUA_LOW;
}

/* Returns the side that sent the packet. */
skua_inline enum skua_side skua_flow_key_init(struct skua_flow_key *key,
					      const struct skua_packet *pkt)
{
	key->proto = pkt->proto;
	key->tenant[0] = key->tenant[1] = key->tenant[2] = 0;
	return skua_flow_key_order(key, pkt->src, pkt->dst, pkt->sport, pkt->dport);
}

skua_inline enum skua_side skua_other(enum skua_side side)
{
	return side == SKUA_LOW ? SKUA_HIGH : SKUA_LOW;
}

#endif /* SKUA_FLOW_KEY_H */
