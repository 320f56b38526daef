/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel as a source of events: drains the rings on a timer, sweeps the
 * tables on whole seconds, makes kernel time Unix time.  It holds descriptors
 * that the attacher handed over and needs no privilege.  One thread.
 */
#ifndef SKUA_CAPTURE_LIVE_H
#define SKUA_CAPTURE_LIVE_H

#include "capture/loader.h"
#include "capture/source.h"

struct live_options {
	struct engine_options engine;
	int fds[LOADER_MAPS]; /* closed by the source's close() */
	bool adopted;         /* an earlier agent has filled the tables */
};

/* What became of things, beside the programs' own counters. */
struct live_totals {
	uint64_t alien;                /* records of an unknown version, kind or size */
	uint64_t clock_steps;          /* the system's time was set */
	uint64_t evicted[SKUA_TABLES]; /* entries that a full table gave up; as of the last pass */
	uint64_t present[SKUA_TABLES];
	uint64_t skipped_ticks; /* seconds that had no tick, for the agent did not run */
	uint64_t arms_given_up; /* as armed.h has it */
};

struct live;

/* 0 or -errno. */
int live_open(struct live **out, const struct live_options *options);
/* The source, borrowed; its close() frees the live. */
struct source *live_source(struct live *live);
/* Everything is detached: say what is left, and what silence would decide.  Once.  keep: the next
 * agent goes on with the tables. */
int live_stop(struct live *live, bool keep, source_event_fn *deliver, void *arg);

/* Samples every packet of these until then (Unix time); 0: no longer.  0, or -errno: the kernel
 * refused. */
int live_arm(struct live *live, const struct skua_armed_key *key, uint64_t until_ns);

/* SKUA_COUNTERS rows, summed over CPUs, read now. */
void live_counters(const struct live *live, uint64_t out[SKUA_COUNTERS]);
/* Samples that will be missing so far: lost, or refused; cheap enough to ask at each finding. */
uint64_t live_samples_lost(const struct live *live);
/* What the programs have counted on an interface: false when it is not watched. */
bool live_link(const struct live *live, int ifindex, uint64_t *packets, uint64_t *bytes);
/* Bytes of LOADER_EVENTS or LOADER_SAMPLES that wait to be read. */
uint64_t live_ring_used(const struct live *live, enum loader_map ring);
void live_totals(const struct live *live, struct live_totals *out);

#endif /* SKUA_CAPTURE_LIVE_H */
