/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a running agent over its control socket. */
#ifndef SKUA_SERVE_CLIENT_H
#define SKUA_SERVE_CLIENT_H

#include "serve/protocol.h"

/*
 * The agent's view, checked; waits no longer than so many milliseconds, and
 * asks again while the agent is busy.  0 or -errno:
 *   -ENOENT, -ECONNREFUSED  nobody listens there
 *   -EACCES                 not for this account
 *   -EPROTONOSUPPORT        another version, set in *version
 *   -ETIMEDOUT, -EBUSY      it hangs; it had others to serve all the time
 *   -ECONNRESET, -EBADMSG   it went away amid its reply; its reply is none
 */
int client_status(const char *path, int timeout_ms, struct status_view *out, unsigned *version);

#endif /* SKUA_SERVE_CLIENT_H */
