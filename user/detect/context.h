/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regular is not malicious: what the surroundings say of a finding moves its
 * score.  Raises are added first, together at most CONTEXT_RAISE_MAX, then
 * factors multiply.  Each is listed in the finding with its reason, and none
 * removes a finding.  To add a rule: one function, one row in its table.
 */
#ifndef SKUA_DETECT_CONTEXT_H
#define SKUA_DETECT_CONTEXT_H

#include "base/lists.h"
#include "base/prevalence.h"
#include "report/finding.h"
#include "track/census.h"
#include "track/memory.h"
#include "track/origins.h"
#include "track/subject.h"

#define CONTEXT_RAISE_MAX 0.10 /* hints, not evidence: never half of what a finding needs */

struct context {
	struct census *census; /* also told which servers a client polls alike */
	const struct lists *lists;
	const struct memory *memory;         /* NULL: none is kept */
	const struct prevalence *prevalence; /* of a fleet; NULL: none is told */
	const struct origins *origins;       /* who on this machine did it; NULL: nobody says */
	uint64_t without[2]; /* rules to pass over: bits by place in context_factors, _raises */
};

/* What a rule looks at; pair is NULL unless the subject is one, hello unless the pair said one. */
struct surroundings {
	const struct context *context;
	const struct subject *subject;
	const struct finding *finding;
	const struct pair *pair;
	const struct census_hello *hello;
};

/*
 * A rule returns the factor, or what it raises; 1.0 or 0.0 when it has nothing
 * to say.  Otherwise it writes why, one clause.
 */
typedef double context_rule_fn(const struct surroundings *around, char *why, size_t size);

struct context_rule {
	const char *name;
	unsigned kinds; /* of findings: bits 1 << FINDING_... */
	bool raise;
	context_rule_fn *weigh;
};

extern const struct context_rule context_raises[]; /* ended by a NULL name */
extern const struct context_rule context_factors[];

/* Rules of these names are passed over from now on.  NULL, or the first name that no rule has. */
const char *context_leave_out(struct context *context, const char *const *names, unsigned count);

/*
 * Sets factors and score from score_raw, and what the census knows: of
 * a beacon the names, JA4 and counts of clients, of an upload the name.  Call for every finding,
 * before it is compared with a threshold again.
 */
void context_apply(const struct context *context, const struct subject *subject,
		   struct finding *finding);

/* A pair has had another exchange, and may be too young to be judged: which servers are polled
 * alike shows before any of them is a finding. */
void context_notice(const struct context *context, const struct pair *pair, uint64_t now_ns);

/*
 * Inside, what one client polls alike are servers it watches; outside, on high
 * ports of addresses that nobody named, peers.  Else it is in no ring, for then an implant
 * would hide among the pages of a busy browser.
 */
enum census_ring context_ring(const struct context *context, const struct pair *pair);

/* The entities of a finding that is reported under key, name included. */
void context_entities(const struct context *context, const struct pair_key *key,
		      struct finding *finding);

#endif /* SKUA_DETECT_CONTEXT_H */
