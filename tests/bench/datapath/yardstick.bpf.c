// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The yardstick: what flow agents commonly do with a packet.  Parse it, read
 * the exact clock, find or make its flow in one LRU hash.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u64 src[2];
	__u64 dst[2];
	__u16 sport;
	__u16 dport;
	__u8 proto;
	__u8 zero[3];
};

struct value {
	__u64 packets;
	__u64 bytes;
	__u64 first_ns;
	__u64 last_ns;
	__u32 flags;
	__u32 ifindex;
	__u64 rest[11];
};
_Static_assert(sizeof(struct key) == 40 && sizeof(struct value) == 128, "as large as skua's");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct key);
	__type(value, struct value);
} yard_flows SEC(".maps");

const volatile __u64 tick_ns = 4000000;

#define ETH_VLAN 0x0081 /* as sent */
#define ETH_QINQ 0xa888
#define ETH_IPV4 0x0008
#define ETH_IPV6 0xdd86

/* Returns the transport header, or NULL. */
static __always_inline __u8 *parse_ip(__u8 *at, __u8 *end, __u16 type, struct key *key)
{
	if (type == ETH_IPV4 && at + 20 <= end) {
		key->src[1] = (__u64) * (__u32 *)(at + 12) << 32 | 0xffff0000;
		key->dst[1] = (__u64) * (__u32 *)(at + 16) << 32 | 0xffff0000;
		key->proto = at[9];
		return at + (at[0] & 15) * 4;
	}
	if (type == ETH_IPV6 && at + 40 <= end) {
		__builtin_memcpy(key->src, at + 8, 32);
		key->proto = at[6];
		return at + 40;
	}
	return NULL;
}

static __always_inline __u8 parse(__u8 *data, __u8 *end, struct key *key)
{
	__u8 *at = data + 14, flags = 0;
	__u16 type;

	if (at > end)
		return 0;
	type = *(__u16 *)(data + 12);
	for (int i = 0; i < 2; i++) {
		if (type != ETH_VLAN && type != ETH_QINQ)
			break;
		if (at + 4 > end)
			return 0;
		type = *(__u16 *)(at + 2);
		at += 4;
	}
	at = parse_ip(at, end, type, key);
	if (!at || (key->proto != 6 && key->proto != 17) || at + 8 > end)
		return 0;
	key->sport = *(__u16 *)at;
	key->dport = *(__u16 *)(at + 2);
	if (key->proto == 6 && at + 20 <= end)
		flags = at[13];
	return flags | 0x80;
}

static __always_inline void account(void *data, void *end, __u32 length, __u32 ifindex, __u64 now)
{
	struct key key = {};
	__u8 flags = parse(data, end, &key);
	struct value *known;

	if (!flags)
		return;
	known = bpf_map_lookup_elem(&yard_flows, &key);
	if (known) {
		known->packets++;
		known->bytes += length;
		known->last_ns = now;
		known->flags |= flags;
	} else {
		struct value value = { .packets = 1,
				       .bytes = length,
				       .first_ns = now,
				       .last_ns = now,
				       .flags = flags,
				       .ifindex = ifindex };

		bpf_map_update_elem(&yard_flows, &key, &value, BPF_ANY);
	}
}

SEC("xdp.frags")
int yardstick_xdp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	account(data, end, end - data, ctx->ingress_ifindex, bpf_ktime_get_ns());
	return XDP_PASS;
}

SEC("tc")
int yardstick_tc(struct __sk_buff *skb)
{
	account((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len, skb->ifindex,
		bpf_ktime_get_ns());
	return TC_ACT_UNSPEC;
}

/* The same without the clock: what a flood costs is then the table alone. */
SEC("xdp.frags")
int plain_xdp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	account(data, end, end - data, ctx->ingress_ifindex, bpf_jiffies64() * tick_ns);
	return XDP_PASS;
}

SEC("tc")
int plain_tc(struct __sk_buff *skb)
{
	account((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len, skb->ifindex,
		bpf_jiffies64() * tick_ns);
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
