/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scans from the Internet, summed up by the UTC day: one finding of severity 4
 * that tells how many tried us, who most, and at which ports.  Bounded: of
 * more scanners than there is room for, those with the fewest contacts are
 * forgotten, but stay counted.
 */
#ifndef SKUA_PIPELINE_INBOUND_H
#define SKUA_PIPELINE_INBOUND_H

#include "base/table.h"
#include "report/finding.h"

#define INBOUND_SOURCES 4096
#define INBOUND_PORTS 64

struct inbound_port {
	uint16_t port;
	uint32_t sources; /* that tried it; of the rarest, an estimate from above */
};

struct inbound {
	struct table sources;
	uint64_t first_ns, last_ns;
	uint32_t day;     /* since the epoch */
	uint32_t ifindex; /* of the last one */
	bool news;
	uint32_t seen; /* of the day; again after they were forgotten */
	struct inbound_port ports[INBOUND_PORTS];
};

/* 0 or -ENOMEM. */
int inbound_init(struct inbound *inbound);
void inbound_fini(struct inbound *inbound);
/* Takes one scan that is noise, as it is now; of another day than those before, it begins anew. */
void inbound_take(struct inbound *inbound, const struct finding *scan);
/* Is the day of what was taken before over at now_ns? */
bool inbound_is_over(const struct inbound *inbound, uint64_t now_ns);
/* false: there is no news since it was told last.  Walks all, so once a minute will do. */
bool inbound_tell(struct inbound *inbound, struct finding *summary);

#endif /* SKUA_PIPELINE_INBOUND_H */
