// SPDX-License-Identifier: BSD-2-Clause
/* Attempts of a scan sorted into a grid. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "page/scan_grid.h"

struct ranked {
	const struct series_point *point;
	uint32_t index; /* of the point, by time */
};

static int by_target(const void *x, const void *y)
{
	return memcmp(&((const struct ranked *)x)->point->other,
		      &((const struct ranked *)y)->point->other, sizeof(struct address));
}

static int by_port(const void *x, const void *y)
{
	return (int)((const struct ranked *)x)->point->port -
	       (int)((const struct ranked *)y)->point->port;
}

typedef int compare_fn(const void *x, const void *y);

/* ranks[i]: how many distinct values are below that of point i.  Returns how many there are. */
static uint32_t rank(struct ranked *sorted, uint32_t count, compare_fn *compare, uint32_t *ranks)
{
	uint32_t distinct = 0;

	qsort(sorted, count, sizeof(*sorted), compare);
	for (uint32_t i = 0; i < count; i++) {
		if (i && compare(&sorted[i - 1], &sorted[i]))
			distinct++;
		ranks[sorted[i].index] = distinct;
	}
	return distinct + 1;
}

static unsigned bands_of(uint32_t distinct)
{
	return distinct < GRID_SIZE ? distinct : GRID_SIZE;
}

static unsigned band_at(const struct scan_grid *grid, enum grid_axis axis, uint32_t rank,
			const struct series_point *point)
{
	uint64_t span_ns = grid->last_ns - grid->first_ns + 1;
	uint32_t distinct = axis == GRID_TARGET ? grid->targets : grid->ports;

	if (axis == GRID_TIME)
		return (double)(point->time_ns - grid->first_ns) / span_ns * GRID_SIZE;
	return (uint64_t)rank * bands_of(distinct) / distinct;
}

static void widen(struct grid_band *band, const struct series_point *point, enum grid_axis axis)
{
	bool below, above;

	if (!band->from) {
		band->from = band->to = point;
		return;
	}
	if (axis == GRID_TARGET) {
		below = memcmp(&point->other, &band->from->other, sizeof(point->other)) < 0;
		above = memcmp(&point->other, &band->to->other, sizeof(point->other)) > 0;
	} else if (axis == GRID_PORT) {
		below = point->port < band->from->port;
		above = point->port > band->to->port;
	} else {
		below = point->time_ns < band->from->time_ns;
		above = point->time_ns > band->to->time_ns;
	}
	band->from = below ? point : band->from;
	band->to = above ? point : band->to;
}

static void put(struct scan_grid *grid, const struct series_point *point, uint32_t target,
		uint32_t port)
{
	unsigned row =
		band_at(grid, grid->rows_are, grid->rows_are == GRID_TARGET ? target : port, point);
	unsigned column = band_at(grid, grid->columns_are, port, point);

	row = row < GRID_SIZE ? row : GRID_SIZE - 1;
	column = column < GRID_SIZE ? column : GRID_SIZE - 1;
	if (++grid->cells[row][column] > grid->most)
		grid->most = grid->cells[row][column];
	widen(&grid->row[row], point, grid->rows_are);
	widen(&grid->column[column], point, grid->columns_are);
}

static void choose_axes(struct scan_grid *grid)
{
	bool several = grid->targets > 1 && grid->ports > 1;

	grid->rows_are = grid->targets > 1 || grid->ports == 1 ? GRID_TARGET : GRID_PORT;
	grid->columns_are = several ? GRID_PORT : GRID_TIME;
	grid->rows = bands_of(grid->rows_are == GRID_TARGET ? grid->targets : grid->ports);
	grid->columns = several ? bands_of(grid->ports) : GRID_SIZE;
}

static void count_values(struct scan_grid *grid, enum grid_axis axis, struct grid_band *bands)
{
	uint32_t distinct = axis == GRID_TARGET ? grid->targets : grid->ports;

	for (uint32_t i = 0; axis != GRID_TIME && i < distinct; i++)
		bands[(uint64_t)i * bands_of(distinct) / distinct].values++;
}

int scan_grid_fill(struct scan_grid *grid, const struct series_point *points, uint32_t count)
{
	struct ranked *sorted = calloc(count, sizeof(*sorted));
	uint32_t *targets = calloc(count, sizeof(*targets));
	uint32_t *ports = calloc(count, sizeof(*ports));
	int err = sorted && targets && ports ? 0 : -ENOMEM;

	if (err)
		goto out;
	memset(grid, 0, sizeof(*grid));
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (struct ranked){ &points[i], i };
	grid->targets = rank(sorted, count, by_target, targets);
	grid->ports = rank(sorted, count, by_port, ports);
	grid->first_ns = points[0].time_ns;
	grid->last_ns = points[count - 1].time_ns;
	choose_axes(grid);
	for (uint32_t i = 0; i < count; i++)
		put(grid, &points[i], targets[i], ports[i]);
	count_values(grid, grid->rows_are, grid->row);
	count_values(grid, grid->columns_are, grid->column);
out:
	free(sorted);
	free(targets);
	free(ports);
	return err;
}
