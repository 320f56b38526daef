/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does a snapshot prove its finding?  A new process replays a copy of it, from
 * which everything that the section says of itself was taken; its findings are
 * compared with the one that the snapshot is for.
 */
#ifndef SKUA_REPLAY_PROOF_H
#define SKUA_REPLAY_PROOF_H

#include <stdbool.h>
#include "option/options.h"
#include "report/finding.h"
#include "session/triggers_setup.h"

#define PROOF_SCORE 0.05 /* by so much a score before context may differ */

/* What a finding rests on besides packets. */
enum proof_by {
	PROOF_BY_PACKETS, /* nothing */
	PROOF_BY_VOLUME,  /* how much was sent: totals in comments may tell */
	PROOF_BY_LIST,    /* a list of indicators */
	PROOF_BY_FILTER,  /* an expression */
	PROOF_BY_STATE,   /* what was usual before */
	PROOF_BY_HAND,    /* somebody said: keep this one */
};

/* What a snapshot must show. */
struct proof_claim {
	char id[FINDING_ID];
	double score_raw;
	uint64_t judged_ns; /* when it had this score */
	bool at_end;        /* that was after the last packet */
	enum proof_by by;
	bool over_a_day;  /* it had begun more than a day before */
	bool unsequenced; /* its protocol numbers no packets: a gap between samples shows as one */
	bool incomplete;  /* some samples are not in it: then nothing need come of it */
	/* Of a beacon by name: the same beacon by its server shows it as well, for which of the two
	 * is told depends on who else was seen.  Empty: there is none. */
	char src[ADDRESS_TEXT];
	char name[FINDING_NAME];
};

struct proof_options {
	const struct option_networks *locals;
	const struct trigger_settings *triggers; /* as they were then; NULL: not known */
	bool no_tunnels;
};

/*
 * Constant text: "packets" (the packets show the finding), "totals" (the
 * totals of conversations without sequence numbers do), "unprovable" (they do
 * not, and samples were lost or thinned; or it rests on somebody's word, or on
 * lists that are not at hand), "failed"; NULL: it could not be tried, which was
 * logged.
 */
const char *proof_of(const char *path, const struct proof_claim *claim,
		     const struct proof_options *options);
/* From the JSON beside a snapshot: 0, -errno, or -EBADMSG: this is no finding of ours. */
int proof_claim_read(const char *path, struct proof_claim *out);
struct proof_claim proof_claim_of(const struct finding *finding);

#endif /* SKUA_REPLAY_PROOF_H */
