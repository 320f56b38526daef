/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells how the score of a finding came about: pure, on demand, for one that is being said. */
#ifndef SKUA_DETECT_DERIVE_H
#define SKUA_DETECT_DERIVE_H

#include "detect/detect.h"
#include "report/derivation.h"

/* What was judged, by which limits, and what came of it, context included. */
struct derive_call {
	const struct subject *subject;
	const struct detect_limits *limits;
	const struct finding *finding;
	double shown; /* the score after context from which it is said */
};

/* false: nothing judges such a subject. */
bool detect_derive(const struct derive_call *call, struct derivation *out);

/* The score that context, as it is now, would make of this one. */
double derive_after_context(const struct finding *finding, double score_raw);
/* Would the finding be said with this score before context? */
bool derive_shows(const struct derive_call *call, double score_raw);
/*
 * One more rule.  The best that holds makes the score, and the smallest
 * measure with which it would still be said.
 */
void derive_rule(const struct derive_call *call, struct derivation *out,
		 const struct derivation_rule *rule);

#endif /* SKUA_DETECT_DERIVE_H */
