// SPDX-License-Identifier: BSD-2-Clause
/* Starts and ends the process that watches an API server. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/child.h"
#include "base/log.h"
#include "kube/watcher.h"

#define NICE 10 /* names may be late; capture may not */

/* SIGTERM and the lifeline are ways to stop; a Ctrl-C is for the worker, who closes the lifeline.
 */
static int watcher_main(struct watch_options options, struct board *board,
			const struct privs_account *account, int lifeline)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	char error[REQUEST_ERROR];
	sigset_t signals;
	int err;

	/* What the worker has open is none of its business, and must not stay open after it. */
	if (lifeline != STDERR_FILENO + 1) {
		dup2(lifeline, STDERR_FILENO + 1);
		lifeline = STDERR_FILENO + 1;
	}
	close_range(lifeline + 1, ~0U, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGUSR1, &ignore, NULL);
	options.request.stops[0] = lifeline;
	options.request.stops[1] = signalfd(-1, &signals, SFD_CLOEXEC);
	if (nice(NICE) < 0)
		errno = 0;
	err = privs_drop(account);
	if (err) {
		log_error("who watches pods cannot give up privileges: %s", strerror(-err));
		return 1;
	}
	err = watch_run(&options, board, error);
	if (err)
		log_error("pods cannot be watched: %s", error);
	return err ? 1 : 0;
}

/* What can be known before there is another process is said at once. */
static int try(const struct watch_options *options, char error[REQUEST_ERROR])
{
	struct request *request = NULL;
	int err = request_open(&request, &options->request, error);

	request_close(request);
#ifndef HAVE_JANSSON
	if (!err)
		snprintf(error, REQUEST_ERROR,
			 "built without jansson: install libjansson-dev and build again");
	err = err ? err : -EOPNOTSUPP;
#endif
	return err;
}

int watcher_start(struct watcher *watcher, const struct watch_options *options,
		  const struct privs_account *account, char error[REQUEST_ERROR])
{
	struct board *board = NULL;
	int ends[2] = { -1, -1 };
	int err = try(options, error);
	pid_t pid;

	*watcher = (struct watcher){ .lifeline = -1 };
	if (err)
		return err;
	err = board_open(&board);
	if (!err && pipe2(ends, O_CLOEXEC))
		err = -errno;
	if (err)
		goto out;
	pid = fork();
	if (!pid)
		_exit(watcher_main(*options, board, account, ends[0]));
	if (pid < 0) {
		err = -errno;
		close(ends[1]);
		goto out;
	}
	*watcher = (struct watcher){ .pid = pid, .lifeline = ends[1], .board = board };
out:
	if (err) {
		snprintf(error, REQUEST_ERROR, "cannot start who watches them: %s", strerror(-err));
		board_close(board);
	}
	if (ends[0] >= 0)
		close(ends[0]);
	return err;
}

bool watcher_find(void *arg, const struct address *address, struct pod *out)
{
	const struct watcher *watcher = arg;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return watcher->board &&
	       board_find(watcher->board, address, now.tv_sec * 1000000000ull + now.tv_nsec, out);
}

bool watcher_lives(struct watcher *watcher)
{
	if (watcher->pid <= 0 || waitpid(watcher->pid, NULL, WNOHANG) <= 0)
		return true;
	watcher->pid = 0;
	close(watcher->lifeline);
	watcher->lifeline = -1;
	board_lost(watcher->board);
	return false;
}

void watcher_tell_end(struct watcher *watcher)
{
	if (watcher->pid > 0 && watcher->lifeline >= 0)
		close(watcher->lifeline);
	watcher->lifeline = -1;
}

void watcher_close(struct watcher *watcher)
{
	watcher_tell_end(watcher);
	/* A resolver may hold it. */
	if (!child_end(watcher->pid, WATCHER_END_MS))
		log_warning("who watches pods does not end, and is killed");
	board_close(watcher->board);
	*watcher = (struct watcher){ .lifeline = -1 };
}
