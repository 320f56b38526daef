/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The namespace of whoever has an address, for those who ask with each packet:
 * what a board says is remembered until it changes.  A pod that is gone counts
 * as long as the board names it.  One thread.
 */
#ifndef SKUA_KUBE_NAMESPACES_H
#define SKUA_KUBE_NAMESPACES_H

#include "kube/board.h"

#define NAMESPACES_PLACES 4096             /* two that share a place replace each other */
#define NAMESPACES_FRESH_NS 10000000000ull /* who is gone is forgotten without a change */

struct namespaces;

/* Unix time, to a second, and rather too short than too long: others have an address before and
 * after. */
struct tenancy {
	char namespace[POD_NAMESPACE]; /* empty: none is known */
	uint64_t from_ns, until_ns;    /* UINT64_MAX: it lasts */
};

/* 0 or -ENOMEM.  The board is borrowed. */
int namespaces_open(struct namespaces **out, const struct board *board);
void namespaces_close(struct namespaces *namespaces);
/* now_ns: CLOCK_MONOTONIC, unix_ns: the same moment.  Borrowed until the next call. */
const struct tenancy *namespaces_at(struct namespaces *namespaces, const struct address *address,
				    uint64_t now_ns, uint64_t unix_ns);
const struct tenancy *namespaces_now(struct namespaces *namespaces, const struct address *address);
/* A pod_namespace_fn, arg: struct namespaces. */
const char *namespaces_find(void *arg, const struct address *address);

#endif /* SKUA_KUBE_NAMESPACES_H */
