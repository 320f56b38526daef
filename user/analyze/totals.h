/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exact numbers of a capture, for those who compare it with other tools
 * (--totals): distinct TCP and UDP conversations, pairs of addresses, DNS
 * queries and responses.  Counted as Wireshark does, but of what a tunnel
 * carries, not of the tunnel as well, and not of what ICMP errors quote.
 *
 * Every distinct thing takes one entry of a table of fixed size.  When that is
 * full, what is new is not counted: the numbers are then lower bounds.
 */
#ifndef SKUA_ANALYZE_TOTALS_H
#define SKUA_ANALYZE_TOTALS_H

#include "base/table.h"
#include "report/record.h"
#include "skua/event.h"
#include "skua/packet.h"

/* Conversations and pairs together: 80 bytes each and 16 of index, 100 MB when all are in use. */
#define TOTALS_CAPACITY (1u << 20)

struct totals {
	struct table table; /* ends, protocol and family -> what is known of the conversation */
	struct stats_totals counts;
};

/* 0 or -ENOMEM; totals_fini() takes one that was never made, if it is zero. */
int totals_init(struct totals *totals, uint32_t capacity);
void totals_fini(struct totals *totals);

/* Every packet that was parsed, in the order of the capture. */
void totals_packet(struct totals *totals, const struct skua_packet *pkt);
/* Every DNS event; messages that could not be read are counted by the engine. */
void totals_dns(struct totals *totals, const struct skua_dns_event *event);

#endif /* SKUA_ANALYZE_TOTALS_H */
