/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a source tried within the last minute, one entry for each (target,
 * port): for sweeps, and for probes that need no statistics to be suspect.
 * The minute slides and is measured between attempts, for their outcomes come
 * up to 5 s late.
 */
#ifndef SKUA_TRACK_RECENT_H
#define SKUA_TRACK_RECENT_H

#include "track/horizon.h"

#define RECENT_ENTRIES 72 /* a sweep's score reaches 1 at 70 targets */
#define RECENT_WINDOW_S 60

struct recent_entry {
	uint32_t target; /* hash of its address */
	uint32_t second; /* of the last attempt */
	uint16_t port;
	uint8_t outcome; /* the last that was told; enum skua_outcome */
	uint8_t flags;   /* TCP flags of the probe */
};

struct recent {
	uint64_t first_ns, last_ns; /* attempts with never more than a minute between them */
	uint32_t used;
	uint32_t outcomes[SKUA_OUTCOMES]; /* of distinct attempts, each by its first outcome */
	struct candidate target;
	struct distinct tried; /* since first_ns */
	struct recent_entry entries[RECENT_ENTRIES];
};

/* true: the same was tried within the minute before. */
bool recent_add(struct recent *recent, const struct attempt *attempt, uint8_t flags);
/* An answer without an attempt of its own: ARP and NA.  false: nobody asked lately, ignored. */
bool recent_answer(struct recent *recent, uint32_t target);
/* Is the entry within the last minute of attempts? */
bool recent_holds(const struct recent *recent, const struct recent_entry *entry);

#endif /* SKUA_TRACK_RECENT_H */
