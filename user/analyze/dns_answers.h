/* SPDX-License-Identifier: BSD-2-Clause */
/* skua dns: who asked for what, and what the answer was; a row for each message. */
#ifndef SKUA_ANALYZE_DNS_ANSWERS_H
#define SKUA_ANALYZE_DNS_ANSWERS_H

#include "analyze/analyst.h"

#define DNS_ANSWERS_NAMES                                                                          \
	(1u << 20) /* told apart by unique: 48 bytes each; beyond, some come again */

struct dns_answers_options {
	bool queries, responses;      /* neither: both */
	bool multicast;               /* mDNS and LLMNR as well */
	bool unique;                  /* each name once */
	const char *const *contained; /* a name must contain one of these, in any case; NULL: any */
	unsigned contained_count;
};

/* 0 or -ENOMEM. */
int dns_answers_open(struct analyst **out, const struct dns_answers_options *options);

#endif /* SKUA_ANALYZE_DNS_ANSWERS_H */
