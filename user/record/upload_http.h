/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts objects below a URL and gets them back, by libcurl: certificates are
 * checked, redirections are not followed, nothing is held in memory but what
 * is on its way, and whoever says stop is obeyed at once.
 */
#ifndef SKUA_RECORD_UPLOAD_HTTP_H
#define SKUA_RECORD_UPLOAD_HTTP_H

#include <stdio.h>
#include "record/upload_line.h"
#include "record/upload_target.h"

#define UPLOAD_STOPS 2
#define UPLOAD_REASON 200

struct upload_http;

struct upload_http_options {
	const struct upload_target *target; /* outlive it, as do the keys */
	const struct upload_keys *keys;
	const char *cacert;      /* NULL: those of the system */
	int stops[UPLOAD_STOPS]; /* -1, or what ends a transfer when it can be read or hangs up */
};

/* What is put: a file, or when fd is -1, bytes. */
struct upload_body {
	int fd;
	const char *bytes;
	uint64_t length;
	char sha256[UPLOAD_HASH];
};

struct upload_answer {
	long status;                /* 0: there was none */
	uint32_t retry_after_s;     /* the server's wish; 0: none */
	char reason[UPLOAD_REASON]; /* of a failure, in a few words, harmless on a screen */
};

/* "7.88.1", or NULL: this program was built without libcurl, and open says -EOPNOTSUPP. */
const char *upload_http_version(void);

int upload_http_open(struct upload_http **out, const struct upload_http_options *options);
void upload_http_close(struct upload_http *http);

/*
 * 0: the server has it; -ECANCELED: stopped; -EBADMSG: what was read was not what the hash is
 * of, and the last byte was not sent; -EFBIG: it will never take so much; else -EIO, and
 * answer says why.
 */
int upload_http_put(struct upload_http *http, const char *name, const struct upload_body *body,
		    struct upload_answer *answer);
/* A folder on a WebDAV server (RFC 4918), which has none of its own accord; web servers only. */
int upload_http_make_folder(struct upload_http *http, const char *name);
/* 0; -ENOENT: it is not there; -EFBIG: more than limit; -ECANCELED; else -EIO, as above. */
int upload_http_get(struct upload_http *http, const char *name, FILE *to, uint64_t limit,
		    struct upload_answer *answer);

/* Waits until somebody says stop (true), or the time is over. */
bool upload_stopped(const int stops[UPLOAD_STOPS], uint64_t wait_ms);

#endif /* SKUA_RECORD_UPLOAD_HTTP_H */
