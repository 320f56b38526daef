/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking an API server, by libcurl: one question at a time over a connection
 * that is kept, the answer handed on as it comes.  The token's file is read
 * anew for each question, for tokens live for an hour.  Plain HTTP, redirections
 * and proxies are not followed: the token is for this server.
 */
#ifndef SKUA_KUBE_REQUEST_H
#define SKUA_KUBE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_ERROR 512 /* one line */
#define REQUEST_URL 8192
#define REQUEST_STOPS 2
#define REQUEST_ESCAPED(length) (3 * (length) + 1)

struct request_options {
	const char *server;       /* "https://10.96.0.1:443" */
	const char *token;        /* file, or NULL: none is sent */
	const char *ca;           /* file, or NULL: the system's */
	int stops[REQUEST_STOPS]; /* readable: stop; -1: none */
};

struct request;

/* Nothing, when a question begins to be answered with 200, then the answer in pieces; other than 0
 * ends it. */
typedef int request_chunk_fn(void *arg, const char *bytes, size_t length);

/* 0, or -errno and one line.  The texts of options must last. */
int request_open(struct request **out, const struct request_options *options,
		 char error[REQUEST_ERROR]);
void request_close(struct request *request);
/*
 * path: with its question mark.  limit_s: how long all of it may take, or 0: as
 * long as it goes on.  0 and status; -ECANCELED: told to stop; what chunk
 * returned; or -errno and one line.
 */
int request_get(struct request *request, const char *path, uint32_t limit_s,
		request_chunk_fn *chunk, void *arg, long *status, char error[REQUEST_ERROR]);
/* Waits; true: told to stop. */
bool request_wait(const struct request *request, uint32_t ms);
/* Percent encoding; false: it does not fit. */
bool request_escape(char *to, size_t size, const char *text);

#endif /* SKUA_KUBE_REQUEST_H */
