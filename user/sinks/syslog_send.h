/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends messages to a syslog server, in a process of its own (sender.h).  A
 * message is kept until the system knows no more against it: over TCP until
 * the other side's system has confirmed it, over UDP a moment, in which "port
 * unreachable" may come.  Then it counts as delivered, although no server of
 * syslog ever says that it has read one (RFC 6587, 5).
 */
#ifndef SKUA_SINKS_SYSLOG_SEND_H
#define SKUA_SINKS_SYSLOG_SEND_H

#include "sinks/sender.h"
#include "sinks/syslog_target.h"

/* A sender_run_fn: target is a struct syslog_target. */
void syslog_send(struct sender_end *end, void *target);

#endif /* SKUA_SINKS_SYSLOG_SEND_H */
