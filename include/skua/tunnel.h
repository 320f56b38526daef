/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Tunnels: from the end of the outer IP header to the ethertype of what is inside. */
#ifndef SKUA_TUNNEL_H
#define SKUA_TUNNEL_H

#include "skua/link.h"

#define SKUA_VXLAN_PORT 4789
#define SKUA_GENEVE_PORT 6081
#define SKUA_GTPU_PORT 2152
#define SKUA_GTPU_EXTENSIONS 2 /* real user traffic has one: the PDU session container */
#define SKUA_ETH_ERSPAN2 0x88be

/* RFC 2784, 2890: optional checksum, key and sequence; version 0 only (1 is PPTP). */
skua_inline enum skua_tunnel skua_enter_gre(const struct skua_frame *frame, struct skua_packet *pkt)
{
	__u32 length = 4;
	const __u8 *at;
	__u16 flags;

	if (skua_need(frame, pkt, 4, &at) != SKUA_PARSED)
		return SKUA_NO_TUNNEL;
	flags = skua_be16(at);
	pkt->ethertype = skua_be16(at + 2);
	if (flags & 0x4fff)
		return SKUA_NO_TUNNEL;
	length += (flags >> 15 & 1) * 4 + (flags >> 13 & 1) * 4 + (flags >> 12 & 1) * 4;
	if (pkt->ethertype == SKUA_ETH_ERSPAN2) {
		pkt->ethertype = SKUA_ETH_BRIDGED;
		/* Without a sequence number it is ERSPAN I, which has no header of its own. */
		length += (flags >> 12 & 1) * 8;
	}
	if (skua_need(frame, pkt, length, &at) != SKUA_PARSED)
		return SKUA_NO_TUNNEL;
	skua_skip(pkt, length);
	return SKUA_GRE;
}

/* RFC 7348: eight bytes, the flag says that the VNI is valid. */
skua_inline enum skua_tunnel skua_enter_vxlan(const struct skua_frame *frame,
					      struct skua_packet *pkt)
{
	const __u8 *at;

	if (skua_need(frame, pkt, 8, &at) != SKUA_PARSED || at[0] != 0x08)
		return SKUA_NO_TUNNEL;
	pkt->vni = skua_be32(at + 4) >> 8;
	pkt->ethertype = SKUA_ETH_BRIDGED;
	skua_skip(pkt, 8);
	return SKUA_VXLAN;
}

/* RFC 8926: version 0, options in words of four bytes. */
skua_inline enum skua_tunnel skua_enter_geneve(const struct skua_frame *frame,
					       struct skua_packet *pkt)
{
	const __u8 *at;
	__u32 length;

	if (skua_need(frame, pkt, 8, &at) != SKUA_PARSED || at[0] >> 6)
		return SKUA_NO_TUNNEL;
	length = 8 + (at[0] & 0x3f) * 4u;
	pkt->ethertype = skua_be16(at + 2);
	pkt->vni = skua_be32(at + 4) >> 8;
	if (skua_need(frame, pkt, length, &at) != SKUA_PARSED)
		return SKUA_NO_TUNNEL;
	skua_skip(pkt, length);
	return SKUA_GENEVE;
}

/* Step over the extension headers (3GPP TS 29.281, 5.2.1): length in words, content, next type. */
skua_inline bool skua_skip_gtpu_extensions(const struct skua_frame *frame, struct skua_packet *pkt,
					   __u8 next)
{
	for (int i = 0; i < SKUA_GTPU_EXTENSIONS && next; i++) {
		const __u8 *at;
		__u32 length;

		if (skua_need(frame, pkt, 4, &at) != SKUA_PARSED || !at[0])
			return false;
		length = at[0] * 4u;
		if (skua_need(frame, pkt, length, &at) != SKUA_PARSED)
			return false;
		skua_skip(pkt, length - 1);
		if (skua_need(frame, pkt, 1, &at) != SKUA_PARSED)
			return false;
		next = at[0];
		skua_skip(pkt, 1);
	}
	return !next;
}

/* 3GPP TS 29.281: version 1, user data only; with any of E, S and PN four more bytes follow. */
skua_inline enum skua_tunnel skua_enter_gtpu(const struct skua_frame *frame,
					     struct skua_packet *pkt)
{
	const __u8 *at;
	__u8 flags, next = 0;

	if (skua_need(frame, pkt, 8, &at) != SKUA_PARSED || (at[0] & 0xf0) != 0x30 || at[1] != 255)
		return SKUA_NO_TUNNEL;
	flags = at[0];
	pkt->vni = skua_be32(at + 4);
	skua_skip(pkt, 8);
	if (flags & 7) {
		if (skua_need(frame, pkt, 4, &at) != SKUA_PARSED)
			return SKUA_NO_TUNNEL;
		next = flags & 4 ? at[3] : 0;
		skua_skip(pkt, 4);
	}
	if (!skua_skip_gtpu_extensions(frame, pkt, next) ||
	    skua_parse_nibble(frame, pkt) != SKUA_PARSED)
		return SKUA_NO_TUNNEL;
	return SKUA_GTPU;
}

skua_inline enum skua_tunnel skua_enter_udp(const struct skua_frame *frame, struct skua_packet *pkt)
{
	const __u8 *at;
	__u16 port;

	if (skua_need(frame, pkt, 8, &at) != SKUA_PARSED)
		return SKUA_NO_TUNNEL;
	port = skua_be16(at + 2);
	if (port != SKUA_VXLAN_PORT && port != SKUA_GENEVE_PORT && port != SKUA_GTPU_PORT)
		return SKUA_NO_TUNNEL;
	skua_skip(pkt, 8);
	if (port == SKUA_GTPU_PORT)
		return skua_enter_gtpu(frame, pkt);
	return port == SKUA_VXLAN_PORT ? skua_enter_vxlan(frame, pkt)
				       : skua_enter_geneve(frame, pkt);
}

/* pkt stands behind an outer IP header, and is spoilt when there is no tunnel. */
skua_inline enum skua_tunnel skua_enter_tunnel(const struct skua_frame *frame,
					       struct skua_packet *pkt)
{
	switch (pkt->proto) {
	case SKUA_UDP:
		return skua_enter_udp(frame, pkt);
	case SKUA_GRE_PROTO:
		return skua_enter_gre(frame, pkt);
	case SKUA_IPIP:
		pkt->ethertype = SKUA_ETH_IPV4;
		return SKUA_IP_IN_IP;
	case SKUA_IPV6_IN_IP:
		pkt->ethertype = SKUA_ETH_IPV6;
		return SKUA_IP_IN_IP;
	default:
		return SKUA_NO_TUNNEL;
	}
}

#endif /* SKUA_TUNNEL_H */
