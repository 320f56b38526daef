/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One pass over captures for the commands of analysts: reads frames, puts
 * conversations in order, shows both to one analyst or several, prints rows.
 */
#ifndef SKUA_ANALYST_ANALYST_SESSION_H
#define SKUA_ANALYST_ANALYST_SESSION_H

#include <stddef.h>
#include "analyze/analyst.h"
#include "option/options.h"

/* What all of these commands take; the first member of their settings. */
struct analyst_settings {
	const char *read;
	int format, progress;
	bool no_tunnels, numeric;
};

/* Rows for the beginning of a command's table of options. */
#define ANALYST_OPTIONS                                                                            \
	{ "read",      'r',                                                                        \
	  OPTION_TEXT, offsetof(struct analyst_settings, read),                                    \
	  "FILE",      "a capture file, or - for a pipe" },                                        \
		{ "format",                                                                        \
		  0,                                                                               \
		  OPTION_CHOICE,                                                                   \
		  offsetof(struct analyst_settings, format),                                       \
		  "auto json table csv",                                                           \
		  "how rows are printed" },                                                        \
		{ "no-tunnels", 0,                                                                 \
		  OPTION_FLAG,  offsetof(struct analyst_settings, no_tunnels),                     \
		  NULL,         "do not look inside VXLAN, Geneve, GRE, GTP-U and IP in IP" },     \
		{ "progress",                                                                      \
		  0,                                                                               \
		  OPTION_CHOICE,                                                                   \
		  offsetof(struct analyst_settings, progress),                                     \
		  "auto always never json",                                                        \
		  "progress on stderr" },                                                          \
	{                                                                                          \
		"numeric", 'n', OPTION_FLAG, offsetof(struct analyst_settings, numeric), NULL,     \
			"accepted for tcpdump's sake: addresses are never resolved"                \
	}

/*
 * Reads FILE... [FILTER] from argv on, to the end; closes the analyst.  An
 * exit status: failures have been logged.
 */
int analyst_session(const struct analyst_settings *settings, int argc, char **argv,
		    struct analyst *analyst);

/* Somebody interrupted it: what was written tells of a part of the input. */
bool analyst_session_is_stopped(void);

/* An analyst, and where he writes. */
struct analyst_seat {
	struct analyst *analyst;
	FILE *stream; /* the caller's */
	enum answers_format format;
	int error; /* set at the end: -errno when a row could not be written */
};

/*
 * The same for several in one pass.  An exit status; whether rows were written
 * is in the seats.  The first error of any ends the pass.
 */
int analyst_session_all(const struct analyst_settings *settings, int argc, char **argv,
			struct analyst_seat *seats, unsigned count);

#endif /* SKUA_ANALYST_ANALYST_SESSION_H */
