/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live run gives to those who ask over its control socket. */
#ifndef SKUA_RUN_RUN_CONTROL_H
#define SKUA_RUN_RUN_CONTROL_H

#include "run/run_state.h"

/* Opens the socket, if one is wanted, for the account that will serve.  The pipeline is open.
 * 0 or -errno, logged. */
int run_control_open(struct run *run, const struct privs_account *account);

#endif /* SKUA_RUN_RUN_CONTROL_H */
