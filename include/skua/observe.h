/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The path of one frame: parse, account, decide, say.  This half begins and
 * deals with who is not known yet; observe_flow.h says what an engine defines
 * before it includes this.
 */
#ifndef SKUA_OBSERVE_H
#define SKUA_OBSERVE_H

#include "skua/observe_flow.h"

/* What seen->source holds. */
skua_inline bool observe_new_source(struct skua_sighting *seen, const __u64 *address)
{
	if (!store_source_insert(seen, address)) {
		store_count(seen, SKUA_COUNT_LOST_SOURCE);
		return false;
	}
	observe_inserted(seen, SKUA_TABLE_SOURCES);
	return true;
}

/* Put seen->pending into the source's slot or the table of further ones. */
skua_inline bool observe_keep(struct skua_sighting *seen, struct skua_source *known)
{
	struct skua_source *source = known ? known : &seen->source;
	bool kept = true;

	if (!known)
		skua_source_init(source, seen->pending.origin != SKUA_THEIRS, seen->now_ns);
	source->last_ns = seen->now_ns;
	if (!skua_source_allows(source, store_config(seen), seen->now_ns)) {
		skua_source_overflow(source, &seen->contact, store_config(seen), seen->now_ns);
		source->ifindex = seen->ifindex;
		store_count(seen, SKUA_COUNT_OVERFLOW);
		kept = false;
	} else if (skua_source_slot_free(source, store_config(seen), seen->now_ns)) {
		source->slot_key = seen->contact;
		source->slot = seen->pending;
	} else if (store_pending_insert(seen)) {
		observe_inserted(seen, SKUA_TABLE_PENDING);
	} else {
		kept = false;
	}
	if (known)
		store_source_changed(seen, known);
	/* Filled first, then inserted: looking it up again would cost as much as a flow's hit. */
	if (!known && !observe_new_source(seen, seen->contact.source))
		kept = false;
	return kept;
}

skua_inline void observe_odd(struct skua_sighting *seen, struct skua_source *known)
{
	struct skua_source *source = known ? known : &seen->source;

	__builtin_memset(&seen->pending, 0, sizeof(seen->pending));
	seen->pending.first_ns = seen->now_ns;
	seen->pending.flags = seen->parsed.pkt.tcp_flags;
	seen->pending.attempts = 1;
	seen->pending.origin = seen->origin;
	if (!known)
		skua_source_init(source, seen->origin != SKUA_THEIRS, seen->now_ns);
	source->last_ns = seen->now_ns;
	observe_say_contact(seen, source, SKUA_ODD, &seen->pending);
	observe_due_sample_headers(seen, known, SKUA_SAMPLE_HEADER, true);
	if (!known)
		observe_new_source(seen, seen->contact.source);
	store_count(seen, SKUA_COUNT_SOURCE_ONLY);
}

/* Our own first packet, or a stranger's DNS query, opens the flow at once. */
skua_inline void observe_admit_first(struct skua_sighting *seen, const struct skua_frame *frame,
				     bool contact)
{
	__builtin_memset(&seen->flow, 0, sizeof(seen->flow));
	skua_flow_init(&seen->flow, seen->side, seen->ifindex, seen->now_ns);
	if (contact)
		seen->flow.state |= SKUA_FLOW_CONTACT;
	seen->ours = seen->origin != SKUA_THEIRS;
	observe_admit(seen, frame, 0);
}

/* No table knows the conversation.  source: the sender's record, or NULL. */
skua_inline void observe_first(struct skua_sighting *seen, const struct skua_frame *frame,
			       struct skua_source *source, bool dns)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;
	bool from_source = skua_contact_opens(pkt), contact;
	__u32 step;

	skua_contact_key_init(&seen->contact, pkt, from_source);
	step = skua_contact_first(&seen->pending, pkt, from_source, seen->origin, dns,
				  seen->now_ns);
	seen->pending.ifindex = seen->ifindex;
	skua_settle();
	contact = pkt->fragment != SKUA_LATER_FRAGMENT && !skua_is_multicast(seen->contact.target);
	observe_due_sample(seen, 0, from_source);
	if (!step || (!contact && !(step & SKUA_STEP_ADMIT))) {
		store_count(seen, SKUA_COUNT_SOURCE_ONLY);
		return;
	}
	if (contact) {
		if (!from_source)
			source = store_source(seen, seen->contact.source);
		if (step == SKUA_ODD) {
			observe_odd(seen, source);
			return;
		}
		if (!observe_keep(seen, source)) {
			store_count(seen, SKUA_COUNT_SOURCE_ONLY);
			seen->take = SKUA_SAMPLE_HEADER;
			return;
		}
	}
	if (step & SKUA_STEP_ADMIT) {
		observe_admit_first(seen, frame, contact);
		return;
	}
	store_count(seen, SKUA_COUNT_WAITING);
	seen->take = store_config(seen)->sample_snaplen;
}

/* Who is the client of a conversation without a beginning: its well-known port tells. */
skua_inline bool observe_source_serves(const struct skua_contact_key *key, __u8 stage)
{
	return (stage == SKUA_STAGE_MIDSTREAM || stage == SKUA_STAGE_STRAY) &&
	       key->source_port < 1024 && key->port >= 1024;
}

/* A pending attempt becomes a flow with this packet. */
skua_inline void observe_admit_pending(struct skua_sighting *seen, const struct skua_frame *frame,
				       const struct skua_found *found, bool from_source, __u32 step)
{
	enum skua_side source = from_source ? seen->side : skua_other(seen->side);
	bool serves = observe_source_serves(&seen->contact, found->pending->stage);
	__u8 origin = found->pending->origin;
	__u32 due;

	__builtin_memset(&seen->flow, 0, sizeof(seen->flow));
	__builtin_memset(&seen->previous, 0, sizeof(seen->previous));
	due = skua_flow_adopt(&seen->flow, found->pending, source,
			      serves ? skua_other(source) : source, seen->ifindex);
	if (seen->parsed.pkt.proto == SKUA_TCP && step & SKUA_STEP_OUTCOME)
		seen->flow.state |= SKUA_FLOW_HANDSHAKE;
	seen->ours = origin == SKUA_EITHER || (origin == SKUA_OURS) != serves;
	observe_decided(seen, found, step);
	observe_admit(seen, frame, due);
}

skua_inline void observe_pending(struct skua_sighting *seen, const struct skua_frame *frame,
				 const struct skua_found *found, bool from_source)
{
	__u32 step = skua_contact_next(found->pending, &seen->parsed.pkt, from_source,
				       store_config(seen), seen->now_ns);

	if (step & SKUA_STEP_ADMIT) {
		observe_admit_pending(seen, frame, found, from_source, step);
		return;
	}
	store_count(seen, SKUA_COUNT_WAITING);
	observe_due_sample_headers(seen, found->source,
				   skua_sample_pending(found->pending, from_source, step),
				   from_source);
	if (!(step & SKUA_STEP_KEEP))
		observe_decided(seen, found, step);
}

/* An ICMP error decides the attempt that it quotes, and never opens anything. */
skua_inline void observe_quote(struct skua_sighting *seen, const struct skua_frame *frame)
{
	const struct skua_quote *quote = &seen->quote;
	struct skua_found found = {};
	enum skua_side source;

	store_count(seen, SKUA_COUNT_SOURCE_ONLY);
	observe_due_sample(seen, 0, false);
	if (skua_parse_quote(frame, &seen->parsed.pkt, &seen->quote) != SKUA_PARSED)
		return;
	seen->contact.source[0] = quote->src[0];
	seen->contact.source[1] = quote->src[1];
	seen->contact.target[0] = quote->dst[0];
	seen->contact.target[1] = quote->dst[1];
	seen->contact.source_port = quote->sport;
	seen->contact.port = quote->dport;
	seen->contact.proto = quote->proto;
	observe_find(seen, &found);
	if (!found.pending)
		return;
	/* It belongs to the conversation that it ends, as if the target had sent it. */
	source =
		skua_flow_key_order(&seen->key, quote->src, quote->dst, quote->sport, quote->dport);
	seen->key.proto = quote->proto;
	seen->side = skua_other(source);
	observe_due_sample_headers(seen, found.source, SKUA_SAMPLE_HEADER, false);
	observe_decided(seen, &found, SKUA_UNREACHABLE);
}

skua_inline void observe_stranger(struct skua_sighting *seen, const struct skua_frame *frame,
				  bool dns)
{
	struct skua_source *sender;
	struct skua_found found;

	observe_find_attempt(seen, true, &found);
	if (found.pending) {
		observe_pending(seen, frame, &found, true);
		return;
	}
	sender = found.source;
	if (!skua_is_bare_syn(&seen->parsed.pkt)) {
		observe_find_attempt(seen, false, &found);
		if (found.pending) {
			observe_pending(seen, frame, &found, false);
			return;
		}
	}
	observe_first(seen, frame, sender, dns);
}

/* Is there budget to say one more event about this address?  Makes its record if need be. */
skua_inline bool observe_may_say(struct skua_sighting *seen, const __u64 *address)
{
	struct skua_source *source = store_source(seen, address);

	if (!source) {
		skua_source_init(&seen->source, seen->origin != SKUA_THEIRS, seen->now_ns);
		seen->source.said = 1;
		observe_new_source(seen, address);
		return true;
	}
	if (skua_source_may_say(source, store_config(seen), seen->now_ns))
		return true;
	store_count(seen, SKUA_COUNT_UNSAID);
	return false;
}

/* ARP and neighbour discovery: said, accounted by whoever called.  false: not said. */
skua_inline bool observe_neighbour(struct skua_sighting *seen, enum skua_verdict v)
{
	if (v != SKUA_PARSED || !observe_may_say(seen, seen->neighbour.asker))
		return false;
	say_neighbour(seen);
	return true;
}

/* What was said is sampled under the key that it was said with. */
skua_inline void observe_due_sample_neighbour(struct skua_sighting *seen)
{
	const struct skua_neighbour *neighbour = &seen->neighbour;

	seen->side = skua_flow_key_order(&seen->key, neighbour->asker, neighbour->target, 0, 0);
	seen->key.proto = neighbour->proto;
	seen->key.tenant[0] = seen->key.tenant[1] = seen->key.tenant[2] = 0;
	observe_due_sample(seen, SKUA_SAMPLE_HEADER, !neighbour->reply);
}

skua_inline void observe_icmp(struct skua_sighting *seen, const struct skua_frame *frame)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;

	seen->asked = pkt->proto == SKUA_ICMPV6 &&
		      observe_neighbour(seen, skua_parse_ndp(frame, pkt, &seen->neighbour));
	if (skua_icmp_is_echo(pkt) && observe_may_say(seen, pkt->src))
		say_icmp(seen, skua_icmp_hash(frame, pkt));
}

/* One or more messages; true: the first was a query or response that was read. */
skua_inline bool observe_dns(struct skua_sighting *seen, const struct skua_frame *frame)
{
	bool tcp = seen->parsed.pkt.proto == SKUA_TCP, read = false;

	skua_dns_begin(&seen->dns_place, &seen->parsed.pkt);
	skua_settle();
	for (int i = 0; i < SKUA_DNS_PER_SEGMENT; i++) {
		const __u8 *name;

		if (tcp && !skua_dns_next(frame, &seen->dns_place))
			return read;
		if (skua_dns_parse(frame, &seen->dns_place, &seen->dns, &name) != SKUA_PARSED) {
			store_count(seen, SKUA_COUNT_DNS_REFUSED);
			return read;
		}
		say_dns(seen, name);
		read = true;
		if (!tcp)
			return true;
	}
	return read;
}

/*
 * A conversation is in one of the two tables, mostly in that of whoever does
 * not have the lower port: looked for there first, for a look in vain costs
 * half as much as one that finds.  Settled between, or the compiler makes one
 * call for either map, and the kernel no longer knows which it could inline.
 */
skua_inline struct skua_flow *observe_find_flow(struct skua_sighting *seen, bool *ours)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;
	struct skua_flow *flow;

	*ours = seen->origin == SKUA_EITHER ||
		(seen->origin == SKUA_OURS) == (pkt->sport >= pkt->dport);
	if (*ours) {
		flow = store_flow(seen, true);
		skua_settle();
		if (flow)
			return flow;
		*ours = false;
		return store_flow(seen, false);
	}
	flow = store_flow(seen, false);
	skua_settle();
	if (flow)
		return flow;
	*ours = true;
	return store_flow(seen, true);
}

/* false: of a flow that was known, and all is done; true: a sample may be due. */
/* Another interface accounts the conversation, and says what there is to say. */
skua_inline bool observe_is_elsewhere(struct skua_sighting *seen)
{
	const struct skua_flow *flow;
	bool ours;

	flow = observe_find_flow(seen, &ours);
	skua_settle();
	return flow && flow->home_ifindex != seen->ifindex;
}

skua_inline bool observe_parsed(struct skua_sighting *seen, const struct skua_frame *frame)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;
	struct skua_flow *flow;
	bool dns = false, ours;

	seen->side = skua_flow_key_init(&seen->key, pkt);
	skua_settle();
	if (pkt->fragment == SKUA_LATER_FRAGMENT) {
		store_count(seen, SKUA_COUNT_FRAGMENT);
	} else if (pkt->proto == SKUA_ICMP || pkt->proto == SKUA_ICMPV6) {
		/* Echoes without identifier have its key: they would take it for a reply. */
		if (skua_is_icmp_error(pkt)) {
			observe_quote(seen, frame);
			return true;
		}
		if (!observe_is_elsewhere(seen))
			observe_icmp(seen, frame);
	}
	if (skua_is_dns(pkt) && !observe_is_elsewhere(seen))
		dns = observe_dns(seen, frame);
	flow = observe_find_flow(seen, &ours);
	if (flow) {
		observe_known(seen, frame, flow, ours);
		return false;
	}
	observe_stranger(seen, frame, dns);
	if (pkt->proto == SKUA_ICMPV6 && seen->asked)
		observe_due_sample_neighbour(seen);
	return true;
}

skua_inline bool observe_other(struct skua_sighting *seen, const struct skua_frame *frame,
			       enum skua_verdict v)
{
	const struct skua_packet *pkt = &seen->parsed.pkt;

	store_count(seen, v == SKUA_IGNORED ? skua_count_ignored(pkt) : SKUA_COUNT_VERDICT + v);
	if (v != SKUA_IGNORED || pkt->ethertype != SKUA_ETH_ARP ||
	    !observe_neighbour(seen, skua_parse_arp(frame, pkt, &seen->neighbour)))
		return false;
	observe_due_sample_neighbour(seen);
	return true;
}

/* The engine has said when, where and how long, and parsed; the rest is the same for all. */
skua_inline void observe(struct skua_sighting *seen, const struct skua_frame *frame,
			 enum skua_verdict v)
{
	if (v == SKUA_PARSED ? observe_parsed(seen, frame) : observe_other(seen, frame, v))
		observe_sample_due(seen, frame);
}

#endif /* SKUA_OBSERVE_H */
