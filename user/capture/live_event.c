// SPDX-License-Identifier: BSD-2-Clause
/* One event out of a ring. */
#include <string.h>
#include "capture/live_event.h"

#define TIMES 5

#define FLOW(field) (offsetof(struct skua_flow_event, flow) + offsetof(struct skua_flow, field))
#define PREVIOUS                                                                                   \
	(offsetof(struct skua_exchange_event, previous) + offsetof(struct skua_exchange, start_ns))

/* Where each kind holds times, beside that of the head; 0 ends them. */
static const size_t times[SKUA_EVENT_KINDS][TIMES] = {
	[SKUA_EVENT_EXCHANGE] = { offsetof(struct skua_exchange_event, start_ns),
				  offsetof(struct skua_exchange_event, flow_ns), PREVIOUS },
	[SKUA_EVENT_FLOW] = { FLOW(first_ns), FLOW(last_ns), FLOW(payload_ns), FLOW(exchange_ns) },
	[SKUA_EVENT_CONTACT] = { offsetof(struct skua_contact_event, first_ns) },
	[SKUA_EVENT_SOURCE] = { offsetof(struct skua_source_event, window_ns) },
};

/* 0 means that there is none. */
static void convert(void *event, size_t offset, const struct clock *clock)
{
	uint64_t time_ns;

	memcpy(&time_ns, (char *)event + offset, sizeof(time_ns));
	if (!time_ns)
		return;
	time_ns = clock_to_unix(clock, time_ns);
	memcpy((char *)event + offset, &time_ns, sizeof(time_ns));
}

bool live_event_read(union live_event *out, const void *bytes, size_t size,
		     const struct clock *clock)
{
	const struct skua_event *head = bytes;
	size_t known;

	if (size < sizeof(*head) || head->version != SKUA_ABI_VERSION)
		return false;
	known = skua_event_size(head->kind);
	/* A sample's bytes follow, in a record of the size that was reserved. */
	if (!known || size < known || (size > known && head->kind != SKUA_EVENT_SAMPLE))
		return false;
	memcpy(out, bytes, known);
	if (head->kind == SKUA_EVENT_SAMPLE && out->sample.captured > size - known)
		return false;
	convert(out, offsetof(struct skua_event, time_ns), clock);
	for (unsigned i = 0; i < TIMES && times[head->kind][i]; i++)
		convert(out, times[head->kind][i], clock);
	return true;
}
