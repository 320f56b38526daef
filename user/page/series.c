// SPDX-License-Identifier: BSD-2-Clause
/* The points of many series in one log of fixed size. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "page/series.h"

#define LONG_FIRST 4096 /* series below this are not thinned if longer ones will do */
#define SHIFT_MAX 30
/* As for pairs (track/pairs.c): a scan makes series of one point, and must not push out a slow
 * beacon. */
#define PATIENCE_NS (3600 * 1000000000ull) /* per point */
#define PATIENCE_MAX 24
#define GONE 0xff /* the series gave way to another */

struct series {
	uint64_t last_ns, seen;
	uint32_t number, kept;
	uint8_t shift;
};

static uint64_t series_worth(const void *value)
{
	const struct series *series = value;

	return series->last_ns +
	       (series->seen < PATIENCE_MAX ? series->seen : PATIENCE_MAX) * PATIENCE_NS;
}

int series_init(struct series_log *log, uint32_t points, uint32_t series)
{
	const struct table_options options = { .key_size = sizeof(struct pair_key),
					       .value_size = sizeof(struct series),
					       .capacity = series,
					       .worth = series_worth };
	int err;

	memset(log, 0, sizeof(*log));
	log->points = calloc(points, sizeof(*log->points));
	if (!log->points)
		return -ENOMEM;
	log->capacity = points;
	err = table_init(&log->table, &options);
	if (err)
		series_fini(log);
	return err;
}

void series_fini(struct series_log *log)
{
	if (!log->points)
		return;
	table_fini(&log->table);
	free(log->points);
	memset(log, 0, sizeof(*log));
}

static bool stays(uint64_t time_ns, uint8_t shift)
{
	return !(skua_mix(0, time_ns) & ((1ull << shift) - 1));
}

/* Longer series than this are thinned once more.  Returns how many. */
static unsigned shorten(struct series_log *log, uint32_t longest)
{
	unsigned thinned = 0;

	for (struct series *series = NULL; (series = table_next(&log->table, series));) {
		if (series->kept <= longest || series->shift == SHIFT_MAX)
			continue;
		series->shift++;
		thinned++;
	}
	return thinned;
}

/* Numbers begin anew with each sweep, so they stay as few as there are points. */
struct renumbering {
	uint32_t number;
	uint8_t shift;
};

static void renumber(struct series_log *log, struct renumbering *map)
{
	uint32_t number = 0;

	for (uint32_t i = 0; i < log->next; i++)
		map[i].shift = GONE;
	for (struct series *series = NULL; (series = table_next(&log->table, series));) {
		map[series->number] = (struct renumbering){ number, series->shift };
		series->number = number++;
		series->kept = 0;
	}
	log->next = number;
}

static void count_kept(struct series_log *log, uint32_t *counts)
{
	for (uint32_t i = 0; i < log->used; i++)
		counts[log->points[i].series]++;
	for (struct series *series = NULL; (series = table_next(&log->table, series));)
		series->kept = counts[series->number];
}

static int sweep(struct series_log *log)
{
	struct renumbering *map = calloc((size_t)log->next + 1, sizeof(*map));
	uint32_t *counts = calloc((size_t)log->table.used + 1, sizeof(*counts));
	uint32_t used = 0;
	int err = map && counts ? 0 : -ENOMEM;

	if (err)
		goto out;
	renumber(log, map);
	for (uint32_t i = 0; i < log->used; i++) {
		struct series_point *point = &log->points[i];
		const struct renumbering *to = &map[point->series];

		if (to->shift == GONE || !stays(point->time_ns, to->shift))
			continue;
		point->series = to->number;
		log->points[used++] = *point;
	}
	log->used = used;
	count_kept(log, counts);
out:
	free(map);
	free(counts);
	return err;
}

/* false: there is no room, and there will be none. */
static bool make_room(struct series_log *log)
{
	uint32_t longest = LONG_FIRST, enough = log->capacity - log->capacity / 4;

	if (sweep(log))
		return false;
	while (log->used > enough) {
		if (!shorten(log, longest)) {
			if (!longest)
				break;
			longest /= 2;
			continue;
		}
		if (sweep(log))
			break;
	}
	return log->used < log->capacity;
}

void series_add(struct series_log *log, const struct pair_key *key,
		const struct series_point *point, bool counted)
{
	struct series *series;
	bool is_new;

	/* Before the series is known: a sweep gives it another number. */
	if (log->used == log->capacity && !make_room(log))
		return;
	series = table_get(&log->table, key, &is_new);
	if (is_new)
		series->number = log->next++;
	if (point->time_ns > series->last_ns)
		series->last_ns = point->time_ns;
	series->seen += counted;
	if (!stays(point->time_ns, series->shift))
		return;
	log->points[log->used] = *point;
	log->points[log->used++].series = series->number;
	series->kept++;
}

static int by_time(const void *x, const void *y)
{
	const struct series_point *a = x, *b = y;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return (int)a->what - (int)b->what;
}

int series_read(const struct series_log *log, const struct pair_key *key, struct series_read *out)
{
	const struct series *series = table_find(&log->table, key);
	struct series_point *points;
	uint32_t count = 0;

	*out = (struct series_read){ 0 };
	if (!series)
		return 0;
	points = calloc((size_t)series->kept + 1, sizeof(*points));
	if (!points)
		return -ENOMEM;
	for (uint32_t i = 0; i < log->used && count < series->kept; i++)
		if (log->points[i].series == series->number)
			points[count++] = log->points[i];
	qsort(points, count, sizeof(*points), by_time);
	*out = (struct series_read){ points, count, series->seen };
	return 0;
}
