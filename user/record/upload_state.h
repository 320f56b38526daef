/* SPDX-License-Identifier: BSD-2-Clause */
/* How far an uploader has come: one line in a file that is replaced as a whole. */
#ifndef SKUA_RECORD_UPLOAD_STATE_H
#define SKUA_RECORD_UPLOAD_STATE_H

#include "record/upload_line.h"
#include "record/upload_target.h"

#define UPLOAD_STATE_NAME "UPLOADED" /* in the vault's directory, unless told otherwise */

struct upload_state {
	uint64_t seq;   /* of the last line of the manifest that is there; 0: none */
	uint64_t since; /* the line that was the first: what is older may be missing there */
	char hash[UPLOAD_HASH];
	char to[UPLOAD_URL]; /* where */
};

/* 0; -ENOENT: there is none yet; -EBADMSG: it is none; or -errno. */
int upload_state_load(struct upload_state *out, int dir, const char *name);
/* After this it survives a power cut.  0 or -errno. */
int upload_state_save(const struct upload_state *state, int dir, const char *name);

#endif /* SKUA_RECORD_UPLOAD_STATE_H */
