/* SPDX-License-Identifier: BSD-2-Clause */
/* What the other methods say of harmless traffic. */
#ifndef TESTS_EVAL_MIX_RIVALS_H
#define TESTS_EVAL_MIX_RIVALS_H

#include "mix.h"
#include "runner.h"

/*
 * RITA by (client inside, server outside), as it counts no others; the simple
 * rule by (client, server, port).  0 or -ENOMEM.
 */
int mix_rivals(const struct mix *mix, struct verdict *verdict);

#endif /* TESTS_EVAL_MIX_RIVALS_H */
