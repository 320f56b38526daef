/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence of a live run: made by the loop, written by a thread. */
#ifndef SKUA_RUN_RUN_EVIDENCE_H
#define SKUA_RUN_RUN_EVIDENCE_H

#include <signal.h>
#include <stdio.h>
#include "base/privs.h"
#include "pipeline/pipeline.h"
#include "session/publisher.h"
#include "record/uploader.h"
#include "run/run_capture.h"

struct run_evidence {
	const struct run_settings *settings;
	struct run_capture *capture;
	struct pipeline *pipeline; /* set once it is open */
	struct vault *vault;       /* NULL: none is wanted */
	struct publisher *publisher;
	struct sink_envelope envelope;
	struct evidence_options options;
	struct uploader uploader;
	char os[96];
	struct stats_vault head;              /* as it was told last */
	const volatile sig_atomic_t *stopped; /* somebody wants the run to end; borrowed */
	bool ending;
	uint64_t left_ns;  /* to select packets in this turn; once it ends, and to find room */
	uint64_t since_ns; /* CLOCK_MONOTONIC: from here on it is spent */
};

/* With all rights: the vault, for the account that will write.  0 or -errno, logged. */
int run_evidence_prepare(struct run_evidence *evidence, const struct run_settings *settings,
			 struct run_capture *capture, const struct privs_account *account);
/* With the account's rights: the thread.  0 or -errno, logged. */
int run_evidence_open(struct run_evidence *evidence);
/* The loop goes round: says what was published meanwhile, and catches up for a while. */
void run_evidence_turn(struct run_evidence *evidence);
/* A second has passed. */
void run_evidence_tick(struct run_evidence *evidence, uint64_t now_ns);
/* What is selected from now on may wait for the disk; all of it has its time. */
void run_evidence_ending(struct run_evidence *evidence);
/* Waits until all is written, or no longer; what is not says so. */
void run_evidence_finish(struct run_evidence *evidence);
/* Adds the end of the vault's chain, and what was given up because of the disk. */
void run_evidence_stats(struct run_evidence *evidence, struct stats *out);
/* One line for people. */
void run_evidence_summary(struct run_evidence *evidence, FILE *stream);
/* Everything of the last minute, because somebody asks: SIGUSR1. */
void run_evidence_everything(struct run_evidence *evidence);
/* Evidence is complete as far as it will be: the uploader need not wait. */
void run_evidence_tell_end(struct run_evidence *evidence);
void run_evidence_close(struct run_evidence *evidence);

#endif /* SKUA_RUN_RUN_EVIDENCE_H */
