/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes a file of suppressions: one line comes or goes, the others stay as a person wrote them.
 */
#ifndef SKUA_SESSION_SUPPRESS_FILE_H
#define SKUA_SESSION_SUPPRESS_FILE_H

#include "report/suppressions.h"

/* 0 or -errno.  The file need not be there yet. */
int suppress_file_add(const char *path, const struct suppression *rule);
/* -ENOENT: there is no such rule. */
int suppress_file_remove(const char *path, const char *id);

#endif /* SKUA_SESSION_SUPPRESS_FILE_H */
