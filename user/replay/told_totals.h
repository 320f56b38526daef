/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a snapshot's comments tell of volume that its packets do not show
 * (record/totals_text.h).  Conversations without sequence numbers leave no
 * trace of what was not sampled of them, so each packet of such a pair is
 * taken for its share of the total: by its payload among that of all packets
 * of its side in the file that are no later than the total.  What comes later
 * counts for nothing, for no total speaks of it.  Everything behind is the same
 * code as ever.  One thread.
 */
#ifndef SKUA_REPLAY_TOLD_TOTALS_H
#define SKUA_REPLAY_TOLD_TOTALS_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/packet.h"

#define TOLD_TOTALS_PAIRS 4096 /* of further ones the packets alone count */

struct told_totals;

/* Reads these files, each twice.  0 or -errno, which has been logged. */
int told_totals_open(struct told_totals **out, const char *const *paths, unsigned count,
		     bool look_through);
void told_totals_close(struct told_totals *totals);
/* Is of some pair more told than its packets in the files are? */
bool told_totals_exceed(const struct told_totals *totals);
/* Gives a packet its share; arg: of the above.  Once for each packet, in the order of the files. */
void told_totals_payload(void *arg, struct skua_packet *pkt, uint64_t time_ns);

#endif /* SKUA_REPLAY_TOLD_TOTALS_H */
