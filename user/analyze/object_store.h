/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory that files with hostile names are put into: each name becomes
 * plain letters behind the frame's number, a link is never followed, nothing
 * is overwritten, and no more than so many bytes are written in all.
 */
#ifndef SKUA_ANALYZE_OBJECT_STORE_H
#define SKUA_ANALYZE_OBJECT_STORE_H

#include "dissect/cursor.h"

#define OBJECT_FILE_NAME 160
#define OBJECT_SAME_NAMES 1000 /* files of one name; later ones are left out */

struct object_store {
	int directory;
	uint64_t limit, used; /* bytes */
	uint64_t files;
};

struct object_file {
	int fd; /* -1: none */
	uint64_t bytes;
	char name[OBJECT_FILE_NAME];
};

/* Makes the directory if it is not there; 0 or -errno. */
int object_store_init(struct object_store *store, const char *directory, uint64_t limit);
void object_store_fini(struct object_store *store);
/* 0, or -errno; -EEXIST: there are too many of this name. */
int object_store_create(struct object_store *store, uint64_t frame, const struct cursor *name,
			struct object_file *file);
/* 0, -EDQUOT: beyond the limit of all; or -errno. */
int object_store_write(struct object_store *store, struct object_file *file, const uint8_t *bytes,
		       size_t length);
/* Not kept: it is removed, and its room given back.  0 or -errno. */
int object_store_finish(struct object_store *store, struct object_file *file, bool keep);

/* FRAME-NAME of letters, digits, '.', '_' and '-'; others are %XX; cut when long. */
void object_file_name(char to[OBJECT_FILE_NAME], uint64_t frame, const struct cursor *name,
		      unsigned again);

#endif /* SKUA_ANALYZE_OBJECT_STORE_H */
