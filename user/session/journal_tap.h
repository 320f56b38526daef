/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the journal's floor takes for bytes, and back: the context of a run and
 * its facts.  Whoever writes a journal opens it here, sets journal_tap_fact()
 * as the pipeline's tap with the journal as its argument, and tells the
 * journal each thing just before the pipeline: journal_event(), JOURNAL_TICK,
 * JOURNAL_ENDING, JOURNAL_FINISH; at the end, or whenever it likes,
 * journal_stats_record().
 */
#ifndef SKUA_SESSION_JOURNAL_TAP_H
#define SKUA_SESSION_JOURNAL_TAP_H

#include "capture/journal.h"
#include "option/options.h"
#include "pipeline/pipeline.h"

/* What decides findings and is no threshold; thresholds are chosen anew by who replays. */
struct journal_context {
	uint64_t hash_seed;
	uint32_t pairs, sources, census, heads, findings; /* sizes of tables: who is evicted */
	uint32_t local_count;
	struct network locals[OPTION_NETWORKS];
	char host[256];
	char sensor_id[64];
};
_Static_assert(sizeof(struct journal_context) <= JOURNAL_CONTEXT_MAX, "a journal has room for it");

/* options: directory, quota and owner; the rest is filled in.  0, or -errno and a line. */
int journal_tap_open(struct journal **out, struct journal_options options,
		     const struct pipeline_options *pipeline, const struct sink_envelope *envelope,
		     char error[JOURNAL_ERROR_SIZE]);
/* A fact_fn: arg is the journal. */
void journal_tap_fact(void *arg, const struct fact *fact);

/* *context, then options from it; locals stay in *context.  -EBADMSG: it makes no sense. */
int journal_tap_context(const void *bytes, size_t size, struct journal_context *context,
			struct pipeline_options *options);
/* bytes of a JOURNAL_FACT, aligned: -EBADMSG when it is none that a dissector could have told. */
int journal_tap_read(const void *bytes, size_t size, const struct fact **fact);

#endif /* SKUA_SESSION_JOURNAL_TAP_H */
