/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One replay from its first packet to the summary: source, pipeline and sinks
 * opened, run and closed.  What the command line asked for comes in as
 * settings; what happened goes out as an exit status.
 */
#ifndef SKUA_REPLAY_REPLAY_SESSION_H
#define SKUA_REPLAY_REPLAY_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include "capture/file_in.h"
#include "session/lasting_setup.h"
#include "option/options.h"
#include "session/output.h"
#include "session/records_setup.h"
#include "session/triggers_setup.h"

struct replay_settings {
	const char *read;
	int engine; /* enum engine_choice */
	int format, colour, progress, schema;
	const char *output; /* file to append to, or NULL */
	double min_score;
	struct option_networks locals;
	const char *lists;
	const char *host;
	const char *journal; /* directory to write to, or NULL */
	uint64_t journal_mb;
	const char *snapshots;         /* directory for evidence, or NULL */
	const char *sign;              /* minisign secret key file, or NULL */
	const char *html, *html_title; /* file for a report, or NULL; its heading, or NULL */
	uint64_t recorder_mb, keep_mb;
	bool debug_scores;
	bool proof, complete, every_update, no_keep, told_totals;
	struct sink *sink; /* gets the records in the place of standard output; NULL: none */
	struct trigger_settings triggers;
	struct record_settings records;
	struct lasting_settings lasting;
	struct option_texts without_rules; /* of context */
	bool compat, rita, exit_on_findings, numeric, no_tunnels, quiet, totals;
};

/* Runs until the input ends or *stopped is set by a signal.  Messages have been logged. */
int replay_session(const struct replay_settings *settings, const struct file_in_options *input,
		   const volatile sig_atomic_t *stopped);

#endif /* SKUA_REPLAY_REPLAY_SESSION_H */
