/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where every packet ends, and what else is counted: the rows of the accounting. */
#ifndef SKUA_COUNTER_H
#define SKUA_COUNTER_H

#include "skua/neighbour.h"

/* The tables that both engines keep. */
enum skua_table {
	SKUA_TABLE_OUT,     /* flows that our side opened */
	SKUA_TABLE_IN,      /* flows that strangers opened */
	SKUA_TABLE_PENDING, /* attempts beyond the first of each source */
	SKUA_TABLE_SOURCES,
	SKUA_TABLES
};

/* Every packet ends in exactly one row up to SKUA_COUNT_LOST_TABLE; the others say what became of
 * it besides. */
enum skua_counter {
	SKUA_COUNT_VERDICT = 0, /* + enum skua_verdict: not parsed, by cause; row 0 stays zero */
	SKUA_COUNT_ARP = SKUA_VERDICTS, /* ignored as conversation, said as NEIGHBOUR */
	SKUA_COUNT_LLDP,
	SKUA_COUNT_LENGTH, /* IEEE 802.3 with a length instead of a type: spanning tree and such */
	SKUA_COUNT_EAPOL,
	SKUA_COUNT_LINK, /* a link type that is not followed */

	SKUA_COUNT_OUT,         /* accounted in a flow that our side opened */
	SKUA_COUNT_IN,          /* in a flow that a stranger opened */
	SKUA_COUNT_WAITING,     /* in a pending attempt */
	SKUA_COUNT_SOURCE_ONLY, /* not admitted: at most its source knows */
	SKUA_COUNT_ELSEWHERE,   /* in a flow, on another interface */
	SKUA_COUNT_LOST_TABLE,  /* a table refused the entry */

	SKUA_COUNT_EVENTS, /* said of packets; sweeps say theirs in user space */
	SKUA_COUNT_LOST_RING,
	SKUA_COUNT_LOST_SAMPLE,    /* the ring of samples was full */
	SKUA_COUNT_LOST_SOURCE,    /* a source record was refused */
	SKUA_COUNT_UNSAID,         /* events beyond their source's budget */
	SKUA_COUNT_OVERFLOW,       /* attempts beyond their source's budget */
	SKUA_COUNT_DNS_REFUSED,    /* on port 53, but no question that can be read */
	SKUA_COUNT_SAMPLED,        /* packets */
	SKUA_COUNT_SAMPLE_REFUSED, /* samples beyond their source's share */
	SKUA_COUNT_FRAGMENT,       /* later fragments: bytes without ports */
	SKUA_COUNT_LOST_SHADOW, /* live: a forwarded flow's answers will look like a stranger's */
	SKUA_COUNT_INSERTED,    /* + enum skua_table: entries made */
	SKUA_COUNT_DECIDED = SKUA_COUNT_INSERTED + SKUA_TABLES, /* attempts deleted by a packet */
	SKUA_COUNTERS
};

skua_inline __u32 skua_count_ignored(const struct skua_packet *pkt)
{
	switch (pkt->ethertype) {
	case SKUA_ETH_ARP:
		return SKUA_COUNT_ARP;
	case 0x88cc:
		return SKUA_COUNT_LLDP;
	case 0x888e:
		return SKUA_COUNT_EAPOL;
	default:
		return pkt->ethertype < 1536 ? SKUA_COUNT_LENGTH
					     : SKUA_COUNT_VERDICT + SKUA_IGNORED;
	}
}

#endif /* SKUA_COUNTER_H */
