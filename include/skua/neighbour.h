/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who asks whom for an address of the link: ARP (RFC 826), ICMPv6 NS and NA (RFC 4861). */
#ifndef SKUA_NEIGHBOUR_H
#define SKUA_NEIGHBOUR_H

#include "skua/network.h"

#define SKUA_ETH_ARP 0x0806

struct skua_neighbour {
	__u64 asker[2];  /* who sends: the one who asks, or in a reply the one who answers */
	__u64 target[2]; /* whom it asks for; in a reply, to whom it answers */
	__u8 reply;
	__u8 proto; /* 0: ARP, SKUA_ICMPV6 */
	__u8 reserved[6];
};
_Static_assert(sizeof(struct skua_neighbour) == 40, "no hidden padding");

/* pkt stands behind the link header.  Only IPv4 over Ethernet-like addresses of six bytes. */
skua_inline enum skua_verdict skua_parse_arp(const struct skua_frame *frame,
					     const struct skua_packet *pkt,
					     struct skua_neighbour *out)
{
	const __u8 *at;
	enum skua_verdict v = skua_need(frame, pkt, 28, &at);
	__u16 operation;

	if (v != SKUA_PARSED)
		return v;
	operation = skua_be16(at + 6);
	if (skua_be16(at + 2) != SKUA_ETH_IPV4 || at[4] != 6 || at[5] != 4 || operation < 1 ||
	    operation > 2)
		return SKUA_IGNORED;
	skua_map_ipv4(out->asker, at + 14);
	skua_map_ipv4(out->target, at + 24);
	out->reply = operation == 2;
	out->proto = 0;
	return SKUA_PARSED;
}

/* pkt is ICMPv6 of any kind.  An NA is taken for a reply by its target to whom it is sent. */
skua_inline enum skua_verdict skua_parse_ndp(const struct skua_frame *frame,
					     const struct skua_packet *pkt,
					     struct skua_neighbour *out)
{
	const __u8 *at;
	enum skua_verdict v;

	if (pkt->icmp_type != 135 && pkt->icmp_type != 136)
		return SKUA_IGNORED;
	v = skua_need(frame, pkt, 16, &at);
	if (v != SKUA_PARSED)
		return v;
	out->reply = pkt->icmp_type == 136;
	out->proto = SKUA_ICMPV6;
	out->asker[0] = out->reply ? skua_load64(at) : pkt->src[0];
	out->asker[1] = out->reply ? skua_load64(at + 8) : pkt->src[1];
	out->target[0] = out->reply ? pkt->dst[0] : skua_load64(at);
	out->target[1] = out->reply ? pkt->dst[1] : skua_load64(at + 8);
	return SKUA_PARSED;
}

#endif /* SKUA_NEIGHBOUR_H */
