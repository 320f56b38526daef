/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what is wrong with an agent that was asked. */
#ifndef SKUA_CLIENT_AGENT_ERROR_H
#define SKUA_CLIENT_AGENT_ERROR_H

#include "serve/client.h"

#define AGENT_TIMEOUT_MS 2000

/* Logs what the error of a client_...() means, and what helps. */
void agent_error_say(const struct client *client, int err);

#endif /* SKUA_CLIENT_AGENT_ERROR_H */
