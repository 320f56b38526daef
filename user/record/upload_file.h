/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens files of a vault for reading, below its directory and nowhere else, and only as promised.
 */
#ifndef SKUA_RECORD_UPLOAD_FILE_H
#define SKUA_RECORD_UPLOAD_FILE_H

#include <stdint.h>
#include "record/upload_line.h"

#define UPLOAD_ANY_LENGTH UINT64_MAX

/* The sha256 of what is in fd, from its beginning.  0 or -errno. */
int upload_file_hash(int fd, char to[UPLOAD_HASH]);

/*
 * The descriptor of path, which has upload_path_is_snapshot()'s form or is the JSON beside it, when
 * it is a plain file of this length and hash; no link is followed.  -ENOENT: it is not there;
 * -EBADMSG: it is something else; or -errno.
 */
int upload_file_open(int dir, const char *path, uint64_t length, const char *sha256);

#endif /* SKUA_RECORD_UPLOAD_FILE_H */
