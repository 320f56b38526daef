/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small file that is replaced as a whole, so that whoever reads it finds the
 * old one or the new one, whenever the writer was killed or the power went.
 * The folder is kept open: later rights need only be enough to write there.
 * One writer.
 */
#ifndef SKUA_BASE_KEPT_FILE_H
#define SKUA_BASE_KEPT_FILE_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#define KEPT_FILE_NAME (NAME_MAX + 1)
#define KEPT_FILE_NAME_LENGTH 240 /* so that there is room for an ending */

struct kept_file {
	int dir;
	char name[KEPT_FILE_NAME_LENGTH], part[KEPT_FILE_NAME];
};

/*
 * uid, gid: who will write, or -1.  0, or -errno: -EACCES the folder is not
 * theirs, -ENAMETOOLONG, -EISDIR path names no file, -ENOTSUP it names a device, pipe or socket. It
 * need not be there yet.
 */
int kept_file_open(struct kept_file *file, const char *path, uid_t uid, gid_t gid);
/* 0, or -EISDIR or -ENOTSUP: a file must not take the place of what is there. */
int kept_file_check(const char *path);
void kept_file_close(struct kept_file *file);
/* *bytes is to be freed.  0, -ENOENT there is none, -EFBIG longer than max, or -errno. */
int kept_file_read(const struct kept_file *file, size_t max, void **bytes, size_t *size);
/* 0, or -errno and the old one is there. */
int kept_file_write(const struct kept_file *file, const void *bytes, size_t size, mode_t mode);
/* Gives it another name, told in aside, and never that of another file: 0 or -errno. */
int kept_file_set_aside(const struct kept_file *file, char aside[KEPT_FILE_NAME]);

#endif /* SKUA_BASE_KEPT_FILE_H */
