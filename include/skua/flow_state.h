/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What is kept of a conversation.  Sums and state bits are atomic, since the
 * two directions may run on two CPUs.  Times, sequence numbers and small counts
 * are plain stores: each is written by one direction, or the loser of a race is
 * nearly right as well.
 */
#ifndef SKUA_FLOW_STATE_H
#define SKUA_FLOW_STATE_H

#include "skua/flow_key.h"

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
#define SKUA_FLOW_NAMED 0x80000     /* whose socket opened it was said */

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

/* The mask is for the verifier, which must see the bound where the index is used. */
skua_inline struct skua_way *skua_flow_way(struct skua_flow *flow, enum skua_side side)
{
	return &flow->way[side & 1];
}

skua_inline enum skua_side skua_flow_client(const struct skua_flow *flow)
{
	return flow->state & SKUA_FLOW_CLIENT_HIGH ? SKUA_HIGH : SKUA_LOW;
}

skua_inline __u32 skua_flow_seq_known(enum skua_side side)
{
	return side ? SKUA_FLOW_SEQ_HIGH : SKUA_FLOW_SEQ_LOW;
}

#endif /* SKUA_FLOW_STATE_H */
