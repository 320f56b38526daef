/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes a shell complete commands and their options, made from the tables of options. */
#ifndef SKUA_OPTION_COMPLETION_H
#define SKUA_OPTION_COMPLETION_H

#include <stdio.h>
#include "option/options.h"

struct completion_command {
	const char *name, *help;
	const struct option_command *options; /* NULL: --help is all there is */
};

/* commands: ended by a NULL name. */
typedef void completion_fn(FILE *stream, const struct completion_command *commands);

completion_fn completion_bash, completion_zsh, completion_fish;

#endif /* SKUA_OPTION_COMPLETION_H */
