/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much each of our hosts sends to each destination, by the hour, over one
 * day.  Feeds on FLOW events, whose totals are cumulative: what a conversation
 * had last time is remembered until it is forgotten.  Volume is payload, for
 * TCP the progress of the sequence number: retransmissions do not count.
 */
#ifndef SKUA_TRACK_UPLOADS_H
#define SKUA_TRACK_UPLOADS_H

#include "skua/event.h"
#include "base/address.h"
#include "base/table.h"
#include "track/memory.h"
#include "track/subject.h"

#define UPLOAD_HOURS 24

/* One source and one destination. */
struct upload {
	struct address source, destination;
	bool internal; /* the destination is a private address, one of ours, or many hosts */
	uint8_t proto;
	uint16_t port; /* of the destination, last */
	uint64_t first_ns, last_ns;
	uint64_t hour;              /* since the epoch: the newest */
	uint64_t out[UPLOAD_HOURS]; /* payload bytes, by hour modulo 24 */
	uint64_t in[UPLOAD_HOURS];
};

struct uploads_options {
	uint32_t uploads; /* 0.8 kB each; when full, the longest unused goes */
	uint32_t flows;   /* 0.1 kB each; likewise: one that comes back counts twice */
	/* Networks that are inside beside the private ones.  Borrowed. */
	const struct network *locals;
	unsigned local_count;
	struct memory *memory; /* told what goes out; borrowed, NULL: none is kept */
};
#define UPLOADS_OPTIONS_DEFAULT                                                                    \
	{                                                                                          \
		.uploads = 16384, .flows = 65536                                                   \
	}

struct uploads {
	struct uploads_options options;
	struct table uploads;
	struct table flows;
	uint64_t ended_evicted; /* of the evictions of flows: nothing was lost by them */
};

typedef void uploads_judge_fn(void *arg, const struct subject *subject);

/* 0 or -ENOMEM. */
int uploads_init(struct uploads *uploads, const struct uploads_options *options);
void uploads_fini(struct uploads *uploads);

/* Conversations whose client is not ours are not looked at.  at_end: the input has ended. */
void uploads_flow(struct uploads *uploads, const struct skua_flow_event *event, bool at_end,
		  uploads_judge_fn *judge, void *arg);

/* Of the 24 hours up to the last report. */
uint64_t upload_out(const struct upload *upload);
uint64_t upload_in(const struct upload *upload);
/* Hours with more than idle connections send. */
unsigned upload_active_hours(const struct upload *upload);

#endif /* SKUA_TRACK_UPLOADS_H */
