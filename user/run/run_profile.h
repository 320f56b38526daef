/* SPDX-License-Identifier: BSD-2-Clause */
/* How large the tables of a live run are: the one place that every size comes from. */
#ifndef SKUA_RUN_RUN_PROFILE_H
#define SKUA_RUN_RUN_PROFILE_H

#include "capture/engine.h"
#include "pipeline/pipeline.h"
#include "run/run_settings.h"

/* Of the numbers that the command line may give, those that it did not give. */
void run_profile_fill(struct run_settings *settings);
/* What the kernel programs or the native engine hold. */
void run_profile_engine(const struct run_settings *settings, struct engine_options *out);
/* What judgement holds. */
void run_profile_pipeline(const struct run_settings *settings, struct pipeline_options *out);
/* What evidence holds; after run_profile_fill(). */
void run_profile_evidence(const struct run_settings *settings, struct evidence_options *out);

#endif /* SKUA_RUN_RUN_PROFILE_H */
