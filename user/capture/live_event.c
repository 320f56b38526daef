// SPDX-License-Identifier: BSD-2-Clause
/* One event out of a ring. */
#include <string.h>
#include "capture/live_event.h"

#define TIMES 5

/* Size of each kind, and where it holds times beside that of the head. */
struct layout {
	size_t size;
	size_t times[TIMES]; /* offsets; 0 ends them */
};

#define FLOW(field) (offsetof(struct skua_flow_event, flow) + offsetof(struct skua_flow, field))
#define PREVIOUS                                                                                   \
	(offsetof(struct skua_exchange_event, previous) + offsetof(struct skua_exchange, start_ns))

static const struct layout layouts[SKUA_EVENT_KINDS] = {
	[SKUA_EVENT_EXCHANGE] = { sizeof(struct skua_exchange_event),
				  { offsetof(struct skua_exchange_event, start_ns),
				    offsetof(struct skua_exchange_event, flow_ns), PREVIOUS } },
	[SKUA_EVENT_FLOW] = { sizeof(struct skua_flow_event),
			      { FLOW(first_ns), FLOW(last_ns), FLOW(payload_ns),
				FLOW(exchange_ns) } },
	[SKUA_EVENT_CONTACT] = { sizeof(struct skua_contact_event),
				 { offsetof(struct skua_contact_event, first_ns) } },
	[SKUA_EVENT_SOURCE] = { sizeof(struct skua_source_event),
				{ offsetof(struct skua_source_event, window_ns) } },
	[SKUA_EVENT_DNS] = { sizeof(struct skua_dns_event), {} },
	[SKUA_EVENT_ICMP] = { sizeof(struct skua_icmp_event), {} },
	[SKUA_EVENT_NEIGHBOUR] = { sizeof(struct skua_neighbour_event), {} },
	[SKUA_EVENT_SAMPLE] = { sizeof(struct skua_sample_event), {} },
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
	const struct layout *layout;

	if (size < sizeof(*head) || head->version != SKUA_ABI_VERSION ||
	    head->kind >= SKUA_EVENT_KINDS)
		return false;
	layout = &layouts[head->kind];
	/* A sample's bytes follow, in a record of the size that was reserved. */
	if (!layout->size || size < layout->size ||
	    (size > layout->size && head->kind != SKUA_EVENT_SAMPLE))
		return false;
	memcpy(out, bytes, layout->size);
	if (head->kind == SKUA_EVENT_SAMPLE && out->sample.captured > size - layout->size)
		return false;
	convert(out, offsetof(struct skua_event, time_ns), clock);
	for (unsigned i = 0; i < TIMES && layout->times[i]; i++)
		convert(out, layout->times[i], clock);
	return true;
}
