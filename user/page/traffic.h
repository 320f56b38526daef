/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes over time and by address, packet by packet, in a bounded state. */
#ifndef SKUA_PAGE_TRAFFIC_H
#define SKUA_PAGE_TRAFFIC_H

#include "skua/packet.h"
#include "base/table.h"
#include "base/address.h"

#define TRAFFIC_BINS 120       /* when time runs past the last, two become one */
#define TRAFFIC_HOSTS 65536    /* the one with the fewest bytes gives way */
#define TRAFFIC_TOP 15         /* are told */
#define TRAFFIC_BIN_NS 1000000 /* at the beginning */

enum traffic_kind { TRAFFIC_TCP, TRAFFIC_UDP, TRAFFIC_OTHER, TRAFFIC_KINDS };
enum traffic_way { TRAFFIC_SENT, TRAFFIC_RECEIVED };

struct traffic_bin {
	uint64_t packets, bytes[TRAFFIC_KINDS];
};

struct traffic_host {
	struct address address;
	uint64_t packets[2], bytes[2]; /* by enum traffic_way; whole frames */
};

struct traffic {
	uint64_t first_ns, bin_ns; /* 0: no packet yet */
	uint64_t early;            /* packets before the first, counted as if with it */
	struct traffic_bin bins[TRAFFIC_BINS];
	unsigned used; /* bins from there on are empty */
	struct table hosts;
};

/* 0 or -ENOMEM; traffic_fini() takes one that is zero. */
int traffic_init(struct traffic *traffic);
void traffic_fini(struct traffic *traffic);
void traffic_packet(struct traffic *traffic, const struct skua_packet *pkt, uint64_t time_ns);
/* Those with most bytes, at most TRAFFIC_TOP; how many. */
unsigned traffic_top(const struct traffic *traffic, struct traffic_host top[TRAFFIC_TOP]);

#endif /* SKUA_PAGE_TRAFFIC_H */
