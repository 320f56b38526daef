// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Somebody else's programs: they count what they see and let it pass. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} lab_seen SEC(".maps"); /* 0: by XDP, 1: by tc */

static void lab_count(__u32 which)
{
	__u64 *seen = bpf_map_lookup_elem(&lab_seen, &which);

	if (seen)
		__sync_fetch_and_add(seen, 1);
}

SEC("xdp")
int lab_foreign_xdp(struct xdp_md *ctx)
{
	(void)ctx;
	lab_count(0);
	return XDP_PASS;
}

/* OK ends the line of clsact filters: who comes after it sees nothing. */
SEC("tc")
int lab_foreign_tc(struct __sk_buff *skb)
{
	(void)skb;
	lab_count(1);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
