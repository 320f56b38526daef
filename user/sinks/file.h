/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as JSON lines at the end of a file that others may rotate: each is
 * one write, and at SIGHUP the name is opened anew, the old file being let go
 * only when there is a new one.  A failure is counted and is nobody else's.
 */
#ifndef SKUA_SINKS_FILE_H
#define SKUA_SINKS_FILE_H

#include "base/privs.h"
#include "report/sink.h"
#include "report/sink_tally.h"

struct file_sink;

/* Appends; a file that is made becomes the account's, if there is one (may be NULL).  The path must
 * outlive it.  0 or -errno. */
int file_sink_open(struct file_sink **out, const char *path, const struct sink_envelope *envelope,
		   const struct privs_account *account);
struct sink *file_sink_get(struct file_sink *file); /* borrowed; close has no effect on file */
/* 0, or -errno: what was open stays open. */
int file_sink_reopen(struct file_sink *file);
void file_sink_tally(const struct file_sink *file, struct sink_tally *out);
/* 0, or the last -errno of a write. */
int file_sink_error(const struct file_sink *file);
void file_sink_close(struct file_sink *file);

#endif /* SKUA_SINKS_FILE_H */
