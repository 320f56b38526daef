/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The accumulator: packets -> conversation, and what must be said of it now.
 * Pure functions over plain structs (flow_state.h); where they are kept (a BPF
 * map, a table in user space) is the caller's business.
 */
#ifndef SKUA_FLOW_H
#define SKUA_FLOW_H

#include "skua/contact.h"
#include "skua/exchange.h"

/* What must be said or done now: bits returned by skua_flow_add(). */
#define SKUA_DUE_EXCHANGE 0x01 /* one opened; *previous is the one before */
#define SKUA_DUE_REPORT 0x02   /* the flow's totals; repeated until skua_flow_reported() */
#define SKUA_DUE_END 0x04      /* with REPORT: it has just closed */
#define SKUA_DUE_EMPTY 0x08    /* with END: a handshake and no payload either way */

#define SKUA_PACKETS_MAX 0xffffff00u /* not the last: several CPUs may pass the test at once */
#define SKUA_REPORT_SHIFT_MIN 16     /* the first 64 KiB are told by time alone */

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
	if (progress) { /* before the end is judged: a FIN may be the only trace of payload */
		skua_add(&way->payload, (__u64)progress);
		flow->payload_ns = now_ns;
	}
	if (pkt->proto == SKUA_TCP)
		due |= skua_flow_tcp(flow, pkt, side);
	if (way->packets < SKUA_PACKETS_MAX)
		skua_add(&way->packets, 1);
	skua_add(&way->bytes, (__u64)pkt->length);
	skua_flow_answer(flow, pkt, side);
	if (now_ns > flow->last_ns)
		flow->last_ns = now_ns;
	if (skua_flow_report_due(flow, config, now_ns))
		due |= SKUA_DUE_REPORT;
	return due;
}

/* Payload that the source of an attempt had sent before it was admitted; at most one window, as of
 * any packet. */
skua_inline __u32 skua_flow_waited(const struct skua_pending *pending, __u32 first_seq)
{
	__u32 payload = pending->source_next - first_seq;

	return payload <= SKUA_SEQ_JUMP_MAX ? payload : 0;
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
		way->next_seq = pending->source_next;
		way->payload = skua_flow_waited(pending, pending->source_isn);
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
		way->next_seq = pending->source_next;
		way->payload = skua_flow_waited(pending, pending->source_isn + 1);
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
