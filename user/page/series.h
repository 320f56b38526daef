/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is to be drawn of whom, before anybody knows of whom that will be: the
 * points of many series in one log of fixed size.  When the log is full, the
 * longest series are thinned until a quarter of it is free: of a series that
 * is thinned n times, those points stay whose time hashes to a multiple of
 * 2^n, so that points of the same time stay or go together, and the same
 * input keeps the same points.  How many there were is always known.
 */
#ifndef SKUA_PAGE_SERIES_H
#define SKUA_PAGE_SERIES_H

#include "base/table.h"
#include "track/pair.h"

#define SERIES_POINTS (1u << 20) /* 40 bytes each, touched only when used */
#define SERIES_COUNT 65536       /* the shortest that was silent longest gives way */

/* Pairs have theirs by their own keys; behind them, in the field kind: */
enum series_kind {
	SERIES_SCAN = 64, /* client: who tries; proto: of what, port: 1 for neighbours */
	SERIES_DOMAIN,    /* client: who asks; name_hash: of the registered domain */
};

struct series_point {
	uint64_t time_ns, value;
	struct address other; /* of an attempt: whom it was to reach */
	uint32_t series;      /* set by the log */
	uint16_t port;
	uint8_t what; /* of a pair: 1 when value is known; of an attempt: its outcome */
	uint8_t reserved;
};

struct series_log {
	struct table table;
	struct series_point *points;
	uint32_t used, capacity;
	uint32_t next; /* number of the next series */
};

/* 0 or -ENOMEM; series_fini() takes one that is zero. */
int series_init(struct series_log *log, uint32_t points, uint32_t series);
void series_fini(struct series_log *log);
/* counted: points of which the reader is told how many there were. */
void series_add(struct series_log *log, const struct pair_key *key,
		const struct series_point *point, bool counted);

struct series_read {
	struct series_point *points; /* by time; the caller's to free */
	uint32_t count;
	uint64_t seen; /* of those counted, kept or not */
};

/* 0, also when nothing is known of it, or -ENOMEM. */
int series_read(const struct series_log *log, const struct pair_key *key, struct series_read *out);

#endif /* SKUA_PAGE_SERIES_H */
