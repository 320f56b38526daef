/* SPDX-License-Identifier: BSD-2-Clause */
/* What compat.c counts and compat_write.c prints. */
#ifndef SKUA_ANALYZE_COMPAT_ROWS_H
#define SKUA_ANALYZE_COMPAT_ROWS_H

#include "analyze/compat.h"

/* One line of the answer; each rule fills what it knows, the rest is zero. */
struct compat_row {
	uint64_t count;   /* packets or queries; the worth of the entry */
	uint64_t time_ns; /* when the rule was met */
	uint64_t first_frame, last_frame, first_ns, last_ns; /* of what was counted */
	struct address src, dst;
	uint16_t port;
	uint16_t length;             /* of the name */
	char name[COMPAT_NAME_ROOM]; /* the longest, the first of its length; not ended by a zero */
};

typedef void compat_row_fn(void *arg, const char *rule, const char *severity,
			   const struct compat_row *row);

/* What the rules found, in the order of compat_write_json().  0 or -ENOMEM. */
int compat_walk(const struct compat *compat, compat_row_fn *say, void *arg);
/* Entries that gave way; the rules may have missed as many findings. */
uint64_t compat_lost(const struct compat *compat);

#endif /* SKUA_ANALYZE_COMPAT_ROWS_H */
