/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Carries a vault off the node: follows its manifest, puts each published
 * snapshot and then the JSON beside it below a URL, and then the line of the
 * manifest itself:
 *
 *	YYYY/MM/DD/ID.pcapng, YYYY/MM/DD/ID.json
 *	manifest/SEQ-HASH.jsonl   the line of that number and hash (its first 16 digits)
 *	HEAD                      {"count":SEQ,"hash":"..."} of the last line that is there
 *
 * What is below manifest/ is named by what it holds, so nothing there is ever
 * overwritten by something else, and a manifest that was cut or rewritten on
 * the node lies beside what was there before; sorted by name and joined they
 * are the manifest.  Each object is put whole under its final name, so doing it
 * again does no harm: what counts is that the state file (upload_state.h) is
 * written after all that it says.  An object that the server does not take is
 * tried again with growing pauses, for ever; a file that is gone, or is not what
 * the manifest says, is counted, named and passed over.  One process of its own
 * (uploader.h), or `skua upload`; it writes nothing to the vault but its state,
 * and nobody waits for it.
 */
#ifndef SKUA_RECORD_UPLOAD_H
#define SKUA_RECORD_UPLOAD_H

#include "record/upload_http.h"

#define UPLOAD_INTERVAL_S 2

struct upload_options {
	const char *directory;   /* the vault */
	const char *to;          /* URL: upload_target.h */
	const char *state;       /* NULL: UPLOADED in the vault */
	const char *cacert;      /* NULL: the system's */
	const char *credentials; /* NULL: the environment */
	uint64_t interval_s;     /* between looks at the manifest */
	bool once;               /* ends when all is there, or something is refused too often */
};

/* Written by one process, read by any that shares them. */
struct upload_counts {
	uint64_t files, bytes; /* that are there: snapshots and their JSON */
	uint64_t lost;         /* removed before they were uploaded */
	uint64_t lost_lines;   /* of the manifest, likewise */
	uint64_t damaged;      /* not what the manifest says; not uploaded */
	uint64_t refused;      /* lines that are none, and what the server will never take */
	uint64_t retries;
	uint64_t seq; /* of the last line of the manifest that is there */
};

struct upload;

/* Reads everything that may need a privilege: options, keys, the directory.  0, or -errno and one
 * line.  The options' texts must outlive it. */
int upload_open(struct upload **out, const struct upload_options *options,
		char error[UPLOAD_ERROR_SIZE]);
void upload_close(struct upload *upload);

/* Where counts are kept from now on. */
void upload_share_counts(struct upload *upload, struct upload_counts *counts);
const struct upload_counts *upload_get_counts(const struct upload *upload);

/* The descriptors that it needs, for who closes all others. */
#define UPLOAD_DESCRIPTORS 2
void upload_get_descriptors(const struct upload *upload, int to[UPLOAD_DESCRIPTORS]);

/*
 * Until told to stop (0), or with once, until all that was there is uploaded
 * (0) or the server refused too often (-ETIMEDOUT); else -errno.  Logs.
 */
int upload_run(struct upload *upload, const int stops[UPLOAD_STOPS]);

#endif /* SKUA_RECORD_UPLOAD_H */
