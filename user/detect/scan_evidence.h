/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a rule of the scan detector found: the score, and the numbers behind it
 * that the finding tells.  Each rule is one pure function; the detector takes
 * the one with the highest score.
 */
#ifndef SKUA_DETECT_SCAN_EVIDENCE_H
#define SKUA_DETECT_SCAN_EVIDENCE_H

#include "detect/scan.h"
#include "report/derivation.h"
#include "report/finding.h"
#include "track/source.h"

struct scan_evidence {
	double score; /* 0: nothing found */
	uint64_t first_ns, last_ns;
	struct address target; /* the only one, or that of most contacts; zero: not known */
	struct scan_numbers numbers;
	struct derivation_rule rule; /* the numbers of its formula, also when it does not hold */
};

struct derive_call;
void scan_derive(const struct derive_call *call, struct derivation *out);
/* The formula of every rule here: its score, or 0 when it does not hold. */
double scan_rule_score(const struct derivation_rule *rule);
/* Failures on one horizon; scan_by_failures() takes the best of them. */
struct derivation_rule scan_rule_of_horizon(const struct tracked_source *source, unsigned horizon,
					    const struct scan_limits *limits);

/* Each may be given any source: it knows which it can judge. */
struct scan_evidence scan_by_failures(const struct tracked_source *source,
				      const struct scan_limits *limits);
struct scan_evidence scan_by_empties(const struct tracked_source *source,
				     const struct scan_limits *limits, uint64_t now_ns);
struct scan_evidence scan_by_probes(const struct tracked_source *source,
				    const struct scan_limits *limits);
struct scan_evidence scan_by_sweep(const struct tracked_source *source,
				   const struct scan_limits *limits);
/* Odd probes and sweeps on the longer horizons. */
struct scan_evidence scan_by_slow(const struct tracked_source *source,
				  const struct scan_limits *limits);
struct scan_evidence scan_by_overflow(const struct tracked_source *source,
				      const struct scan_limits *limits, uint64_t now_ns);

/* Contacts, targets, ports, the first ports, and the shape they have. */
void scan_describe(struct scan_numbers *numbers, const struct distinct *distinct);
/* From contacts, targets and ports. */
enum scan_shape scan_shape_of(const struct scan_numbers *numbers);
/* numbers->contacts shared out among the outcomes. */
void scan_tell_outcomes(struct scan_numbers *numbers, const uint32_t outcomes[SKUA_OUTCOMES]);
/* All but the score, from what a source holds. */
void scan_tell_horizon(struct scan_evidence *evidence, const struct tracked_source *source,
		       unsigned horizon);
/* What a listed source does, by what it tried within the last minute. */
enum scan_technique scan_technique_of_recent(const struct tracked_source *source);
void scan_tell_recent(struct scan_evidence *evidence, const struct tracked_source *source);
/* The sentence; numbers must be complete.  port: 0 if there is not just one. */
void scan_write_reason(char to[FINDING_REASON], const struct scan_evidence *evidence,
		       uint16_t port);

#endif /* SKUA_DETECT_SCAN_EVIDENCE_H */
