// SPDX-License-Identifier: BSD-2-Clause
/* The shelf gives back what was put there, and loses no block. */
#include "record/shelf.h"
#include "record_samples.h"
#include "tap.h"

#define OPERATIONS 1000000
#define LISTS 16
#define SAMPLES 64 /* of one list, in the model */
#define BLOCKS 1500

static const struct talk talk = { 1, 2, 1000, 80, SKUA_TCP };

struct model {
	struct {
		uint32_t name, captured, exchange;
		uint64_t number;
	} samples[SAMPLES];
	unsigned count;
};

static struct stage {
	struct shelf shelf;
	struct shelf_list lists[LISTS];
	struct model models[LISTS];
	uint64_t number, refused;
	uint64_t random;
} stage;

static uint32_t append(struct stage *s, struct shelf_list *list, uint64_t number, uint32_t captured,
		       uint32_t exchange)
{
	const struct skua_sample_event event = sample_of(&talk, number, true, 0, captured);
	const struct sample_row row = {
		.number = number, .event = &event, .bytes = bytes_of(number), .captured = captured
	};

	return shelf_append(&s->shelf, list, &row, exchange);
}

static bool same(const struct stage *s, unsigned l)
{
	const struct model *model = &s->models[l];
	uint32_t name = s->lists[l].first, last = SHELF_NONE;
	uint8_t room[SAMPLE_BYTES];

	for (unsigned i = 0; i < model->count; i++) {
		const struct shelf_sample *sample = shelf_sample(&s->shelf, name);

		if (name != model->samples[i].name || sample->number != model->samples[i].number ||
		    sample->captured != model->samples[i].captured ||
		    sample->exchange != model->samples[i].exchange ||
		    sample->event.head.time_ns != sample->number ||
		    memcmp(shelf_bytes(&s->shelf, name, room), bytes_of(sample->number),
			   sample->captured))
			return false;
		last = name;
		name = sample->next;
	}
	return name == SHELF_NONE && s->lists[l].last == last;
}

static uint32_t blocks_used(const struct stage *s)
{
	uint32_t blocks = 0;

	for (unsigned l = 0; l < LISTS; l++)
		for (unsigned i = 0; i < s->models[l].count; i++)
			blocks += shelf_need(s->models[l].samples[i].captured);
	return blocks;
}

static void do_append(struct stage *s, unsigned l)
{
	struct model *model = &s->models[l];
	uint32_t captured = next_random(&s->random) % SAMPLE_BYTES, left = shelf_left(&s->shelf);
	uint32_t name;

	if (model->count == SAMPLES)
		return;
	name = append(s, &s->lists[l], ++s->number, captured, l);
	s->refused += name == SHELF_NONE;
	if ((name != SHELF_NONE) != (shelf_need(captured) <= left))
		model->count = SAMPLES + 1; /* seen as a difference */
	else if (name != SHELF_NONE)
		model->samples[model->count++] =
			(__typeof__(model->samples[0])){ name, captured, l, s->number };
}

static void do_remove(struct stage *s, unsigned l)
{
	struct model *model = &s->models[l];
	unsigned i = model->count ? next_random(&s->random) % model->count : 0;

	shelf_remove_after(&s->shelf, &s->lists[l],
			   i ? model->samples[i - 1].name : (uint32_t)SHELF_NONE);
	if (!model->count)
		return;
	memmove(&model->samples[i], &model->samples[i + 1],
		(--model->count - i) * sizeof(model->samples[0]));
}

static void do_cut(struct stage *s, unsigned l, bool replace)
{
	struct model *model = &s->models[l];
	unsigned i = model->count ? next_random(&s->random) % model->count : 0;
	uint32_t captured = next_random(&s->random) % 129;

	if (!model->count)
		return;
	if (replace) {
		const struct skua_sample_event event =
			sample_of(&talk, ++s->number, true, 0, captured);
		const struct sample_row row = { s->number, &event, bytes_of(s->number), captured };

		shelf_replace(&s->shelf, model->samples[i].name, &row);
		model->samples[i].number = s->number;
		model->samples[i].captured = captured;
		return;
	}
	shelf_cut(&s->shelf, model->samples[i].name, captured);
	if (model->samples[i].captured > captured)
		model->samples[i].captured = captured;
}

static void do_something(struct stage *s, unsigned l)
{
	uint32_t what = next_random(&s->random) % 100;

	if (what < 60)
		do_append(s, l);
	else if (what < 75)
		do_remove(s, l);
	else if (what < 87)
		do_cut(s, l, false);
	else if (what < 99)
		do_cut(s, l, true);
	else {
		shelf_clear(&s->shelf, &s->lists[l]);
		s->models[l].count = 0;
	}
}

static void test_model(void)
{
	static uint8_t bytes[BLOCKS * SHELF_BLOCK];
	bool good = true, counted = true;

	shelf_init(&stage.shelf, bytes, sizeof(bytes));
	for (unsigned i = 0; i < OPERATIONS && good; i++) {
		unsigned l = next_random(&stage.random) % LISTS;

		do_something(&stage, l);
		if (i % 16 == 0)
			good = stage.models[l].count <= SAMPLES && same(&stage, l);
		if (i % 256 == 0)
			counted &= blocks_used(&stage) == stage.shelf.used;
	}
	ok(good, "a million operations: lists and bytes are those of a naive model");
	ok(counted, "at each time so many blocks are used as the samples need");
	ok(stage.refused > 1000, "when there is no room, and only then, a sample is refused");
	for (unsigned l = 0; l < LISTS; l++)
		shelf_clear(&stage.shelf, &stage.lists[l]);
	ok(stage.shelf.used == 0, "nothing is left when all lists are cleared");
}

static void test_bounds(void)
{
	static uint8_t bytes[4 * SHELF_BLOCK];
	struct stage s = {};
	struct shelf_list *list = &s.lists[0];

	shelf_init(&s.shelf, bytes, 0);
	ok(shelf_left(&s.shelf) == 0 && append(&s, list, 1, 0, 0) == SHELF_NONE,
	   "a shelf of no size takes nothing");
	shelf_init(&s.shelf, bytes, sizeof(bytes));
	ok(append(&s, list, 1, 128, 0) && s.shelf.used == 1, "a header takes one block");
	ok(append(&s, list, 2, 152, 0) && s.shelf.used == 2, "so does what just fits into it");
	ok(append(&s, list, 3, 153, 0) == SHELF_NONE && s.shelf.used == 2 &&
		   list->last != SHELF_NONE,
	   "one byte more takes two, and what has no room leaves the list as it was");
	shelf_clear(&s.shelf, list);
	ok(append(&s, list, 4, 65536, 0) == SHELF_NONE && s.shelf.used == 0,
	   "no sample is longer than its length can say");
}

int main(void)
{
	test_model();
	test_bounds();
	return done();
}
