/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to what outlives a run, and to what people say of findings. */
#ifndef SKUA_SESSION_LASTING_SETUP_H
#define SKUA_SESSION_LASTING_SETUP_H

#include "base/privs.h"
#include "pipeline/pipeline.h"
#include "session/state_keeper.h"

struct lasting_settings {
	const char *state, *suppressions, *prevalence; /* files, or NULL */
	bool show_suppressed;
};

struct lasting {
	const struct lasting_settings *settings;
	struct state_keeper *state;
	struct suppressions *suppressions;
	struct prevalence *prevalence;
};

/*
 * account: who will write in a live run, which also looks for the usual
 * suppressions; NULL in a replay.  -1, or the exit status: what is wrong has
 * been logged.
 */
int lasting_open(struct lasting *lasting, const struct lasting_settings *settings,
		 const struct privs_account *account);
/* For a pipeline, whose least score is set. */
void lasting_use(const struct lasting *lasting, struct pipeline_options *pipeline);
/* Somebody says that files have changed. */
void lasting_reload(struct lasting *lasting, struct pipeline *pipeline);
/* Nothing follows: what there is to be kept is handed over, and not waited for. */
void lasting_end(struct lasting *lasting);
/* The same, and waits until it is written, but not for ever.  An exit status. */
int lasting_finish(struct lasting *lasting);
/* After the pipeline. */
void lasting_close(struct lasting *lasting);

#endif /* SKUA_SESSION_LASTING_SETUP_H */
