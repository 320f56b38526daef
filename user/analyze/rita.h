/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The beacon score of RITA version 5 by its published formulas, for those who
 * know its numbers.  A pure function of one pair's connections; ours, of
 * exchanges, is detect/beacon.h.
 */
#ifndef SKUA_ANALYZE_RITA_H
#define SKUA_ANALYZE_RITA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RITA_UNIQUE 4     /* different seconds that a pair needs */
#define RITA_STROBE 86400 /* connections above which it is no beacon but a strobe, unscored */
#define RITA_BARS 24

struct rita_connection {
	uint32_t start_s; /* whole seconds, of any epoch */
	uint32_t bytes;   /* that the client sent, saturating */
};

/* All in 0..1, rounded to three places. */
struct rita_score {
	double score;    /* mean of the four */
	double time;     /* gaps: skew and deviation */
	double size;     /* the same of sizes */
	double bars;     /* how even the histogram of starts is */
	double duration; /* how much of the data set it fills */
};

/*
 * connections: sorted by start here.  room: of count doubles, the caller's.
 * from_s and to_s: first and last start of the data set.  false: too few
 * different seconds, or too many connections.
 */
bool rita_score(struct rita_connection *connections, size_t count, uint32_t from_s, uint32_t to_s,
		double *room, struct rita_score *out);

#endif /* SKUA_ANALYZE_RITA_H */
