/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sweep of the kernel's tables: on each tick it reads a part of the flows,
 * and all attempts and sources, says what silence decided and deletes what it
 * has said.  The programs write, the sweep deletes.
 */
#ifndef SKUA_CAPTURE_LIVE_SWEEP_H
#define SKUA_CAPTURE_LIVE_SWEEP_H

#include "capture/loader.h"
#include "capture/sweep.h"

/* One of the tables, and how far the pass through it has come. */
struct live_table {
	int fd;
	size_t key_size, value_size;
	uint32_t capacity;
	uint32_t cursor; /* the kernel's: where the next slice begins */
	bool begun;
	uint64_t from_ns, now_ns; /* deadlines in between fall into this pass; kernel time */
	uint64_t due_ns;          /* none of them is over before; 0: not known */
	uint64_t found;           /* entries that stay, so far */
	uint64_t deleted;         /* by us, ever */
	uint64_t inserted;        /* when this pass began, less deleted by the programs */
	uint64_t made;            /* when this pass began: inserted, and deleted by nobody */
	uint64_t gone;            /* deleted by us in this pass */
	uint64_t present;         /* entries that stayed in the last complete pass */
	uint64_t evicted;         /* made, deleted by nobody, and not there */
	uint64_t passes;
};

struct live_sweep {
	struct skua_config config;
	struct live_table tables[SKUA_TABLES];
	struct sweep say;
	bool rests;   /* nobody writes any more */
	bool adopted; /* what an earlier agent deleted is not known: the first pass shows */
	uint64_t missing[SKUA_TABLES]; /* at the first pass of an adopted table */
	unsigned char *keys, *values;  /* of a slice */
};

/* fds: by enum skua_table, borrowed.  say gets events in kernel time.  0 or -ENOMEM. */
int live_sweep_init(struct live_sweep *sweep, const struct engine_options *options, const int *fds,
		    const struct sweep *say, uint64_t now_ns);
void live_sweep_fini(struct live_sweep *sweep);
/* made: by table, inserted less deleted by the programs.  all: every table to its end, else flows
 * by parts.  0 or -errno. */
int live_sweep_tick(struct live_sweep *sweep, const uint64_t made[SKUA_TABLES], uint64_t now_ns,
		    bool all);
/* Nobody writes any more: a table of which nothing is due is not read. */
void live_sweep_rest(struct live_sweep *sweep);
/* Says the totals of every flow that is left. */
int live_sweep_stop(struct live_sweep *sweep, uint64_t now_ns);

#endif /* SKUA_CAPTURE_LIVE_SWEEP_H */
