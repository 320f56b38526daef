/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What silence decides, said as events: both engines find the entries, each in
 * its own tables, and say the same of them here.
 */
#ifndef SKUA_CAPTURE_SWEEP_H
#define SKUA_CAPTURE_SWEEP_H

#include <stddef.h>
#include <stdint.h>
#include "capture/source.h"

/* A source that was silent for so long is forgotten; its slot and budget have long expired. */
#define SWEEP_SOURCE_IDLE_NS (120 * SKUA_SECOND_NS)

struct sweep {
	source_event_fn *deliver;
	void *arg;
};

/* Packet time of what a source did last. */
static inline uint64_t sweep_source_last_ns(const struct skua_source *source)
{
	return source->said_ns > source->last_ns ? source->said_ns : source->last_ns;
}

/* An attempt that nobody answered in time; says nothing of what was none. */
void sweep_say_timeout(const struct sweep *sweep, const struct skua_contact_key *key,
		       const struct skua_pending *pending, uint64_t now_ns);
/* address: 16 bytes, as sent. */
void sweep_say_overflow(const struct sweep *sweep, const void *address,
			const struct skua_source *source, uint64_t now_ns);
/* Nothing when its end was said already. */
void sweep_say_flow(const struct sweep *sweep, const struct skua_flow_key *key,
		    const struct skua_flow *flow, enum skua_flow_reason reason, bool ours,
		    uint64_t now_ns);

/* The order in which entries of a sweep are said: as memcmp() has their keys, of size bytes. */
int sweep_compare_keys(const void *a, const void *b, size_t size);

#endif /* SKUA_CAPTURE_SWEEP_H */
