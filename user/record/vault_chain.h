/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a vault's manifest from its oldest segment to its newest and follows
 * the chain.  The manifest is MANIFEST-000001.jsonl and so on, then
 * MANIFEST.jsonl, to which lines are appended.
 */
#ifndef SKUA_RECORD_VAULT_CHAIN_H
#define SKUA_RECORD_VAULT_CHAIN_H

#include "record/vault_line.h"

#define VAULT_SEGMENTS_MAX 64 /* far more than a writer keeps */
#define VAULT_MANIFEST "MANIFEST.jsonl"
#define VAULT_HEAD "HEAD"

struct vault_chain {
	int root;
	/* Each line that is whole and has its hash, in order; may be NULL. */
	void (*line)(void *arg, const struct vault_line *line);
	/* What is wrong, and with which line of which segment (0: all of it); may be NULL. */
	void (*wrong)(void *arg, const char *segment, unsigned number, const char *what);
	void *arg;
	/* Set by vault_chain_read(): */
	unsigned segments[VAULT_SEGMENTS_MAX]; /* numbers of those that are there, ascending */
	unsigned segment_count;
	uint64_t first;              /* seq of the first line; 0: there is none */
	uint64_t count;              /* seq of the last good line */
	char hash[VAULT_HASH];       /* its hash */
	char first_prev[VAULT_HASH]; /* what the first line continues */
	struct vault_line last;      /* the last good line */
	uint64_t good_bytes;         /* of MANIFEST.jsonl: whole lines */
	uint64_t torn_bytes;         /* after them: a line that was not finished */
	bool has_manifest;
	unsigned bad;             /* what was told to wrong() since the last break */
	unsigned breaks;          /* lines that say so */
	unsigned at, line_number; /* where it is, for messages */
	char dropped[VAULT_HASH]; /* the newest dropped segment's last hash; "": none */
	/* HEAD, if there is a good one; head_found: the chain has that line. */
	bool head_there, head_good, head_found;
	uint64_t head_count;
	char head_hash[VAULT_HASH];
};

/* Fill root, line, wrong and arg; and, for a HEAD known better than the file, head_*.  0 or -errno.
 */
int vault_chain_read(struct vault_chain *chain);
void vault_segment_name(unsigned number, char to[VAULT_FILE]);

#endif /* SKUA_RECORD_VAULT_CHAIN_H */
