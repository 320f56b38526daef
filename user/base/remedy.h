/* SPDX-License-Identifier: BSD-2-Clause */
/* What to say of a file that cannot be read or written: why, and what helps. */
#ifndef SKUA_BASE_REMEDY_H
#define SKUA_BASE_REMEDY_H

#include <stdbool.h>

/* Constant text, or strerror()'s, for a negative errno; -ENOTSUP is of kept_file_check(). */
const char *remedy_reason(int err);
/* Constant text: what to do when a file or folder cannot be read. */
const char *remedy_read(int err);
/* The same when it cannot be written. */
const char *remedy_write(int err);
/* What was named is not what it should be; the machine does its part. */
bool remedy_is_another_name(int err);

#endif /* SKUA_BASE_REMEDY_H */
