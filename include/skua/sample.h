/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which bytes of which packet are kept for names and for the flight recorder:
 * of each conversation its beginning in both directions, the beginning of each
 * exchange, then one header per 64 KiB, so that a long transfer leaves a trace
 * of its progress, and its end.  Of what is no conversation yet, the headers of
 * whatever advances or decides it.  So much that whoever is shown nothing but
 * the samples comes to the same answers.
 */
#ifndef SKUA_SAMPLE_H
#define SKUA_SAMPLE_H

#include "skua/flow.h"
#include "skua/source.h"

#define SKUA_SAMPLE_HEADER 128 /* bytes: every header of honest traffic */
#define SKUA_SAMPLE_HALF 512
#define SKUA_SAMPLE_FRAME 1536 /* an Ethernet frame of the usual size */
#define SKUA_SAMPLE_ROOM 2560  /* bytes of the largest sample: a ClientHello in one GSO segment */
#define SKUA_SAMPLE_STRIDE (64u * 1024) /* one header each, beyond the cutoff */
/* So far into an exchange the ends of what the client writes are sampled as headers: the last one
 * shows where its request ended, and that nothing lies between it and the next exchange. */
#define SKUA_SAMPLE_REQUEST (64u * 1024)

/* Acknowledgements without payload: who only receives would be sampled for as long as it does. */
#define SKUA_SAMPLE_BARE 16         /* of a conversation, each way */
#define SKUA_SAMPLE_BARE_EXCHANGE 4 /* of each exchange */

skua_inline bool skua_sample_is_bare(const struct skua_flow *flow, const struct skua_packet *pkt,
				     enum skua_side side)
{
	__u32 packets = flow->way[side & 1].packets;

	return pkt->proto == SKUA_TCP && !pkt->payload && packets > SKUA_SAMPLE_BARE &&
	       packets - flow->opened_packets[side & 1] > SKUA_SAMPLE_BARE_EXCHANGE &&
	       !(pkt->tcp_flags & (SKUA_SYN | SKUA_FIN | SKUA_RST));
}

/* Bytes to keep of a packet that flow has accounted already; 0: none. */
skua_inline __u32 skua_sample_flow(const struct skua_flow *flow, const struct skua_packet *pkt,
				   enum skua_side side, const volatile struct skua_config *config)
{
	const struct skua_way *way = &flow->way[side & 1];
	__u64 before = way->payload - (way->payload < pkt->payload ? way->payload : pkt->payload);
	__u64 since = before - flow->opened_payload[side & 1]; /* huge: of the exchange before */

	if (skua_sample_is_bare(flow, pkt, side))
		return 0;
	if (before < config->sample_cutoff)
		return config->sample_snaplen;
	if (flow->exchange_ns && since < SKUA_SAMPLE_REQUEST) {
		if (since < config->sample_exchange)
			return config->sample_snaplen;
		if (pkt->tcp_flags & SKUA_PSH && side == skua_flow_client(flow))
			return SKUA_SAMPLE_HEADER;
	}
	if (before / SKUA_SAMPLE_STRIDE != way->payload / SKUA_SAMPLE_STRIDE)
		return SKUA_SAMPLE_HEADER;
	/* How it began, how it ended, and how far it had come then. */
	return pkt->tcp_flags & (SKUA_SYN | SKUA_FIN | SKUA_RST) ? SKUA_SAMPLE_HEADER : 0;
}

/* Of a packet of an attempt, which is kept with it already; step: what it decided. */
#define SKUA_SAMPLE_TRIES 8 /* packets each way: no stack tries as often within the 5 s */

skua_inline __u32 skua_sample_pending(const struct skua_pending *pending, bool from_source,
				      __u32 step)
{
	if (step & SKUA_STEP_KEEP && pending->packets[from_source ? 0 : 1] > SKUA_SAMPLE_TRIES)
		return 0;
	return SKUA_SAMPLE_HEADER;
}

/* A flow asks its client's record for so much at a time: a look-up for each sampled packet would
 * cost more than the sample.  In units of 64 bytes, so that it fits the flow. */
#define SKUA_SAMPLE_UNIT 64
#define SKUA_SAMPLE_GRANT 64 /* units: 4 KiB */

skua_inline __u32 skua_sample_units(__u32 bytes)
{
	return (bytes + SKUA_SAMPLE_UNIT - 1) / SKUA_SAMPLE_UNIT;
}

/* Takes the bytes from what was granted; false: not enough is left. */
skua_inline bool skua_sample_granted(struct skua_flow *flow, __u32 bytes)
{
	__u32 units = skua_sample_units(bytes);

	if (flow->sample_grant < units)
		return false;
	flow->sample_grant -= units;
	return true;
}

/* The source's share of a second: a churner must not push out what others left. */
skua_inline bool skua_sample_allows(struct skua_source *source, __u32 bytes,
				    const volatile struct skua_config *config, __u64 now_ns)
{
	if (now_ns >= source->sampled_ns + SKUA_SECOND_NS) {
		source->sampled_ns = now_ns;
		source->sampled = 0;
	}
	if (source->sampled + bytes > config->sample_rate)
		return false;
	source->sampled += bytes;
	return true;
}

/* Whose share a sample was taken from. */
enum skua_share {
	SKUA_SHARE_NEWCOMERS = 0, /* not yet from that of all who are no flow, which is next */
	SKUA_SHARE_TAKEN,
	SKUA_SHARE_REFUSED,
};

/* Asks for the bytes and for the next grant. */
skua_inline bool skua_sample_grant(struct skua_flow *flow, struct skua_source *source, __u32 bytes,
				   const volatile struct skua_config *config, __u64 now_ns)
{
	__u32 units = skua_sample_units(bytes);

	if (units >= SKUA_SAMPLE_GRANT)
		return skua_sample_allows(source, bytes, config, now_ns);
	if (!skua_sample_allows(source, SKUA_SAMPLE_GRANT * SKUA_SAMPLE_UNIT, config, now_ns))
		return false;
	flow->sample_grant = SKUA_SAMPLE_GRANT - units;
	return true;
}

#endif /* SKUA_SAMPLE_H */
