// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes one dissector of conversations (MACHINE, told by the Makefile): the
 * input is a byte of port and client, then parts of three bytes (side or loss,
 * length) and their content.  Where nothing is lost the same bytes must say the
 * same in whatever pieces they come, until the dissector has to guess: whole
 * parts, single bytes, odd pieces.
 */
#include <assert.h>
#include <stdio.h>
#include "item_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define PART_HEADER 3
#define HELD (1 << 17) /* below what conversations keep, so that nothing is given up */

struct side {
	uint64_t taken; /* so far */
	uint8_t *bytes; /* of exactly that size: shows who reads beyond it */
	size_t length;
};

struct run {
	struct item_log log;
	struct dissector_call call;
	void *state;
	struct side sides[2];
	bool over; /* another protocol begins */
};

static void on_item(void *arg, const struct item *item)
{
	struct run *run = arg;

	assert(item->kind && item->kind < ITEM_KINDS && item->place->sender < 2);
	log_item(&run->log, item);
}

static void on_expected(struct dissector_call *call, uint16_t port)
{
	struct run *run = call->arg;

	log_number(&run->log, port);
}

static void set_rest(struct side *side, const uint8_t *rest, size_t length)
{
	uint8_t *bytes = malloc(length ? length : 1);

	if (!bytes)
		abort();
	if (length)
		memcpy(bytes, rest, length);
	free(side->bytes);
	side->bytes = bytes;
	side->length = length;
}

static void show(struct run *run, unsigned number)
{
	struct side *side = &run->sides[number];
	size_t taken = 0, step;

	run->call.place.sender = number;
	do {
		step = MACHINE.take(run->state, &run->call, side->bytes + taken,
				    side->length - taken);
		assert(step <= side->length - taken);
		taken += step;
	} while (step && taken < side->length && !run->call.restart && !run->call.guessing);
	side->taken += taken;
	if (run->call.restart)
		log_number(&run->log, side->taken); /* another one gets the rest */
	run->over = run->call.restart || run->call.guessing;
	set_rest(side, side->bytes + taken, side->length - taken);
}

static void add(struct run *run, unsigned number, const uint8_t *bytes, size_t length)
{
	struct side *side = &run->sides[number];
	size_t before = side->length;
	uint8_t *grown = malloc(before + length);

	if (!grown || before + length > HELD)
		abort();
	if (before)
		memcpy(grown, side->bytes, before);
	memcpy(grown + before, bytes, length);
	free(side->bytes);
	side->bytes = grown;
	side->length = before + length;
	show(run, number);
}

static void lose(struct run *run, unsigned number, uint64_t bytes)
{
	set_rest(&run->sides[number], NULL, 0);
	run->call.place.sender = number;
	if (MACHINE.lost)
		MACHINE.lost(run->state, &run->call, bytes);
}

/* pieces: at most so many bytes at a time; 0: odd ones. */
static void add_pieces(struct run *run, unsigned number, struct cursor part, size_t pieces)
{
	uint32_t odd = (uint32_t)part.left * 2654435761u + 1;

	while (part.left && !run->over) {
		size_t step = pieces;
		struct cursor piece;

		odd = odd * 1664525 + 1013904223;
		if (!step)
			step = 1 + (odd >> 16) % 37;
		cursor_take(&part, step < part.left ? step : part.left, &piece);
		add(run, number, piece.at, piece.left);
	}
}

static void end(struct run *run)
{
	static const unsigned order[] = { 0, 1 };

	run->call.last = true;
	for (unsigned i = 0; i < 2 && !run->over; i++)
		if (run->sides[order[i]].length)
			show(run, order[i]);
	if (!run->over && MACHINE.end)
		MACHINE.end(run->state, &run->call);
}

/* Whether something was lost; if pieces are wanted, it says so before it feeds anything. */
static bool feed(struct run *run, struct cursor input, size_t pieces)
{
	bool lossy = false;

	while (input.left > PART_HEADER && !run->over) {
		size_t length = input.at[1] << 8 | input.at[2];
		uint8_t kind = input.at[0];
		struct cursor part;

		input.at += PART_HEADER;
		input.left -= PART_HEADER;
		run->call.place.frame++;
		if (kind & 2) {
			lose(run, kind & 1, length);
			lossy = true;
			continue;
		}
		cursor_take(&input, length < input.left ? length : input.left, &part);
		add_pieces(run, kind & 1, part, pieces);
	}
	end(run);
	return lossy;
}

static bool play(struct run *run, struct cursor input, size_t pieces)
{
	static const uint16_t ports[] = { 8000, 53, 110, 23, 389, 445, 443, 25 };
	bool lossy;

	*run = (struct run){ .call = { .say = on_item, .expect = on_expected } };
	run->call.arg = run;
	run->call.place.key.low_port = 1024;
	run->call.place.key.high_port = ports[input.at[0] & 7];
	run->call.place.key.proto = SKUA_TCP;
	run->call.place.client = input.at[0] >> 3 & 1;
	run->call.closed = input.at[0] >> 4 & 3;
	run->state = calloc(1, MACHINE.state_size);
	input.at++;
	input.left--;
	lossy = feed(run, input, pieces);
	free(run->state);
	free(run->sides[0].bytes);
	free(run->sides[1].bytes);
	return lossy;
}

static void compare(const struct item_log *whole, const struct item_log *other, size_t pieces)
{
	size_t same = 0;

	while (same < whole->length && same < other->length &&
	       whole->bytes[same] == other->bytes[same])
		same++;
	if (same == whole->length && same == other->length)
		return;
	fprintf(stderr, "pieces of %zu: %zu bytes of log instead of %zu, other from %zu on\n",
		pieces, other->length, whole->length, same);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	static const size_t pieces[] = { 1, 0 };
	const struct cursor all = { input, length };
	struct run whole, other;

	if (length < 1 + PART_HEADER || length > HELD)
		return 0;
	if (!play(&whole, all, SIZE_MAX)) {
		for (unsigned i = 0; i < 2; i++) {
			play(&other, all, pieces[i]);
			compare(&whole.log, &other.log, pieces[i]);
			free(other.log.bytes);
		}
	}
	free(whole.log.bytes);
	return 0;
}
