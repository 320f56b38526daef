/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the two tc programs share. */
#ifndef SKUA_TC_H
#define SKUA_TC_H

#include <linux/pkt_cls.h>
#include "emit.h"
#include "skua/observe.h"

#define TC_PULL 256 /* room for the longest headers of honest traffic, tunnel included */

skua_inline int tc_observe(struct __sk_buff *skb, enum skua_origin origin)
{
	struct skua_frame frame = { (void *)(long)skb->data, (void *)(long)skb->data_end,
				    SKUA_FRAME_WHOLE };
	__u32 zero = 0;
	struct skua_sighting *seen = bpf_map_lookup_elem(&sightings, &zero);
	enum skua_verdict v;

	if (!seen)
		return TC_ACT_UNSPEC;
	/* First live, then told: as two branches the compiler would merge the two loads
	 * into one from a computed context address, which the verifier refuses. */
	seen->length = skb->len;
	seen->ifindex = skb->ifindex;
	seen->origin = origin;
	seen->link = SKUA_LINK_ETHERNET;
	if (test_run) {
		seen->now_ns = skb->tstamp;
		seen->length = skb->cb[0];
		seen->ifindex = skb->cb[1];
		seen->origin = skb->cb[2];
		frame.captured = skb->cb[3];
		seen->link = skb->cb[4];
	} else {
		seen->now_ns = bpf_jiffies64() * tick_ns;
	}
	v = skua_parse(&frame, seen->length, seen->link, config.look_through, &seen->parsed);
	/* Headers may lie beyond the linear part.  Pulled only then: it unclones what TCP sends. */
	if (v == SKUA_TRUNCATED && !test_run &&
	    !bpf_skb_pull_data(skb, seen->length < TC_PULL ? seen->length : TC_PULL)) {
		frame.data = (void *)(long)skb->data;
		frame.end = (void *)(long)skb->data_end;
		v = skua_parse(&frame, seen->length, seen->link, config.look_through,
			       &seen->parsed);
	}
	skua_settle();
	observe(seen, &frame, v);
	return TC_ACT_UNSPEC; /* leave the verdict to whoever comes next */
}

#endif /* SKUA_TC_H */
