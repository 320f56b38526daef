/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that watches an API server for a live agent: so that no server
 * can hold up a worker, and so that the worker needs no network and no token.
 * It has no capability and the worker's account, and ends when the worker does.
 */
#ifndef SKUA_KUBE_WATCHER_H
#define SKUA_KUBE_WATCHER_H

#include <sys/types.h>
#include "base/privs.h"
#include "kube/watch.h"

#define WATCHER_END_MS 500

struct watcher {
	pid_t pid;           /* 0: there is none */
	int lifeline;        /* it ends when our end is closed */
	struct board *board; /* NULL: pods are not watched */
};

/*
 * Forks it: to be called while there is one thread, before privs_confine().
 * The texts of options must last until it returns; its stops are not used.
 * 0, or -errno and one line.
 */
int watcher_start(struct watcher *watcher, const struct watch_options *options,
		  const struct privs_account *account, char error[REQUEST_ERROR]);
/* Who has the address, as pod_find_fn; arg: the watcher. */
bool watcher_find(void *arg, const struct address *address, struct pod *out);
/* Now and then: false once, when it has ended by itself. */
bool watcher_lives(struct watcher *watcher);
/* Tells it to end at once: pods are named as last known. */
void watcher_tell_end(struct watcher *watcher);
/* The same, and waits for it; one that hangs is killed.  Works in a confined worker. */
void watcher_close(struct watcher *watcher);

#endif /* SKUA_KUBE_WATCHER_H */
