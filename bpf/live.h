/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * When and where a packet is seen by a program that is attached.  One that
 * nobody listens to any more rests: a filter that a killed agent left behind
 * costs a comparison.
 */
#ifndef SKUA_LIVE_H
#define SKUA_LIVE_H

#include "store.h"

/* The exact clock costs 28 ns, as much as finding the flow. */
skua_inline __u64 live_now(void)
{
	return bpf_jiffies64() * tick_ns + clock_offset_ns;
}

skua_inline struct skua_watched *live_watched(__u32 ifindex)
{
	__u32 place = ifindex % SKUA_WATCHED_PLACES;
	struct skua_watched *watched = bpf_map_lookup_elem(&links, &place);

	if (watched && watched->ifindex != ifindex)
		watched = bpf_map_lookup_elem(&links_far, &ifindex);
	return watched && watched->role != SKUA_ROLE_NONE ? watched : NULL;
}

/* seen->ifindex and seen->length are set; false: not for us. */
skua_inline bool live_begin(struct skua_sighting *seen, bool sent)
{
	struct skua_watched *watched;

	seen->now_ns = live_now();
	if (seen->now_ns >= lease_ns)
		return false;
	watched = live_watched(seen->ifindex);
	if (!watched)
		return false;
	watched->packets++;
	watched->bytes += seen->length;
	seen->link = watched->link;
	seen->role = watched->role;
	seen->origin = skua_role_origin(watched->role, sent);
	return true;
}

/* A tap sees both directions as received: the addresses tell. */
skua_inline void live_origin(struct skua_sighting *seen, enum skua_verdict v)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;

	if (seen->role == SKUA_ROLE_TAP && v == SKUA_PARSED)
		seen->origin = skua_origin_by_address(skua_is_local(pkt->src, &locals),
						      skua_is_local(pkt->dst, &locals));
}

#endif /* SKUA_LIVE_H */
