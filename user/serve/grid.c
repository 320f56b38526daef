// SPDX-License-Identifier: BSD-2-Clause
/* Rows of text whose columns are aligned when they are written. */
#include <string.h>
#include "base/text.h"
#include "serve/grid.h"

void grid_init(struct grid *grid, const char *right)
{
	memset(grid, 0, sizeof(*grid));
	grid->right = right;
}

void grid_add_row(struct grid *grid)
{
	grid->rows++;
	grid->column = 0;
}

/* The next cell of this row; the last one of all when there is no room. */
static char *next_cell(struct grid *grid)
{
	unsigned row = grid->rows ? grid->rows - 1 : 0;
	unsigned column = grid->column++;

	return grid->cells[row < GRID_ROWS ? row : GRID_ROWS - 1]
			  [column < GRID_COLUMNS ? column : GRID_COLUMNS - 1];
}

void grid_add_text(struct grid *grid, const char *text)
{
	text_escape(next_cell(grid), GRID_CELL, text, strlen(text));
}

void grid_add_count(struct grid *grid, uint64_t count)
{
	text_count(next_cell(grid), count);
}

void grid_add_bytes(struct grid *grid, uint64_t bytes, const char *suffix)
{
	char text[TEXT_NUMBER];

	snprintf(next_cell(grid), GRID_CELL, "%s%s", text_bytes(text, bytes), suffix);
}

void grid_add_share(struct grid *grid, uint64_t part, uint64_t whole)
{
	char *cell = next_cell(grid);
	unsigned percent;

	if (!whole) {
		strcpy(cell, "-");
		return;
	}
	percent = part >= whole ? 100 : (double)part / whole * 100;
	if (part && !percent)
		strcpy(cell, "<1 %");
	else
		snprintf(cell, GRID_CELL, "%u %%", percent);
}

static void write_row(const struct grid *grid, unsigned row, const int *widths, unsigned columns,
		      FILE *stream)
{
	for (unsigned i = 0; i < columns; i++) {
		const char *cell = grid->cells[row][i];
		int padding = widths[i] - (int)text_width(cell);

		if (grid->right[i] == 'r')
			fprintf(stream, "%*s%s", padding, "", cell);
		else
			fprintf(stream, "%s%*s", cell, i + 1 < columns ? padding : 0, "");
		fputs(i + 1 < columns ? "  " : "\n", stream);
	}
}

void grid_write(const struct grid *grid, FILE *stream)
{
	unsigned rows = grid->rows < GRID_ROWS ? grid->rows : GRID_ROWS;
	unsigned columns = strlen(grid->right);
	int widths[GRID_COLUMNS] = {};

	for (unsigned row = 0; row < rows; row++)
		for (unsigned i = 0; i < columns; i++) {
			int width = text_width(grid->cells[row][i]);

			widths[i] = width > widths[i] ? width : widths[i];
		}
	for (unsigned row = 0; row < rows; row++)
		write_row(grid, row, widths, columns, stream);
}
