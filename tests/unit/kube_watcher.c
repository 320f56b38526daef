// SPDX-License-Identifier: BSD-2-Clause
/* The process that watches pods ends with whoever started it, also when something holds it. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "kube/watcher.h"
#include "tap.h"

#define END_S 40 /* of the second that it may take, on a busy machine */

static const struct watch_options options = { .request = { .server = "https://127.0.0.1:1" },
					      .node = "here" };
static const struct privs_account nobody_else = { .change = false };

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Seconds that its end took; less than 0: it cannot be started. */
static double end(bool held, pid_t *pid)
{
	char error[REQUEST_ERROR] = "";
	struct watcher watcher;
	double begun;

	fflush(stdout);
	if (watcher_start(&watcher, &options, &nobody_else, error)) {
		printf("# %s\n", error);
		return -1;
	}
	*pid = watcher.pid;
	if (held)
		kill(watcher.pid, SIGSTOP);
	begun = now_s();
	watcher_tell_end(&watcher);
	watcher_close(&watcher);
	ok(!watcher.pid && !watcher.board && watcher.lifeline < 0, "closed, nothing is left of it");
	return now_s() - begun;
}

int main(void)
{
	double took;
	pid_t pid;

	alarm(300);
	took = end(false, &pid);
	if (took < 0) {
		skip("who watches pods", "this skua cannot");
		return done();
	}
	ok(took < END_S && waitpid(pid, NULL, 0) < 0 && errno == ECHILD, "told to, it ends");
	took = end(true, &pid);
	ok(took < END_S && waitpid(pid, NULL, 0) < 0 && errno == ECHILD,
	   "one that hangs is killed");
	return done();
}
