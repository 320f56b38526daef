/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One pass over captures for the commands that ask one question each: reads
 * frames, puts conversations in order, shows both to an analyst, prints rows.
 */
#ifndef SKUA_ANALYST_SESSION_H
#define SKUA_ANALYST_SESSION_H

#include <stddef.h>
#include "analyze/analyst.h"
#include "options.h"

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

#endif /* SKUA_ANALYST_SESSION_H */
