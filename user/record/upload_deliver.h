/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings one object to its place, however long that takes. */
#ifndef SKUA_RECORD_UPLOAD_DELIVER_H
#define SKUA_RECORD_UPLOAD_DELIVER_H

#include "record/upload.h"

struct upload_delivery {
	struct upload_http *http;
	int dir; /* of the vault */
	const int *stops;
	unsigned tries_max; /* 0: for ever */
	struct upload_counts *counts;
	bool s3;
	const char *to;              /* for messages */
	char trouble[UPLOAD_REASON]; /* the last that was said; "": none */
};

/* A file of the vault when sha256 and file are set, else bytes. */
struct upload_object {
	const char *name;
	const char *file;
	uint64_t length; /* of the file: UPLOAD_ANY_LENGTH if not known */
	const char *sha256;
	const char *bytes;
};

/*
 * 0: it is there, *length long; -ENOENT: the file is gone; -EBADMSG: it is not
 * what it should be; -EFBIG: the server will never take it; -ECANCELED: told
 * to stop; -ETIMEDOUT: tries_max.
 */
int upload_deliver(struct upload_delivery *delivery, const struct upload_object *object,
		   uint64_t *length);

/* The pause after a failure that came after so many others: 1 s at first, at most 5 min, half of it
 * chance. */
uint64_t upload_pause_ms(unsigned failures, uint32_t retry_after_s);

#endif /* SKUA_RECORD_UPLOAD_DELIVER_H */
