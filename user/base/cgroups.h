/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths of control groups by their ids, which are the inode numbers of their
 * folders in the unified hierarchy (cgroup v2, beside v1 or alone).  Nothing is
 * asked of the kernel but to list folders that all may read, so a process
 * without privileges can: the tree is walked when an id is not known, and seldom
 * enough to cost a twentieth of a processor at most.  Ids are not used again, so
 * a group that is gone keeps its path until its place is needed: at most
 * CGROUPS_KEPT are known, and of those the one seen longest ago gives way.
 */
#ifndef SKUA_BASE_CGROUPS_H
#define SKUA_BASE_CGROUPS_H

#include <stdint.h>

#define CGROUPS_KEPT 4096
#define CGROUPS_PATH 384 /* Kubernetes makes paths of some 200 characters */

struct cgroups_counts {
	uint64_t known;    /* groups whose path is kept */
	uint64_t walks;    /* of the tree */
	uint64_t evicted;  /* paths that gave way */
	uint64_t unlooked; /* folders that were too many, too deep or too long, in all walks */
};

struct cgroups;

/* root: where the hierarchy is mounted; NULL: where this process sees it.  0, -ENOENT: nowhere,
 * -ENOMEM or -errno. */
int cgroups_open(struct cgroups **out, const char *root);
void cgroups_close(struct cgroups *cgroups);
/* From the hierarchy's root, "/" for itself; NULL: not known, or not now.  Borrowed until the next
 * call.  now_ns: of any clock that does not step. */
const char *cgroups_path(struct cgroups *cgroups, uint64_t id, uint64_t now_ns);
void cgroups_count(const struct cgroups *cgroups, struct cgroups_counts *out);

#endif /* SKUA_BASE_CGROUPS_H */
