/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Joins the snapshots that an agent gives one after the other into one growing
 * pcapng section: their packets follow one another, an interface that is
 * described again keeps its number.  What is said of a snapshot alone
 * (statistics) is left out.
 */
#ifndef SKUA_SERVE_JOIN_H
#define SKUA_SERVE_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JOIN_INTERFACES 1024 /* of all snapshots, and of each */

struct join_block {
	char *bytes;
	size_t length;
};

struct join {
	FILE *stream; /* the caller's */
	bool begun;
	struct join_block interfaces[JOIN_INTERFACES]; /* as they were written */
	unsigned interface_count;
	struct join_block names; /* written last */
};

void join_init(struct join *join, FILE *stream);
/*
 * Writes what is new in this snapshot.  0 or -errno: -EBADMSG, it is none (what
 * came before the fault is written); -ENOSPC, too many interfaces; -ENOMEM; and
 * of the stream.
 */
int join_add(struct join *join, const char *bytes, size_t length);
void join_fini(struct join *join);

#endif /* SKUA_SERVE_JOIN_H */
