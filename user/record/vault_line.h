/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of a vault's manifest: its text, its hash, and back. */
#ifndef SKUA_RECORD_VAULT_LINE_H
#define SKUA_RECORD_VAULT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/vault.h"

#define VAULT_LINE_MAX 768 /* the longest line, its end included, and a zero */

enum vault_action {
	VAULT_PUBLISH, /* a file is there */
	VAULT_REMOVE,  /* it goes */
	VAULT_KEEP,    /* it is still there, and the segment with its publication goes */
	VAULT_DROP,    /* a segment goes; sha256: the hash of its last line */
	VAULT_BREAK,   /* the chain was found broken; sha256: the last good line's hash */
	VAULT_ACTIONS
};

struct vault_line {
	uint64_t seq; /* from 1 */
	uint64_t time_ns;
	enum vault_action action;
	char file[VAULT_FILE];
	char sha256[VAULT_HASH];
	uint64_t bytes;
	char json_sha256[VAULT_HASH]; /* "": there is no JSON beside it */
	uint64_t json_bytes;
	int severity;
	bool recovered;
	char prev[VAULT_HASH], hash[VAULT_HASH];
};

#define VAULT_NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* Sets line->hash: of the text up to and including the comma before "hash".  Returns its length. */
size_t vault_line_format(struct vault_line *line, char to[VAULT_LINE_MAX]);
/* Text without its end of line.  NULL when it is good, or what is wrong with it. */
const char *vault_line_parse(const char *text, struct vault_line *out);

/* HEAD: {"count":N,"hash":"..."} */
size_t vault_head_format(uint64_t count, const char *hash, char to[VAULT_LINE_MAX]);
bool vault_head_parse(const char *text, uint64_t *count, char hash[VAULT_HASH]);

/* "2026/11/21/" and an id and ".pcapng", and nothing else. */
bool vault_file_is_valid(const char *file);
bool vault_id_is_valid(const char *id, size_t length);
/* The number in "MANIFEST-000012.jsonl", or 0. */
unsigned vault_segment_number(const char *name);

#endif /* SKUA_RECORD_VAULT_LINE_H */
