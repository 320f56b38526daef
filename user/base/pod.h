/* SPDX-License-Identifier: BSD-2-Clause */
/* A pod of Kubernetes: who an address belongs to, for whoever names it or judges by it. */
#ifndef SKUA_BASE_POD_H
#define SKUA_BASE_POD_H

#include "base/address.h"

/* What the API server allows, and a final zero: RFC 1123 labels and subdomains. */
#define POD_NAMESPACE 64
#define POD_NAME 254
#define POD_OWNER (POD_NAMESPACE + POD_NAME) /* "ReplicaSet/web-7d9c6b5f4" */

struct pod {
	char namespace[POD_NAMESPACE];
	char name[POD_NAME];
	char owner[POD_OWNER]; /* kind and name of its controller; may be empty */
	char node[POD_NAME];
	uint32_t age_s;   /* how long ago that was known; 0: it is so now */
	uint32_t known_s; /* how long ago it became known */
};

/* Such as names of namespaces: 1 to 63 of a-z, 0-9 and, not at its ends, "-". */
bool pod_is_label(const char *text);

/* false: it is nobody's that is known, and *out is as it was.  Called by any thread. */
typedef bool pod_find_fn(void *arg, const struct address *address, struct pod *out);
/* Its namespace, borrowed until the next call; NULL: it has none that is known. */
typedef const char *pod_namespace_fn(void *arg, const struct address *address);

#endif /* SKUA_BASE_POD_H */
