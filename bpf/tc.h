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

/* An attempt that goes by the same addresses as the packet, from whichever end. */
skua_inline struct skua_pending *tc_attempt(struct skua_sighting *seen)
{
	struct skua_found found;

	observe_find_attempt(seen, true, &found);
	if (!found.pending)
		observe_find_attempt(seen, false, &found);
	return found.pending;
}

/* Behind address translation a flow has another key here, and so have the answers to it; a shadow
 * of it, at home where it came in, makes both count as seen elsewhere. */
skua_inline void tc_shadow(struct skua_sighting *seen, __u32 from)
{
	__builtin_memset(&seen->flow, 0, sizeof(seen->flow));
	skua_flow_init(&seen->flow, seen->side, from, seen->now_ns);
	seen->flow.state |= SKUA_FLOW_TOLD;
	if (store_flow_insert(seen, true))
		observe_inserted(seen, SKUA_TABLE_OUT);
	else
		store_count(seen, SKUA_COUNT_LOST_SHADOW);
}

/*
 * A packet that came in by a watched pod's veth leaves by another interface: it
 * was accounted there.  false: not yet, for it answers whom this interface is
 * home to, another pod or a stranger.
 */
skua_inline bool tc_accounted(struct skua_sighting *seen, __u32 from, enum skua_verdict v)
{
	struct skua_pending *attempt;
	struct skua_flow *flow;

	if (v != SKUA_PARSED)
		return true;
	seen->side = skua_flow_key_init(&seen->key, &seen->parsed.pkt);
	skua_settle();
	flow = store_flow(seen, true);
	skua_settle();
	if (!flow)
		flow = store_flow(seen, false);
	if (flow) { /* a shadow lives as long as there is something to hide */
		if (flow->home_ifindex == from && flow->state & SKUA_FLOW_TOLD)
			flow->last_ns = seen->now_ns;
		return flow->home_ifindex != seen->ifindex;
	}
	if (seen->parsed.pkt.tcp_flags & SKUA_RST) /* what it refuses has no more to hide */
		return true;
	/* Where it came in it was counted with this attempt, so nobody translated it. */
	attempt = tc_attempt(seen);
	if (!attempt || (attempt->ifindex == seen->ifindex && !attempt->packets[1]))
		tc_shadow(seen, from);
	return true;
}

/* A stranger's attempt goes on to a pod: counted again, each would have been made twice. */
skua_inline bool tc_passed_on(struct skua_sighting *seen, enum skua_verdict v)
{
	struct skua_found found;

	if (v != SKUA_PARSED || !skua_is_bare_syn(&seen->parsed.pkt))
		return false;
	observe_find_attempt(seen, true, &found);
	return found.pending && found.pending->ifindex != seen->ifindex;
}

/* Of a packet that is sent and came in by interface from, if by one: it was seen there. */
skua_inline bool tc_seen(struct skua_sighting *seen, __u32 from, enum skua_verdict v)
{
	const struct skua_watched *watched;

	if (!from || from == seen->ifindex)
		return false;
	watched = live_watched(from);
	if (!watched)
		return false;
	if (watched->role == SKUA_ROLE_WORKLOAD)
		return tc_accounted(seen, from, v);
	return watched->role == SKUA_ROLE_UPLINK && tc_passed_on(seen, v);
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
	struct emit_frame at = { { (void *)(long)skb->data, (void *)(long)skb->data_end,
				   SKUA_FRAME_WHOLE },
				 skb,
				 false,
				 sent };
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
		tc_told(skb, seen, &at.frame);
	else if (!live_begin(seen, sent))
		return TC_ACT_UNSPEC;
	v = tc_parse(skb, seen, &at.frame);
	if (!test_run) {
		live_origin(seen, v);
		if (sent && tc_seen(seen, from, v)) {
			store_count(seen, SKUA_COUNT_ELSEWHERE);
			return TC_ACT_UNSPEC;
		}
	}
	skua_settle();
	at.frame.data = (void *)(long)skb->data;
	at.frame.end = (void *)(long)skb->data_end;
	observe(seen, &at.frame, v);
	return TC_ACT_UNSPEC; /* leave the verdict to whoever comes next */
}

#endif /* SKUA_TC_H */
