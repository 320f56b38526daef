/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes a shell complete commands and their options, made from the tables of options. */
#ifndef SKUA_COMPLETION_H
#define SKUA_COMPLETION_H

#include <stdio.h>
#include "options.h"

struct completion_command {
	const char *name, *help;
	const struct option_command *options; /* NULL: --help is all there is */
};

/* commands: ended by a NULL name. */
typedef void completion_fn(FILE *stream, const struct completion_command *commands);

completion_fn completion_bash, completion_zsh, completion_fish;

/* What may stand behind an option. */
enum completion_kind { COMPLETION_NOTHING, COMPLETION_WORDS, COMPLETION_FILES, COMPLETION_FREE };
enum completion_kind completion_kind(const struct option_row *row);
/* In single quotes for a shell: \ and ' are escaped as fish needs it, others as POSIX does. */
void completion_quote(FILE *stream, const char *text, const char *quote_escaped,
		      const char *backslash);

#endif /* SKUA_COMPLETION_H */
