/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence of a replay: files are written at once, for packets can wait. */
#ifndef SKUA_REPLAY_REPLAY_EVIDENCE_H
#define SKUA_REPLAY_REPLAY_EVIDENCE_H

#include "capture/replay.h"
#include "pipeline/publish.h"
#include "pipeline/pipeline.h"
#include "replay/replay_session.h"

#define PROOFS 4 /* verdicts of proof.h */

struct replay_evidence {
	const struct replay_settings *settings;
	struct replay *replay;
	struct pipeline *pipeline; /* set once it is open */
	struct vault *vault;       /* NULL: no evidence is wanted */
	struct sink_envelope envelope;
	struct evidence_options options;
	struct complete *complete; /* NULL: the recorder's packets will do */
	uint64_t files, bytes, failed;
	uint64_t proofs[PROOFS];
	int error; /* -errno of the first that could not be written */
};

/* 0, or -errno, which has been logged. */
int replay_evidence_open(struct replay_evidence *evidence, const struct replay_settings *settings,
			 struct replay *replay);
/* The pipeline with these options is open.  0 or -ENOMEM. */
int replay_evidence_ready(struct replay_evidence *evidence, struct pipeline *pipeline);
void replay_evidence_close(struct replay_evidence *evidence);
/* Everything was found: with --complete, reads the input again.  0 or -errno, logged. */
int replay_evidence_finish(struct replay_evidence *evidence, const struct file_in_options *input);
/* 0, or -errno of the first snapshot that could not be written, which has been logged. */
int replay_evidence_error(const struct replay_evidence *evidence);
/* One line for people. */
void replay_evidence_summary(const struct replay_evidence *evidence, FILE *stream);

#endif /* SKUA_REPLAY_REPLAY_EVIDENCE_H */
