// SPDX-License-Identifier: BSD-2-Clause
/* Messages for people, on standard error. */
#include <stdarg.h>
#include <stdio.h>
#include "base/log.h"

static enum log_level current = LOG_INFO;

void log_set_level(enum log_level level)
{
	current = level;
}

static void log_line(enum log_level level, const char *format, va_list args)
{
	char text[1024];

	if (level > current)
		return;
	vsnprintf(text, sizeof(text), format, args);
	/* One write, so that lines of several processes do not mix. */
	fprintf(stderr, "skua: %s\n", text);
}

#define LOG_FUNCTION(name, level)                                                                  \
	void name(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, format);                                                            \
		log_line(level, format, args);                                                     \
		va_end(args);                                                                      \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
