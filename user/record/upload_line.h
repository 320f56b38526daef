/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of a vault's manifest as the uploader reads it.  Whoever may write
 * to the vault chooses every byte of it, so nothing of it is used as a name
 * before it has the one form that names of snapshots have.
 */
#ifndef SKUA_RECORD_UPLOAD_LINE_H
#define SKUA_RECORD_UPLOAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOAD_LINE_MAX 4096
#define UPLOAD_PATH 64 /* "2026/11/21/ID.pcapng" */
#define UPLOAD_HASH 65 /* sha256 in hexadecimal and a zero */

struct upload_line {
	uint64_t seq, bytes;
	bool published;         /* it is there */
	bool again;             /* and was said to be before ("keep": that line goes) */
	char file[UPLOAD_PATH]; /* "": about no snapshot */
	char json[UPLOAD_PATH]; /* "": none beside it */
	char sha256[UPLOAD_HASH], json_sha256[UPLOAD_HASH];
	char prev[UPLOAD_HASH], hash[UPLOAD_HASH];
};

/*
 * line: without its end.  0; -EBADMSG: it is no line, or not the one that its
 * hash was made of; -EINVAL: it names a file that is no snapshot's.
 */
int upload_line_parse(struct upload_line *out, const char *line, size_t length);

/* Values of compact JSON as skua writes it; constant names.  false: there is none, or it does not
 * fit.  A quote inside a text is escaped, so that no text can pass for a name. */
bool upload_text(const char *json, size_t length, const char *name, char *to, size_t size);
bool upload_number(const char *json, size_t length, const char *name, uint64_t *to);
bool upload_is_hash(const char *text);

/* YYYY/MM/DD/ID.pcapng, ID of [0-9a-f-], and nothing else. */
bool upload_path_is_snapshot(const char *path);
/* The JSON beside a snapshot. */
void upload_path_json(const char *path, char to[UPLOAD_PATH]);
/* The ID in a snapshot's path; returns to. */
const char *upload_path_id(const char *path, char to[UPLOAD_PATH]);

#endif /* SKUA_RECORD_UPLOAD_LINE_H */
