/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Contacts: attempts of a source to reach (target, port), kept as pending
 * until they are decided.  A stranger's packet alone never enters the flow
 * tables: a SYN waits for the ACK that proves our SYN-ACK arrived, anything
 * else for an answer from the other side.  So a flood can push out other
 * pending attempts, and nothing that anybody talks on.
 *
 * Attempts are kept by their five numbers, not by (target, port) alone: a
 * browser opens six connections to one port at once, and each must find its
 * own initial sequence numbers to be admitted from its handshake.  Whoever
 * counts distinct contacts does so by (target, port).
 */
#ifndef SKUA_CONTACT_H
#define SKUA_CONTACT_H

#include "skua/config.h"
#include "skua/packet.h"
#include "skua/transport.h"

/* How an attempt to reach (target, port) ended. */
enum skua_outcome {
	SKUA_UNDECIDED = 0,
	SKUA_ANSWERED,    /* TCP: handshake completed; UDP, ICMP: a reply came */
	SKUA_REFUSED,     /* RST by the target */
	SKUA_UNREACHABLE, /* an ICMP error quoted it */
	SKUA_UNANSWERED,  /* nothing for 5 s */
	SKUA_HALF_OPEN,   /* the source itself reset it before the handshake was complete */
	SKUA_EMPTY,       /* answered before, now closed without payload either way */
	SKUA_ODD,         /* NULL, XMAS, SYN+FIN, SYN+RST: said at once, whatever follows */
	SKUA_OUTCOMES
};

/* Who sent a packet, as far as the interface or the addresses tell. */
enum skua_origin {
	SKUA_THEIRS = 0,
	SKUA_OURS,
	SKUA_EITHER, /* both ends are ours, or neither is: who speaks first counts as ours */
};

skua_inline enum skua_origin skua_origin_by_address(bool src_local, bool dst_local)
{
	if (src_local == dst_local)
		return SKUA_EITHER;
	return src_local ? SKUA_OURS : SKUA_THEIRS;
}

/* Where the attempt went from and to; the ports of ICMP are its identifier, twice. */
struct skua_contact_key {
	__u64 source[2];
	__u64 target[2];
	__u16 source_port;
	__u16 port;
	__u8 proto;
	__u8 reserved[3];
};
_Static_assert(sizeof(struct skua_contact_key) == 40, "skua_contact_key is ABI");

enum skua_stage {
	SKUA_STAGE_NONE = 0,
	SKUA_STAGE_SYN,       /* a SYN, not answered yet */
	SKUA_STAGE_SYN_ACK,   /* the target answered it */
	SKUA_STAGE_DATAGRAM,  /* neither TCP nor answered */
	SKUA_STAGE_STRAY,     /* TCP without beginning or payload: FIN, FIN+ACK, ACK */
	SKUA_STAGE_MIDSTREAM, /* TCP without beginning, with payload: no attempt */
};

/* Arrays of two: the source's first, then the target's. */
struct skua_pending {
	__u64 first_ns;
	__u64 last_ns;
	__u32 bytes[2]; /* on the wire, saturating in practice: a pending attempt lives for 5 s */
	__u32 packets[2];
	__u32 payload[2];
	__u32 source_isn; /* TCP: of the SYN, or sequence number of the first segment seen */
	__u32 target_isn;
	__u8 stage;       /* enum skua_stage */
	__u8 flags;       /* TCP flags of the first packet */
	__u8 attempts;    /* packets of the source that try again, saturating */
	__u8 origin;      /* enum skua_origin of the source */
	__u8 segments[2]; /* with payload, saturating */
	__u8 syn, syn_ack;
	__u32 ifindex;     /* where it was seen first */
	__u32 source_next; /* TCP: behind the last octet of the source that was seen */
};
_Static_assert(sizeof(struct skua_pending) == 64, "skua_pending is ABI");

/* What a packet decides: an enum skua_outcome, and these bits. */
#define SKUA_STEP_OUTCOME 0x0f
#define SKUA_STEP_ADMIT 0x10 /* the conversation becomes a flow */
#define SKUA_STEP_KEEP 0x20  /* the attempt stays pending */

/* RFC 9293, 3.10.7.4: one way captures show payload of one side only; so many segments count. */
#define SKUA_ONE_WAY_SEGMENTS 3

skua_inline void skua_contact_ends(struct skua_contact_key *key, const __u64 source[2],
				   const __u64 target[2], __u16 source_port, __u16 port)
{
	key->source[0] = source[0];
	key->source[1] = source[1];
	key->target[0] = target[0];
	key->target[1] = target[1];
	key->source_port = source_port;
	key->port = port;
}

/* One branch: a choice for each field is a fork for the verifier each, and a sixth of its steps. */
skua_inline void skua_contact_key_init(struct skua_contact_key *key, const struct skua_packet *pkt,
				       bool from_source)
{
	if (from_source) {
		skua_contact_ends(key, pkt->src, pkt->dst, pkt->sport, pkt->dport);
		skua_settle();
	} else {
		skua_contact_ends(key, pkt->dst, pkt->src, pkt->dport, pkt->sport);
	}
	key->proto = pkt->proto;
	key->reserved[0] = key->reserved[1] = key->reserved[2] = 0;
}

skua_inline bool skua_is_bare_syn(const struct skua_packet *pkt)
{
	const __u8 mask = SKUA_SYN | SKUA_ACK | SKUA_RST | SKUA_FIN;

	return pkt->proto == SKUA_TCP && (pkt->tcp_flags & mask) == SKUA_SYN;
}

/* No sound stack sends these: SYN with FIN or RST; without SYN, ACK and RST anything but a FIN. */
skua_inline bool skua_is_odd(const struct skua_packet *pkt)
{
	__u8 flags = pkt->tcp_flags;

	if (pkt->proto != SKUA_TCP || pkt->fragment == SKUA_LATER_FRAGMENT)
		return false;
	if (flags & SKUA_SYN)
		return (flags & (SKUA_FIN | SKUA_RST)) != 0;
	if (flags & (SKUA_ACK | SKUA_RST))
		return false;
	return (flags & 0x3f) != SKUA_FIN;
}

/* Addressed to many, so nobody owes an answer: 224/4, 255.255.255.255, 0.0.0.0, ff00::/8. */
skua_inline bool skua_is_multicast(const __u64 address[2])
{
	const __u8 *b = (const __u8 *)address;
	__u32 last = skua_be32(b + 12);

	if (address[0] || skua_be32(b + 8) != 0xffff)
		return b[0] == 0xff;
	return last >> 28 == 14 || last == 0 || last == 0xffffffff;
}

/* Without a SYN the client is who spoke first, unless it spoke from a well-known port. */
skua_inline bool skua_speaks_as_server(const struct skua_packet *pkt)
{
	return pkt->proto != SKUA_ICMP && pkt->proto != SKUA_ICMPV6 && pkt->sport < 1024 &&
	       pkt->dport >= 1024;
}

skua_inline void skua_count8(__u8 *counter)
{
	if (*counter != 255)
		(*counter)++;
}

/* So that, once it is a flow, what follows is known to be contiguous. */
skua_inline void skua_pending_advance(struct skua_pending *pending, const struct skua_packet *pkt)
{
	__u32 next = pkt->seq + pkt->payload;

	if (skua_is_bare_syn(pkt))
		pending->source_next = pkt->seq + 1;
	else if (pkt->payload && !(pkt->tcp_flags & SKUA_SYN) &&
		 next - pending->source_next <= SKUA_SEQ_JUMP_MAX)
		pending->source_next = next;
}

skua_inline void skua_pending_count(struct skua_pending *pending, const struct skua_packet *pkt,
				    bool from_source, __u64 now_ns)
{
	__u32 way = from_source ? 0 : 1;

	pending->last_ns = now_ns;
	if (from_source && pkt->proto == SKUA_TCP)
		skua_pending_advance(pending, pkt);
	skua_add(&pending->packets[way & 1], 1);
	skua_add(&pending->bytes[way & 1], pkt->length);
	skua_add(&pending->payload[way & 1], pkt->payload);
	if (pkt->payload)
		skua_count8(&pending->segments[way & 1]);
	if (pkt->proto == SKUA_TCP && pkt->tcp_flags & SKUA_SYN)
		skua_count8(pkt->tcp_flags & SKUA_ACK ? &pending->syn_ack : &pending->syn);
}

/* The stage that a TCP segment without flow and attempt opens; SKUA_STAGE_NONE: none. */
skua_inline enum skua_stage skua_stage_of_tcp(const struct skua_packet *pkt)
{
	if (skua_is_bare_syn(pkt))
		return SKUA_STAGE_SYN;
	/* A RST or SYN-ACK is an answer: alone it is what victims of forged SYNs send. */
	if (pkt->tcp_flags & (SKUA_SYN | SKUA_RST))
		return SKUA_STAGE_NONE;
	return pkt->payload ? SKUA_STAGE_MIDSTREAM : SKUA_STAGE_STRAY;
}

/*
 * The first packet of a conversation that no table knows.  *pending is filled
 * when SKUA_STEP_KEEP is returned.  from_source: skua_contact_opens() said who
 * of the two is the source.  dns: the packet is a DNS query that was read.
 */
skua_inline __u32 skua_contact_first(struct skua_pending *pending, const struct skua_packet *pkt,
				     bool from_source, enum skua_origin origin, bool dns,
				     __u64 now_ns)
{
	bool sender_ours = origin != SKUA_THEIRS;
	enum skua_stage stage = SKUA_STAGE_DATAGRAM;

	if (skua_is_odd(pkt))
		return SKUA_ODD;
	if (pkt->proto == SKUA_TCP)
		stage = skua_stage_of_tcp(pkt);
	else if ((pkt->proto == SKUA_ICMP || pkt->proto == SKUA_ICMPV6) &&
		 pkt->fragment != SKUA_LATER_FRAGMENT &&
		 !skua_icmp_is_request(pkt->proto, pkt->icmp_type))
		stage = SKUA_STAGE_NONE;
	if (stage == SKUA_STAGE_NONE)
		return 0;
	__builtin_memset(pending, 0, sizeof(*pending));
	pending->first_ns = now_ns;
	pending->source_isn = pending->source_next = pkt->seq;
	pending->stage = stage;
	pending->flags = pkt->tcp_flags;
	pending->attempts = from_source;
	pending->origin = origin;
	if (origin != SKUA_EITHER)
		pending->origin = from_source == sender_ours ? SKUA_OURS : SKUA_THEIRS;
	skua_pending_count(pending, pkt, from_source, now_ns);
	if (stage == SKUA_STAGE_SYN && sender_ours)
		return SKUA_STEP_KEEP | SKUA_STEP_ADMIT;
	if (stage == SKUA_STAGE_DATAGRAM && from_source && (sender_ours || dns))
		return SKUA_STEP_KEEP | SKUA_STEP_ADMIT;
	return SKUA_STEP_KEEP;
}

/* Is the sender of a first packet the one who tries to reach the other? */
skua_inline bool skua_contact_opens(const struct skua_packet *pkt)
{
	return pkt->proto == SKUA_TCP || !skua_speaks_as_server(pkt);
}

skua_inline __u32 skua_step_syn(struct skua_pending *pending, const struct skua_packet *pkt,
				bool from_source)
{
	__u8 flags = pkt->tcp_flags & (SKUA_SYN | SKUA_ACK | SKUA_RST | SKUA_FIN);

	if (flags & SKUA_RST)
		return from_source ? SKUA_HALF_OPEN : SKUA_REFUSED;
	if (from_source && flags == SKUA_SYN) {
		if (pkt->seq != pending->source_isn) {
			pending->source_isn = pkt->seq;
			pending->stage = SKUA_STAGE_SYN;
		}
		skua_count8(&pending->attempts);
	} else if (!from_source && flags == (SKUA_SYN | SKUA_ACK) &&
		   pkt->ack == pending->source_isn + 1) {
		pending->target_isn = pkt->seq;
		pending->stage = SKUA_STAGE_SYN_ACK;
	} else if (from_source && flags & SKUA_ACK) {
		if (pending->stage == SKUA_STAGE_SYN_ACK && pkt->ack == pending->target_isn + 1)
			return SKUA_ANSWERED | SKUA_STEP_ADMIT;
		/* Our own stack acknowledges only what it received, seen by us or not. */
		if (pending->origin != SKUA_THEIRS && pkt->ack &&
		    pkt->seq == pending->source_isn + 1)
			return SKUA_ANSWERED | SKUA_STEP_ADMIT;
	}
	return SKUA_STEP_KEEP;
}

skua_inline __u32 skua_step_stray(struct skua_pending *pending, const struct skua_packet *pkt,
				  bool from_source)
{
	if (pkt->tcp_flags & (SKUA_SYN | SKUA_RST))
		return pkt->tcp_flags & SKUA_RST && !from_source ? SKUA_REFUSED : 0;
	if (pkt->payload)
		pending->stage = SKUA_STAGE_MIDSTREAM;
	else if (from_source)
		skua_count8(&pending->attempts);
	else
		return 0; /* answered by more than a RST: an old conversation, not a probe */
	return SKUA_STEP_KEEP;
}

/* Payload must come from both sides, or thrice from one where only one is seen. */
skua_inline __u32 skua_step_midstream(const struct skua_pending *pending,
				      const struct skua_packet *pkt, bool from_source,
				      const volatile struct skua_config *config)
{
	__u32 source = pending->segments[0], target = pending->segments[1];

	if (pkt->tcp_flags & (SKUA_SYN | SKUA_RST))
		return 0;
	if (pkt->payload && from_source)
		source++;
	else if (pkt->payload)
		target++;
	if (source && target)
		return SKUA_STEP_ADMIT;
	if (config->one_way && (source >= SKUA_ONE_WAY_SEGMENTS || target >= SKUA_ONE_WAY_SEGMENTS))
		return SKUA_STEP_ADMIT;
	return SKUA_STEP_KEEP;
}

skua_inline __u32 skua_step(struct skua_pending *pending, const struct skua_packet *pkt,
			    bool from_source, const volatile struct skua_config *config)
{
	__u32 step;

	switch (pending->stage) {
	case SKUA_STAGE_SYN:
	case SKUA_STAGE_SYN_ACK:
		step = skua_step_syn(pending, pkt, from_source);
		/* Where one direction only is seen, payload must do for the handshake. */
		if (step == SKUA_STEP_KEEP &&
		    skua_step_midstream(pending, pkt, from_source, config) == SKUA_STEP_ADMIT)
			return SKUA_ANSWERED | SKUA_STEP_ADMIT;
		return step;
	case SKUA_STAGE_DATAGRAM:
		if (pending->packets[from_source ? 1 : 0])
			return SKUA_ANSWERED | SKUA_STEP_ADMIT;
		return SKUA_STEP_KEEP;
	case SKUA_STAGE_STRAY:
		return skua_step_stray(pending, pkt, from_source);
	case SKUA_STAGE_MIDSTREAM:
		return skua_step_midstream(pending, pkt, from_source, config);
	}
	return 0;
}

/*
 * A later packet of a pending attempt.  Returns an outcome, SKUA_STEP_ADMIT,
 * SKUA_STEP_KEEP; nothing of them: it was no attempt after all, forget it.
 * A packet that is not kept with the attempt is the flow's to account.
 */
skua_inline __u32 skua_contact_next(struct skua_pending *pending, const struct skua_packet *pkt,
				    bool from_source, const volatile struct skua_config *config,
				    __u64 now_ns)
{
	__u32 step = skua_step(pending, pkt, from_source, config);

	if (step & SKUA_STEP_KEEP)
		skua_pending_count(pending, pkt, from_source, now_ns);
	return step;
}

/* Outcome of an attempt that nobody decided in time; SKUA_UNDECIDED: it was none. */
skua_inline enum skua_outcome skua_contact_timeout(const struct skua_pending *pending)
{
	if (pending->stage == SKUA_STAGE_MIDSTREAM || !pending->attempts)
		return SKUA_UNDECIDED;
	return SKUA_UNANSWERED;
}

skua_inline bool skua_contact_expired(const struct skua_pending *pending,
				      const volatile struct skua_config *config, __u64 now_ns)
{
	return now_ns >= pending->first_ns + config->contact_timeout_ns;
}

#endif /* SKUA_CONTACT_H */
