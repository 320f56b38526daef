/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of rules that say which findings need not be said: one on each line
 * (report/suppression.h), read at start and again when asked to.  A file that
 * became unreadable, or makes no sense any more, leaves those in force that
 * were read before.  Not thread-safe.
 */
#ifndef SKUA_REPORT_SUPPRESSIONS_H
#define SKUA_REPORT_SUPPRESSIONS_H

#include "report/suppression.h"

#define SUPPRESSIONS_PATH "/etc/skua/suppressions.txt"
#define SUPPRESSIONS_MAX 1024 /* each is tried for each finding; more are refused */

struct suppressions {
	const char *path;
	bool may_miss; /* no file is no rule, and no fault */
	uint64_t gone; /* findings that rules kept back which are there no more */
	unsigned count;
	struct suppression rules[SUPPRESSIONS_MAX]; /* as in the file */
};

/* path: borrowed.  0, or -errno and what is wrong was logged, with file and line. */
int suppressions_open(struct suppressions **out, const char *path, bool may_miss);
void suppressions_close(struct suppressions *suppressions);
/* Reads the file again; counts of rules that are still there go on.  0, or -errno: it was logged,
 * and the old rules stay. */
int suppressions_reload(struct suppressions *suppressions);
/* The first rule in force then that matches, or NULL. */
struct suppression *suppressions_match(struct suppressions *suppressions,
				       const struct finding *finding, uint64_t now_ns);

#endif /* SKUA_REPORT_SUPPRESSIONS_H */
