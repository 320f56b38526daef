// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A prelude that makes every frame of a test run a new one, and what it is measured against. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include "drive.h"

struct drive drive;

struct programs {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TARGETS);
	__type(key, __u32);
	__type(value, __u32);
};
struct programs xdp_programs SEC(".maps");
struct programs tc_programs SEC(".maps");

SEC("xdp.frags")
int empty_xdp(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

SEC("tc")
int empty_tc(struct __sk_buff *skb)
{
	(void)skb;
	return TC_ACT_UNSPEC;
}

static __always_inline void put32(__u8 *data, __u8 *end, __u32 offset, __u32 value)
{
	__u8 *at = data + (offset & 127);

	if (at + 4 <= end)
		*(__u32 *)at = __builtin_bswap32(value);
}

static __always_inline void vary(__u8 *data, __u8 *end)
{
	__u32 i = drive.next++;

	if (drive.spread_at) {
		__u32 which = i >> (drive.spread_shift & 31);

		which = drive.in_order ? which & drive.spread_mask
				       : drive_scatter(which, drive.spread_mask);
		put32(data, end, drive.spread_at, drive.spread_base + which);
	}
	if (drive.seq_at)
		put32(data, end, drive.seq_at, (i >> (drive.seq_shift & 31)) * drive.seq_step);
	if (drive.flags_at) {
		__u8 *at = data + (drive.flags_at & 127);

		if (at + 1 <= end)
			*at = drive.flags[i & 1];
	}
}

/* Constant indices become direct jumps. */
static __always_inline void hand_over(void *ctx, struct programs *programs)
{
	switch (drive.target) {
	case TARGET_EMPTY:
		bpf_tail_call(ctx, programs, TARGET_EMPTY);
		break;
	case TARGET_YARDSTICK:
		bpf_tail_call(ctx, programs, TARGET_YARDSTICK);
		break;
	case TARGET_PLAIN:
		bpf_tail_call(ctx, programs, TARGET_PLAIN);
		break;
	case TARGET_SKUA:
		bpf_tail_call(ctx, programs, TARGET_SKUA);
		break;
	case TARGET_EGRESS:
		bpf_tail_call(ctx, programs, TARGET_EGRESS);
		break;
	}
}

/* Returns what no target does, so that a hand-over that failed is seen. */
SEC("xdp.frags")
int drive_xdp(struct xdp_md *ctx)
{
	vary((__u8 *)(long)ctx->data, (__u8 *)(long)ctx->data_end);
	hand_over(ctx, &xdp_programs);
	return XDP_ABORTED;
}

SEC("tc")
int drive_tc(struct __sk_buff *skb)
{
	vary((__u8 *)(long)skb->data, (__u8 *)(long)skb->data_end);
	hand_over(skb, &tc_programs);
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "GPL";
