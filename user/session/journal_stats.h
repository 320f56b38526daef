/* SPDX-License-Identifier: BSD-2-Clause */
/* The accounting of a run as it lies in a journal: lines of a name and a number. */
#ifndef SKUA_SESSION_JOURNAL_STATS_H
#define SKUA_SESSION_JOURNAL_STATS_H

#include "capture/journal.h"
#include "report/record.h"

#define JOURNAL_STATS_NAME 40

/* Read back: the names of causes are texts of its own. */
struct journal_stats {
	struct stats stats;
	char names[3 * STATS_CAUSES][JOURNAL_STATS_NAME];
};

void journal_stats_record(struct journal *journal, const struct stats *stats);
/* 0, or -EBADMSG and *out is empty.  Names that are not known are passed over. */
int journal_stats_read(struct journal_stats *out, const void *bytes, size_t size);

/* The last words of a run, NULL: there is no journal.  An exit status: what was asked for and is
 * not there must not look like success. */
int journal_stats_finish(struct journal *journal, const struct stats *stats);

#endif /* SKUA_SESSION_JOURNAL_STATS_H */
