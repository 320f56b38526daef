// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* XDP: what the card receives, before the kernel has touched it. */
#include "emit.h"
#include "live.h"
#include "skua/observe.h"
#include "skua/testrun.h"

/* Of a packet in several buffers the first one is looked at: headers lie there. */
SEC("xdp.frags")
int skua_xdp_ingress(struct xdp_md *ctx)
{
	struct emit_frame at = { { (void *)(long)ctx->data, (void *)(long)ctx->data_end,
				   SKUA_FRAME_WHOLE },
				 ctx,
				 true,
				 false };
	__u32 zero = 0;
	struct skua_sighting *seen = bpf_map_lookup_elem(&sightings, &zero);
	enum skua_verdict v;

	if (!seen)
		return XDP_PASS;
	if (test_run) {
		const struct skua_testrun *told = (void *)(long)ctx->data_meta;

		if ((const __u8 *)(told + 1) > at.frame.data)
			return XDP_PASS;
		seen->now_ns = told->time_ns;
		seen->length = told->length;
		seen->ifindex = told->ifindex;
		seen->origin = told->origin;
		seen->link = told->link;
		at.frame.captured = told->captured;
	} else {
		seen->length = bpf_xdp_get_buff_len(ctx);
		seen->ifindex = ctx->ingress_ifindex;
		if (!live_begin(seen, false))
			return XDP_PASS;
	}
	v = skua_parse(&at.frame, seen->length, seen->link, config.look_through, &seen->parsed);
	if (!test_run)
		live_origin(seen, v);
	skua_settle();
	at.frame.data = (void *)(long)ctx->data;
	at.frame.end = (void *)(long)ctx->data_end;
	observe(seen, &at.frame, v);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
