/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The header and the first question of DNS messages over UDP and TCP (RFC 1035, 4.1 and 4.2). */
#ifndef SKUA_DNS_H
#define SKUA_DNS_H

#include "skua/packet.h"

#define SKUA_DNS_PORT 53
#define SKUA_DNS_NAME_MAX 255 /* octets, the root's empty label included */
#define SKUA_DNS_LABELS_MAX 127

struct skua_dns {
	__u16 id;
	__u16 type;
	__u16 answers;
	__u8 response;
	__u8 rcode;
	__u8 name_length; /* as sent, with the lengths of labels */
	__u8 labels;
	__u8 longest; /* label */
	__u8 reserved;
	__u32 answer_bytes; /* behind the question, as far as the message says */
};
_Static_assert(sizeof(struct skua_dns) == 16, "skua_dns is ABI");

/* Messages looked for in one TCP segment; pipelining clients rarely send more at once. */
#define SKUA_DNS_PER_SEGMENT 4

skua_inline bool skua_is_dns(const struct skua_packet *pkt)
{
	return (pkt->proto == SKUA_UDP || pkt->proto == SKUA_TCP) && pkt->payload &&
	       pkt->fragment != SKUA_LATER_FRAGMENT &&
	       (pkt->sport == SKUA_DNS_PORT || pkt->dport == SKUA_DNS_PORT);
}

/* Where a message lies in a frame; in the kernel this must be in a map's memory (skua_settle). */
struct skua_dns_place {
	__u32 at;   /* offset in the frame */
	__u32 left; /* bytes of the message on the wire */
	__u32 next; /* offset of the next message of a TCP segment */
	__u32 rest; /* bytes of the segment from there on */
};

skua_inline void skua_dns_begin(struct skua_dns_place *place, const struct skua_packet *pkt)
{
	place->at = place->next = pkt->payload_at;
	place->left = place->rest = pkt->payload;
}

/* TCP: step to the next message, behind its two bytes of length; false: there is none. */
skua_inline bool skua_dns_next(const struct skua_frame *frame, struct skua_dns_place *place)
{
	const __u8 *at;
	__u32 length;

	if (place->rest < 2 || skua_need_at(frame, place->next, place->rest, 2, &at) != SKUA_PARSED)
		return false;
	length = skua_be16(at);
	place->at = place->next + 2;
	place->rest -= 2;
	place->left = length < place->rest ? length : place->rest;
	place->rest -= place->left;
	place->next = place->at + place->left;
	skua_settle();
	return length != 0;
}

/*
 * Walk label by label: one step per octet would not load.  A question has
 * nothing before it to point to, so a pointer is malformed.  captured: bytes
 * from the name on, for behind them padding may lie; left: as many on the wire.
 */
skua_inline enum skua_verdict skua_dns_walk(const __u8 *name, const __u8 *end, __u32 captured,
					    __u32 left, struct skua_dns *out)
{
	__u32 total = 0, longest = 0;

	for (int i = 0; i <= SKUA_DNS_LABELS_MAX; i++) {
		__u32 length;

		if (total >= captured || !skua_fits(name + total, 1, end))
			return SKUA_TRUNCATED;
		length = name[total];
		if (length > 63 || total + length >= SKUA_DNS_NAME_MAX || total + length >= left)
			return SKUA_MALFORMED;
		total += length + 1;
		if (!length) {
			out->name_length = total;
			out->labels = i;
			out->longest = longest;
			return SKUA_PARSED;
		}
		longest = length > longest ? length : longest;
	}
	return SKUA_MALFORMED;
}

/* *name will be where the question's name begins. */
skua_inline enum skua_verdict skua_dns_parse(const struct skua_frame *frame,
					     const struct skua_dns_place *place,
					     struct skua_dns *out, const __u8 **name)
{
	const __u8 *at;
	enum skua_verdict v = skua_need_at(frame, place->at, place->left, 12, &at);
	__u32 captured;
	__u16 flags;

	__builtin_memset(out, 0, sizeof(*out));
	if (v != SKUA_PARSED)
		return v;
	flags = skua_be16(at + 2);
	out->id = skua_be16(at);
	out->response = flags >> 15;
	out->rcode = flags & 0x0f;
	out->answers = skua_be16(at + 6);
	if (skua_be16(at + 4) != 1) /* no resolver sends several questions */
		return SKUA_IGNORED;
	*name = at + 12;
	captured = frame->captured - place->at - 12;
	v = skua_dns_walk(*name, frame->end, captured, place->left - 12, out);
	if (v != SKUA_PARSED)
		return v;
	skua_settle();
	/* Anew: the old pointer knows how far it was read, which would keep every path apart. */
	v = skua_need_at(frame, place->at, place->left, 12, &at);
	if (v != SKUA_PARSED)
		return v;
	*name = at + 12;
	at = *name + out->name_length;
	if (out->name_length + 16u > place->left)
		return SKUA_MALFORMED;
	if (out->name_length + 2u > captured || !skua_fits(at, 2, frame->end))
		return SKUA_TRUNCATED;
	out->type = skua_be16(at);
	out->answer_bytes = place->left - 16 - out->name_length;
	return SKUA_PARSED;
}

/* Copy a name that skua_dns_parse() accepted into zeroed memory: all of it was captured. */
skua_inline void skua_dns_copy(__u8 to[SKUA_DNS_NAME_MAX + 1], const __u8 *name, __u8 length)
{
	skua_copy(to, name, length);
}

#endif /* SKUA_DNS_H */
