/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hosts of a file were called on the wire, for those who read it. */
#ifndef SKUA_PIPELINE_EVIDENCE_NAMES_H
#define SKUA_PIPELINE_EVIDENCE_NAMES_H

#include "pipeline/evidence_state.h"

#define EVIDENCE_NAMES 64 /* of a file; of more hosts the first */

struct evidence_names {
	struct pcapng_name names[EVIDENCE_NAMES]; /* texts are borrowed */
	unsigned count;
};

void evidence_names_collect(const struct evidence *evidence,
			    const struct recorder_selection *selection, struct evidence_names *out);

#endif /* SKUA_PIPELINE_EVIDENCE_NAMES_H */
