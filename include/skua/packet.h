/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the parser says of a frame, and the cursor it walks with. */
#ifndef SKUA_PACKET_H
#define SKUA_PACKET_H

#include "skua/port.h"

enum skua_verdict {
	SKUA_PARSED = 0, /* *out is complete */
	SKUA_IGNORED,    /* well-formed, but carries no IP */
	SKUA_TRUNCATED,  /* the capture ends inside a header */
	SKUA_MALFORMED,  /* a header contradicts itself or the one around it */
	SKUA_TOO_DEEP,   /* more tags, labels or extension headers than we follow */
	SKUA_VERDICTS
};

enum skua_fragment { SKUA_WHOLE = 0, SKUA_FIRST_FRAGMENT, SKUA_LATER_FRAGMENT };

enum skua_tunnel {
	SKUA_NO_TUNNEL = 0,
	SKUA_VXLAN,
	SKUA_GENEVE,
	SKUA_GRE,
	SKUA_IP_IN_IP,
	SKUA_GTPU
};

enum {
	SKUA_ICMP = 1,
	SKUA_IPIP = 4,
	SKUA_TCP = 6,
	SKUA_UDP = 17,
	SKUA_IPV6_IN_IP = 41,
	SKUA_GRE_PROTO = 47,
	SKUA_ICMPV6 = 58,
	SKUA_SCTP = 132,
};

#define SKUA_FIN 0x01
#define SKUA_SYN 0x02
#define SKUA_RST 0x04
#define SKUA_PSH 0x08
#define SKUA_ACK 0x10
#define SKUA_URG 0x20

/* Headers must end within this; the verifier wants a bound, and no honest frame comes near. */
#define SKUA_HEADERS_MAX 2048

/* What was captured of a frame.  A test run refuses short frames, so those are padded. */
struct skua_frame {
	const __u8 *data;
	const __u8 *end;
	__u32 captured; /* bytes before the padding */
};
#define SKUA_FRAME_WHOLE 0xffff /* captured: there is no padding, only end counts */
#define SKUA_FRAME_MIN 54       /* Ethernet and IPv6: what BPF_PROG_TEST_RUN wants of a tc frame */

/* How many of the bytes that are wanted were captured. */
skua_inline __u32 skua_frame_has(const struct skua_frame *frame, __u32 bytes)
{
	__u32 there = frame->end - frame->data;

	if (frame->captured != SKUA_FRAME_WHOLE && frame->captured < there)
		there = frame->captured;
	return bytes < there ? bytes : there;
}

/*
 * Every multi-byte value is in host order; IPv4 addresses are v4-mapped.
 * offset, left and ethertype are where the parser stands; at the end offset is
 * that of the payload (TCP: of the header) and left the bytes from there on.
 */
struct skua_packet {
	__u64 src[2]; /* addresses as sent, 16 bytes each; u64 only to be aligned */
	__u64 dst[2];
	__u32 length;  /* bytes on the wire */
	__u32 left;    /* bytes on the wire from offset on, padding not counted */
	__u32 payload; /* bytes after the transport header, as the headers say */
	__u32 seq;     /* TCP; ICMP echo: sequence number */
	__u32 ack;
	__u32 vni; /* VXLAN, Geneve */
	__u16 offset;
	__u16 ethertype;
	__u16 sport; /* ICMP echo: the identifier, in both */
	__u16 dport;
	__u16 vlan;
	__u16 payload_at; /* offset of the payload, which may lie beyond what was captured */
	__u8 proto;
	__u8 tcp_flags;
	__u8 fragment; /* enum skua_fragment; a later one has no ports */
	__u8 tunnel;   /* enum skua_tunnel that was looked through */
	__u8 icmp_type;
	__u8 icmp_code;
	__u16 network_at; /* offset of the (inner) IP header */
	__u8 reserved[4];
};
_Static_assert(sizeof(struct skua_packet) == 80, "no hidden padding");

/*
 * On SKUA_PARSED, n bytes may be read at *at, which is offset bytes into the
 * frame; left: bytes on the wire from there on.  What the wire itself lacks is
 * a lie, what only the capture lacks a truncation.
 */
skua_inline enum skua_verdict skua_need_at(const struct skua_frame *frame, __u32 offset, __u32 left,
					   __u32 n, const __u8 **at)
{
	if (offset > SKUA_HEADERS_MAX)
		return SKUA_TOO_DEEP;
	if (n > left)
		return SKUA_MALFORMED;
	*at = frame->data + offset;
	if (offset + n > frame->captured || !skua_fits(*at, n, frame->end))
		return SKUA_TRUNCATED;
	return SKUA_PARSED;
}

skua_inline enum skua_verdict skua_need(const struct skua_frame *frame,
					const struct skua_packet *pkt, __u32 n, const __u8 **at)
{
	return skua_need_at(frame, pkt->offset, pkt->left, n, at);
}

/* Step over n bytes, of which skua_need() said that they are there. */
skua_inline void skua_skip(struct skua_packet *pkt, __u32 n)
{
	pkt->offset += n;
	pkt->left -= n;
	skua_settle();
}

/* An inner header says how much follows it; the rest is padding. */
skua_inline void skua_limit(struct skua_packet *pkt, __u32 length)
{
	if (length < pkt->left)
		pkt->left = length;
}

#endif /* SKUA_PACKET_H */
