// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Fills a ring with events as the programs say them: what their reader is measured with. */
#include "skua/event.h"
#include "speak.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} said SEC(".maps");

struct speak speak;

static __always_inline void head_init(struct skua_event *head, __u16 kind, __u32 i)
{
	head->version = SKUA_ABI_VERSION;
	head->kind = kind;
	head->ifindex = 1;
	head->time_ns = speak.begin_ns + i * speak.step_ns;
	/* 10.0.0.0/18, clients of ours, and 198.18.0.0/16. */
	head->key.low[0] = head->key.high[0] = 0;
	head->key.low[1] = 0xffff0000 | (__u64)(0x0000000a | (i & 0x3f) << 24 | (i & 0xf00) << 8)
						<< 32;
	head->key.high[1] = 0xffff0000 | (__u64)(0x000012c6 | (i * 7 & 0xffff) << 16) << 32;
	head->key.low_port = 1024 + (i & 0x7fff);
	head->key.high_port = 443;
	head->key.proto = SKUA_TCP;
	head->key.tenant[0] = head->key.tenant[1] = head->key.tenant[2] = 0;
}

static __always_inline void say_exchange(__u32 i)
{
	struct skua_exchange_event *event = bpf_ringbuf_reserve(&said, sizeof(*event), 0);

	if (!event)
		return;
	__builtin_memset(event, 0, sizeof(*event));
	head_init(&event->head, SKUA_EVENT_EXCHANGE, i);
	event->start_ns = event->flow_ns = event->head.time_ns;
	event->ours = event->by_syn = 1;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline void say_contact(__u32 i)
{
	struct skua_contact_event *event = bpf_ringbuf_reserve(&said, sizeof(*event), 0);

	if (!event)
		return;
	__builtin_memset(event, 0, sizeof(*event));
	head_init(&event->head, SKUA_EVENT_CONTACT, i);
	event->first_ns = event->head.time_ns;
	event->outcome = SKUA_ANSWERED;
	event->flags = SKUA_SYN;
	event->attempts = event->ours = 1;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline void say_flow(__u32 i)
{
	struct skua_flow_event *event = bpf_ringbuf_reserve(&said, sizeof(*event), 0);

	if (!event)
		return;
	__builtin_memset(event, 0, sizeof(*event));
	head_init(&event->head, SKUA_EVENT_FLOW, i);
	event->flow.first_ns = event->head.time_ns;
	event->flow.last_ns = event->head.time_ns;
	event->flow.way[0].packets = event->flow.way[1].packets = 10;
	event->flow.way[0].payload = 1000;
	event->flow.way[1].payload = 10000;
	event->ours = 1;
	event->reason = SKUA_FLOW_END;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* A few letters of it change. */
const char dns_name[] = "\7host-aa\6site-a\7example";

static __always_inline void say_dns(__u32 i)
{
	struct skua_dns_event *event = bpf_ringbuf_reserve(&said, sizeof(*event), 0);

	if (!event)
		return;
	__builtin_memset(event, 0, sizeof(*event));
	head_init(&event->head, SKUA_EVENT_DNS, i);
	event->head.key.high_port = 53;
	event->head.key.proto = SKUA_UDP;
	event->dns.type = 1;
	event->dns.name_length = sizeof(dns_name);
	event->length = 12 + sizeof(dns_name) + 4;
	__builtin_memcpy(event->name, dns_name, sizeof(dns_name));
	event->name[6] = 'a' + (i & 15);
	event->name[7] = 'a' + (i >> 4 & 15);
	event->name[14] = 'a' + (i >> 8 & 15);
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* Of ten: an exchange, four contacts, two flows, three DNS messages. */
SEC("xdp")
int speak_xdp(struct xdp_md *ctx)
{
	__u32 i = speak.next++;

	(void)ctx;
	switch (i % 10) {
	case 0:
		say_exchange(i);
		break;
	case 1:
	case 3:
	case 5:
	case 7:
		say_contact(i);
		break;
	case 2:
	case 6:
		say_flow(i);
		break;
	default:
		say_dns(i);
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
