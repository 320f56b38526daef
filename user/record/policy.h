/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of whose packets may be recorded.  For an address the rule of the
 * longest network counts; of whoever is in none, the rule of its namespace; of
 * who has none that is known, the rule of all.  For a packet the stricter of
 * both ends counts.  Where no rule says otherwise, everything may.
 */
#ifndef SKUA_RECORD_POLICY_H
#define SKUA_RECORD_POLICY_H

#include <stddef.h>
#include <stdint.h>
#include "base/pod.h"

#define POLICY_RULES 64
#define POLICY_TEXT 192 /* room for policy_describe() */

/* The later, the stricter. */
enum policy_keep {
	POLICY_FULL,
	POLICY_HEADERS, /* the link, network and transport headers, no payload */
	POLICY_OFF,     /* nothing */
};

struct policy_rule {
	struct network network;
	char namespace[POD_NAMESPACE]; /* if not empty, the rule is for it instead */
	enum policy_keep keep;
};

/* All zero: everything is recorded. */
struct policy {
	struct policy_rule rules[POLICY_RULES];
	unsigned count;
	unsigned namespaces;    /* rules for one, of all */
	pod_namespace_fn *find; /* NULL: none is known */
	void *find_arg;
};

/* Packets of a snapshot that lost something to the policy, or everything. */
struct policy_removed {
	uint64_t headers, off;
};

/*
 * "10.0.0.0/8=headers", "2001:db8::5=off", "ns:shop=full", "any=headers".  Of rules for one network
 * or namespace the last counts.  0; -EINVAL: this is no rule; -ENOSPC: there are POLICY_RULES
 * already.
 */
int policy_add(struct policy *policy, const char *text);
/* enum policy_keep, for packets between a and b. */
int policy_of(const struct policy *policy, const struct address *a, const struct address *b);
/* How many of a packet's captured bytes are left; payload: where it begins. */
uint32_t policy_cut(enum policy_keep keep, uint32_t captured, uint32_t payload);
/* The sentence that a snapshot says of it; empty when nothing was removed.  Returns to. */
const char *policy_describe(char to[POLICY_TEXT], const struct policy_removed *removed);

#endif /* SKUA_RECORD_POLICY_H */
