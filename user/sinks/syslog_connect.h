/* SPDX-License-Identifier: BSD-2-Clause */
/* A socket to a syslog server. */
#ifndef SKUA_SINKS_SYSLOG_CONNECT_H
#define SKUA_SINKS_SYSLOG_CONNECT_H

#include "sinks/syslog_target.h"

/* The attempt-th address of the server, in turn: a socket that is connected, or over TCP about to
 * be, or -errno; may wait for a resolver. */
int syslog_connect(const struct syslog_target *target, unsigned attempt);

#endif /* SKUA_SINKS_SYSLOG_CONNECT_H */
