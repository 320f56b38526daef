/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to who may ask the agent for what. */
#ifndef SKUA_RUN_READERS_SETUP_H
#define SKUA_RUN_READERS_SETUP_H

#include "option/options.h"
#include "serve/readers.h"

/* unnamed: as of policy_setup().  -1, or the exit status: it was logged. */
int readers_setup(const struct option_texts *rows, const char *unnamed, struct readers *out);

#endif /* SKUA_RUN_READERS_SETUP_H */
