// SPDX-License-Identifier: BSD-2-Clause
/* Waits between two questions to an agent. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include "client/follow.h"

#define PAUSE_MS 1000

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

void follow_begin(void)
{
	/* Without SA_RESTART, so that the pause ends at once. */
	static const struct sigaction stopping = { .sa_handler = stop };

	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
}

bool follow_is_stopped(void)
{
	return stopped;
}

bool follow_wait(int fd)
{
	/* No event is asked for: a pipe without a reader says POLLERR all the same. */
	struct pollfd waited = { .fd = fd };

	return !stopped && !poll(&waited, 1, PAUSE_MS) && !stopped;
}

bool follow_may_pass(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED || err == -ECONNRESET || err == -ETIMEDOUT ||
	       err == -EBUSY;
}
