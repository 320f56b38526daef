/* SPDX-License-Identifier: BSD-2-Clause */
/* skua objects: files that were carried over HTTP, FTP and SMB; a row for each. */
#ifndef SKUA_ANALYZE_OBJECT_ANSWERS_H
#define SKUA_ANALYZE_OBJECT_ANSWERS_H

#include "analyze/analyst.h"

struct object_answers_options {
	const char *directory; /* NULL: only rows */
	uint64_t max_object;   /* bytes of one; larger ones are left out */
	uint64_t max_total;    /* bytes that are written in all */
};

/* 0, or -errno: the directory cannot be had. */
int object_answers_open(struct analyst **out, const struct object_answers_options *options);

#endif /* SKUA_ANALYZE_OBJECT_ANSWERS_H */
