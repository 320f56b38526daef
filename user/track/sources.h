/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources: who tries to reach how many, and how that ends.  One tracked source
 * for each address and class of protocol, so that the pings of a host do not
 * dilute its port scan.  Fed by CONTACT, SOURCE and NEIGHBOUR events, closed by
 * ticks; it counts and never judges.  Fixed capacity: when full, the source
 * with the fewest failures, the oldest first, strangers before ours, goes and
 * is counted.
 *
 * One thread.  Called by the pipeline; detectors read struct tracked_source.
 */
#ifndef SKUA_TRACK_SOURCES_H
#define SKUA_TRACK_SOURCES_H

#include "base/table.h"
#include "track/source.h"

struct sources_options {
	uint32_t capacity;
	uint64_t hash_seed;
	/* Whose addresses are ours; count 0: the private ones.  Borrowed. */
	const struct network *locals;
	unsigned local_count;
};

#define SOURCES_OPTIONS_DEFAULT                                                                    \
	{                                                                                          \
		.capacity = 16384                                                                  \
	}

struct sources {
	struct sources_options options;
	struct table table;
	struct tracked_source **changed;
	uint32_t changed_count;
	uint64_t contacts;   /* events that were taken */
	uint64_t ignored;    /* events that concern nobody: multicast, gratuitous ARP, damaged */
	uint64_t syn_floods; /* minutes in which a source sent SYNs in masses to a few contacts */
};

/* Its findings are the caller's business. */
typedef void sources_judge_fn(void *arg, const struct tracked_source *source);

/* 0 or -ENOMEM. */
int sources_init(struct sources *sources, const struct sources_options *options);
void sources_fini(struct sources *sources);
void sources_contact(struct sources *sources, const struct skua_contact_event *event);
void sources_overflow(struct sources *sources, const struct skua_source_event *event);
/*
 * A connection carried payload both ways, from a client to a server: a stranger
 * that has tried us was let in.  A connection of ours to a server outside: was
 * that one let in before?
 */
void sources_spoke(struct sources *sources, const struct address *client,
		   const struct address *server);
void sources_called(struct sources *sources, const struct address *client,
		    const struct address *server);
void sources_neighbour(struct sources *sources, const struct skua_neighbour_event *event);
/*
 * The clock has reached now_ns: books what was reported, then shows each source
 * that changed since the last tick, in the order of addresses and classes.
 * Whole seconds of packet time; may leave idle ones out.
 */
void sources_tick(struct sources *sources, uint64_t now_ns, sources_judge_fn *judge, void *arg);

#endif /* SKUA_TRACK_SOURCES_H */
