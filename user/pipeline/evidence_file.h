/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes pcapng files in memory from selected samples. */
#ifndef SKUA_PIPELINE_EVIDENCE_FILE_H
#define SKUA_PIPELINE_EVIDENCE_FILE_H

#include "pipeline/evidence_state.h"

#define EVIDENCE_COMMENTS 4

/* What a file's section says of its finding; texts are malloc'ed. */
struct evidence_comments {
	char *texts[EVIDENCE_COMMENTS];
	unsigned count;
};

/* begun_ns: of the finding's first trigger. */
void evidence_comments_init(struct evidence_comments *comments, const struct finding *finding,
			    uint64_t begun_ns);
void evidence_comments_fini(struct evidence_comments *comments);

/* One for each link type; of each, item is filled and handed over.  removed: what policy took. */
void evidence_files(struct evidence *evidence, struct evidence_item *item,
		    const struct recorder_selection *selection,
		    const struct policy_removed *removed,
		    void (*hand_over)(struct evidence *evidence, struct evidence_item *item));

#endif /* SKUA_PIPELINE_EVIDENCE_FILE_H */
