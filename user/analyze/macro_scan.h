/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the marks that documents with macros have, in bytes that come piece by piece. */
#ifndef SKUA_ANALYZE_MACRO_SCAN_H
#define SKUA_ANALYZE_MACRO_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MACRO_TAIL 32 /* longer than any mark, so that one may lie across two pieces */

struct macro_scan {
	bool found;
	uint8_t length; /* of the tail */
	uint8_t tail[MACRO_TAIL];
};

/* Zero at the beginning of a document; the pieces follow each other. */
void macro_scan_add(struct macro_scan *scan, const uint8_t *bytes, size_t length);

#endif /* SKUA_ANALYZE_MACRO_SCAN_H */
