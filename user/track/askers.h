/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which clients ask for many registered domains that do not exist: malware that
 * computes the names of its servers (DGA) tries them one after the other.
 */
#ifndef SKUA_TRACK_ASKERS_H
#define SKUA_TRACK_ASKERS_H

#include "base/address.h"
#include "base/table.h"
#include "track/subject.h"

#define ASKER_DOMAINS 80 /* remembered, exactly; the score of 80 an hour is already 1 */
#define ASKER_SAMPLE 128

/* One client and the domains that it was told do not exist. */
struct asker {
	struct address client;
	struct address resolver; /* who said so last */
	uint64_t first_ns, last_ns;
	uint64_t nxdomain;               /* answers, repeated ones included */
	uint32_t hashes[ASKER_DOMAINS];  /* of the domain's text */
	uint32_t seconds[ASKER_DOMAINS]; /* Unix time of the last answer; 0: unused */
	uint32_t judged;                 /* domains when it was last judged */
	uint64_t judged_ns;
	char sample[ASKER_SAMPLE]; /* the last domain */
};

struct askers {
	struct table table;
};

struct asker_failure {
	const struct address *client, *resolver;
	const char *domain; /* registered, in lower case */
	uint64_t now_ns;
};

/* 0 or -ENOMEM. */
int askers_init(struct askers *askers, uint32_t capacity);
void askers_fini(struct askers *askers);

/* NXDOMAIN was answered.  The asker, when it has to be judged (more domains than last time). */
const struct asker *askers_failure(struct askers *askers, const struct asker_failure *failure);

/* Distinct domains of the hour before now: exact up to ASKER_DOMAINS, which is the most. */
uint32_t asker_count(const struct asker *asker, uint64_t now_ns);

#endif /* SKUA_TRACK_ASKERS_H */
