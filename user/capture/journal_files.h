/* SPDX-License-Identifier: BSD-2-Clause */
/* The directory of a journal: names of files, and the quota that they share. */
#ifndef SKUA_CAPTURE_JOURNAL_FILES_H
#define SKUA_CAPTURE_JOURNAL_FILES_H

#include <stdbool.h>
#include "capture/journal.h"

#define JOURNAL_NAME_MAX 40
#define JOURNAL_FILES_MAX 32768 /* a quota of bytes does not bound files that are nearly empty */

struct journal_files {
	int dir;
	uint64_t quota, file_max;
	uint64_t removed;
};

/* Makes the directory if it is not there, for options->uid.  On failure -errno and a line. */
int journal_files_init(struct journal_files *files, const struct journal_options *options,
		       char error[JOURNAL_ERROR_SIZE]);
void journal_files_fini(struct journal_files *files);

/* Removes what is too much, then makes a new file: its descriptor, or -errno. */
int journal_files_begin(struct journal_files *files, uint32_t sequence,
			char name[JOURNAL_NAME_MAX]);
/* A file that could not be begun. */
void journal_files_drop(struct journal_files *files, const char *name);

#endif /* SKUA_CAPTURE_JOURNAL_FILES_H */
