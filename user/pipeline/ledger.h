/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of findings: which are known, when one is said again, when it is
 * over.  A finding keeps the id of the day it was first said for as long as it
 * lives.  Bounded: when full, the one that was not seen for longest is
 * forgotten and counted; should it come back it is new again, with its old id.
 */
#ifndef SKUA_PIPELINE_LEDGER_H
#define SKUA_PIPELINE_LEDGER_H

#include "base/table.h"
#include "report/finding.h"

#define LEDGER_UPDATE_NS 60000000000ull /* of packet time between two updates of one finding */
#define LEDGER_SCORE_STEP 0.05          /* a score that moved by so much is worth saying */
#define LEDGER_IDLE_NS 3600000000000ull /* without news a finding is over, beacons apart: */
#define LEDGER_IDLE_INTERVALS 4         /* of a beacon, if that takes longer, */
#define LEDGER_IDLE_GROWTH 16           /* and a growth by this part: it is judged no more often */

struct ledger {
	struct table table;
	struct table hidden;     /* ids that were below the score shown */
	struct table suppressed; /* ids that a rule kept back */
	uint64_t counts[5];      /* of new findings, by severity */
	bool every;              /* each judgement is worth saying */
};

/* capacity: findings that live at a time.  0 or -ENOMEM. */
int ledger_init(struct ledger *ledger, uint32_t capacity);
void ledger_fini(struct ledger *ledger);

/*
 * A detector found this.  true: say it; its state and id are set, and what was
 * known of its beginning is carried over.  Of several views of one finding the
 * higher score wins; a lower one only keeps it alive.
 */
bool ledger_take(struct ledger *ledger, struct finding *finding);

/* A detector found this, below the score that is shown: counted, once each.  false: it is known and
 * lives, so that it must be said how it fell. */
bool ledger_hide(struct ledger *ledger, const struct finding *finding);

/* A rule keeps it back.  true: for the first time. */
bool ledger_suppress(struct ledger *ledger, const struct finding *finding);

/* The finding as it is now, by what finding is about; NULL: it was forgotten. */
const struct finding *ledger_find(const struct ledger *ledger, const struct finding *finding);
/* Its packets are where finding->snapshot says: fills *out with what there is to say. */
void ledger_published(struct ledger *ledger, const struct finding *finding, uint64_t now_ns,
		      struct finding *out);

/*
 * Shows what has changed since it was said (or all of it, at the end), then
 * each finding that is over at now_ns, with its state set to closed.  In the
 * order of ids, by groups of 256, of which the second waits for the next call
 * unless this is the end.  A finding that is over comes back only with newer
 * news.
 */
typedef void ledger_say_fn(void *arg, const struct finding *finding);
void ledger_review(struct ledger *ledger, uint64_t now_ns, bool at_end, ledger_say_fn *say,
		   void *arg);

#endif /* SKUA_PIPELINE_LEDGER_H */
