/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attempts of a scan sorted into a grid of at most 48 by 48: targets by ports
 * if there are several of both, else the one of which there are several by
 * time.  Distinct values beyond 48 share rows or columns, as many in each.
 */
#ifndef SKUA_PAGE_SCAN_GRID_H
#define SKUA_PAGE_SCAN_GRID_H

#include "page/series.h"

#define GRID_SIZE 48

enum grid_axis { GRID_TARGET, GRID_PORT, GRID_TIME };

struct grid_band {
	const struct series_point *from, *to; /* the first and the last that fall into it */
	uint32_t values;                      /* distinct ones */
};

struct scan_grid {
	enum grid_axis rows_are, columns_are;
	unsigned rows, columns;
	uint32_t targets, ports; /* distinct */
	uint64_t first_ns, last_ns;
	uint32_t most; /* in a cell */
	uint32_t cells[GRID_SIZE][GRID_SIZE];
	struct grid_band row[GRID_SIZE], column[GRID_SIZE];
};

/* points: by time, count > 0; borrowed as long as the bands are used.  0 or -ENOMEM. */
int scan_grid_fill(struct scan_grid *grid, const struct series_point *points, uint32_t count);

#endif /* SKUA_PAGE_SCAN_GRID_H */
