/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a syslog server is, as people write it. */
#ifndef SKUA_SINKS_SYSLOG_TARGET_H
#define SKUA_SINKS_SYSLOG_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum syslog_transport { SYSLOG_UDP, SYSLOG_TCP, SYSLOG_UNIX };

struct syslog_target {
	enum syslog_transport transport;
	char host[256]; /* or the path of a socket */
	char port[8];
};

/* "udp://HOST:PORT", "tcp://[ADDRESS]:PORT", "unix:PATH"; without a port 514, 601 with TCP.  0 or
 * -EINVAL. */
int syslog_target_parse(struct syslog_target *out, const char *text);
/* Bytes of the longest message that goes there without a second thought. */
size_t syslog_target_limit(const struct syslog_target *target);

#endif /* SKUA_SINKS_SYSLOG_TARGET_H */
