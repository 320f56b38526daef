/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who on this machine talks to whom: of each client the control groups and
 * accounts whose sockets opened its conversations, by server and port, by
 * server, by port, and at all; so that a beacon, an upload and a scan each find
 * the answer that is theirs.  Two pods that share the node's address are two
 * groups of one client here.  Of one such row the ORIGINS_OF that were met last
 * are kept; rows and names that are met least lately give way when tables are
 * full, and are counted.  Names come as facts, before or after.
 */
#ifndef SKUA_TRACK_ORIGINS_H
#define SKUA_TRACK_ORIGINS_H

#include "skua/event.h"
#include "base/address.h"
#include "base/table.h"
#include "dissect/fact.h"

#define ORIGINS_ROWS 16384
#define ORIGINS_NAMES 1024
#define ORIGINS_OF 4

/* server all zero: any; port and proto 0: any. */
struct origin_ends {
	struct address client, server;
	uint16_t port;
	uint8_t proto;
	uint8_t reserved[5];
};

struct origin {
	uint64_t cgroup;
	uint32_t uid;
	uint32_t others;                /* that did the same, at least */
	const struct fact_origin *name; /* NULL: nobody has said; borrowed */
};

struct origins {
	struct table rows;
	struct table names; /* by group and account */
};

int origins_init(struct origins *origins);
void origins_fini(struct origins *origins);
void origins_identity(struct origins *origins, const struct skua_identity_event *event);
void origins_fact(struct origins *origins, const struct fact_origin *fact, uint64_t now_ns);
/* Who opened most conversations of late between these ends.  false: nobody that is known. */
bool origins_find(const struct origins *origins, const struct origin_ends *ends,
		  struct origin *out);

#endif /* SKUA_TRACK_ORIGINS_H */
