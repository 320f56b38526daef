// SPDX-License-Identifier: BSD-2-Clause
/* Draws the simulated pairs and gathers them in worlds. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "design.h"
#include "design_lists.h"

#define SMALL_OF 4 /* one of so many says little */
#define DEAD_OF 16 /* of so many that reconnect, one calls a server that is gone */
#define SPARSE_WORLDS 2
#define SPARSE_BEACONS 10
#define NOISE_WORLD 400

const char *const list_names[LISTS] = { "tune", "report" };
const char *const view_names[VIEWS] = { "host", "node", "tap" };
const char *const sizes_names[SIZES] = { "constant", "padded", "random" };

static const uint32_t intervals_s[] = { 5, 30, 60, 300, 900, 3600, 14400 };
static const uint8_t jitters[] = { 20, 37, 50, 90 }, losses[] = { 0, 20, 50 };
static const uint32_t durations_h[] = { 1, 8, 24 };
/* A client has at most seven, of different intervals: more would look like the peers of a swarm. */
static const unsigned beacons_of_view[VIEWS] = { 7, 150, 240 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void *more(void *block, size_t size, unsigned used, unsigned *room)
{
	if (used < *room)
		return block;
	*room = *room ? 2 * *room : 1024;
	return realloc(block, *room * size);
}

static struct plan *add_plan(struct design *design)
{
	void *grown =
		more(design->plans, sizeof(struct plan), design->plan_count, &design->plan_room);

	if (!grown)
		return NULL;
	design->plans = grown;
	design->plans[design->plan_count] = (struct plan){ 0 };
	return &design->plans[design->plan_count++];
}

static int add_batch(struct design *design, const struct batch *batch)
{
	void *grown = more(design->batches, sizeof(struct batch), design->batch_count,
			   &design->batch_room);

	if (!grown)
		return -ENOMEM;
	design->batches = grown;
	design->batches[design->batch_count++] = *batch;
	return 0;
}

static void add_groups(struct design *design, enum list list, enum law law)
{
	unsigned shapes = law_has_jitter(law) ? COUNT(jitters) : 1;

	for (unsigned i = 0; i < shapes; i++)
		for (unsigned j = 0; j < COUNT(losses); j++)
			design->groups[design->group_count++] =
				(struct group){ .list = list,
						.law = law,
						.shape = law_has_jitter(law) ? jitters[i] : 0,
						.loss = losses[j] };
}

unsigned design_group(const struct design *design, const struct plan *plan)
{
	unsigned i = 0;

	while (design->groups[i].list != plan->list || design->groups[i].law != plan->law ||
	       design->groups[i].shape != plan->shape || design->groups[i].loss != plan->loss)
		i++;
	return i;
}

/* The axes that a group does not set; cell: their place in the grid, or drawn. */
static void draw_axes(struct plan *plan, struct draw *draw, int64_t cell)
{
	uint64_t at = cell >= 0 ? (uint64_t)cell : draw_next(draw) >> 16;

	plan->interval_s = intervals_s[at % COUNT(intervals_s)];
	at /= COUNT(intervals_s);
	plan->keepalive = at % 2;
	at /= 2;
	plan->sizes = at % SIZES;
	at /= SIZES;
	plan->hours = durations_h[at % COUNT(durations_h)];
	at /= COUNT(durations_h);
	plan->view = at % VIEWS;
	plan->named = draw_below(draw, 2);
	plan->tasked = draw_below(draw, 2);
	plan->small = !draw_below(draw, SMALL_OF);
	plan->dead = !plan->keepalive && !draw_below(draw, DEAD_OF);
	plan->seed = draw_next(draw);
}
#define CELLS (7 * 2 * 3 * 3 * 3)

static int add_beacons(struct design *design, const struct group *group, uint64_t seed,
		       unsigned count, bool all)
{
	struct draw draw = draw_from(seed, group->law << 16 | group->shape << 8 | group->loss);

	for (unsigned i = 0; i < (all ? count * CELLS : count); i++) {
		struct plan *plan = add_plan(design);

		if (!plan)
			return -ENOMEM;
		plan->list = group->list;
		plan->law = group->law;
		plan->shape = group->shape;
		plan->loss = group->loss;
		draw_axes(plan, &draw, all ? (int64_t)(i % CELLS) : -1);
	}
	return 0;
}

static int by_world(const void *a, const void *b)
{
	const struct plan *x = a, *y = b;

	if (x->view != y->view)
		return x->view < y->view ? -1 : 1;
	if (x->hours != y->hours)
		return x->hours < y->hours ? -1 : 1;
	if (x->interval_s != y->interval_s)
		return x->interval_s < y->interval_s ? -1 : 1;
	return x->seed < y->seed ? -1 : x->seed > y->seed;
}

/* Each world gets every so-manieth, so that its beacons are of all intervals. */
static int deal(struct design *design, const struct batch *like, struct plan *plans, unsigned count)
{
	unsigned worlds = (count + beacons_of_view[like->view] - 1) / beacons_of_view[like->view];
	struct plan *dealt = malloc(count * sizeof(*dealt));
	unsigned used = 0;
	int err = dealt ? 0 : -ENOMEM;

	for (unsigned world = 0; !err && world < worlds; world++) {
		struct batch batch = *like;

		batch.first = plans - design->plans + used;
		for (unsigned i = world; i < count; i += worlds)
			dealt[used++] = plans[i];
		batch.count = plans - design->plans + used - batch.first;
		err = add_batch(design, &batch);
	}
	if (!err)
		memcpy(plans, dealt, count * sizeof(*dealt));
	free(dealt);
	return err;
}

static int add_grid(struct design *design, enum list list, uint64_t seed, unsigned first)
{
	struct plan *plans = design->plans + first;
	unsigned count = design->plan_count - first;
	int err = 0;

	qsort(plans, count, sizeof(*plans), by_world);
	for (unsigned from = 0, to; !err && from < count; from = to) {
		struct batch like = { .kind = BATCH_GRID,
				      .list = list,
				      .seed = seed,
				      .view = plans[from].view,
				      .hours = plans[from].hours };

		for (to = from;
		     to < count && plans[to].view == like.view && plans[to].hours == like.hours;)
			to++;
		err = deal(design, &like, plans + from, to - from);
	}
	return err;
}

/* Few beacons, each of which can be found: do harmless things outrank them? */
static int add_sparse(struct design *design, enum list list, uint64_t seed)
{
	struct batch batch = { .kind = BATCH_SPARSE, .list = list, .seed = seed, .hours = 24 };
	struct draw draw = draw_from(seed, UINT64_MAX);
	const struct list_of *of = &design->lists[list];
	int err = 0;

	for (unsigned i = 0; !err && i < SPARSE_WORLDS * VIEWS; i++) {
		batch.view = i % VIEWS;
		batch.first = design->plan_count;
		batch.count = batch.view == VIEW_HOST ? beacons_of_view[VIEW_HOST] : SPARSE_BEACONS;
		for (unsigned j = 0; j < batch.count; j++) {
			struct plan *plan = add_plan(design);

			if (!plan)
				return -ENOMEM;
			draw_axes(plan, &draw, -1);
			plan->list = list;
			plan->law = of->laws[draw_below(&draw, of->law_count)];
			plan->shape = law_has_jitter(plan->law) ? jitters[draw_below(&draw, 3)] : 0;
			plan->loss = losses[draw_below(&draw, 2)];
			plan->interval_s = intervals_s[1 + draw_below(&draw, 4)];
			plan->view = batch.view;
			plan->hours = batch.hours;
			plan->sparse = true;
		}
		err = add_batch(design, &batch);
	}
	return err;
}

static void draw_noise(struct plan *plan, struct draw *draw)
{
	uint32_t longest_ms;

	plan->count = draw_size(draw, 7, 500);
	longest_ms = 24 * 3600 * 800u / plan->count;
	plan->interval_s = draw_size(draw, 2000, longest_ms > 4000 ? longest_ms : 4000);
	plan->shape = plan->law == LAW_LOMAX       ? draw_between(draw, 12, 25)
		      : plan->law == LAW_LOGNORMAL ? draw_between(draw, 10, 20)
						   : draw_between(draw, 3, 20);
	plan->hours = 24;
	plan->keepalive = draw_below(draw, 2);
	plan->sizes = draw_below(draw, SIZES);
	plan->named = draw_below(draw, 4) == 0;
	plan->seed = draw_next(draw);
}

static int add_noise(struct design *design, enum list list, unsigned pairs)
{
	const struct list_of *of = &design->lists[list];
	struct draw draw = draw_from(of->seeds[0], UINT64_MAX - 1);
	struct batch batch = { .kind = BATCH_NOISE, .list = list, .hours = 24 };

	for (unsigned i = 0; i < pairs; i++) {
		struct plan *plan = add_plan(design);

		if (!plan)
			return -ENOMEM;
		if (!batch.count)
			batch.first = design->plan_count - 1;
		plan->list = list;
		plan->law = of->noises[i % of->noise_count];
		draw_noise(plan, &draw);
		if (++batch.count < NOISE_WORLD && i + 1 < pairs)
			continue;
		if (add_batch(design, &batch))
			return -ENOMEM;
		batch.count = 0;
	}
	return 0;
}

static int add_mixes(struct design *design, enum list list, uint64_t seed)
{
	int err = 0;

	for (unsigned view = 0; !err && view < VIEWS; view++) {
		const struct batch batch = {
			.kind = BATCH_MIX, .list = list, .view = view, .seed = seed
		};

		err = add_batch(design, &batch);
	}
	return err;
}

static int add_seed(struct design *design, const struct design_options *options, enum list list,
		    uint64_t seed)
{
	unsigned first = design->plan_count;
	unsigned count = options->all ? options->per_group
				      : options->per_group / design->lists[list].seed_count;
	int err = 0;

	for (unsigned i = 0; !err && i < design->group_count; i++)
		if (design->groups[i].list == list)
			err = add_beacons(design, &design->groups[i], seed, count, options->all);
	if (!err)
		err = add_grid(design, list, seed, first);
	if (!err && options->mixes)
		err = add_sparse(design, list, seed);
	if (!err && options->mixes)
		err = add_mixes(design, list, seed);
	return err;
}

/* Worlds of the same mix follow each other, the longest of them first. */
static int by_mix(const void *a, const void *b)
{
	const struct batch *x = a, *y = b;

	if (x->kind == BATCH_NOISE || y->kind == BATCH_NOISE)
		return (x->kind == BATCH_NOISE) - (y->kind == BATCH_NOISE);
	if (x->seed != y->seed)
		return x->seed < y->seed ? -1 : 1;
	if (x->view != y->view)
		return x->view < y->view ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

int design_open(struct design *design, const struct design_options *options)
{
	int err = design_read_lists(design->lists, options->directory);

	for (enum list list = 0; !err && list < LISTS; list++)
		for (unsigned i = 0; i < design->lists[list].law_count; i++)
			add_groups(design, list, design->lists[list].laws[i]);
	for (enum list list = 0; !err && list < LISTS; list++) {
		const struct list_of *of = &design->lists[list];

		for (unsigned i = 0; !err && i < of->seed_count; i++)
			err = add_seed(design, options, list, of->seeds[i]);
		if (!err)
			err = add_noise(design, list, options->noise / LISTS);
	}
	if (!err)
		qsort(design->batches, design->batch_count, sizeof(*design->batches), by_mix);
	if (err)
		design_close(design);
	return err;
}

void design_close(struct design *design)
{
	free(design->plans);
	free(design->batches);
}
