/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What is known of an address that tries to reach others: its first pending
 * attempt, how much it may still have pending or say, and, beyond that budget,
 * a sketch of whom it tried.  The kernel writes these records; user space
 * reads them and deletes what it has read.
 */
#ifndef SKUA_SOURCE_H
#define SKUA_SOURCE_H

#include "skua/contact.h"
#include "skua/hash.h"

#define SKUA_SKETCH_WORDS 8 /* 512 bits: 4 % standard error at 100 distinct contacts */
#define SKUA_SKETCH_WINDOW_NS (60 * SKUA_SECOND_NS)

/* The sweep looks once a second; a slot this much older than its deadline has been seen by it. */
#define SKUA_SLOT_GRACE_NS (3 * SKUA_SECOND_NS)

struct skua_source_key {
	__u64 address[2];
};
_Static_assert(sizeof(struct skua_source_key) == 16, "skua_source_key is ABI");

struct skua_source {
	struct skua_contact_key
		slot_key;         /* the first pending attempt; further ones are elsewhere */
	struct skua_pending slot; /* SKUA_STAGE_NONE: free */
	__u64 first_ns;
	__u64 last_ns;
	__u64 window_ns;   /* pending counts from here */
	__u64 said_ns;     /* said counts from here */
	__u64 sketch_ns;   /* overflow and sketch count from here */
	__u64 overflow_ns; /* of the last attempt beyond the budget */
	__u64 sampled_ns;  /* sampled counts from here */
	__u64 sketch[SKUA_SKETCH_WORDS];
	__u32 pending;  /* attempts of this window that are not decided */
	__u32 said;     /* events of this second */
	__u32 overflow; /* attempts beyond the budget */
	__u32 sampled;  /* bytes of this second */
	__u8 proto;     /* of the last attempt beyond the budget */
	__u8 ours;
	__u8 reserved[2];
	__u32 ifindex; /* of that attempt */
};
_Static_assert(sizeof(struct skua_source) == 248, "skua_source is ABI");

skua_inline __u32 skua_target_hash(const __u64 target[2], __u16 port, __u64 seed)
{
	__u64 hash = seed ^ 0x9e3779b97f4a7c15ull;

	hash = skua_mix(hash, target[0]);
	hash = skua_mix(hash, target[1]);
	hash = skua_mix(hash, port);
	return hash * 0xc4ceb9fe1a85ec53ull >> 32;
}

/* A set bit costs a load, not an atomic: scanners repeat themselves. */
skua_inline void skua_sketch_add(__u64 sketch[SKUA_SKETCH_WORDS], __u32 hash)
{
	__u64 *word = &sketch[hash >> 6 & (SKUA_SKETCH_WORDS - 1)];
	__u64 bit = 1ull << (hash & 63);

	if (!(*word & bit))
		skua_or(word, bit);
}

skua_inline void skua_source_init(struct skua_source *source, bool ours, __u64 now_ns)
{
	__builtin_memset(source, 0, sizeof(*source));
	source->first_ns = now_ns;
	source->window_ns = now_ns;
	source->said_ns = now_ns;
	source->sampled_ns = now_ns;
	source->ours = ours;
}

/* May this source have one more pending attempt?  If not it is in overflow. */
skua_inline bool skua_source_allows(struct skua_source *source,
				    const volatile struct skua_config *config, __u64 now_ns)
{
	if (now_ns >= source->window_ns + config->contact_timeout_ns) {
		source->window_ns = now_ns;
		source->pending = 0;
	}
	if (source->pending >= config->pending_budget)
		return false;
	source->pending++;
	return true;
}

/* One of its pending attempts was decided. */
skua_inline void skua_source_decided(struct skua_source *source)
{
	if (source->pending)
		source->pending--;
}

/* An attempt beyond the budget: counted, and marked in the sketch of this minute. */
skua_inline void skua_source_overflow(struct skua_source *source,
				      const struct skua_contact_key *key,
				      const volatile struct skua_config *config, __u64 now_ns)
{
	if (now_ns >= source->sketch_ns + SKUA_SKETCH_WINDOW_NS || !source->sketch_ns) {
		source->sketch_ns = now_ns;
		source->overflow = 0;
		for (int i = 0; i < SKUA_SKETCH_WORDS; i++)
			source->sketch[i] = 0;
	}
	source->overflow_ns = now_ns;
	source->proto = key->proto;
	skua_add(&source->overflow, 1);
	skua_sketch_add(source->sketch,
			skua_target_hash(key->target, key->port, config->hash_seed));
}

/* May one more event about this source be said in this second? */
skua_inline bool skua_source_may_say(struct skua_source *source,
				     const volatile struct skua_config *config, __u64 now_ns)
{
	if (now_ns >= source->said_ns + SKUA_SECOND_NS) {
		source->said_ns = now_ns;
		source->said = 0;
	}
	if (source->said >= config->event_budget)
		return false;
	source->said++;
	return true;
}

/* The slot may be used: nothing is in it, or the sweep has long seen that it expired. */
skua_inline bool skua_source_slot_free(const struct skua_source *source,
				       const volatile struct skua_config *config, __u64 now_ns)
{
	return source->slot.stage == SKUA_STAGE_NONE ||
	       now_ns >= source->slot.first_ns + config->contact_timeout_ns + SKUA_SLOT_GRACE_NS;
}

/* One that expired stays in the slot until another needs it, but is over. */
skua_inline bool skua_source_slot_holds(const struct skua_source *source,
					const struct skua_contact_key *key,
					const volatile struct skua_config *config, __u64 now_ns)
{
	const struct skua_contact_key *slot = &source->slot_key;

	/* The source is the record's own key. */
	return source->slot.stage != SKUA_STAGE_NONE && slot->port == key->port &&
	       slot->source_port == key->source_port && slot->proto == key->proto &&
	       slot->target[1] == key->target[1] && slot->target[0] == key->target[0] &&
	       !skua_contact_expired(&source->slot, config, now_ns);
}

/* For the sweep of the second that ends at now_ns: was there an attempt beyond the budget in it?
 * One at the very end counts to the next, for its packet comes behind the tick. */
skua_inline bool skua_source_overflowed(const struct skua_source *source, __u64 last_ns,
					__u64 now_ns)
{
	return source->overflow_ns && source->overflow_ns >= last_ns &&
	       source->overflow_ns < now_ns;
}

/* For the sweep of the second that ends at now_ns: did the slot's deadline fall into it? */
skua_inline bool skua_source_slot_expires(const struct skua_source *source,
					  const volatile struct skua_config *config, __u64 last_ns,
					  __u64 now_ns)
{
	__u64 deadline = source->slot.first_ns + config->contact_timeout_ns;

	return source->slot.stage != SKUA_STAGE_NONE && deadline > last_ns && deadline <= now_ns;
}

#endif /* SKUA_SOURCE_H */
