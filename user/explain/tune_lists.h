/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies of list files with entries added: for a trial, or for a person to keep. */
#ifndef SKUA_EXPLAIN_TUNE_LISTS_H
#define SKUA_EXPLAIN_TUNE_LISTS_H

#include <stdbool.h>

#define TUNE_ENTRY 512 /* any name, and any rule of suppression that is proposed */
#define TUNE_COMMENT 512

/* One line for one list file; suppressions are lines of a file of their own. */
struct tune_entry {
	const char *file; /* "known-services.txt": constant text */
	char text[TUNE_ENTRY];
	char comment[TUNE_COMMENT]; /* why, one line; may be empty */
};

#define TUNE_SUPPRESSIONS "suppressions.txt"

/*
 * All list files into a directory that exists: those of from where it has them,
 * else the built-in ones, each with its entries at the end.  force: files that
 * are there are replaced, else nothing at all is written and it is -EEXIST.
 * 0 or -errno, logged.
 */
int tune_lists_write(const char *directory, const char *from, const struct tune_entry *entries,
		     unsigned count, bool force);
/* Removes what tune_lists_write() wrote, and the directory. */
void tune_lists_remove(const char *directory);

#endif /* SKUA_EXPLAIN_TUNE_LISTS_H */
