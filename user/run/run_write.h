/* SPDX-License-Identifier: BSD-2-Clause */
/* skua run -w: whole packets into files, as tcpdump does; nothing is judged. */
#ifndef SKUA_RUN_RUN_WRITE_H
#define SKUA_RUN_RUN_WRITE_H

#include <signal.h>
#include "run/run_settings.h"

/* As run_session(). */
int run_write(const struct run_settings *settings, const volatile sig_atomic_t *stopped);

#endif /* SKUA_RUN_RUN_WRITE_H */
