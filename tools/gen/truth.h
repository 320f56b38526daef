/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario really contains, for tests to compare findings with. */
#ifndef SKUA_GEN_TRUTH_H
#define SKUA_GEN_TRUTH_H

#include "actor.h"

struct truth {
	const struct actor *actor;
	struct address source; /* where each source has a row of its own */
	bool one_source;
	const char *protocol;       /* tcp, udp, icmp, arp, ns, dns */
	uint64_t count;             /* of what was really sent: exchanges, probes, queries, bytes */
	uint64_t first_ns, last_ns; /* the first and the last act began; 0: not known */
	uint64_t missed;            /* turns in which nothing was sent */
	uint64_t failed;            /* of count: refused, unreachable or without answer */
	uint64_t repeated;          /* probes sent again for want of an answer, not in count */
	struct truth *next;
};

struct truth_list {
	struct truth *first, **last;
};

/* A row; source NULL stands for all of the actor's.  The list owns it.  NULL: no memory. */
struct truth *truth_add(struct truth_list *list, const struct actor *actor,
			const struct address *source, const char *protocol);
/* An act begins. */
void truth_note(struct truth *truth, uint64_t at_ns);
/* TSV with a head line: 0 or -errno; path "-" is standard output. */
int truth_write(const struct truth_list *list, const char *path);
void truth_fini(struct truth_list *list);

#endif /* SKUA_GEN_TRUTH_H */
