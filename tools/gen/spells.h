/* SPDX-License-Identifier: BSD-2-Clause */
/* Spells of one length within an actor's time, such as "2x30m": an operator at work, a server down.
 */
#ifndef SKUA_GEN_SPELLS_H
#define SKUA_GEN_SPELLS_H

#include "actor.h"

enum spells_of { SPELLS_TASKING, SPELLS_OUTAGE }; /* so that the two lie at different times */

/* "2x30m": 0 or -EINVAL. */
int value_spells(struct spells *spells, const char *text);
/* When the index-th begins: anywhere within its equal part of the actor's time, the same for all of
 * its hosts.  Only once the actor has been started. */
uint64_t spells_begin(const struct spells *spells, const struct actor *actor, enum spells_of what,
		      unsigned index);
/* The number of the one that covers a time, or -1. */
int spells_at(const struct spells *spells, const struct actor *actor, enum spells_of what,
	      uint64_t at_ns);

#endif /* SKUA_GEN_SPELLS_H */
