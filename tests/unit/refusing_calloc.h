/* SPDX-License-Identifier: BSD-2-Clause */
/* calloc() of the whole test program, which refuses while it is told to. */
#ifndef TESTS_REFUSING_CALLOC_H
#define TESTS_REFUSING_CALLOC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool calloc_refuses;

void *calloc(size_t count, size_t size)
{
	/* Volatile, for the compiler makes calloc() of malloc() and memset(). */
	void *(*volatile get)(size_t) = malloc;
	void *at = NULL;

	if (!calloc_refuses && (!size || count <= SIZE_MAX / size))
		at = get(count * size);
	return at ? memset(at, 0, count * size) : NULL;
}

#endif /* TESTS_REFUSING_CALLOC_H */
