/* SPDX-License-Identifier: BSD-2-Clause */
/* What of whose packets may be kept, as they come and again before they are handed out. */
#ifndef SKUA_PIPELINE_EVIDENCE_POLICY_H
#define SKUA_PIPELINE_EVIDENCE_POLICY_H

#include "pipeline/evidence_state.h"

/* Of a sample that has come: how many of its captured bytes may be kept; false: none of it, counted
 * for both hosts. */
bool evidence_admit(struct evidence *evidence, const struct skua_sample_event *event,
		    uint32_t *captured);
/*
 * Takes out of the selection what may not be handed out by what is known now: of a pod's first
 * packets the agent may learn late whose they were.  0, or -ENOENT: nothing is left.
 */
int evidence_withhold(const struct evidence *evidence, struct recorder_selection *selection,
		      struct policy_removed *removed);

/* Likewise what somebody may not have. */
int evidence_limit(struct recorder_selection *selection, evidence_may_fn *may, void *arg);

#endif /* SKUA_PIPELINE_EVIDENCE_POLICY_H */
