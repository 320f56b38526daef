/* SPDX-License-Identifier: BSD-2-Clause */
/* One finding as a message of syslog: RFC 5424. */
#ifndef SKUA_SINKS_SYSLOG_LINE_H
#define SKUA_SINKS_SYSLOG_LINE_H

#include <sys/types.h>
#include "report/finding.h"

#define SYSLOG_LINE 8192 /* bytes of the longest */
/* Those that a program like this may use; syslog_facility() has their numbers. */
#define SYSLOG_FACILITIES                                                                          \
	"daemon auth authpriv user local0 local1 local2 local3 local4 local5 local6 local7"

struct syslog_origin {
	unsigned facility; /* RFC 5424, 6.2.1 */
	const char *host;  /* NULL: not said */
	pid_t pid;
};

/* The number of the choice-th of SYSLOG_FACILITIES. */
unsigned syslog_facility(unsigned choice);

/*
 * Writes at most limit bytes (1024 to SYSLOG_LINE) without a final zero, one line:
 * controls are escaped.  What does not fit is cut from the sentence at the end,
 * which then ends in "...", and truncated="yes" says so.  Returns the length.
 */
size_t syslog_line_write(char to[SYSLOG_LINE], size_t limit, const struct syslog_origin *origin,
			 const struct finding *finding, bool *truncated);

#endif /* SKUA_SINKS_SYSLOG_LINE_H */
