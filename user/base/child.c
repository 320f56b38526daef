// SPDX-License-Identifier: BSD-2-Clause
/* Waits for a process of ours, but not for ever. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "base/child.h"

#define LOOK_MS 5

/* false: it is still there. */
static bool waited(pid_t pid, unsigned wait_ms)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000 };

	for (unsigned ms = 0;; ms += LOOK_MS) {
		pid_t got = waitpid(pid, NULL, WNOHANG);

		if (got > 0 || (got < 0 && errno != EINTR))
			return true;
		if (ms >= wait_ms)
			return false;
		nanosleep(&pause, NULL);
	}
}

bool child_end(pid_t pid, unsigned wait_ms)
{
	if (pid <= 0 || waited(pid, wait_ms))
		return true;
	/* A confined worker may send signals in this way only. */
	tgkill(pid, pid, SIGKILL);
	waited(pid, CHILD_KILL_MS);
	return false;
}
