/* SPDX-License-Identifier: BSD-2-Clause */
/* The interfaces that a live run watches, as its attacher tells of them. */
#ifndef SKUA_RUN_RUN_LINKS_H
#define SKUA_RUN_RUN_LINKS_H

#include "capture/channel.h"
#include "capture/live.h"

#define RUN_LINKS 64 /* shown one by one; of more only the sums are known */

struct run_link {
	int32_t ifindex;
	char name[IF_NAMESIZE];
	uint8_t role, in, out; /* enum skua_role, enum hook */
	bool blind;            /* packets pass that the programs do not see */
	uint64_t packets, bytes;
	uint64_t packet_rate, byte_rate; /* in the last second */
	/* When the interface's own counters were last told: */
	bool compared;
	uint64_t own, seen;
};

struct run_links {
	struct run_link links[RUN_LINKS];
	unsigned count;
	unsigned refused;                  /* wanted, but could not be watched */
	unsigned beyond;                   /* watched, but not in the list */
	uint64_t gone_packets, gone_bytes; /* of interfaces that are no longer watched */
};

/* Says what a person must know; true: an interface has just turned blind, *blind names it. */
bool run_links_take(struct run_links *links, const struct channel_message *message,
		    struct run_link **blind);
/* Reads the programs' counts: once a second. */
void run_links_count(struct run_links *links, const struct live *live);
/* Counted on all, ever. */
void run_links_sum(const struct run_links *links, uint64_t *packets, uint64_t *bytes);
/* "eth0 (uplink, xdp), veth1 (workload, tc)" */
void run_links_describe(const struct run_links *links, char *out, size_t size);

#endif /* SKUA_RUN_RUN_LINKS_H */
