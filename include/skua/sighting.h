/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One packet at hand, all that is known of it, and room where new entries are built. */
#ifndef SKUA_SIGHTING_H
#define SKUA_SIGHTING_H

#include "skua/armed.h"
#include "skua/event.h"
#include "skua/neighbour.h"
#include "skua/parse.h"
#include "skua/quote.h"
#include "skua/sample.h"

/* In the kernel this lies in a map's memory, one per CPU: it is too large for the stack, and see
 * skua_settle(). */
struct skua_sighting {
	struct skua_parsed parsed;
	struct skua_flow_key key;
	struct skua_contact_key contact;
	__u64 now_ns;
	__u32 length; /* of the frame on the wire */
	__u32 ifindex;
	__u8 link;        /* enum skua_link */
	__u8 origin;      /* enum skua_origin of the sender */
	__u8 side;        /* enum skua_side of the sender */
	__u8 ours;        /* the flow at hand was opened by our side */
	__u8 from_client; /* of a sampled packet: the sender is the client, or nobody knows */
	__u8 role;        /* enum skua_role of the interface, live only */
	__u8 flags;       /* SKUA_SAMPLE_*, of the sample */
	__u8 asked;       /* ICMPv6: it was said as NEIGHBOUR */
	__u32 due;        /* SKUA_DUE_* of the packet at hand */
	__u32 take;       /* of a packet of no known flow: bytes to sample once all else is said */
	__u8 share;       /* enum skua_share of them */
	__u8 client;      /* enum skua_side of the sample's client, known or taken for it */
	__u8 reserved[2];
	/* The only part that outlives a packet: samples of newcomers, by CPU. */
	__u32 newcomers_bytes; /* of this second */
	__u64 newcomers_ns;    /* from which newcomers_bytes counts */
	struct skua_dns dns;
	struct skua_dns_place dns_place;
	struct skua_neighbour neighbour;
	struct skua_quote quote;
	struct skua_armed_key armed;
	struct skua_exchange previous;
	struct skua_flow flow;
	struct skua_pending pending;
	struct skua_source source;
};

/* What follows fills the part of an event behind its head; both engines say the same. */

skua_inline void skua_exchange_event_fill(struct skua_exchange_event *event,
					  const struct skua_flow *flow,
					  const struct skua_exchange *previous,
					  const struct skua_packet *pkt, bool ours)
{
	event->start_ns = flow->exchange_ns;
	event->flow_ns = flow->first_ns;
	event->previous = *previous;
	event->client = skua_flow_client(flow);
	event->ours = ours;
	/* Or of an earlier packet: the ACK that admits a stranger may bring payload. */
	event->by_syn = skua_is_bare_syn(pkt) ||
			(pkt->proto == SKUA_TCP && flow->exchange_ns == flow->first_ns &&
			 !(flow->state & SKUA_FLOW_MIDSTREAM));
	event->answered = (flow->state & SKUA_FLOW_ANSWERED) != 0;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
}

skua_inline void skua_flow_event_fill(struct skua_flow_event *event, const struct skua_flow *flow,
				      enum skua_flow_reason reason, bool ours)
{
	event->flow = *flow;
	event->reason = reason;
	event->ours = ours;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
}

/* Sets the head's key as well. */
skua_inline void skua_contact_event_fill(struct skua_contact_event *event,
					 const struct skua_contact_key *key, __u32 outcome,
					 const struct skua_pending *pending, __u8 icmp_code)
{
	struct skua_flow_key *flow = &event->head.key;

	event->source =
		skua_flow_key_order(flow, key->source, key->target, key->source_port, key->port);
	flow->proto = key->proto;
	flow->tenant[0] = flow->tenant[1] = flow->tenant[2] = 0;
	event->first_ns = pending->first_ns;
	event->outcome = outcome;
	event->flags = pending->flags;
	event->attempts = pending->attempts;
	event->ours = pending->origin != SKUA_THEIRS;
	event->icmp_code = outcome == SKUA_UNREACHABLE ? icmp_code : 0;
	event->reserved[0] = event->reserved[1] = 0;
}

/* All but the name, which is zeroed. */
skua_inline void skua_dns_event_fill(struct skua_dns_event *event, const struct skua_sighting *seen)
{
	event->dns = seen->dns;
	event->sender = seen->side;
	event->tcp = seen->parsed.pkt.proto == SKUA_TCP;
	event->reserved[0] = event->reserved[1] = 0;
	event->length = seen->dns_place.left;
	__builtin_memset(event->name, 0, sizeof(event->name));
}

skua_inline void skua_icmp_event_fill(struct skua_icmp_event *event,
				      const struct skua_sighting *seen, __u64 hash)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;

	event->hash = hash;
	event->payload = pkt->payload;
	event->id = pkt->sport;
	event->seq = pkt->seq;
	event->sender = seen->side;
	event->reply = !skua_icmp_is_request(pkt->proto, pkt->icmp_type);
	event->ours = seen->origin != SKUA_THEIRS;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
}

/* Sets the head's key as well. */
skua_inline void skua_neighbour_event_fill(struct skua_neighbour_event *event,
					   const struct skua_neighbour *neighbour)
{
	struct skua_flow_key *flow = &event->head.key;

	event->asker = skua_flow_key_order(flow, neighbour->asker, neighbour->target, 0, 0);
	flow->proto = neighbour->proto;
	flow->tenant[0] = flow->tenant[1] = flow->tenant[2] = 0;
	event->reply = neighbour->reply;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
}

/* captured: how many of the frame's bytes follow. */
skua_inline void skua_sample_event_fill(struct skua_sample_event *event,
					const struct skua_sighting *seen, __u32 captured)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;

	event->length = seen->length;
	event->captured = captured;
	event->seq = pkt->seq;
	event->payload = pkt->payload;
	event->offset = pkt->payload_at;
	event->tcp_flags = pkt->tcp_flags;
	event->link = seen->link;
	event->sender = seen->side;
	event->ours = seen->origin != SKUA_THEIRS;
	event->from_client = seen->from_client;
	event->flags = seen->flags | (seen->client == SKUA_HIGH ? SKUA_SAMPLE_CLIENT_HIGH : 0) |
		       (seen->origin == SKUA_EITHER ? SKUA_SAMPLE_EITHER : 0);
}

#endif /* SKUA_SIGHTING_H */
