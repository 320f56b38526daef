/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Saying things: records are built in the ring itself and never wake the
 * reader, which looks on its own clock (a wake-up costs more than the packet).
 * Each record is tested for NULL once and at once: Linux 6.1 forgets that it
 * was tested.
 */
#ifndef SKUA_EMIT_H
#define SKUA_EMIT_H

#include "store.h"

/*
 * A frame, and where it was found: payload may lie where only the context
 * leads, as that of all TCP sent does, and of much that cards receive.
 */
struct emit_frame {
	struct skua_frame frame; /* what observe() is given */
	void *ctx;
	bool xdp;  /* constants: the verifier shall see one of the two calls only, */
	bool sent; /* and of identity none but in tc egress */
};

#define emit_reserve(type) ((type *)bpf_ringbuf_reserve(&events, sizeof(type), 0))

skua_inline void emit_submit(struct skua_sighting *seen, void *event)
{
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	store_count(seen, SKUA_COUNT_EVENTS);
}

skua_inline void emit_head(struct skua_event *head, enum skua_event_kind kind,
			   const struct skua_sighting *seen)
{
	skua_event_init(head, kind, &seen->key, seen->ifindex, seen->now_ns);
}

skua_inline void say_exchange(struct skua_sighting *seen, const struct skua_flow *flow, bool ours)
{
	struct skua_exchange_event *event = emit_reserve(struct skua_exchange_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_EXCHANGE, seen);
	skua_exchange_event_fill(event, flow, &seen->previous, &seen->parsed.pkt, ours);
	emit_submit(seen, event);
}

skua_inline bool say_flow(struct skua_sighting *seen, const struct skua_flow *flow, bool ours,
			  bool end)
{
	struct skua_flow_event *event = emit_reserve(struct skua_flow_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return false;
	}
	emit_head(&event->head, SKUA_EVENT_FLOW, seen);
	skua_flow_event_fill(event, flow, end ? SKUA_FLOW_END : SKUA_FLOW_REPORT, ours);
	emit_submit(seen, event);
	return true;
}

skua_inline void say_contact(struct skua_sighting *seen, __u32 outcome,
			     const struct skua_pending *pending)
{
	struct skua_contact_event *event = emit_reserve(struct skua_contact_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	event->head.version = SKUA_ABI_VERSION;
	event->head.kind = SKUA_EVENT_CONTACT;
	event->head.ifindex = seen->ifindex;
	event->head.time_ns = seen->now_ns;
	skua_contact_event_fill(event, &seen->contact, outcome, pending,
				seen->parsed.pkt.icmp_code);
	emit_submit(seen, event);
}

skua_inline void say_dns(struct skua_sighting *seen, const __u8 *name)
{
	struct skua_dns_event *event = emit_reserve(struct skua_dns_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_DNS, seen);
	skua_dns_event_fill(event, seen);
	skua_dns_copy(event->name, name, seen->dns.name_length);
	emit_submit(seen, event);
}

skua_inline void say_icmp(struct skua_sighting *seen, __u64 hash)
{
	struct skua_icmp_event *event = emit_reserve(struct skua_icmp_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_ICMP, seen);
	skua_icmp_event_fill(event, seen, hash);
	emit_submit(seen, event);
}

skua_inline void say_neighbour(struct skua_sighting *seen)
{
	struct skua_neighbour_event *event = emit_reserve(struct skua_neighbour_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	event->head.version = SKUA_ABI_VERSION;
	event->head.kind = SKUA_EVENT_NEIGHBOUR;
	event->head.ifindex = seen->ifindex;
	event->head.time_ns = seen->now_ns;
	skua_neighbour_event_fill(event, &seen->neighbour);
	emit_submit(seen, event);
}

/* Packets that are forwarded have no socket, and of received ones it is not known yet. */
skua_inline void say_identity(struct skua_sighting *seen, const struct skua_frame *frame,
			      struct skua_flow *flow)
{
	const struct emit_frame *at = (const struct emit_frame *)frame;
	struct skua_identity_event *event;
	__u64 cgroup;

	if (test_run || !at->sent || seen->side != skua_flow_client(flow))
		return;
	/* What was said before this run, of a flow in tables that it took over, others have read.
	 */
	if (flow->state & SKUA_FLOW_NAMED && seen->previous.start_ns >= begun_ns)
		return;
	cgroup = bpf_skb_cgroup_id(at->ctx);
	if (!cgroup)
		return;
	event = emit_reserve(struct skua_identity_event);
	if (!event) { /* it is tried again with the next exchange */
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_IDENTITY, seen);
	event->cgroup = cgroup;
	event->uid = bpf_get_socket_uid(at->ctx);
	event->client = seen->side;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
	emit_submit(seen, event);
	skua_flow_set(flow, SKUA_FLOW_NAMED);
}

/* The helpers that find payload anywhere take 90 ns more for 1,514 B that lie in one piece. */
skua_inline long emit_load(const struct emit_frame *at, void *to, __u64 length)
{
	if ((__u64)(at->frame.end - at->frame.data) >= length)
		return bpf_probe_read_kernel(to, length, at->frame.data);
	return at->xdp ? bpf_xdp_load_bytes(at->ctx, 0, to, length)
		       : bpf_skb_load_bytes(at->ctx, 0, to, length);
}

/* room: a constant, for the ring wants to know the size when the program is loaded. */
skua_inline void emit_sample(struct skua_sighting *seen, const struct skua_frame *frame,
			     __u32 length, const __u32 room)
{
	const struct emit_frame *at = (const struct emit_frame *)frame;
	struct skua_sample_event *event;
	__u64 last;

	event = bpf_ringbuf_reserve(&samples, sizeof(*event) + room, 0);
	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_SAMPLE);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_SAMPLE, seen);
	if (!test_run) /* evidence wants the exact time; the path of every packet does not */
		event->head.time_ns = bpf_ktime_get_ns();
	skua_sample_event_fill(event, seen, length < room ? length : room);
	skua_settle();
	/* Linux 6.1 learns nothing from "not 0", but that one more than what is below room is
	 * neither 0 nor beyond it; the compiler, which knows better, must not see that it is. */
	last = (__u64)event->captured - 1;
	asm volatile("" : "+r"(last));
	if (last >= room || emit_load(at, event + 1, last + 1))
		event->captured = 0;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* As little room as will do, for the ring is full when it is full of room. */
skua_inline void say_sample(struct skua_sighting *seen, const struct skua_frame *frame, __u32 bytes)
{
	if (test_run) /* what is captured was told, and may be less than there is */
		bytes = skua_frame_has(frame, bytes);
	else if (bytes > seen->length)
		bytes = seen->length;
	if (bytes <= SKUA_SAMPLE_HEADER)
		emit_sample(seen, frame, bytes, SKUA_SAMPLE_HEADER);
	else if (bytes <= SKUA_SAMPLE_HALF)
		emit_sample(seen, frame, bytes, SKUA_SAMPLE_HALF);
	else if (bytes <= SKUA_SAMPLE_FRAME)
		emit_sample(seen, frame, bytes, SKUA_SAMPLE_FRAME);
	else
		emit_sample(seen, frame, bytes, SKUA_SAMPLE_ROOM);
}

#endif /* SKUA_EMIT_H */
