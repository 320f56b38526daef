/* SPDX-License-Identifier: BSD-2-Clause */
/* A sink that makes a message of each finding and hands it to a process that sends. */
#ifndef SKUA_SINKS_REMOTE_H
#define SKUA_SINKS_REMOTE_H

#include "report/sink.h"
#include "sinks/sender.h"
#include "sinks/syslog_line.h"

struct remote;

/* Both own sender, even when they fail: 0 or -ENOMEM. */
int remote_open_syslog(struct remote **out, struct sender *sender,
		       const struct syslog_origin *origin, size_t limit);
int remote_open_json(struct remote **out, struct sender *sender,
		     const struct sink_envelope *envelope);
struct sink *remote_sink(struct remote *remote); /* borrowed; close has no effect on remote */
struct sender *remote_sender(struct remote *remote);
void remote_tally(const struct remote *remote, struct sink_tally *out);
/* Messages whose sentence was cut, and which say so. */
uint64_t remote_truncated(const struct remote *remote);
void remote_close(struct remote *remote);

#endif /* SKUA_SINKS_REMOTE_H */
