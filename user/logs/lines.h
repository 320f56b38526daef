/* SPDX-License-Identifier: BSD-2-Clause */
/* Where lines of logs go: one stream, or a file for each log in a directory. */
#ifndef SKUA_LOGS_LINES_H
#define SKUA_LOGS_LINES_H

#include "base/json.h"
#include "logs/logs.h"

struct lines {
	FILE *files[LOG_KINDS]; /* in a directory; with EVE all are the first */
	bool owned;
	struct json json; /* of the line that is being written */
	uint64_t count;
	int error; /* -errno of the first that could not be written */
};

/* 0 or -errno; the file's name in error. */
int lines_open(struct lines *lines, const struct logs_options *options,
	       char error[LOGS_ERROR_SIZE]);
/* 0, or -errno of the first line that could not be written. */
int lines_close(struct lines *lines);
/* A line of this log begins: an object is open. */
struct json *lines_begin(struct lines *lines, enum log_kind kind);
void lines_end(struct lines *lines);
void lines_flush(struct lines *lines);

#endif /* SKUA_LOGS_LINES_H */
