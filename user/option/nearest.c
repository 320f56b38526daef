// SPDX-License-Identifier: BSD-2-Clause
/* The known word that somebody most likely meant: edits between two words. */
#include <ctype.h>
#include <string.h>
#include "option/nearest.h"

static int plain(char c)
{
	return c == '_' ? '-' : tolower((unsigned char)c);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned nearest_edits(const char *a, const char *b)
{
	/* Rows of the usual table: the one before the last, the last, this. */
	unsigned rows[3][NEAREST_LENGTH + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n >= NEAREST_LENGTH || m >= NEAREST_LENGTH)
		return NEAREST_LENGTH;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = rows[i % 3];
		const unsigned *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
				       last[j - 1] + (plain(a[i - 1]) != plain(b[j - 1])));
			if (i > 1 && j > 1 && plain(a[i - 1]) == plain(b[j - 2]) &&
			    plain(a[i - 2]) == plain(b[j - 1]))
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

int nearest_is_near(unsigned edits, const char *meant)
{
	return edits <= 1 + strlen(meant) / 4;
}
