/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections that were opened and closed without a byte either way: what a
 * connect scan of open ports and a health check have in common.  One entry for
 * each (target, port) that answered within five minutes; those that carry
 * payload make room when the list is full.
 */
#ifndef SKUA_TRACK_EMPTIES_H
#define SKUA_TRACK_EMPTIES_H

#include "track/horizon.h"

#define EMPTIES_ENTRIES 40 /* the score reaches 1 at 40 */
#define EMPTIES_WINDOW_S 300
/* A health check shows its rhythm at the third round; most are at most 30 s apart. */
#define EMPTIES_WAIT_S 60
#define EMPTIES_WAIT_MIN 15 /* contacts; below it there is nothing to wait for */

struct empty_contact {
	uint32_t target; /* hash of its address */
	uint16_t port;
	uint16_t last_s;  /* of the last empty connection, after the start of the window */
	uint8_t gap_s;    /* between the last two */
	uint8_t answered; /* connections; both halved when one saturates */
	uint8_t empty;    /* connections without payload */
	uint8_t steady;   /* gaps like the one before, within a fifth: a rhythm; saturates */
};

struct empties {
	uint64_t start_ns;          /* 0: nothing has happened yet */
	uint64_t first_ns, last_ns; /* of the empty ones */
	struct candidate target;
	uint32_t target_hash; /* of its address, as in the entries */
	uint32_t used;
	uint32_t next;    /* where the search for room begins */
	uint32_t repeats; /* empty connections to where one was before */
	uint32_t steady;  /* of these: at the gap of the time before */
	struct empty_contact entries[EMPTIES_ENTRIES];
};

void empties_answered(struct empties *empties, const struct attempt *attempt);
/* true: this contact was not empty before. */
bool empties_closed(struct empties *empties, const struct attempt *attempt);
/* Had this contact connections, and none that carried payload? */
bool empties_is_empty(const struct empty_contact *entry);
/* Is it too early to tell a sweep from a health check, and worth the wait? */
bool empties_wait(const struct empties *empties, uint64_t now_ns);

#endif /* SKUA_TRACK_EMPTIES_H */
