/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much conversations without sequence numbers carried, for what was not
 * sampled of them leaves no trace.  They say it from time to time and at their
 * end, always from their beginning; what is new of that belongs to their pair.
 */
#ifndef SKUA_RECORD_VOLUME_H
#define SKUA_RECORD_VOLUME_H

#include "base/table.h"
#include "skua/event.h"

#define VOLUME_FLOWS 16384 /* living ones of which it is remembered what they said */

/* Of a pair, by side of the sender.  What was forgotten is missing, nothing counts twice. */
struct volume {
	uint64_t payload[2];
	uint64_t packets[2];
	uint64_t since_ns, until_ns; /* until_ns 0: nothing was said yet */
};

struct volume_flows {
	struct table told;
	uint64_t forgotten; /* reports of conversations that said more than we know */
};

/* 0 or -ENOMEM. */
int volume_init(struct volume_flows *flows, uint32_t capacity);
void volume_fini(struct volume_flows *flows);
/* to: of its pair; NULL: nobody knows that. */
void volume_flow(struct volume_flows *flows, const struct skua_flow_event *event,
		 struct volume *to);

#endif /* SKUA_RECORD_VOLUME_H */
