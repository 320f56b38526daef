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

skua_inline void say_dns(struct skua_sighting *seen, const struct skua_frame *frame,
			 const __u8 *name)
{
	struct skua_dns_event *event = emit_reserve(struct skua_dns_event);

	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_RING);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_DNS, seen);
	skua_dns_event_fill(event, seen);
	skua_dns_copy(event->name, name, frame->end, seen->dns.name_length);
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

/* room: a constant, for the ring wants to know the size when the program is loaded. */
skua_inline void emit_sample(struct skua_sighting *seen, const struct skua_frame *frame,
			     __u32 bytes, const __u32 room)
{
	struct skua_sample_event *event;
	__u32 length;

	event = bpf_ringbuf_reserve(&samples, sizeof(*event) + room, 0);
	if (!event) {
		store_count(seen, SKUA_COUNT_LOST_SAMPLE);
		return;
	}
	emit_head(&event->head, SKUA_EVENT_SAMPLE, seen);
	if (!test_run) /* evidence wants the exact time; the path of every packet does not */
		event->head.time_ns = bpf_ktime_get_ns();
	skua_sample_event_fill(event, seen, frame, bytes);
	skua_settle(); /* clang 19 compares half a register, and the verifier then knows half */
	length = event->captured;
	if (length > room)
		length = room;
	event->captured = length;
	/* Reads the linear part, of which the frame says that it is there. */
	if (bpf_probe_read_kernel(event + 1, length, frame->data))
		event->captured = 0;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* As little room as will do, for the ring is full when it is full of room. */
skua_inline void say_sample(struct skua_sighting *seen, const struct skua_frame *frame, __u32 bytes)
{
	__u32 there = frame->end - frame->data;

	if (bytes > there)
		bytes = there;
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
