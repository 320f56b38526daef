/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the findings of a live run go beside standard output: file, syslog, webhook. */
#ifndef SKUA_RUN_RUN_SINKS_H
#define SKUA_RUN_RUN_SINKS_H

#include "base/privs.h"
#include "pipeline/pipeline.h"
#include "report/sink_tally.h"
#include "serve/view.h"

struct file_sink;
struct remote;
struct run_settings;

/* What the command line says about them. */
struct sink_settings {
	const char *output; /* file, or NULL */
	int schema;         /* enum sink_schema */
	const char *syslog; /* where it is, or NULL */
	int facility;
	const char *webhook, *webhook_secret, *webhook_cacert;
	uint64_t webhook_timeout_s;
};

struct run_sinks {
	const struct sink_settings *settings;
	struct file_sink *file;
	char host[256];                  /* of the machine */
	struct remote *syslog, *webhook; /* NULL: not asked for, as the file */
};

/* Without looking at the machine; what is wrong has been logged. */
bool run_sinks_check(const struct sink_settings *settings);
/* Opens them with all rights, while there is one thread, and adds them to the pipeline's.  0 or
 * -errno, logged. */
int run_sinks_open(struct run_sinks *sinks, const struct sink_settings *settings,
		   const struct sink_envelope *envelope, const struct privs_account *account,
		   struct pipeline_options *pipeline);
/* Somebody has moved the file away. */
void run_sinks_reopen(struct run_sinks *sinks);
/* No finding will come: waits, not for long, until all is sent. */
void run_sinks_finish(struct run_sinks *sinks);
/* What became of them: up to SINK_TALLIES rows; returns how many. */
unsigned run_sinks_tally(const struct run_sinks *sinks, struct sink_tally out[SINK_TALLIES]);
/* Losses, as entries of the statistics, and of the view. */
void run_sinks_stats(const struct run_sinks *sinks, struct stats *out);
void run_sinks_view(const struct run_sinks *sinks, struct status_view *out);
/* What was not delivered is said.  0, or -errno of the file. */
int run_sinks_say(const struct run_sinks *sinks);
void run_sinks_close(struct run_sinks *sinks);

#endif /* SKUA_RUN_RUN_SINKS_H */
