/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * On which packet of a file the totals of a pair stand: the last one of the
 * pair, so that who reads the file in order has seen all that they sum up.
 */
#ifndef SKUA_RECORD_SNAPSHOT_TOTALS_H
#define SKUA_RECORD_SNAPSHOT_TOTALS_H

#include "record/totals_text.h"

struct snapshot_place;

struct snapshot_totals {
	struct snapshot_place *places; /* in the order of rows */
	size_t count, next;
};

/* For the rows of one link type: 0 or -ENOMEM.  The selection must stay. */
int snapshot_totals_init(struct snapshot_totals *totals, const struct recorder_selection *selection,
			 int link);
void snapshot_totals_fini(struct snapshot_totals *totals);
/* Rows are asked for in their order.  true: to is the comment. */
bool snapshot_totals_text(struct snapshot_totals *totals, size_t row, char to[TOTALS_TEXT]);

#endif /* SKUA_RECORD_SNAPSHOT_TOTALS_H */
