/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of actors: one table of names, targets and what a value must look like. */
#ifndef SKUA_GEN_OPTIONS_H
#define SKUA_GEN_OPTIONS_H

#include "actor.h"

#define OPTION_COMPLAINT 512

/*
 * Reads words ("every", "300s", ...) into the spec of an actor whose kind is
 * set and takes the allowed ones (a list of words; NULL: all).  0, or -EINVAL with the reason and
 * the remedy in complaint.
 */
int options_read(struct actor *actor, const char *allowed, char *const *words, unsigned count,
		 char complaint[OPTION_COMPLAINT]);

#endif /* SKUA_GEN_OPTIONS_H */
