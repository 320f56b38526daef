/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of text whose columns are aligned when they are written: the first row is the heading. */
#ifndef SKUA_SERVE_GRID_H
#define SKUA_SERVE_GRID_H

#include <stdint.h>
#include <stdio.h>

#define GRID_COLUMNS 8
#define GRID_ROWS 65
#define GRID_CELL 132 /* a name of 32 bytes, all of them escaped */

struct grid {
	const char *right; /* per column: 'r' stands at the right, anything else at the left */
	unsigned rows, column;
	char cells[GRID_ROWS][GRID_COLUMNS][GRID_CELL];
};

void grid_init(struct grid *grid, const char *right);
/* The next cells go into a new row; rows beyond the room are not written. */
void grid_add_row(struct grid *grid);
/* Escapes what terminals obey. */
void grid_add_text(struct grid *grid, const char *text);
void grid_add_count(struct grid *grid, uint64_t count);
/* Decimal units, and what follows them: "" or "/s". */
void grid_add_bytes(struct grid *grid, uint64_t bytes, const char *suffix);
void grid_add_share(struct grid *grid, uint64_t part, uint64_t whole);
void grid_write(const struct grid *grid, FILE *stream);

#endif /* SKUA_SERVE_GRID_H */
