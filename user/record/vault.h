/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vault: one directory in which evidence files are published whole, listed
 * in a chain of hashes and bounded by a quota.  A file is DIR/YYYY/MM/DD/ID.pcapng
 * by the time that it is given, with ID.json beside it; MANIFEST.jsonl has a
 * line for each publication and removal, HEAD the count and hash of the last.
 * Everything is reached from one descriptor with openat() and O_NOFOLLOW; what
 * may be in a name is [0-9a-f-].  It asks no clock: time is what callers say.
 * It knows nothing of packets but the frame of pcapng blocks, and does not
 * judge findings.  Errors are returned and counted; only what was found broken
 * is logged.  One thread at a time; one process at a time (LOCK).  Opened with
 * the rights of the process, used inside privs_confine().
 */
#ifndef SKUA_RECORD_VAULT_H
#define SKUA_RECORD_VAULT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define VAULT_ERROR_SIZE 512
#define VAULT_FILE 64         /* "YYYY/MM/DD/ID.pcapng" and a zero */
#define VAULT_ID_MAX 44       /* characters of an id, so that its file's name fits */
#define VAULT_FILES_MAX 50000 /* as many files; then the quota is full */
#define VAULT_HASH 65         /* SHA-256 in hexadecimal and a zero */

struct vault;
struct vault_file;

struct vault_options {
	const char *directory;
	uint64_t max_bytes;        /* of files and their JSON, in blocks of 4 KiB; 0: no bound */
	uint64_t max_age_s;        /* since the time that the file was given; 0: no bound */
	unsigned min_free_percent; /* of the file system; 0: no bound */
	const char *sign_key;      /* minisign secret key file without a password, or NULL */
	uid_t uid;                 /* whose the vault shall be; 0: this process's */
	gid_t gid;
};

/*
 * Makes the directory (0750), takes its lock, checks the chain and puts right
 * what a crash left: parts are cut to their last whole block and published as
 * recovered, or removed.  A chain that was tampered with is not an error: it is
 * logged, and a "break" line says so for ever.  On failure -errno and a line;
 * -EBUSY: another agent has it.
 */
int vault_open(struct vault **out, const struct vault_options *options,
	       char error[VAULT_ERROR_SIZE]);
void vault_close(struct vault *vault);

/*
 * Begins ID.pcapng.part.  -EEXIST: this id was published on this day already
 * (use ID-2), or is being written; -EINVAL: not an id; -ENOSPC, -EROFS, ...:
 * counted, and worth another try later.
 */
int vault_begin(struct vault *vault, const char *id, uint64_t time_ns, struct vault_file **out);
/* To write whole blocks to, until vault_finish(); it can seek. */
FILE *vault_stream(struct vault_file *file);
const char *vault_part_path(const struct vault_file *file);

struct vault_published {
	char file[VAULT_FILE]; /* relative to the vault */
	char sha256[VAULT_HASH];
	uint64_t bytes;
};

/* Flushed, on the disk, hashed, still a part.  After a failure only vault_abandon() is left. */
int vault_finish(struct vault_file *file, struct vault_published *out);
/*
 * Publishes a finished file with its JSON (NULL: none), removing what the quota
 * demands first, but nothing of a higher severity (1 high ... 4 info).  Frees
 * the file; on failure nothing of it is left: -EDQUOT: the quota is full of
 * what matters more; -ENOSPC: the disk is; -EFBIG: larger than the quota.
 */
int vault_commit(struct vault *vault, struct vault_file *file, const char *json, size_t length,
		 int severity);
/* Removes the part; counted as failed.  file may be NULL. */
void vault_abandon(struct vault *vault, struct vault_file *file);
/* What is due by now: age, bytes, free space (a few files each time), and what failed before. */
void vault_tick(struct vault *vault, uint64_t now_ns);

struct vault_counts {
	uint64_t published, removed, recovered, failed;
	uint64_t bytes, files; /* there now */
};
void vault_counts(const struct vault *vault, struct vault_counts *out);
/* Lines in the chain, and the hash of the last; zeros at the beginning. */
void vault_head(const struct vault *vault, uint64_t *count, char hash[VAULT_HASH]);

#endif /* SKUA_RECORD_VAULT_H */
