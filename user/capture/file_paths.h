/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that the arguments of a command stand for: a directory stands for what lies in it. */
#ifndef SKUA_CAPTURE_FILE_PATHS_H
#define SKUA_CAPTURE_FILE_PATHS_H

#include <stdbool.h>
#include "capture/file_stream.h"

#define FILE_PATHS_MAX 65535 /* a frame tells its file in 16 bits */

struct file_path {
	char *path;
	bool found; /* in a directory: need not be a capture */
};

struct file_paths {
	struct file_path *list;
	unsigned int count, capacity;
};

/*
 * Directories: their regular files in the order of their names' bytes, not
 * those whose names begin with a dot, nor what lies deeper.  -ENOENT, -E2BIG,
 * -ENOMEM and so on, and one line in error.
 */
int file_paths_init(struct file_paths *paths, const char *const *arguments, unsigned int count,
		    char error[FILE_ERROR_SIZE]);
void file_paths_fini(struct file_paths *paths);

#endif /* SKUA_CAPTURE_FILE_PATHS_H */
