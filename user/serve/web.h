/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /metrics, /healthz and /readyz over HTTP, by libmicrohttpd in the worker's
 * own loop: no thread, at most WEB_CLIENTS connections, WEB_TIMEOUT_S for each
 * question and its answer, however it drips; a connection beyond waits in the
 * kernel.  Answers are made at most once a second.  Without TLS and passwords,
 * so meant for loopback or a Unix socket; they tell counters and names of
 * interfaces, and nothing of who talks to whom.
 */
#ifndef SKUA_SERVE_WEB_H
#define SKUA_SERVE_WEB_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define WEB_CLIENTS 16
#define WEB_TIMEOUT_S 5

struct web_ops {
	void *arg;
	/* Writes the page, or nothing: no memory; open: OpenMetrics is understood. */
	void (*metrics)(void *arg, FILE *stream, bool open);
	/* The loop turns and packets can come.  NULL, or why not. */
	const char *(*unhealthy)(void *arg);
	/* Every interface that was asked for is watched.  NULL, or why not. */
	const char *(*unready)(void *arg);
};

struct web;

/* Is it built in? */
bool web_available(void);
/*
 * address: "PORT", "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:PATH", whose
 * socket replaces a dead one, and goes at the end where the account may remove it.  uid, gid: who
 * shall own that; -1: nobody else. 0 or -errno (-EINVAL: no such address).  Opens sockets: before
 * privileges go.
 */
int web_open(struct web **out, const char *address, const struct web_ops *ops, uid_t uid,
	     gid_t gid);
/* To be waited on: readable when there is something to do. */
int web_fd(const struct web *web);
/* Does what can be done at once; also once a second. */
void web_poll(struct web *web);
/* NULL is fine. */
void web_close(struct web *web);

#endif /* SKUA_SERVE_WEB_H */
