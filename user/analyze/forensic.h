/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skua analyze: everything that one report says of a capture, by the simple
 * definitions that analysts know from a written recipe, to the letter.
 *
 *	conversations	       IPv4 packets by pair of addresses: the 50 with most bytes
 *	dns_queries	       the first 200 queries with a question
 *	potential_beacons      TCP packets by source, destination and port: at least 5, gaps
 *			       of more than a second in the mean, variance below a threshold
 *	protocol_distribution  the 50 most frequent of "TCP/<destination port>", "UDP/<...>"
 *
 * Each is counted in a table of fixed size; when that is full the entry with
 * the fewest packets or bytes gives way and is counted.  For real answers see
 * the findings of replay: the gap rule finds few real beacons.
 */
#ifndef SKUA_ANALYZE_FORENSIC_H
#define SKUA_ANALYZE_FORENSIC_H

#include "analyze/analyst.h"

#define FORENSIC_ENTRIES (1u << 19) /* of each table: at most 200 MB when all are full */
#define FORENSIC_CONVERSATIONS 50
#define FORENSIC_QUERIES 200
#define FORENSIC_PORTS 50
#define FORENSIC_BEACON_PACKETS 5
#define FORENSIC_BEACON_VARIANCE 5.0 /* s^2, unless told otherwise */
#define FORENSIC_BEACON_MEAN 1.0     /* s */
#define FORENSIC_TOP 10

struct forensic_options {
	const char *input; /* as the report names it */
	double variance;
	uint64_t now_ns; /* of the analysis */
	/* Each may be NULL.  The report is one line of JSON. */
	FILE *report, *summary, *tables;
};

/* 0 or -ENOMEM.  Writes when the input is over; errors stay in the streams. */
int forensic_open(struct analyst **out, const struct forensic_options *options);

#endif /* SKUA_ANALYZE_FORENSIC_H */
