// SPDX-License-Identifier: BSD-2-Clause
/* Finds the last packet of each pair and writes its totals as a comment. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/snapshot_totals.h"

#define NO_ROW SIZE_MAX

struct snapshot_place {
	const struct recorder_totals *totals;
	size_t row;
};

static int by_key(const void *key, const void *of)
{
	const struct snapshot_place *place = of;

	return memcmp(key, &place->totals->key, sizeof(struct keep_key));
}

static int by_row(const void *a, const void *b)
{
	const struct snapshot_place *x = a, *y = b;

	return x->row < y->row ? -1 : x->row > y->row;
}

static void place(struct snapshot_totals *totals, const struct skua_sample_event *event, size_t row)
{
	struct keep_key key;
	struct snapshot_place *found;

	if (event->head.key.proto == SKUA_TCP)
		return;
	key = keep_key_of(event);
	found = bsearch(&key, totals->places, totals->count, sizeof(*found), by_key);
	if (found)
		found->row = row;
}

int snapshot_totals_init(struct snapshot_totals *totals, const struct recorder_selection *selection,
			 int link)
{
	*totals = (struct snapshot_totals){ .count = selection->totals_count };
	if (!totals->count)
		return 0;
	totals->places = calloc(totals->count, sizeof(*totals->places));
	if (!totals->places)
		return -ENOMEM;
	for (size_t i = 0; i < totals->count; i++)
		totals->places[i] = (struct snapshot_place){ &selection->totals[i], NO_ROW };
	for (size_t i = 0; i < selection->count; i++)
		if (selection->rows[i].event->link == link)
			place(totals, selection->rows[i].event, i);
	qsort(totals->places, totals->count, sizeof(*totals->places), by_row);
	return 0;
}

void snapshot_totals_fini(struct snapshot_totals *totals)
{
	free(totals->places);
}

bool snapshot_totals_text(struct snapshot_totals *totals, size_t row, char to[TOTALS_TEXT])
{
	if (totals->next == totals->count || totals->places[totals->next].row != row)
		return false;
	totals_text_write(totals->places[totals->next++].totals, to);
	return true;
}
