// SPDX-License-Identifier: BSD-2-Clause
/* What is put on the wheel comes up at its second, once, however the clock moves. */
#include <stddef.h>
#include "base/wheel.h"
#include "tap.h"

#define START 1700000000
#define YEAR (365 * 86400ull)

static struct wheel wheel;

/* How many came up; each of them is counted in met, by its place in nodes. */
static unsigned turn(uint64_t now_s, const struct wheel_node *nodes, unsigned char *met)
{
	unsigned n = 0;

	for (struct wheel_node *node = wheel_turn(&wheel, now_s); node; node = node->next, n++)
		if (met)
			met[node - nodes]++;
	return n;
}

static void test_second(void)
{
	struct wheel_node node = {};

	wheel_init(&wheel, START);
	wheel_put(&wheel, &node, START + 10);
	ok(!wheel_turn(&wheel, START + 9), "nothing comes up a second early");
	ok(wheel_turn(&wheel, START + 10) == &node && !node.next, "it comes up at its second");
	ok(!node.link && !wheel.nodes && !wheel_turn(&wheel, START + 10 + WHEEL_SPAN),
	   "and then it is off the wheel");
	wheel_put(&wheel, &node, START);
	ok(wheel_turn(&wheel, wheel.now_s + 1) == &node,
	   "what is past comes up at the next second");
	wheel_put(&wheel, &node, wheel.now_s);
	ok(wheel_turn(&wheel, wheel.now_s + 1) == &node, "so does what is due now");
}

static void test_move(void)
{
	struct wheel_node node = {};

	wheel_init(&wheel, START);
	wheel_put(&wheel, &node, START + 10);
	wheel_put(&wheel, &node, START + 20);
	ok(wheel.nodes == 1 && !wheel_turn(&wheel, START + 19) &&
		   wheel_turn(&wheel, START + 20) == &node,
	   "a node that is put again moves to its new second");
	wheel_put(&wheel, &node, START + 40);
	wheel_put_earlier(&wheel, &node, START + 50);
	ok(node.due_s == START + 40, "a later second does not move one that comes up earlier");
	wheel_put_earlier(&wheel, &node, START + 30);
	ok(!wheel_turn(&wheel, START + 29) && wheel_turn(&wheel, START + 30) == &node,
	   "an earlier second does");
	wheel_put_earlier(&wheel, &node, START + 60);
	ok(node.due_s == START + 60 && wheel_turn(&wheel, START + 60) == &node,
	   "and one that is off the wheel is simply put");
}

static void test_remove(void)
{
	struct wheel_node nodes[3] = {};
	unsigned char met[3] = {};

	wheel_init(&wheel, START);
	for (int i = 0; i < 3; i++)
		wheel_put(&wheel, &nodes[i], START + 5);
	wheel_remove(&wheel, &nodes[1]);
	wheel_remove(&wheel, &nodes[1]);
	ok(wheel.nodes == 2, "removing twice counts once");
	ok(turn(START + 5, nodes, met) == 2 && met[0] == 1 && !met[1] && met[2] == 1,
	   "one removed from the midst of a second leaves its neighbours");
	wheel_put(&wheel, &nodes[0], START + 9);
	wheel_put(&wheel, &nodes[1], START + 9);
	wheel_remove(&wheel, &nodes[0]);
	wheel_remove(&wheel, &nodes[1]);
	ok(!wheel.nodes && !wheel_turn(&wheel, START + 9), "removed first and last, none is left");
}

static void test_span(void)
{
	struct wheel_node node = {}, last = {};

	wheel_init(&wheel, START);
	wheel_put(&wheel, &last, START + WHEEL_SPAN - 1);
	wheel_put(&wheel, &node, START + 18000);
	ok(!wheel_turn(&wheel, START + WHEEL_SPAN - 2), "beyond the span nothing comes up at once");
	ok(turn(START + WHEEL_SPAN - 1, &node, NULL) == 2,
	   "at its end the last second comes up, and what lies beyond");
	for (unsigned turns = 0; turns < 4; turns++) {
		wheel_put(&wheel, &node, START + 18000);
		wheel_turn(&wheel, wheel_next(&wheel));
	}
	ok(wheel.now_s == START + 18000, "put again it comes up at its second after all");
}

static void test_jumps(void)
{
	struct wheel_node nodes[WHEEL_SPAN] = {};
	static unsigned char met[WHEEL_SPAN];
	bool each = true;

	wheel_init(&wheel, START);
	for (int i = 0; i < WHEEL_SPAN; i++)
		wheel_put(&wheel, &nodes[i], START + i);
	ok(turn(START + 10 * YEAR, nodes, met) == WHEEL_SPAN && wheel.now_s == START + 10 * YEAR,
	   "a clock that jumps ten years meets everything");
	for (int i = 0; i < WHEEL_SPAN; i++)
		each &= met[i] == 1;
	ok(each, "each once");
	wheel_put(&wheel, &nodes[0], START + 10 * YEAR + 3);
	ok(!wheel_turn(&wheel, START) && wheel.now_s == START + 10 * YEAR && wheel.nodes == 1,
	   "a clock that steps back changes nothing");
	ok(!wheel_turn(&wheel, START + 10 * YEAR + 2) &&
		   wheel_turn(&wheel, START + 10 * YEAR + 3) == &nodes[0],
	   "and what is put after a jump comes up at its second");
	wheel_put(&wheel, &nodes[0], wheel.now_s + 7);
	ok(wheel_turn(&wheel, wheel.now_s + WHEEL_SPAN) == &nodes[0],
	   "a jump of exactly one turn meets it, too");
	wheel_put(&wheel, &nodes[0], wheel.now_s + 1);
	ok(wheel_turn(&wheel, wheel.now_s + WHEEL_SPAN + 1) == &nodes[0],
	   "and one of a second more does not skip the first");
	ok(!wheel_turn(&wheel, UINT64_MAX - WHEEL_SPAN) && wheel.now_s == UINT64_MAX - WHEEL_SPAN,
	   "an empty wheel turns at once");
}

static void test_next(void)
{
	struct wheel_node nodes[2] = {};

	wheel_init(&wheel, START);
	ok(wheel_next(&wheel) == UINT64_MAX, "on an empty wheel nothing is next");
	wheel_put(&wheel, &nodes[0], START + WHEEL_SPAN - 1);
	wheel_put(&wheel, &nodes[1], START + 77);
	ok(wheel_next(&wheel) == START + 77, "the earliest is next");
	wheel_remove(&wheel, &nodes[1]);
	ok(wheel_next(&wheel) == START + WHEEL_SPAN - 1, "without it, the other");
	wheel_put(&wheel, &nodes[1], START);
	ok(wheel_next(&wheel) == START + 1, "what is past is next second's");
}

int main(void)
{
	test_second();
	test_move();
	test_remove();
	test_span();
	test_jumps();
	test_next();
	return done();
}
