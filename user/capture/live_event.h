/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as they lie in the kernel's rings: checked, copied, their times made Unix times. */
#ifndef SKUA_CAPTURE_LIVE_EVENT_H
#define SKUA_CAPTURE_LIVE_EVENT_H

#include <stddef.h>
#include "skua/event.h"
#include "capture/clock.h"

union live_event {
	struct skua_event head;
	struct skua_exchange_event exchange;
	struct skua_flow_event flow;
	struct skua_contact_event contact;
	struct skua_source_event source;
	struct skua_dns_event dns;
	struct skua_icmp_event icmp;
	struct skua_neighbour_event neighbour;
	struct skua_sample_event sample;
	struct skua_identity_event identity;
};

/* false: of a version, kind or size that is not known.  A sample's bytes are not copied. */
bool live_event_read(union live_event *out, const void *bytes, size_t size,
		     const struct clock *clock);

#endif /* SKUA_CAPTURE_LIVE_EVENT_H */
