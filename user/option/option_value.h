/* SPDX-License-Identifier: BSD-2-Clause */
/* One value of one option: from text into settings, out again, and what is wrong with it. */
#ifndef SKUA_OPTION_OPTION_VALUE_H
#define SKUA_OPTION_OPTION_VALUE_H

#include <stdio.h>
#include "option/options.h"

#define OPTION_WHY 400 /* room for option_explain() */

/* The greatest number that the option takes. */
uint64_t option_max(const struct option_row *row);
/* May it be said more than once? */
bool option_is_list(const struct option_row *row);
/* Forgets the elements of a list; other values are not touched. */
void option_clear(const struct option_row *row, void *settings);
/*
 * row is one of command's; text is borrowed for as long as settings are used
 * (NULL: a flag without a value).  What a list held from another layer is gone
 * before.  0; -EINVAL; or -ENOSPC: the list is full.
 */
int option_set(const struct option_command *command, const struct option_row *row, void *settings,
	       struct option_origins *origins, enum option_layer layer, const char *text);
/* What is wrong with text, which was refused with err, as a piece of a sentence.  Returns why. */
const char *option_explain(const struct option_row *row, int err, const char *text,
			   char why[OPTION_WHY]);
/* Do both settings hold the same? */
bool option_equal(const struct option_row *row, const void *a, const void *b);
/* Takes the value of another settings. */
void option_copy(const struct option_row *row, void *to, const void *from);
/* Has it a value at all? */
bool option_is_set(const struct option_row *row, const void *settings);
/* As YAML, on one line, without its name; it has a value. */
void option_write(const struct option_row *row, const void *settings, FILE *stream);

#endif /* SKUA_OPTION_OPTION_VALUE_H */
