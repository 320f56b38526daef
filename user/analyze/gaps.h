/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long after the one before it a frame comes: of all frames that are
 * shown, or of its conversation.  Conversations are kept in a table of fixed
 * size; beyond it the one that was silent longest gives way and is counted:
 * its next frame has none before it.
 */
#ifndef SKUA_ANALYZE_GAPS_H
#define SKUA_ANALYZE_GAPS_H

#include "analyze/analyst.h"
#include "base/table.h"

#define GAPS_MAX (1u << 20) /* conversations, 70 bytes each */

/* More than least and less than most, as "> 55 && < 65" says. */
struct gap_range {
	int64_t least_ns, most_ns;
};

struct gaps {
	struct table table; /* struct skua_flow_key -> time of its last frame */
	uint64_t last_ns;
	bool per_pair;
	bool begun;
};

/* "55..65", in seconds with decimals: 0 or -EINVAL. */
int gap_range_parse(struct gap_range *range, const char *text);
bool gap_range_holds(const struct gap_range *range, int64_t gap_ns);

/* 0 or -ENOMEM; gaps_fini() takes one that was never made, if it is zero. */
int gaps_init(struct gaps *gaps, bool per_pair, uint32_t capacity);
void gaps_fini(struct gaps *gaps);
/* false: none came before.  Time may run backwards.  Per pair, a frame without IP has no gap. */
bool gaps_next(struct gaps *gaps, const struct analyst_frame *frame, int64_t *gap_ns);

#endif /* SKUA_ANALYZE_GAPS_H */
