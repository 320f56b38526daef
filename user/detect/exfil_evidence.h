/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rules for uploads found: for the detector, and to tell how its score came about. */
#ifndef SKUA_DETECT_EXFIL_EVIDENCE_H
#define SKUA_DETECT_EXFIL_EVIDENCE_H

#include "detect/exfil.h"
#include "report/derivation.h"
#include "track/subject.h"

struct exfil_evidence {
	bool cold, slow, unusual; /* at once, little by little, above what is usual in an hour */
	double by_day, by_hour;   /* scores; 0: nothing found */
};

/* Of an upload as it is, but as if so much had been sent within the day. */
struct exfil_evidence exfil_weigh(const struct subject *subject, const struct exfil_limits *limits,
				  uint64_t sent);
/* What its hour is compared with: this destination's or this source's; NULL: nothing is known. */
const struct baseline *exfil_usual(const struct subject *subject);
/* Doublings of the least volume; of less they are negative. */
double exfil_octaves(const struct exfil_limits *limits, uint64_t out);

struct derive_call;
/* How the score of call->subject->upload came about. */
void exfil_derive(const struct derive_call *call, struct derivation *out);

#endif /* SKUA_DETECT_EXFIL_EVIDENCE_H */
