/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files vault_*.c share: the vault itself and the steps that it is made of. */
#ifndef SKUA_RECORD_VAULT_STORE_H
#define SKUA_RECORD_VAULT_STORE_H

#include "base/table.h"
#include "record/vault_chain.h"
#include "record/vault_paths.h"
#include "record/vault_sign.h"

#define VAULT_LOCK "LOCK"
#define VAULT_SIGNATURE "HEAD.minisig"
#define VAULT_BLOCK 4096 /* the least that a file takes */

/* A published file; its name is the key. */
struct vault_entry {
	char sha256[VAULT_HASH], json_sha256[VAULT_HASH];
	uint64_t bytes, json_bytes, time_ns;
	int severity;
	unsigned segment; /* the number of the segment with its newest line */
};

struct vault {
	struct vault_options options;
	char *directory;
	int root, lock, manifest; /* < 0: lost, to be opened again */
	unsigned generation;      /* how often it was opened */
	unsigned in_progress;     /* files that were begun */
	uint64_t manifest_bytes;
	uint64_t segment_size;
	unsigned segments[VAULT_SEGMENTS_MAX], segment_count; /* rotated ones */
	unsigned segment;                                     /* the number of the next */
	uint64_t count;                                       /* of lines */
	char hash[VAULT_HASH];
	bool head_stale;    /* HEAD could not be written */
	bool said;          /* that the directory is lost */
	bool has_files;     /* the table is there */
	uint64_t now_ns;    /* the newest time that was given */
	uint64_t oldest_ns; /* no file is older */
	struct table files;
	struct vault_counts counts;
	struct vault_secret secret;
};

struct vault_file {
	FILE *stream;
	int dir;
	unsigned generation;
	uint64_t time_ns;
	bool finished;
	struct vault_published published;
	char id[VAULT_ID_MAX + 1];
	char path[]; /* of the part */
};

/* vault_manifest.c: appends a line, whose number and hashes are set; sync: then also HEAD. */
int vault_manifest_append(struct vault *vault, struct vault_line *line, bool sync);
int vault_manifest_open(struct vault *vault);
/* -ESTALE: another file lies there, or somebody else wrote to it or cut it. */
int vault_manifest_check(const struct vault *vault);
int vault_manifest_rotate(struct vault *vault);
int vault_head_write(struct vault *vault);
/* vault_segments.c: rotates the manifest when it is long, lets go of its oldest segment. */
void vault_segments_turn(struct vault *vault);

/* vault_quota.c */
struct vault_entry *vault_entry_find(const struct vault *vault, const char *file);
void vault_entry_put(struct vault *vault, const struct vault_line *line, unsigned segment);
void vault_entry_drop(struct vault *vault, const char *file);
uint64_t vault_blocks_taken(uint64_t bytes, uint64_t json_bytes);
void vault_line_fill(struct vault_line *line, const char *file, const struct vault_entry *entry);
/* Removes files of this severity or less until so many bytes fit in; 0, -EDQUOT, -ENOSPC, ... */
int vault_make_room(struct vault *vault, uint64_t bytes, int severity);
void vault_expire(struct vault *vault);
/* Unlinks a file and its JSON. */
int vault_unlink(struct vault *vault, const char *file);

/* vault_load.c: reads the chain, fills the table, mends what was cut, marks what is broken. */
int vault_load(struct vault *vault, bool *broken);
/* vault_recover.c: publishes or removes what no line names. */
int vault_recover(struct vault *vault, bool parts_only);
/* vault.c: opens the directory again if it went away; -errno while it cannot. */
int vault_ready(struct vault *vault);

#endif /* SKUA_RECORD_VAULT_STORE_H */
