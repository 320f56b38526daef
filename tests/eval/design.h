/* SPDX-License-Identifier: BSD-2-Clause */
/* Which beacons and which noise are simulated, in which worlds: all drawn from the lists' seeds. */
#ifndef TESTS_EVAL_DESIGN_H
#define TESTS_EVAL_DESIGN_H

#include <stdbool.h>
#include "plan.h"

#define DESIGN_SEEDS 4
#define DESIGN_GROUPS 128
#define DESIGN_LAWS LAWS

struct list_of {
	uint64_t seeds[DESIGN_SEEDS];
	unsigned seed_count;
	enum law laws[DESIGN_LAWS], noises[DESIGN_LAWS];
	unsigned law_count, noise_count;
};

/* Beacons of one law, jitter and loss. */
struct group {
	uint8_t list, law, shape, loss;
};

enum batch_kind { BATCH_GRID, BATCH_SPARSE, BATCH_NOISE, BATCH_MIX };

/* One world. */
struct batch {
	enum batch_kind kind;
	uint8_t list, view;
	uint64_t seed;
	uint32_t hours;
	uint32_t first, count; /* of plans */
};

struct design_options {
	const char *directory; /* of tune.txt and report.txt */
	unsigned per_group;    /* beacons; with all: per cell */
	unsigned noise;        /* pairs, of all lists together */
	bool all;
	bool mixes; /* there are any: else every world is without */
};

struct design {
	struct list_of lists[LISTS];
	struct group groups[DESIGN_GROUPS];
	unsigned group_count;
	struct plan *plans;
	unsigned plan_count, plan_room;
	struct batch *batches;
	unsigned batch_count, batch_room;
};

/* 0 or -errno, which has been logged. */
int design_open(struct design *design, const struct design_options *options);
void design_close(struct design *design);
/* The group of a beacon. */
unsigned design_group(const struct design *design, const struct plan *plan);

#endif /* TESTS_EVAL_DESIGN_H */
