/* SPDX-License-Identifier: BSD-2-Clause */
/* What forensic.c counts and forensic_write.c prints. */
#ifndef SKUA_ANALYZE_FORENSIC_STATE_H
#define SKUA_ANALYZE_FORENSIC_STATE_H

#include "analyze/forensic.h"
#include "base/table.h"
#include "dissect/dns_view.h"

/* order: when it was first seen, for those that are equal. */
struct forensic_count {
	uint64_t packets, bytes, order;
};

struct forensic_talk_key {
	struct address src, dst;
	uint16_t port;
	uint8_t padding[6];
};

struct forensic_talk {
	uint64_t packets, order;
	uint64_t first_ns, last_ns; /* in the order of the capture */
	/* Of the gaps, in ns^2: 128 bits in two words, for tables align to 8; stays at its largest.
	 */
	uint64_t squares_high, squares_low;
};

struct forensic_query {
	struct address src;
	uint16_t type;
	char *name;
};

struct forensic {
	struct analyst analyst;
	struct forensic_options options;
	uint64_t packets, order;
	struct table pairs;          /* two struct address in order -> struct forensic_count */
	struct table sources, sinks; /* struct address -> struct forensic_count */
	struct table talks;          /* struct forensic_talk_key -> struct forensic_talk */
	struct forensic_count ports[2][65536]; /* TCP, UDP: by destination */
	struct forensic_query queries[FORENSIC_QUERIES];
	uint64_t query_count; /* all there were */
	bool no_memory;       /* for a name */
};

/* Seconds; false: fewer packets than count as a beacon. */
bool forensic_gaps(const struct forensic_talk *talk, double *mean, double *variance);
void forensic_write(const struct forensic *forensic);

#endif /* SKUA_ANALYZE_FORENSIC_STATE_H */
