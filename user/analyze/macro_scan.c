// SPDX-License-Identifier: BSD-2-Clause
/*
 * Marks of macros: a zip (OOXML) names its member vbaProject.bin in plain text,
 * and a compound file (MS-CFB) has the storage _VBA_PROJECT (MS-OVBA, 2.2.1) in
 * its directory, in UTF-16.  Whether the macro does harm nobody asks.
 */
#include <string.h>
#include "analyze/macro_scan.h"

static const struct mark {
	const char *bytes;
	size_t length;
} marks[] = {
	{ "vbaProject.bin", 14 },
	{ "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", 24 },
};

static bool has_mark(const uint8_t *bytes, size_t length)
{
	for (unsigned i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (memmem(bytes, length, marks[i].bytes, marks[i].length))
			return true;
	return false;
}

/* The last bytes of the tail and of what follows it. */
static void keep_tail(struct macro_scan *scan, const uint8_t *bytes, size_t length)
{
	size_t old = scan->length;

	if (length >= MACRO_TAIL) {
		memcpy(scan->tail, bytes + length - MACRO_TAIL, MACRO_TAIL);
		scan->length = MACRO_TAIL;
		return;
	}
	if (old + length > MACRO_TAIL) {
		size_t gone = old + length - MACRO_TAIL;

		memmove(scan->tail, scan->tail + gone, old - gone);
		old -= gone;
	}
	memcpy(scan->tail + old, bytes, length);
	scan->length = old + length;
}

void macro_scan_add(struct macro_scan *scan, const uint8_t *bytes, size_t length)
{
	uint8_t seam[2 * MACRO_TAIL];
	size_t next = length < MACRO_TAIL ? length : MACRO_TAIL;

	if (scan->found || !length)
		return;
	memcpy(seam, scan->tail, scan->length);
	memcpy(seam + scan->length, bytes, next);
	scan->found = has_mark(seam, scan->length + next) || has_mark(bytes, length);
	keep_tail(scan, bytes, length);
}
