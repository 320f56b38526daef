/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a service manager is told by the protocol of sd_notify(3): that we are
 * ready, what we do, that we are still alive.  Where nobody asked to be told,
 * every word here does nothing.  One thread only.
 */
#ifndef SKUA_BASE_NOTIFY_H
#define SKUA_BASE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "base/log.h"

struct notify {
	int fd; /* -1: nobody listens */
	struct sockaddr_un to;
	socklen_t to_length;
	uint64_t beat_ns; /* a sign of life so often; 30 s where nobody waits for one */
	uint64_t next_ns; /* CLOCK_MONOTONIC: when the next is due */
};

/* Who listens, by NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; a socket is needed, so it comes
 * before confinement.  0, also when nobody does, or -errno: EAFNOSUPPORT, EINVAL: an address that
 * cannot be understood. */
int notify_init(struct notify *notify);
void notify_fini(struct notify *notify);

/* One message, lines of NAME=VALUE.  A listener that is busy is waited for a tenth of a second.  0
 * or -errno: it did not get there. */
int notify_say(const struct notify *notify, const char *format, ...) skua_printf(2, 3);

/* True once per interval: now is the time for a sign of life. */
bool notify_due(struct notify *notify, uint64_t now_ns);

#endif /* SKUA_BASE_NOTIFY_H */
