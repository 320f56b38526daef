/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where findings go beside standard output: a file, a syslog server, a web
 * server.  The worker only formats and hands over, and never waits; what talks
 * to a network is a process of its own for each (sender.h).  Nothing here
 * judges, and what fails is counted and stops nobody.  This file: how long to
 * wait before another try, twice as long each time up to a bound, less a
 * random part, so that many agents do not come back at once.
 */
#ifndef SKUA_SINKS_BACKOFF_H
#define SKUA_SINKS_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 250
#define BACKOFF_LAST_MS 60000

struct backoff {
	unsigned failures; /* in a row */
};

/* One more has failed: milliseconds to wait, from half of the step to all of it.  random: 32 bits
 * of it. */
uint32_t backoff_next(struct backoff *backoff, uint32_t random);
void backoff_reset(struct backoff *backoff);

#endif /* SKUA_SINKS_BACKOFF_H */
