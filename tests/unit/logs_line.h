/* SPDX-License-Identifier: BSD-2-Clause */
/* A line of a log while it is written, and the parts of messages that it tells of. */
#ifndef TESTS_LOGS_LINE_H
#define TESTS_LOGS_LINE_H

#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "dissect/cursor.h"

#define START 1795227069123456789ull /* 2026-11-21T02:11:09.123456789Z */
#define SECOND 1000000000ull

static char *said;
static FILE *stream;
static struct json json;

static inline void begin(void)
{
	static size_t size;

	free(said);
	stream = open_memstream(&said, &size);
	if (!stream)
		abort();
	json_init(&json, stream);
	json_open_object(&json, NULL);
}

static inline void end(void)
{
	json_close(&json);
	fclose(stream);
}

static inline bool is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# %s\n", said);
	return !strcmp(said, wanted);
}

static inline struct cursor part(const char *text)
{
	return (struct cursor){ (const uint8_t *)text, strlen(text) };
}

#endif /* TESTS_LOGS_LINE_H */
