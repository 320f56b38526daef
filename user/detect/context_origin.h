/* SPDX-License-Identifier: BSD-2-Clause */
/* Who on this machine did what a finding is about, and what that explains. */
#ifndef SKUA_DETECT_CONTEXT_ORIGIN_H
#define SKUA_DETECT_CONTEXT_ORIGIN_H

#include "detect/context.h"

/* Sets finding->origin, if somebody is known.  The entities of the finding are set. */
void context_origin(const struct surroundings *around, struct finding *finding);

/* The same for one that context has no say in. */
void context_origin_of(const struct context *context, struct finding *finding);

/* The pair was opened by a unit that is listed, and by nobody else. */
context_rule_fn context_known_unit;

#endif /* SKUA_DETECT_CONTEXT_ORIGIN_H */
