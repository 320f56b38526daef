/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One rule that says which findings need not be said, why, and until when; as a
 * line of text: "kind=exfil src=10.0.0.5 dst=203.0.113.0/24 port=443
 * name=example.org until=2026-12-31 reason=nightly backup".  What is not named
 * may be anything, the reason goes on to the end of the line.
 */
#ifndef SKUA_REPORT_SUPPRESSION_H
#define SKUA_REPORT_SUPPRESSION_H

#include "report/finding.h"

#define SUPPRESSION_LINE 1024 /* room for any rule as text */

struct suppression {
	char id[FINDING_RULE];  /* hash of what it matches */
	enum finding_kind kind; /* 0: any */
	bool has_src, has_dst, has_name, has_reason, has_until;
	struct network src, dst;
	uint16_t port;           /* 0: any */
	char name[FINDING_NAME]; /* lower case; it, and what lies below it */
	uint64_t until_ns;       /* 0: for ever */
	char reason[FINDING_WAIVER];
	uint64_t count; /* findings */
};

/* line: changed.  NULL and *out is complete with its id, or what is wrong. */
const char *suppression_parse(struct suppression *out, char *line);
/* One part of a rule, "kind", "src", ... and its value: NULL, or what is wrong. */
const char *suppression_set(struct suppression *rule, const char *key, const char *value);
/* All parts are set: NULL, and the id is, or what is missing. */
const char *suppression_complete(struct suppression *rule);
/* As a line of the file; returns to. */
const char *suppression_format(const struct suppression *rule, char to[SUPPRESSION_LINE]);
bool suppression_is_over(const struct suppression *rule, uint64_t now_ns);
bool suppression_matches(const struct suppression *rule, const struct finding *finding);

#endif /* SKUA_REPORT_SUPPRESSION_H */
