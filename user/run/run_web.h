/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live run tells to Prometheus and to whoever asks whether it is well. */
#ifndef SKUA_RUN_RUN_WEB_H
#define SKUA_RUN_RUN_WEB_H

#include "base/privs.h"
#include "run/run_state.h"

/* Listens, if that is wanted; 0 or -errno, logged. */
int run_web_open(struct run *run, const struct privs_account *account);

#endif /* SKUA_RUN_RUN_WEB_H */
