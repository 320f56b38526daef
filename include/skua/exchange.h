/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Exchanges: what of a packet is new payload, and whether it opens one. */
#ifndef SKUA_EXCHANGE_H
#define SKUA_EXCHANGE_H

#include "skua/contact.h"
#include "skua/flow_state.h"

/*
 * Payload bytes this packet brings that were not seen before, those of segments
 * before it that nobody saw included.  A FIN ends the stream where it stands:
 * what lies between is proved by it alone, so that the last packet of an upload
 * of which a few were kept tells its volume.  A RST need not tell the truth to
 * be obeyed (RFC 9293, 3.10.7.4), so its number proves nothing.
 */
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
	if (-ahead <= SKUA_SEQ_JUMP_MAX) /* seen before */
		return 0;
	/* Without payload, one that is not near is another stream's end, and no news of this. */
	if (!pkt->payload &&
	    ((pkt->tcp_flags & (SKUA_FIN | SKUA_RST)) != SKUA_FIN || ahead > SKUA_SEQ_JUMP_MAX))
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
 *
 * None opens across a gap in the client's numbers, where a packet shows more
 * progress than it carries.  In a file of evidence of which packets were left
 * out, that is the trace of an exchange that is not there; to open another one
 * in its place would make up gaps that never were.  Live it means that packets
 * were lost on their way to us (the sender's own losses come again, in order).
 * The exchange whose first packet was lost is missed, and if nothing else was
 * seen of it so is the next one, whose first packet is the one that shows the
 * gap; the first contiguous one after a silence opens again.
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
	if (!progress || progress > pkt->payload)
		return false;
	if (!flow->exchange_ns && !(flow->state & SKUA_FLOW_MIDSTREAM))
		return true;
	/* A sum, not a difference: another CPU may have stamped a later time. */
	return flow->payload_ns && now_ns >= flow->payload_ns + config->exchange_gap_ns;
}

#endif /* SKUA_EXCHANGE_H */
