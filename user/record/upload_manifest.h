/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Follows the manifest of a vault while another process writes it: MANIFEST.jsonl,
 * and MANIFEST-N.jsonl where it has been cut into segments, in the order of what they hold.
 */
#ifndef SKUA_RECORD_UPLOAD_MANIFEST_H
#define SKUA_RECORD_UPLOAD_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOAD_MANIFEST_BUFFER 65536

struct upload_manifest {
	int dir;         /* the vault; the caller's */
	int fd;          /* the segment that is read; -1: none yet */
	uint64_t first;  /* the first line of that segment */
	uint64_t offset; /* in it, of what is read next */
	size_t at, used; /* in the buffer */
	bool overlong;   /* inside a line that is too long */
	char buffer[UPLOAD_MANIFEST_BUFFER];
};

void upload_manifest_init(struct upload_manifest *manifest, int dir);
void upload_manifest_fini(struct upload_manifest *manifest);
/* Begins at the first line again. */
void upload_manifest_rewind(struct upload_manifest *manifest);

/*
 * 1: *line is the next line, without its end, good until the next call; 0: there is none yet;
 * -EMSGSIZE: one was too long and passed over; -ESTALE: what was read is no longer there, so the
 * manifest was cut or replaced; or -errno.
 */
int upload_manifest_next(struct upload_manifest *manifest, const char **line, size_t *length);

#endif /* SKUA_RECORD_UPLOAD_MANIFEST_H */
