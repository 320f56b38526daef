/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The accumulator: packets -> conversation, and what must be said of it now.
 * Pure functions over plain structs; where they are kept (a BPF map, a table
 * in user space) is the caller's business.
 *
 * Sums and state bits are atomic, since the two directions may run on two
 * CPUs.  Times, sequence numbers and small counts are plain stores: each is
 * written by one direction, or the loser of a race is nearly right as well.
 */
#ifndef SKUA_FLOW_H
#define SKUA_FLOW_H

#include "skua/contact.h"

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

struct skua_way {
	__u64 bytes;
	__u64 payload;  /* TCP: progress of the sequence number, so that gaps still prove volume */
	__u32 packets;  /* saturates at SKUA_PACKETS_MAX */
	__u32 next_seq; /* TCP: behind the last octet seen */
};

#define SKUA_FLOW_CLIENT_HIGH 0x01 /* the client is the higher endpoint */
#define SKUA_FLOW_ANSWERED 0x02    /* TCP: payload was seen both ways; else: packets were */
#define SKUA_FLOW_CLOSED 0x04      /* RST, or FIN from both */
#define SKUA_FLOW_MIDSTREAM 0x08   /* its beginning was not seen */
#define SKUA_FLOW_SEQ_LOW 0x10     /* way[SKUA_LOW].next_seq is valid */
#define SKUA_FLOW_SEQ_HIGH 0x20
#define SKUA_FLOW_FIN_LOW 0x40
#define SKUA_FLOW_FIN_HIGH 0x80
#define SKUA_FLOW_FLAGS_SHIFT 8
#define SKUA_FLOW_CONTACT 0x10000   /* its attempt is still pending */
#define SKUA_FLOW_HANDSHAKE 0x20000 /* TCP: the handshake was completed */
#define SKUA_FLOW_TOLD 0x40000      /* its end was said, so its expiry need not be */

struct skua_flow {
	struct skua_way way[2]; /* by side of the sender */
	__u64 first_ns;
	__u64 last_ns;
	__u64 payload_ns;        /* last new payload either way; 0: none in the open exchange */
	__u64 exchange_ns;       /* start of the open exchange; 0: none yet */
	__u64 opened_payload[2]; /* way[].payload when the exchange opened */
	__u32 opened_packets[2];
	__u32 reported_s; /* seconds after first_ns, of the last report */
	__u32 home_ifindex;
	__u32 client_isn;
	__u32 state; /* SKUA_FLOW_*; all TCP flags ever seen << SKUA_FLOW_FLAGS_SHIFT */
	__u8 syn, syn_ack, fin, rst; /* saturating counts */
	__u16 seen_elsewhere; /* packets on other interfaces, not accounted again; saturates */
	__u8 report_shift;    /* report when the client's payload reaches 1 << shift */
	__u8 sample_grant;    /* what may be sampled before its client's record is asked again */
};
_Static_assert(sizeof(struct skua_flow) == 128, "skua_flow is ABI");

/* Totals of an exchange that is over; all zero before the first. */
struct skua_exchange {
	__u64 start_ns;
	__u64 payload[2];
	__u32 packets[2];
};
_Static_assert(sizeof(struct skua_exchange) == 32, "skua_exchange is ABI");

/* What must be said or done now: bits returned by skua_flow_add(). */
#define SKUA_DUE_EXCHANGE 0x01 /* one opened; *previous is the one before */
#define SKUA_DUE_REPORT 0x02   /* the flow's totals; repeated until skua_flow_reported() */
#define SKUA_DUE_END 0x04      /* with REPORT: it has just closed */
#define SKUA_DUE_EMPTY 0x08    /* with END: a handshake and no payload either way */

#define SKUA_PACKETS_MAX 0xffffff00u /* not the last: several CPUs may pass the test at once */
#define SKUA_REPORT_SHIFT_MIN 16     /* the first 64 KiB are told by time alone */
#define SKUA_SEQ_JUMP_MAX (1u << 30) /* the largest window (RFC 7323); beyond is another stream */

/* Most packets set no new bit, and a load is cheaper than an atomic. */
skua_inline void skua_flow_set(struct skua_flow *flow, __u32 bits)
{
	if ((flow->state & bits) != bits)
		skua_or(&flow->state, bits);
}

skua_inline void skua_flow_clear(struct skua_flow *flow, __u32 bits)
{
	skua_and(&flow->state, ~bits);
}

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

/* The mask is for the verifier, which must see the bound where the index is used. */
skua_inline struct skua_way *skua_flow_way(struct skua_flow *flow, enum skua_side side)
{
	return &flow->way[side & 1];
}

skua_inline enum skua_side skua_other(enum skua_side side)
{
	return side == SKUA_LOW ? SKUA_HIGH : SKUA_LOW;
}

skua_inline enum skua_side skua_flow_client(const struct skua_flow *flow)
{
	return flow->state & SKUA_FLOW_CLIENT_HIGH ? SKUA_HIGH : SKUA_LOW;
}

skua_inline __u32 skua_flow_seq_known(enum skua_side side)
{
	return side ? SKUA_FLOW_SEQ_HIGH : SKUA_FLOW_SEQ_LOW;
}

/* Payload bytes this packet brings that were not seen before. */
skua_inline __u32 skua_flow_progress(struct skua_flow *flow, const struct skua_packet *pkt,
				     enum skua_side side)
{
	__u32 known = skua_flow_seq_known(side);
	struct skua_way *way = skua_flow_way(flow, side);
	__u32 next = pkt->seq + pkt->payload, ahead;

	if (pkt->proto != SKUA_TCP)
		return pkt->payload;
	if (pkt->tcp_flags & SKUA_SYN) {
		way->next_seq = pkt->seq + 1;
		skua_flow_set(flow, known);
		return 0;
	}
	if (!(flow->state & known)) {
		way->next_seq = next;
		skua_flow_set(flow, known);
		return pkt->payload;
	}
	ahead = next - way->next_seq;
	if (!pkt->payload || -ahead <= SKUA_SEQ_JUMP_MAX) /* seen before */
		return 0;
	way->next_seq = next;
	return ahead <= SKUA_SEQ_JUMP_MAX ? ahead : pkt->payload;
}

skua_inline void skua_flow_open_exchange(struct skua_flow *flow, struct skua_exchange *previous,
					 __u64 now_ns)
{
	previous->start_ns = flow->exchange_ns;
	for (int i = 0; i < 2; i++) {
		previous->payload[i] = flow->way[i].payload - flow->opened_payload[i];
		previous->packets[i] = flow->way[i].packets - flow->opened_packets[i];
		flow->opened_payload[i] = flow->way[i].payload;
		flow->opened_packets[i] = flow->way[i].packets;
	}
	flow->exchange_ns = now_ns;
	flow->payload_ns = 0;
}

/*
 * A new connection opens one; later ones open when the client breaks a
 * silence.  progress: new payload this packet brings, so that neither a
 * retransmission nor a keep-alive probe opens one.
 */
skua_inline bool skua_flow_exchange_opens(const struct skua_flow *flow,
					  const struct skua_packet *pkt, enum skua_side side,
					  __u32 progress, const volatile struct skua_config *config,
					  __u64 now_ns)
{
	/* Later fragments are bytes between two hosts, and nobody's request. */
	if (side != skua_flow_client(flow) || pkt->fragment == SKUA_LATER_FRAGMENT)
		return false;
	if (skua_is_bare_syn(pkt))
		return !flow->exchange_ns || pkt->seq != flow->client_isn;
	if (!progress)
		return false;
	if (!flow->exchange_ns && !(flow->state & SKUA_FLOW_MIDSTREAM))
		return true;
	/* A sum, not a difference: another CPU may have stamped a later time. */
	return flow->payload_ns && now_ns >= flow->payload_ns + config->exchange_gap_ns;
}

/* Counts of TCP events; SKUA_DUE_END when this packet closes the connection. */
skua_inline __u32 skua_flow_tcp(struct skua_flow *flow, const struct skua_packet *pkt,
				enum skua_side side)
{
	const __u32 both = SKUA_FLOW_FIN_LOW | SKUA_FLOW_FIN_HIGH;
	__u8 flags = pkt->tcp_flags;

	skua_flow_set(flow, (__u32)flags << SKUA_FLOW_FLAGS_SHIFT);
	if (flags & SKUA_SYN)
		skua_count8(flags & SKUA_ACK ? &flow->syn_ack : &flow->syn);
	if (skua_is_bare_syn(pkt) && side == skua_flow_client(flow))
		flow->client_isn = pkt->seq;
	if (flags & SKUA_FIN) {
		skua_count8(&flow->fin);
		skua_flow_set(flow, side ? SKUA_FLOW_FIN_HIGH : SKUA_FLOW_FIN_LOW);
	}
	if (flags & SKUA_RST)
		skua_count8(&flow->rst);
	if (flow->state & SKUA_FLOW_CLOSED)
		return 0;
	if (!(flags & SKUA_RST) && (flow->state & both) != both)
		return 0;
	skua_flow_set(flow, SKUA_FLOW_CLOSED);
	if (flow->state & SKUA_FLOW_HANDSHAKE && !flow->way[0].payload && !flow->way[1].payload)
		return SKUA_DUE_END | SKUA_DUE_REPORT | SKUA_DUE_EMPTY;
	return SKUA_DUE_END | SKUA_DUE_REPORT;
}

/* TCP answers with payload (a handshake is none), everything else with a packet. */
skua_inline void skua_flow_answer(struct skua_flow *flow, const struct skua_packet *pkt,
				  enum skua_side side)
{
	const struct skua_way *other = skua_flow_way(flow, skua_other(side));
	bool both = pkt->proto == SKUA_TCP ? pkt->payload && other->payload : other->packets != 0;

	if (both)
		skua_flow_set(flow, SKUA_FLOW_ANSWERED);
}

skua_inline __u64 skua_flow_client_payload(const struct skua_flow *flow)
{
	return flow->way[skua_flow_client(flow)].payload;
}

skua_inline bool skua_flow_report_due(const struct skua_flow *flow,
				      const volatile struct skua_config *config, __u64 now_ns)
{
	__u64 said_ns = flow->first_ns + flow->reported_s * SKUA_SECOND_NS;

	return now_ns >= said_ns + config->report_ns ||
	       skua_flow_client_payload(flow) >> (flow->report_shift & 63);
}

/* Call after the report was delivered: one that was lost is due again. */
skua_inline void skua_flow_reported(struct skua_flow *flow, __u64 now_ns)
{
	if (now_ns > flow->first_ns)
		flow->reported_s = (now_ns - flow->first_ns) / SKUA_SECOND_NS;
	if (skua_flow_client_payload(flow) >> (flow->report_shift & 63))
		flow->report_shift++;
}

/* The packet was accounted on the flow's home interface. */
skua_inline void skua_flow_elsewhere(struct skua_flow *flow)
{
	if (flow->seen_elsewhere != 65535)
		flow->seen_elsewhere++;
}

/* A flow begins: zeroed memory becomes one whose client is known. */
skua_inline void skua_flow_init(struct skua_flow *flow, enum skua_side client, __u32 ifindex,
				__u64 now_ns)
{
	flow->first_ns = now_ns;
	flow->last_ns = now_ns;
	flow->home_ifindex = ifindex;
	flow->report_shift = SKUA_REPORT_SHIFT_MIN;
	if (client == SKUA_HIGH)
		flow->state |= SKUA_FLOW_CLIENT_HIGH;
}

/* A new connection over the ports of one that was closed: it begins from nothing. */
skua_inline void skua_flow_restart(struct skua_flow *flow, const struct skua_packet *pkt,
				   enum skua_side side, __u64 now_ns)
{
	__u32 home = flow->home_ifindex;

	if (!(flow->state & SKUA_FLOW_CLOSED) || !skua_is_bare_syn(pkt) ||
	    pkt->seq == flow->client_isn)
		return;
	__builtin_memset(flow, 0, sizeof(*flow));
	skua_flow_init(flow, side, home, now_ns);
}

/* Account one packet; the bits say what is due, *previous is set with SKUA_DUE_EXCHANGE. */
skua_inline __u32 skua_flow_add(struct skua_flow *flow, const struct skua_packet *pkt,
				enum skua_side side, const volatile struct skua_config *config,
				__u64 now_ns, struct skua_exchange *previous)
{
	struct skua_way *way = skua_flow_way(flow, side);
	__u32 due = 0, progress;

	skua_flow_restart(flow, pkt, side, now_ns);
	progress = skua_flow_progress(flow, pkt, side);
	if (skua_flow_exchange_opens(flow, pkt, side, progress, config, now_ns)) {
		skua_flow_open_exchange(flow, previous, now_ns);
		due |= SKUA_DUE_EXCHANGE;
	}
	if (pkt->proto == SKUA_TCP)
		due |= skua_flow_tcp(flow, pkt, side);
	if (way->packets < SKUA_PACKETS_MAX)
		skua_add(&way->packets, 1);
	skua_add(&way->bytes, (__u64)pkt->length);
	if (progress) {
		skua_add(&way->payload, (__u64)progress);
		flow->payload_ns = now_ns;
	}
	skua_flow_answer(flow, pkt, side);
	if (now_ns > flow->last_ns)
		flow->last_ns = now_ns;
	if (skua_flow_report_due(flow, config, now_ns))
		due |= SKUA_DUE_REPORT;
	return due;
}

/* What was seen before admission belongs to the flow, which is zeroed.  source: the side that spoke
 * first.  Returns due bits. */
skua_inline __u32 skua_flow_adopt(struct skua_flow *flow, const struct skua_pending *pending,
				  enum skua_side source, enum skua_side client, __u32 ifindex)
{
	enum skua_side target = skua_other(source);
	struct skua_way *way = skua_flow_way(flow, source);
	struct skua_way *back = skua_flow_way(flow, target);

	skua_flow_init(flow, client, ifindex, pending->first_ns);
	way->packets = pending->packets[0];
	way->bytes = pending->bytes[0];
	back->packets = pending->packets[1];
	back->bytes = pending->bytes[1];
	flow->syn = pending->syn;
	flow->syn_ack = pending->syn_ack;
	skua_flow_set(flow, (__u32)pending->flags << SKUA_FLOW_FLAGS_SHIFT);
	if (pending->stage == SKUA_STAGE_MIDSTREAM || pending->stage == SKUA_STAGE_STRAY) {
		way->next_seq = pending->source_isn; /* so the segments between count as progress */
		skua_flow_set(flow, SKUA_FLOW_MIDSTREAM | skua_flow_seq_known(source));
		return 0;
	}
	if (pending->stage == SKUA_STAGE_DATAGRAM) {
		way->payload = pending->payload[0];
		back->payload = pending->payload[1];
		flow->payload_ns =
			pending->payload[0] || pending->payload[1] ? pending->last_ns : 0;
	} else {
		flow->client_isn = pending->source_isn;
		way->next_seq = pending->source_isn + 1;
		skua_flow_set(flow, skua_flow_seq_known(source));
		if (pending->stage == SKUA_STAGE_SYN_ACK) {
			back->next_seq = pending->target_isn + 1;
			skua_flow_set(flow, skua_flow_seq_known(target));
		}
	}
	flow->exchange_ns = pending->first_ns;
	return SKUA_DUE_EXCHANGE;
}

#define SKUA_IDLE_CLOSED_NS (5 * SKUA_SECOND_NS)
/* Longer than the longest sleep between two polls of one connection that we promise to follow. */
#define SKUA_IDLE_TCP_NS (5 * 3600 * SKUA_SECOND_NS)
#define SKUA_IDLE_OPENING_NS (75 * SKUA_SECOND_NS)   /* a connect gives up: RFC 1122, 4.2.3.5 */
#define SKUA_IDLE_DATAGRAM_NS (180 * SKUA_SECOND_NS) /* RFC 4787, 4.3 wants at least 2 minutes */

/* When a flow that hears nothing more is forgotten: ns since the epoch of its times. */
skua_inline __u64 skua_flow_deadline(const struct skua_flow *flow, __u8 proto)
{
	if (proto != SKUA_TCP)
		return flow->last_ns + SKUA_IDLE_DATAGRAM_NS;
	if (flow->state & SKUA_FLOW_CLOSED)
		return flow->last_ns + SKUA_IDLE_CLOSED_NS;
	if (flow->way[0].packets && flow->way[1].packets)
		return flow->last_ns + SKUA_IDLE_TCP_NS;
	return flow->last_ns + SKUA_IDLE_OPENING_NS;
}

#endif /* SKUA_FLOW_H */
