/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One live run from attaching to the summary.  Everything that needs a
 * privilege is done at its beginning, together, then the process confines
 * itself and loops.
 */
#ifndef SKUA_RUN_RUN_SESSION_H
#define SKUA_RUN_RUN_SESSION_H

#include <signal.h>
#include "run/run_settings.h"

/* Runs until *stopped is set by a signal, or a limit is reached.  Messages have been logged. */
int run_session(struct run_settings *settings, const volatile sig_atomic_t *stopped);

#endif /* SKUA_RUN_RUN_SESSION_H */
