/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What outlives a run: who has talked to whom before, and what our hosts
 * usually send.  It judges nothing; context and the upload detector ask it.
 * Tables of fixed size: when relations are full those of longest ago go, and
 * from then on the memory reaches back no further than to them, so that what
 * comes back is not taken for new.  Times are of packets.  Not thread-safe.
 * memory_write() and memory_read() (track/memory_file.h) are its form on disk.
 */
#ifndef SKUA_TRACK_MEMORY_H
#define SKUA_TRACK_MEMORY_H

#include "base/address.h"
#include "base/table.h"
#include "track/baseline.h"

#define MEMORY_DAY_NS 86400000000000ull

struct memory_relation {
	uint64_t first_ns, last_ns;
};

/* A source, and a destination; all zero: whatever it sends out. */
struct memory_route {
	struct address source, destination;
};

struct memory_options {
	uint32_t relations; /* 24 bytes each, and as much again for the table */
	uint32_t sources;   /* 0.1 kB each */
	uint32_t routes;    /* 0.1 kB each */
	uint64_t seed;      /* of the hashes of relations, when nothing was kept */
};
#define MEMORY_OPTIONS_DEFAULT                                                                     \
	{                                                                                          \
		.relations = 131072, .sources = 4096, .routes = 16384                              \
	}

struct memory {
	struct memory_options options;
	struct table relations; /* hash of client and peer: struct memory_relation */
	struct table sources;   /* struct memory_route: struct baseline */
	struct table routes;    /* likewise */
	uint64_t since_ns;      /* all relations from here on are known; 0: nothing was seen */
	uint64_t now_ns;        /* of the newest */
};

/* 0 or -ENOMEM. */
int memory_init(struct memory *memory, const struct memory_options *options);
void memory_fini(struct memory *memory);

/* A client of ours has talked to a server, or (server NULL) to whom this hash of a name means. */
void memory_meet(struct memory *memory, const struct address *client, const struct address *server,
		 uint64_t name, uint64_t now_ns);
/*
 * Since when the relation is known; 0: that says nothing, for it is not known,
 * or was there before the memory reached back a day.
 */
uint64_t memory_first_seen(const struct memory *memory, const struct address *client,
			   const struct address *server, uint64_t name);

/* A host of ours has sent out to a destination. */
void memory_upload(struct memory *memory, const struct address *source,
		   const struct address *destination, uint64_t out, uint64_t in, uint64_t now_ns);
/* destination NULL: all that the source sends.  NULL: nothing is known. */
const struct baseline *memory_baseline(const struct memory *memory, const struct address *source,
				       const struct address *destination);
/* What was forgotten for want of room. */
uint64_t memory_evicted(const struct memory *memory);

#endif /* SKUA_TRACK_MEMORY_H */
