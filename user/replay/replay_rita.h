/* SPDX-License-Identifier: BSD-2-Clause */
/* What --rita adds to a replay: a look at each connection and finding, and rows at the end. */
#ifndef SKUA_REPLAY_REPLAY_RITA_H
#define SKUA_REPLAY_REPLAY_RITA_H

#include "analyze/rita_pairs.h"
#include "pipeline/pipeline.h"

struct replay_rita {
	struct sink sink; /* first: it is given a pointer to it */
	bool on;
	struct rita_pairs pairs;
};

/* Adds itself to the pipeline's sinks.  0 or -ENOMEM, which has been logged. */
int replay_rita_open(struct replay_rita *rita, struct pipeline_options *pipeline);
/* Takes one that was never opened, if it is zero. */
void replay_rita_close(struct replay_rita *rita);
void replay_rita_event(struct replay_rita *rita, const struct skua_event *event);
/* Nothing when it is not on. */
void replay_rita_write(const struct replay_rita *rita, bool table,
		       const struct sink_envelope *envelope);

#endif /* SKUA_REPLAY_REPLAY_RITA_H */
