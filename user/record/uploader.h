/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The uploader of a live agent: a process of its own, so that no server, no
 * resolver and no slow line can hold up a worker, and so that the worker needs no
 * network.  It has no capability and the worker's account, reads nothing but the vault, and
 * ends when the worker does, however that ends.
 */
#ifndef SKUA_RECORD_UPLOADER_H
#define SKUA_RECORD_UPLOADER_H

#include <sys/types.h>
#include "base/privs.h"
#include "record/upload.h"

#define UPLOADER_END_MS 500

struct uploader {
	pid_t pid;                    /* 0: there is none */
	int lifeline;                 /* it ends when our end is closed */
	struct upload_counts *counts; /* shared with it: read at any time */
};

/*
 * Forks it: to be called while there is one thread, after the vault's directory
 * was made and before privs_drop() and privs_confine(), as it may have to read
 * keys that only root may.  account: who it becomes.  The texts of options must
 * last until it returns.  0, or -errno and one line.
 */
int uploader_start(struct uploader *uploader, const struct upload_options *options,
		   const struct privs_account *account, char error[UPLOAD_ERROR_SIZE]);
/* Tells it to end at once, what is on its way included: the next one goes on there. */
void uploader_tell_end(struct uploader *uploader);
/* The same, and waits for it; one that hangs is killed.  Works in a confined worker.  Counts stay
 * readable until uploader_close(). */
void uploader_stop(struct uploader *uploader);
void uploader_close(struct uploader *uploader);

#endif /* SKUA_RECORD_UPLOADER_H */
