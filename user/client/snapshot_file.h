/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a snapshot is written: standard output, or a file that is there whole or not at all. */
#ifndef SKUA_CLIENT_SNAPSHOT_FILE_H
#define SKUA_CLIENT_SNAPSHOT_FILE_H

#include <limits.h>
#include <stdio.h>

struct snapshot_file {
	FILE *stream;
	const char *path;    /* borrowed */
	char part[PATH_MAX]; /* what becomes the file at its end; empty: there is no such thing */
};

/*
 * path: "-" for standard output; what exists and is no file (a pipe, a device)
 * is written to as it is.  0 or -errno; -ENOTTY: it is a terminal.
 */
int snapshot_file_open(struct snapshot_file *file, const char *path);
/* Flushes, and puts the file in its place: 0 or -errno, and then nothing is left. */
int snapshot_file_commit(struct snapshot_file *file);
/* Leaves nothing behind. */
void snapshot_file_abandon(struct snapshot_file *file);

#endif /* SKUA_CLIENT_SNAPSHOT_FILE_H */
