/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the two tc programs share. */
#ifndef SKUA_TC_H
#define SKUA_TC_H

#include <linux/pkt_cls.h>
#include "emit.h"
#include "live.h"
#include "skua/observe.h"

#define TC_PULL 256 /* room for the longest headers of honest traffic, tunnel included */

/* When and where, as a test run tells it. */
skua_inline void tc_told(struct __sk_buff *skb, struct skua_sighting *seen,
			 struct skua_frame *frame)
{
	seen->now_ns = skb->tstamp;
	seen->length = skb->cb[0];
	seen->ifindex = skb->cb[1];
	seen->origin = skb->cb[2];
	frame->captured = skb->cb[3];
	seen->link = skb->cb[4];
}

/*
 * A packet that came in by a watched pod's veth leaves by the uplink: it was
 * accounted there.  Behind address translation it has another key here, and so
 * have the answers to it; a shadow of the flow, at home on the veth, makes both
 * count as seen elsewhere.
 */
skua_inline void tc_forwarded(struct skua_sighting *seen, __u32 from, enum skua_verdict v)
{
	struct skua_flow *flow;

	store_count(seen, SKUA_COUNT_ELSEWHERE);
	if (v != SKUA_PARSED)
		return;
	seen->side = skua_flow_key_init(&seen->key, &seen->parsed.pkt);
	skua_settle();
	flow = store_flow(seen, true);
	if (flow) { /* a shadow lives as long as there is something to hide */
		if (flow->home_ifindex == from && flow->state & SKUA_FLOW_TOLD)
			flow->last_ns = seen->now_ns;
		return;
	}
	__builtin_memset(&seen->flow, 0, sizeof(seen->flow));
	skua_flow_init(&seen->flow, seen->side, from, seen->now_ns);
	seen->flow.state |= SKUA_FLOW_TOLD;
	if (store_flow_insert(seen, true))
		observe_inserted(seen, SKUA_TABLE_OUT);
	else
		store_count(seen, SKUA_COUNT_LOST_SHADOW);
}

/* The interface that a packet of this one's egress came in by, if it is a watched pod's; else 0. */
skua_inline __u32 tc_workload(__u32 from, __u32 ifindex)
{
	const struct skua_watched *watched;

	if (!from || from == ifindex)
		return 0;
	watched = live_watched(from);
	return watched && watched->role == SKUA_ROLE_WORKLOAD ? from : 0;
}

/* Headers may lie beyond the linear part.  Pulled only then: it unclones what TCP sends. */
skua_inline enum skua_verdict tc_parse(struct __sk_buff *skb, struct skua_sighting *seen,
				       struct skua_frame *frame)
{
	enum skua_verdict v =
		skua_parse(frame, seen->length, seen->link, config.look_through, &seen->parsed);

	if (v == SKUA_TRUNCATED && !test_run &&
	    !bpf_skb_pull_data(skb, seen->length < TC_PULL ? seen->length : TC_PULL)) {
		frame->data = (void *)(long)skb->data;
		frame->end = (void *)(long)skb->data_end;
		v = skua_parse(frame, seen->length, seen->link, config.look_through, &seen->parsed);
	}
	skua_settle();
	return v;
}

skua_inline int tc_observe(struct __sk_buff *skb, bool sent)
{
	struct skua_frame frame = { (void *)(long)skb->data, (void *)(long)skb->data_end,
				    SKUA_FRAME_WHOLE };
	__u32 zero = 0, from = skb->ingress_ifindex;
	struct skua_sighting *seen = bpf_map_lookup_elem(&sightings, &zero);
	enum skua_verdict v;

	if (!seen)
		return TC_ACT_UNSPEC;
	/* First live, then told: as two branches the compiler would merge the two loads
	 * into one from a computed context address, which the verifier refuses. */
	seen->length = skb->len;
	seen->ifindex = skb->ifindex;
	if (test_run)
		tc_told(skb, seen, &frame);
	else if (!live_begin(seen, sent))
		return TC_ACT_UNSPEC;
	v = tc_parse(skb, seen, &frame);
	if (!test_run) {
		live_origin(seen, v);
		from = sent ? tc_workload(from, seen->ifindex) : 0;
		if (from) {
			tc_forwarded(seen, from, v);
			return TC_ACT_UNSPEC;
		}
	}
	observe(seen, &frame, v);
	return TC_ACT_UNSPEC; /* leave the verdict to whoever comes next */
}

#endif /* SKUA_TC_H */
