// SPDX-License-Identifier: BSD-2-Clause
/* The ring holds the last samples whole, and knows which of them are gone. */
#include "record/ring.h"
#include "record_samples.h"
#include "tap.h"

#define OPERATIONS 1000000
#define MODEL 4096 /* more than any ring here holds */
#define CHAINS 7
#define RECORD 104 /* bytes before those of the sample */

static const struct talk talk = { 1, 2, 1000, 80, SKUA_TCP };

/* What was put, by number. */
struct model {
	uint64_t place[MODEL], previous[MODEL];
	uint32_t captured[MODEL];
};

static uint64_t put(struct ring *ring, uint64_t number, uint32_t captured, uint64_t previous)
{
	const struct skua_sample_event event = sample_of(&talk, number, true, 0, captured);
	const struct sample_row row = {
		.number = number, .event = &event, .bytes = bytes_of(number), .captured = captured
	};

	return ring_put(ring, &row, previous);
}

static bool is_sample(const struct sample_row *row, uint64_t number, uint32_t captured)
{
	return row->number == number && row->captured == captured &&
	       row->event->head.time_ns == number && row->event->length == captured &&
	       !memcmp(row->bytes, bytes_of(number), captured);
}

/* From the oldest on there are all that were put, without a gap, up to the last. */
static bool holds_last(const struct ring *ring, const struct model *model, uint64_t last)
{
	uint64_t at = RING_NOWHERE, number = ring->overwritten, previous;
	struct sample_row row;

	while ((at = ring_next(ring, at)) != RING_NOWHERE) {
		number++;
		if (!ring_get(ring, at, &row, &previous) || at != model->place[number % MODEL] ||
		    previous != model->previous[number % MODEL] ||
		    !is_sample(&row, number, model->captured[number % MODEL]))
			return false;
	}
	return number == last;
}

/* The next would have fitted had the oldest stayed: never more is given up than must be. */
static bool is_frugal(const struct ring *ring, uint64_t largest)
{
	return ring->head - ring->tail <= ring->size &&
	       (!ring->overwritten ||
		ring->head - ring->tail + 2 * (largest + RECORD + 8) >= ring->size);
}

static bool run(uint64_t size, uint32_t largest, unsigned operations)
{
	static struct model model;
	static _Alignas(8) uint8_t bytes[65536];
	uint64_t chains[CHAINS], state = size, checked = 0;
	struct ring ring;

	for (int i = 0; i < CHAINS; i++)
		chains[i] = RING_NOWHERE;
	ring_init(&ring, bytes, size);
	for (uint64_t number = 1; number <= operations; number++) {
		uint64_t *chain = &chains[next_random(&state) % CHAINS];
		uint32_t captured = next_random(&state) % (largest + 1);

		model.captured[number % MODEL] = captured;
		model.previous[number % MODEL] = *chain;
		*chain = put(&ring, number, captured, *chain);
		model.place[number % MODEL] = *chain;
		if (*chain == RING_NOWHERE || !is_frugal(&ring, largest))
			return false;
		/* All of it now and then, and at every step at first. */
		if (number < 500 || next_random(&state) % 512 == 0) {
			if (!holds_last(&ring, &model, number))
				return false;
			checked++;
		}
	}
	return checked > 400 && ring.overwritten;
}

static bool every_size(void)
{
	/* The smallest takes one sample of 64 bytes. */
	for (uint64_t size = RECORD + 64; size < 4096; size++)
		if (!run(size, 64, 600))
			return false;
	return true;
}

static void test_chain(void)
{
	static _Alignas(8) uint8_t bytes[4096];
	uint64_t chain = RING_NOWHERE, other = RING_NOWHERE, at, previous;
	unsigned found = 0;
	bool in_order = true;
	struct sample_row row;
	struct ring ring;

	ring_init(&ring, bytes, sizeof(bytes));
	for (uint64_t number = 1; number <= 1000; number++) {
		if (number % 3)
			other = put(&ring, number, 40, other);
		else
			chain = put(&ring, number, 40, chain);
	}
	for (at = chain; ring_get(&ring, at, &row, &previous); at = previous, found++)
		in_order &= row.number == 999 - 3 * found;
	ok(in_order && found == 9,
	   "a chain leads back to the oldest sample that is left, not beyond");
	ok(at != RING_NOWHERE && at < ring.tail, "and its end was overwritten, not forgotten");
	ok(ring.overwritten == 1000 - 28, "what was overwritten is counted");
}

static void test_bounds(void)
{
	static _Alignas(8) uint8_t bytes[512];
	struct sample_row row;
	struct ring ring;
	uint64_t previous;

	ring_init(&ring, bytes, 0);
	ok(put(&ring, 1, 0, RING_NOWHERE) == RING_NOWHERE &&
		   ring_next(&ring, RING_NOWHERE) == RING_NOWHERE,
	   "a ring of no size takes nothing");
	ring_init(&ring, bytes, sizeof(bytes));
	put(&ring, 1, 100, RING_NOWHERE);
	ok(put(&ring, 2, sizeof(bytes) - RECORD + 1, RING_NOWHERE) == RING_NOWHERE &&
		   ring_get(&ring, 0, &row, &previous) && is_sample(&row, 1, 100),
	   "a sample larger than the ring is refused and pushes nothing out");
	ok(put(&ring, 3, sizeof(bytes) - RECORD, RING_NOWHERE) != RING_NOWHERE &&
		   ring.overwritten == 1,
	   "one as large as the ring takes all of it");
	ok(!ring_get(&ring, RING_NOWHERE, &row, &previous), "nowhere there is no sample");
}

int main(void)
{
	ok(every_size(), "rings of every size from one sample to 4 KiB wrap around without a loss");
	ok(run(60000, 1514, OPERATIONS),
	   "a million samples: order, bytes and chains are those of a naive model");
	ok(run(8 * 1001, 700, OPERATIONS / 10), "so it is in a ring that holds a few samples");
	test_chain();
	test_bounds();
	return done();
}
