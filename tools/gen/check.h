/* SPDX-License-Identifier: BSD-2-Clause */
/* What no single option can see: whether an actor's options are complete and go together. */
#ifndef SKUA_GEN_CHECK_H
#define SKUA_GEN_CHECK_H

#include "options.h"
#include "scenario.h"

/* Also takes from the scenario what the line leaves out.  0, or -EINVAL with a complaint. */
int actor_check(const struct scenario *scenario, struct actor *actor,
		char complaint[OPTION_COMPLAINT]);

#endif /* SKUA_GEN_CHECK_H */
