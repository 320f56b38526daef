/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to what it asks to look out for and what may be recorded. */
#ifndef SKUA_SESSION_TRIGGERS_SETUP_H
#define SKUA_SESSION_TRIGGERS_SETUP_H

#include "base/indicators.h"
#include "option/options.h"
#include "pipeline/pipeline.h"
#include "record/policy.h"

struct trigger_settings {
	struct option_texts indicators; /* files and folders */
	struct option_texts filters;
	struct option_texts record; /* rules */
};

/*
 * Reads the lists, which *out then owns (NULL: none were named), and gives them
 * and the expressions to the pipeline.  -1, or the exit status: it was logged.
 */
int triggers_setup(const struct trigger_settings *settings, struct indicators **out,
		   struct pipeline_options *pipeline);
/* unnamed: why no namespace is known here, and what helps; NULL: they are.  -1, or the exit status:
 * it was logged. */
int policy_setup(const struct trigger_settings *settings, const char *unnamed, struct policy *out);

#endif /* SKUA_SESSION_TRIGGERS_SETUP_H */
