/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which bytes of which packet are kept for names and for the flight recorder:
 * of each conversation its beginning in both directions, the beginning of each
 * exchange, then one header per 64 KiB, so that a long transfer leaves a trace
 * of its progress.
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

/* Bytes to keep of a packet that flow has accounted already; 0: none. */
skua_inline __u32 skua_sample_flow(const struct skua_flow *flow, const struct skua_packet *pkt,
				   enum skua_side side, const volatile struct skua_config *config)
{
	const struct skua_way *way = &flow->way[side & 1];
	__u64 before = way->payload - (way->payload < pkt->payload ? way->payload : pkt->payload);
	__u64 opened = flow->opened_payload[side & 1];

	if (before < config->sample_cutoff)
		return config->sample_snaplen;
	if (flow->exchange_ns && before - opened < config->sample_exchange && before >= opened)
		return config->sample_snaplen;
	if (before / SKUA_SAMPLE_STRIDE != way->payload / SKUA_SAMPLE_STRIDE)
		return SKUA_SAMPLE_HEADER;
	return 0;
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
