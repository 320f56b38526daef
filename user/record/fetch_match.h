/* SPDX-License-Identifier: BSD-2-Clause */
/* Which lines of a manifest are about the snapshot that somebody wants. */
#ifndef SKUA_RECORD_FETCH_MATCH_H
#define SKUA_RECORD_FETCH_MATCH_H

#include "record/fetch.h"

struct fetch_match {
	const char *what;
	bool found, removed, several;
	struct upload_line line; /* that published it, if found */
};

/* 0, or -EINVAL and one line, as fetch_check_name() has it. */
int fetch_match_init(struct fetch_match *match, const char *what, char error[UPLOAD_ERROR_SIZE]);
/* Lines in any order; with a whole ID the first that is found is the one. */
void fetch_match_take(struct fetch_match *match, const struct upload_line *line);
/* No line can change anything any more. */
bool fetch_match_sure(const struct fetch_match *match);

/* The packets in to are what is expected: 0, -EBADMSG, or -errno. */
int fetch_check(FILE *to, const char *sha256);

#endif /* SKUA_RECORD_FETCH_MATCH_H */
