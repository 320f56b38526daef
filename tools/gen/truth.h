/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario really contains, for tests to compare findings with. */
#ifndef SKUA_GEN_TRUTH_H
#define SKUA_GEN_TRUTH_H

#include "actor.h"

struct truth {
	const struct actor *actor;
	struct address source; /* where each source has a row of its own */
	bool one_source;
	const char *protocol; /* tcp, udp, icmp, arp, ns, dns */
	uint64_t count;       /* of what was really sent: exchanges, probes, queries, bytes */
	struct truth *next;
};

struct truth_list {
	struct truth *first, **last;
};

/* A row; source NULL stands for all of the actor's.  The list owns it.  NULL: no memory. */
struct truth *truth_add(struct truth_list *list, const struct actor *actor,
			const struct address *source, const char *protocol);
/* TSV with a head line: 0 or -errno; path "-" is standard output. */
int truth_write(const struct truth_list *list, const char *path);
void truth_fini(struct truth_list *list);

#endif /* SKUA_GEN_TRUTH_H */
