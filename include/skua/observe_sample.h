/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Whether the packet at hand is sampled: what is due of it, whose share pays,
 * and whether somebody armed it.  Of a known flow at once; of anybody else when
 * all has been said, for a frame's sample comes behind its events and in one
 * place the kernel programs can afford it.
 */
#ifndef SKUA_OBSERVE_SAMPLE_H
#define SKUA_OBSERVE_SAMPLE_H

#include "skua/counter.h"
#include "skua/sighting.h"

skua_inline void observe_sample(struct skua_sighting *seen, const struct skua_frame *frame,
				__u32 bytes)
{
	store_count(seen, SKUA_COUNT_SAMPLED);
	say_sample(seen, frame, bytes);
}

/* The pair of the packet's key, or one of its two hosts. */
skua_inline bool observe_armed(struct skua_sighting *seen)
{
	if (!store_arming(seen))
		return false;
	if (store_armed(seen, &seen->key))
		return true;
	skua_armed_host(&seen->armed, seen->key.low);
	if (store_armed(seen, &seen->armed))
		return true;
	skua_armed_host(&seen->armed, seen->key.high);
	return store_armed(seen, &seen->armed);
}

/* Bytes to take of a packet of which so many are due (0: none); allowed: there was a share left for
 * them.  What is armed is taken whole, whatever was due and is charged to nobody. */
skua_inline __u32 observe_take(struct skua_sighting *seen, __u32 bytes, bool allowed)
{
	__u32 whole = store_config(seen)->sample_snaplen;

	seen->flags = 0;
	if (bytes == whole && allowed)
		return whole;
	if (observe_armed(seen)) {
		seen->flags = SKUA_SAMPLE_ARMED;
		return whole;
	}
	if (bytes && !allowed) {
		store_count(seen, SKUA_COUNT_SAMPLE_REFUSED);
		return 0;
	}
	seen->flags = SKUA_SAMPLE_HEADER_ONLY;
	return bytes;
}

/* Both directions of a flow are charged to its client; one that is not known has no limit. */
skua_inline bool observe_sample_allowed(struct skua_sighting *seen, struct skua_flow *flow,
					__u32 bytes)
{
	bool low = skua_flow_client(flow) == SKUA_LOW;
	struct skua_source *source;

	if (bytes > seen->length)
		bytes = seen->length;
	if (skua_sample_granted(flow, bytes))
		return true;
	source = store_source(seen, low ? seen->key.low : seen->key.high);
	return !source || skua_sample_grant(flow, source, bytes, store_config(seen), seen->now_ns);
}

skua_inline bool observe_from_client(const struct skua_sighting *seen, const struct skua_flow *flow)
{
	return seen->side == skua_flow_client(flow) || (flow->state & SKUA_FLOW_MIDSTREAM) != 0;
}

skua_inline void observe_sample_flow(struct skua_sighting *seen, const struct skua_frame *frame,
				     struct skua_flow *flow)
{
	__u32 bytes = skua_sample_flow(flow, &seen->parsed.pkt, seen->side, store_config(seen));

	if (!bytes && !store_arming(seen)) /* most packets: no more than this is theirs to pay */
		return;
	bytes = observe_take(seen, bytes, !bytes || observe_sample_allowed(seen, flow, bytes));
	if (!bytes)
		return;
	seen->from_client = observe_from_client(seen, flow);
	seen->client = skua_flow_client(flow);
	observe_sample(seen, frame, bytes);
}

/* What shall be sampled of a packet of no known flow, and that its share is yet to be asked for. */
skua_inline void observe_due_sample(struct skua_sighting *seen, __u32 bytes, bool from_client)
{
	seen->take = bytes;
	seen->share = SKUA_SHARE_NEWCOMERS;
	seen->from_client = from_client;
	seen->client = from_client ? seen->side : skua_other(seen->side);
}

/* The first packet of a flow: it is charged before the flow is inserted, with what is left of its
 * grant, and sampled when all is said. */
skua_inline void observe_due_sample_flow(struct skua_sighting *seen, struct skua_flow *flow)
{
	__u32 bytes = skua_sample_flow(flow, &seen->parsed.pkt, seen->side, store_config(seen));

	observe_due_sample(seen, bytes, observe_from_client(seen, flow));
	seen->client = skua_flow_client(flow);
	if (bytes)
		seen->share = observe_sample_allowed(seen, flow, bytes) ? SKUA_SHARE_TAKEN
									: SKUA_SHARE_REFUSED;
}

/* Of a packet of somebody who has no flow.  Its source's share is asked first, if it has a record
 * (may be NULL), then that of all newcomers: addresses that are forged cost nothing. */
skua_inline void observe_due_sample_headers(struct skua_sighting *seen, struct skua_source *source,
					    __u32 bytes, bool from_client)
{
	__u32 charged = bytes < seen->length ? bytes : seen->length;

	observe_due_sample(seen, bytes, from_client);
	if (bytes && source &&
	    !skua_sample_allows(source, charged, store_config(seen), seen->now_ns))
		seen->share = SKUA_SHARE_REFUSED;
}

/* Whoever sends one packet only has no record to charge: newcomers share what one source has, or a
 * flood with forged addresses would fill the ring. */
skua_inline bool observe_newcomers_allow(struct skua_sighting *seen, __u32 bytes)
{
	if (seen->now_ns >= seen->newcomers_ns + SKUA_SECOND_NS) {
		seen->newcomers_ns = seen->now_ns;
		seen->newcomers_bytes = 0;
	}
	if (bytes > seen->length)
		bytes = seen->length;
	if (seen->newcomers_bytes + bytes > store_config(seen)->sample_rate)
		return false;
	seen->newcomers_bytes += bytes;
	return true;
}

/* What is due of a packet of no known flow, when everything else is said of it. */
skua_inline void observe_sample_due(struct skua_sighting *seen, const struct skua_frame *frame)
{
	__u32 bytes;
	bool allowed;

	skua_settle(); /* all the ways to come here become one */
	bytes = seen->take;
	allowed = !bytes || seen->share == SKUA_SHARE_TAKEN;
	if (!allowed && seen->share == SKUA_SHARE_NEWCOMERS)
		allowed = observe_newcomers_allow(seen, bytes);
	bytes = observe_take(seen, bytes, allowed);
	if (bytes)
		observe_sample(seen, frame, bytes);
}

#endif /* SKUA_OBSERVE_SAMPLE_H */
