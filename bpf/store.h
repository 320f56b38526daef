/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where the kernel engine keeps things: skua/observe.h over maps. */
#ifndef SKUA_STORE_H
#define SKUA_STORE_H

#include "maps.h"

#define store_config(seen) (&config)

skua_inline void store_count(struct skua_sighting *seen, __u32 row)
{
	__u64 *counter = bpf_map_lookup_elem(&counters, &row);

	(void)seen;
	if (counter)
		(*counter)++;
}

skua_inline struct skua_flow *store_flow(struct skua_sighting *seen, bool ours)
{
	return ours ? bpf_map_lookup_elem(&flows_out, &seen->key)
		    : bpf_map_lookup_elem(&flows_in, &seen->key);
}

skua_inline bool store_flow_insert(struct skua_sighting *seen, bool ours)
{
	if (ours)
		return !bpf_map_update_elem(&flows_out, &seen->key, &seen->flow, BPF_NOEXIST);
	return !bpf_map_update_elem(&flows_in, &seen->key, &seen->flow, BPF_NOEXIST);
}

skua_inline struct skua_pending *store_pending(struct skua_sighting *seen)
{
	return bpf_map_lookup_elem(&half_open, &seen->contact);
}

skua_inline bool store_pending_insert(struct skua_sighting *seen)
{
	return !bpf_map_update_elem(&half_open, &seen->contact, &seen->pending, BPF_ANY);
}

skua_inline void store_pending_delete(struct skua_sighting *seen)
{
	bpf_map_delete_elem(&half_open, &seen->contact);
}

skua_inline struct skua_source *store_source(struct skua_sighting *seen, const __u64 *address)
{
	(void)seen;
	return bpf_map_lookup_elem(&sources, address);
}

skua_inline bool store_source_insert(struct skua_sighting *seen, const __u64 *address)
{
	return !bpf_map_update_elem(&sources, address, &seen->source, BPF_NOEXIST);
}

/* The load of an array's entry is inlined; the others are calls, and wait for it to say yes. */
skua_inline bool store_arming(struct skua_sighting *seen)
{
	__u32 zero = 0;
	const struct skua_arming *now = bpf_map_lookup_elem(&arming, &zero);

	return now && seen->now_ns < now->until_ns;
}

skua_inline bool store_armed(struct skua_sighting *seen, const void *key)
{
	const struct skua_armed *entry = bpf_map_lookup_elem(&armed, key);

	return entry && seen->now_ns < entry->until_ns;
}

/* The sweep of user space finds it by its times. */
#define store_source_changed(seen, source) ((void)(source))

#endif /* SKUA_STORE_H */
