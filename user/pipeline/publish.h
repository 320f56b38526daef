/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts finished evidence into a vault, with the finding's JSON beside it.  Any one thread. */
#ifndef SKUA_PIPELINE_PUBLISH_H
#define SKUA_PIPELINE_PUBLISH_H

#include "pipeline/evidence.h"
#include "record/vault.h"
#include "report/sink.h"

/* Replays the file at path and returns what that gives: constant text. */
typedef const char *publish_prove_fn(void *arg, const char *path, const struct finding *finding);

struct publish {
	struct vault *vault;
	const struct sink_envelope *envelope;
	publish_prove_fn *prove; /* may be NULL */
	void *prove_arg;
};

/* A file that is being written. */
struct publish_file {
	struct vault_file *file; /* NULL: there is none */
};

/* 0 or -errno. */
int publish_begin(const struct publish *publish, const struct evidence_item *item,
		  struct publish_file *file);
/*
 * Everything is written, or err says why not: publishes the file, or removes
 * it.  finding->snapshot gets the rest of what there is to say.
 */
void publish_end(const struct publish *publish, struct publish_file *file, int err,
		 struct finding *finding);

/*
 * All of this at once.  Fills finding, which may be item's, with where the packets are, or with the
 * error.  Frees item->bytes.
 */
void publish_item(const struct publish *publish, const struct evidence_item *item,
		  struct finding *finding);

#endif /* SKUA_PIPELINE_PUBLISH_H */
