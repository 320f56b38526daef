/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The packet that an ICMP error quotes: who tried to reach whom (RFC 792, 4443). */
#ifndef SKUA_QUOTE_H
#define SKUA_QUOTE_H

#include "skua/network.h"

/* Errors carry at least the IP header and eight bytes behind it: ports, but no flags. */
struct skua_quote {
	__u64 src[2];
	__u64 dst[2];
	__u16 sport;
	__u16 dport;
	__u8 proto;
	__u8 reserved[3];
};
_Static_assert(sizeof(struct skua_quote) == 40, "no hidden padding");

/* An error that says that a packet did not arrive. */
skua_inline bool skua_is_icmp_error(const struct skua_packet *pkt)
{
	if (pkt->fragment == SKUA_LATER_FRAGMENT)
		return false;
	if (pkt->proto == SKUA_ICMP)
		return pkt->icmp_type == 3 || pkt->icmp_type == 11;
	return pkt->proto == SKUA_ICMPV6 && (pkt->icmp_type == 1 || pkt->icmp_type == 3);
}

skua_inline enum skua_verdict skua_quote_ports(const struct skua_frame *frame, __u32 offset,
					       __u32 left, struct skua_quote *out)
{
	const __u8 *at;
	enum skua_verdict v = skua_need_at(frame, offset, left, 8, &at);

	if (v != SKUA_PARSED)
		return v;
	if (out->proto == SKUA_TCP || out->proto == SKUA_UDP || out->proto == SKUA_SCTP) {
		out->sport = skua_be16(at);
		out->dport = skua_be16(at + 2);
	} else if (out->proto == SKUA_ICMP || out->proto == SKUA_ICMPV6) {
		out->sport = out->dport = skua_be16(at + 4); /* as the parser does with echo */
	}
	return SKUA_PARSED;
}

/* pkt is an error that was parsed: it stands behind its eight bytes. */
skua_inline enum skua_verdict skua_parse_quote(const struct skua_frame *frame,
					       const struct skua_packet *pkt,
					       struct skua_quote *out)
{
	__u32 offset = pkt->offset, left = pkt->left, header = 40;
	const __u8 *at;
	enum skua_verdict v = skua_need_at(frame, offset, left, 20, &at);

	__builtin_memset(out, 0, sizeof(*out));
	if (v != SKUA_PARSED)
		return v;
	if (pkt->proto == SKUA_ICMP) {
		header = (at[0] & 0x0f) * 4u;
		if (at[0] >> 4 != 4 || header < 20)
			return SKUA_MALFORMED;
		if (skua_be16(at + 6) & 0x1fff)
			return SKUA_IGNORED;
		out->proto = at[9];
		skua_map_ipv4(out->src, at + 12);
		skua_map_ipv4(out->dst, at + 16);
	} else {
		v = skua_need_at(frame, offset, left, 40, &at);
		if (v != SKUA_PARSED)
			return v;
		out->proto = at[6];
		out->src[0] = skua_load64(at + 8);
		out->src[1] = skua_load64(at + 16);
		out->dst[0] = skua_load64(at + 24);
		out->dst[1] = skua_load64(at + 32);
	}
	if (left < header)
		return SKUA_MALFORMED;
	return skua_quote_ports(frame, offset + header, left - header, out);
}

#endif /* SKUA_QUOTE_H */
