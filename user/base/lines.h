/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small text file that a person wrote, line by line: blank lines and those
 * that begin with # are passed over, blanks around a line are cut.  Hostile
 * bytes are refused, not repaired.
 */
#ifndef SKUA_BASE_LINES_H
#define SKUA_BASE_LINES_H

#include <stddef.h>

#define LINES_BYTES ((size_t)16 << 20) /* of a file: more is refused with -EFBIG */
#define LINES_LENGTH 1024              /* of a line, its end included */
#define LINES_SHOWN 80                 /* octets of a bad line that are kept to be shown */

struct lines_fault {
	unsigned line; /* from 1; 0: no line is at fault */
	const char *why;
	char text[LINES_SHOWN];
	size_t length;
};

/* One line, which may be changed: NULL, or what is wrong with it. */
typedef const char *lines_fn(void *arg, char *line);

/* 0; -EINVAL and *fault filled; or -errno: the file cannot be read. */
int lines_read(const char *path, lines_fn *take, void *arg, struct lines_fault *fault);
/* The same of text, which is changed; its end is a zero. */
int lines_take(char *text, size_t length, lines_fn *take, void *arg, struct lines_fault *fault);
/* Escaped, for a message; to: TEXT_ESCAPED(LINES_SHOWN).  Returns to. */
const char *lines_show(const struct lines_fault *fault, char *to);

#endif /* SKUA_BASE_LINES_H */
