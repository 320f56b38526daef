/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes one snapshot from a vault, or from where a vault was uploaded to, and checks it. */
#ifndef SKUA_RECORD_FETCH_H
#define SKUA_RECORD_FETCH_H

#include <stdio.h>
#include "record/upload_http.h"

#define FETCH_ID_MIN 4 /* digits that may stand for the whole */

/* What was found, and what says that it is what it should be. */
struct fetched {
	char file[UPLOAD_PATH];
	char sha256[UPLOAD_HASH];
	uint64_t bytes;
	uint64_t seq; /* line of the manifest; 0: the JSON beside it says so */
};

/* 0, or -EINVAL and one line: what is neither an ID, the beginning of one, nor such a path. */
int fetch_check_name(const char *what, char error[UPLOAD_ERROR_SIZE]);

/*
 * what: an ID, the beginning of one that no other shares, or YYYY/MM/DD/ID.pcapng
 * as a finding names it.  The packets go to to, which can be read back; they are
 * there and intact when 0 is returned.  Else one line, and -ENOENT: no such snapshot, or it
 * was removed; -ENOTUNIQ; -EBADMSG: it is not what it should be; or -errno.
 */
int fetch_from_vault(struct fetched *out, const char *directory, const char *what, FILE *to,
		     char error[UPLOAD_ERROR_SIZE]);
int fetch_from_url(struct fetched *out, struct upload_http *http, const char *url, const char *what,
		   FILE *to, char error[UPLOAD_ERROR_SIZE]);

#endif /* SKUA_RECORD_FETCH_H */
