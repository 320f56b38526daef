/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names for what identities say in numbers: each control group and account that
 * is met is told once, as a fact, before the identity that brought it up, or at
 * a tick soon after when the group is not found at once.  One that is not found
 * IDENTITIES_TRIES times has ended, or lies outside what this process may see:
 * it is told without a path, and not asked for again.
 */
#ifndef SKUA_RUN_IDENTITIES_H
#define SKUA_RUN_IDENTITIES_H

#include "skua/event.h"
#include "base/cgroups.h"
#include "dissect/fact.h"

#define IDENTITIES_TOLD 1024 /* the one met least lately is told again when it comes back */
#define IDENTITIES_TRIES 3

struct identities_counts {
	struct cgroups_counts groups;
	uint64_t unnamed; /* groups that were told without a path */
};

struct identities;

/* 0 or -ENOMEM.  Where no control groups can be seen, accounts are told all the same. */
int identities_open(struct identities **out);
void identities_close(struct identities *identities);
/* now_ns: of CLOCK_MONOTONIC. */
void identities_event(struct identities *identities, const struct skua_identity_event *event,
		      uint64_t now_ns, fact_fn *tell, void *arg);
/* Those that were not found yet.  time_ns: for the facts.  identities may be NULL. */
void identities_tick(struct identities *identities, uint64_t time_ns, uint64_t now_ns,
		     fact_fn *tell, void *arg);

/* identities may be NULL: zeros. */
void identities_count(const struct identities *identities, struct identities_counts *out);

#endif /* SKUA_RUN_IDENTITIES_H */
