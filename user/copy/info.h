/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capture file tells of itself, printed. */
#ifndef SKUA_COPY_INFO_H
#define SKUA_COPY_INFO_H

#include <stdio.h>
#include "capture/file_info.h"

#define INFO_FINDING "skua.finding="
#define INFO_CONTEXT "skua.context="
#define INFO_SHA256 65 /* hexadecimal digits and a zero */

struct info_view {
	const char *path;
	uint64_t size;            /* on disk; 0: a pipe */
	char sha256[INFO_SHA256]; /* of the file as it lies on disk; "": a pipe */
	const struct file_info *file;
};

/* What INFO_FINDING or INFO_CONTEXT introduces, or false. */
bool info_find(const struct info_view *view, const char *prefix, const char **at, size_t *size);

/* One line. */
void info_write_json(FILE *stream, const struct info_view *view);
/* For people; hostile bytes are escaped. */
void info_write_table(FILE *stream, const struct info_view *view);

#endif /* SKUA_COPY_INFO_H */
