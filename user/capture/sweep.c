// SPDX-License-Identifier: BSD-2-Clause
/* What silence decides, said as events. */
#include <string.h>
#include "skua/sighting.h"
#include "capture/sweep.h"

void sweep_say_timeout(const struct sweep *sweep, const struct skua_contact_key *key,
		       const struct skua_pending *pending, uint64_t now_ns)
{
	enum skua_outcome outcome = skua_contact_timeout(pending);
	struct skua_contact_event event;

	if (outcome == SKUA_UNDECIDED)
		return;
	event.head.version = SKUA_ABI_VERSION;
	event.head.kind = SKUA_EVENT_CONTACT;
	event.head.ifindex = pending->ifindex;
	event.head.time_ns = now_ns;
	skua_contact_event_fill(&event, key, outcome, pending, 0);
	sweep->deliver(sweep->arg, &event.head, NULL, now_ns);
}

void sweep_say_overflow(const struct sweep *sweep, const void *address,
			const struct skua_source *source, uint64_t now_ns)
{
	struct skua_source_event event = { .window_ns = source->sketch_ns,
					   .attempts = source->overflow,
					   .ours = source->ours,
					   .proto = source->proto };
	struct skua_flow_key key = { .proto = 0 };

	memcpy(key.low, address, sizeof(key.low));
	skua_event_init(&event.head, SKUA_EVENT_SOURCE, &key, source->ifindex, now_ns);
	memcpy(event.sketch, source->sketch, sizeof(event.sketch));
	sweep->deliver(sweep->arg, &event.head, NULL, now_ns);
}

void sweep_say_flow(const struct sweep *sweep, const struct skua_flow_key *key,
		    const struct skua_flow *flow, enum skua_flow_reason reason, bool ours,
		    uint64_t now_ns)
{
	struct skua_flow_event event;

	if (flow->state & SKUA_FLOW_TOLD)
		return;
	skua_event_init(&event.head, SKUA_EVENT_FLOW, key, flow->home_ifindex, now_ns);
	skua_flow_event_fill(&event, flow, reason, ours);
	sweep->deliver(sweep->arg, &event.head, NULL, now_ns);
}

int sweep_compare_keys(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < size; i += 8) {
		uint64_t p = skua_be64(x + i), q = skua_be64(y + i);

		if (p != q)
			return p < q ? -1 : 1;
	}
	return 0;
}
