/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Transport layer: ports, TCP flags and numbers, ICMP identifiers, payload length. */
#ifndef SKUA_TRANSPORT_H
#define SKUA_TRANSPORT_H

#include "skua/hash.h"
#include "skua/packet.h"

#define SKUA_SEQ_JUMP_MAX (1u << 30) /* the largest window (RFC 7323); beyond is another stream */

/* Options need not be captured: their length is known, and nothing of them is read. */
skua_inline enum skua_verdict skua_parse_tcp(const struct skua_frame *frame,
					     struct skua_packet *pkt)
{
	const __u8 *at;
	enum skua_verdict v = skua_need(frame, pkt, 20, &at);
	__u32 header;

	if (v != SKUA_PARSED)
		return v;
	header = (at[12] >> 4) * 4u;
	if (header < 20 || header > pkt->left)
		return SKUA_MALFORMED;
	pkt->sport = skua_be16(at);
	pkt->dport = skua_be16(at + 2);
	pkt->seq = skua_be32(at + 4);
	pkt->ack = skua_be32(at + 8);
	pkt->tcp_flags = at[13];
	pkt->payload = pkt->left - header;
	pkt->payload_at = pkt->offset + header;
	return SKUA_PARSED;
}

/* Ports at the start, then payload after a header of constant length. */
skua_inline enum skua_verdict skua_parse_ports(const struct skua_frame *frame,
					       struct skua_packet *pkt, __u32 header)
{
	const __u8 *at;
	enum skua_verdict v = skua_need(frame, pkt, header, &at);

	if (v != SKUA_PARSED)
		return v;
	pkt->sport = skua_be16(at);
	pkt->dport = skua_be16(at + 2);
	pkt->payload = pkt->left - header;
	skua_skip(pkt, header);
	pkt->payload_at = pkt->offset;
	return SKUA_PARSED;
}

/* Questions of RFC 792 and 950 that are answered by the next number up, echo apart. */
skua_inline bool skua_icmp_asks(__u8 type)
{
	return type == 13 || type == 15 || type == 17;
}

skua_inline bool skua_icmp_has_id(__u8 proto, __u8 type)
{
	if (proto == SKUA_ICMPV6)
		return type == 128 || type == 129;
	return type == 8 || type == 0 || skua_icmp_asks(type) || skua_icmp_asks(type - 1);
}

/* A request that somebody must answer. */
skua_inline bool skua_icmp_is_request(__u8 proto, __u8 type)
{
	return proto == SKUA_ICMPV6 ? type == 128 : type == 8 || skua_icmp_asks(type);
}

skua_inline bool skua_icmp_is_echo(const struct skua_packet *pkt)
{
	if (pkt->proto == SKUA_ICMPV6)
		return pkt->icmp_type == 128 || pkt->icmp_type == 129;
	return pkt->proto == SKUA_ICMP && (pkt->icmp_type == 8 || pkt->icmp_type == 0);
}

#define SKUA_ICMP_HASHED 64 /* payload bytes */

/* Of the first payload bytes, in whole words, as far as they were captured: a reply that echoes its
 * request has the same. */
skua_inline __u64 skua_icmp_hash(const struct skua_frame *frame, const struct skua_packet *pkt)
{
	__u64 hash = 0; /* without the length: replies are fragmented in other places */

	for (__u32 i = 0; i < SKUA_ICMP_HASHED; i += 8) {
		const __u8 *at;

		if (i + 8 > pkt->payload ||
		    skua_need_at(frame, pkt->payload_at + i, 8, 8, &at) != SKUA_PARSED)
			break;
		hash = skua_mix(hash, skua_load64(at));
	}
	return hash;
}

skua_inline enum skua_verdict skua_parse_icmp(const struct skua_frame *frame,
					      struct skua_packet *pkt)
{
	const __u8 *at;
	enum skua_verdict v = skua_need(frame, pkt, 8, &at);

	if (v != SKUA_PARSED)
		return v;
	pkt->icmp_type = at[0];
	pkt->icmp_code = at[1];
	if (skua_icmp_has_id(pkt->proto, at[0])) {
		pkt->sport = pkt->dport = skua_be16(at + 4);
		pkt->seq = skua_be16(at + 6);
	}
	pkt->payload = pkt->left - 8;
	skua_skip(pkt, 8);
	pkt->payload_at = pkt->offset;
	return SKUA_PARSED;
}

skua_inline enum skua_verdict skua_parse_transport(const struct skua_frame *frame,
						   struct skua_packet *pkt)
{
	pkt->payload = pkt->left;
	pkt->payload_at = pkt->offset;
	if (pkt->fragment == SKUA_LATER_FRAGMENT)
		return SKUA_PARSED;
	switch (pkt->proto) {
	case SKUA_TCP:
		return skua_parse_tcp(frame, pkt);
	case SKUA_UDP:
		return skua_parse_ports(frame, pkt, 8);
	case SKUA_SCTP:
		return skua_parse_ports(frame, pkt, 12);
	case SKUA_ICMP:
	case SKUA_ICMPV6:
		return skua_parse_icmp(frame, pkt);
	default:
		return SKUA_PARSED;
	}
}

#endif /* SKUA_TRANSPORT_H */
