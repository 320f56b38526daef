/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The path of one frame, second half: a packet of a known conversation, and
 * what is due then.  Both engines include skua/observe.h, so all this exists
 * once; they differ in where things are kept.  Before including it, an engine
 * defines these (seen is the packet at hand):
 *
 *   struct skua_flow *store_flow(seen, bool ours);
 *   bool store_flow_insert(seen, bool ours);       what seen->flow holds
 *   struct skua_pending *store_pending(seen);      by seen->contact
 *   bool store_pending_insert(seen);               what seen->pending holds
 *   void store_pending_delete(seen);
 *   struct skua_source *store_source(seen, const __u64 *address);
 *   bool store_source_insert(seen, const __u64 *address);  what seen->source holds
 *   void store_source_changed(seen, source);  its slot or its overflow
 *   void store_count(seen, row);
 *   const volatile struct skua_config *store_config(seen);
 *   bool store_arming(seen);                       something is armed now
 *   bool store_armed(seen, const void *key);       this struct skua_armed_key is
 *   void say_exchange(seen, flow, ours);     bool say_flow(seen, flow, ours, end);
 *   void say_contact(seen, outcome, pending); void say_dns(seen, name);
 *   void say_icmp(seen, hash);               void say_neighbour(seen);
 *   void say_sample(seen, frame, bytes);     void say_identity(seen, frame, flow);
 */
#ifndef SKUA_OBSERVE_FLOW_H
#define SKUA_OBSERVE_FLOW_H

#include "skua/observe_sample.h"

/* An attempt that was found, and the record of who makes it; both NULL: there is none. */
struct skua_found {
	struct skua_source *source;
	struct skua_pending *pending;
	bool in_slot;
};

/* What was inserted and is neither deleted nor there any more was evicted. */
skua_inline void observe_inserted(struct skua_sighting *seen, enum skua_table which)
{
	store_count(seen, SKUA_COUNT_INSERTED + which);
}

/* By seen->contact. */
skua_inline void observe_find(struct skua_sighting *seen, struct skua_found *found)
{
	struct skua_source *source;

	skua_settle();
	found->pending = NULL;
	found->in_slot = false;
	source = store_source(seen, seen->contact.source);
	found->source = source;
	if (!source)
		return;
	if (skua_source_slot_holds(source, &seen->contact, store_config(seen), seen->now_ns)) {
		found->in_slot = true;
		found->pending = &source->slot;
	} else {
		found->pending = store_pending(seen);
	}
}

skua_inline void observe_find_attempt(struct skua_sighting *seen, bool from_source,
				      struct skua_found *found)
{
	skua_contact_key_init(&seen->contact, &seen->parsed.pkt, from_source);
	observe_find(seen, found);
}

skua_inline void observe_say_contact(struct skua_sighting *seen, struct skua_source *source,
				     __u32 outcome, const struct skua_pending *pending)
{
	if (source && !skua_source_may_say(source, store_config(seen), seen->now_ns))
		store_count(seen, SKUA_COUNT_UNSAID);
	else
		say_contact(seen, outcome, pending);
}

/* The attempt was decided or turned out to be none: say it, forget it. */
skua_inline void observe_decided(struct skua_sighting *seen, const struct skua_found *found,
				 __u32 step)
{
	if (step & SKUA_STEP_OUTCOME)
		observe_say_contact(seen, found->source, step & SKUA_STEP_OUTCOME, found->pending);
	if (found->source)
		skua_source_decided(found->source);
	if (found->in_slot) {
		found->pending->stage = SKUA_STAGE_NONE;
		return;
	}
	store_count(seen, SKUA_COUNT_DECIDED);
	store_pending_delete(seen);
}

skua_inline void observe_empty(struct skua_sighting *seen, const struct skua_flow *flow)
{
	bool from_source = seen->side == skua_flow_client(flow);

	skua_contact_key_init(&seen->contact, &seen->parsed.pkt, from_source);
	__builtin_memset(&seen->pending, 0, sizeof(seen->pending));
	seen->pending.first_ns = flow->first_ns;
	seen->pending.flags = SKUA_SYN;
	seen->pending.attempts = 1;
	seen->pending.origin = seen->ours ? SKUA_OURS : SKUA_THEIRS;
	skua_settle();
	observe_say_contact(seen, store_source(seen, seen->contact.source), SKUA_EMPTY,
			    &seen->pending);
}

skua_inline void observe_due(struct skua_sighting *seen, const struct skua_frame *frame,
			     struct skua_flow *flow, __u32 due)
{
	seen->due = due;
	skua_settle(); /* each way to account a packet would be a path of its own */
	due = seen->due;
	if (due & SKUA_DUE_EXCHANGE) {
		if (seen->ours)
			say_identity(seen, frame, flow);
		say_exchange(seen, flow, seen->ours);
	}
	if (due & SKUA_DUE_EMPTY)
		observe_empty(seen, flow);
	if (due & SKUA_DUE_REPORT && say_flow(seen, flow, seen->ours, due & SKUA_DUE_END)) {
		skua_flow_reported(flow, seen->now_ns);
		if (due & SKUA_DUE_END)
			skua_flow_set(flow, SKUA_FLOW_TOLD);
	}
}

/* A packet of a flow whose attempt is still pending. */
skua_inline void observe_flow_contact(struct skua_sighting *seen, struct skua_flow *flow)
{
	bool from_source = seen->side == skua_flow_client(flow);
	struct skua_found found;
	__u32 step;

	observe_find_attempt(seen, from_source, &found);
	if (!found.pending) { /* expired, unreachable, or pushed out */
		skua_flow_clear(flow, SKUA_FLOW_CONTACT);
		return;
	}
	step = skua_contact_next(found.pending, &seen->parsed.pkt, from_source, store_config(seen),
				 seen->now_ns);
	if (step & SKUA_STEP_KEEP)
		return;
	skua_flow_clear(flow, SKUA_FLOW_CONTACT);
	if (seen->parsed.pkt.proto == SKUA_TCP && (step & SKUA_STEP_OUTCOME) == SKUA_ANSWERED)
		skua_flow_set(flow, SKUA_FLOW_HANDSHAKE);
	observe_decided(seen, &found, step);
}

skua_inline void observe_known(struct skua_sighting *seen, const struct skua_frame *frame,
			       struct skua_flow *flow, bool ours)
{
	__u32 due;

	if (flow->home_ifindex != seen->ifindex) {
		skua_flow_elsewhere(flow);
		store_count(seen, SKUA_COUNT_ELSEWHERE);
		return;
	}
	seen->ours = ours;
	store_count(seen, ours ? SKUA_COUNT_OUT : SKUA_COUNT_IN);
	if (flow->state & SKUA_FLOW_CONTACT)
		observe_flow_contact(seen, flow);
	due = skua_flow_add(flow, &seen->parsed.pkt, seen->side, store_config(seen), seen->now_ns,
			    &seen->previous);
	if (due)
		observe_due(seen, frame, flow, due);
	observe_sample_flow(seen, frame, flow);
}

/* seen->flow holds what is known before this packet. */
skua_inline void observe_admit(struct skua_sighting *seen, const struct skua_frame *frame,
			       __u32 due)
{
	struct skua_flow *flow = &seen->flow;

	due |= skua_flow_add(flow, &seen->parsed.pkt, seen->side, store_config(seen), seen->now_ns,
			     &seen->previous);
	observe_due(seen, frame, flow, due);
	observe_due_sample_flow(seen, flow);
	if (!store_flow_insert(seen, seen->ours)) {
		store_count(seen, SKUA_COUNT_LOST_TABLE);
		return;
	}
	observe_inserted(seen, seen->ours ? SKUA_TABLE_OUT : SKUA_TABLE_IN);
	store_count(seen, seen->ours ? SKUA_COUNT_OUT : SKUA_COUNT_IN);
}

#endif /* SKUA_OBSERVE_FLOW_H */
