/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a journal, in the order in which they were written, run after run. */
#ifndef SKUA_CAPTURE_JOURNAL_LIST_H
#define SKUA_CAPTURE_JOURNAL_LIST_H

#include "capture/file_paths.h"
#include "capture/journal_format.h"

struct journal_file {
	const char *path; /* the list's */
	uint64_t start_ns, run_id;
	uint32_t sequence;
};

struct journal_list {
	struct file_paths paths;
	struct journal_file *files; /* sorted */
	unsigned count;
	unsigned refused; /* found, but of another version or machine; each was logged */
};

/*
 * Reads the beginning of each file.  What is found in directories and is no
 * journal is skipped and said; what was named must be one.  On failure -errno
 * and one line in error.
 */
int journal_list_init(struct journal_list *list, const char *const *paths, unsigned count,
		      uint32_t fact_size, char error[FILE_ERROR_SIZE]);
void journal_list_fini(struct journal_list *list);

/*
 * Goes past the header and what follows it; the context, borrowed until the
 * stream is used again, may be NULL.  -EINVAL: no journal; -EPROTO: one that
 * this program must not read; -EBADMSG: a damaged header.  And why, in reason.
 */
int journal_list_header(struct file_stream *stream, uint32_t fact_size,
			struct journal_header *header, const uint8_t **context,
			char reason[FILE_ERROR_SIZE]);

/* A journal is named, or a directory that holds one.  Opens regular files and no others. */
bool journal_list_is_journal(const char *const *paths, unsigned count);

#endif /* SKUA_CAPTURE_JOURNAL_LIST_H */
