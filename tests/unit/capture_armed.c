// SPDX-License-Identifier: BSD-2-Clause
/* The list of what is armed: bounded, ended in time, found. */
#include "capture/armed.h"
#include "tap.h"

static struct armed armed;

static struct skua_armed_key key_of(uint64_t n)
{
	/* So that the order of keys is not that of their making. */
	return (struct skua_armed_key){ .low = { n * 0x9e3779b97f4a7c15ull, 1 } };
}

static int put(uint64_t n, uint64_t until_ns)
{
	struct skua_armed_key key = key_of(n);

	return armed_put(&armed, &key, until_ns);
}

static bool holds(uint64_t n, uint64_t now_ns)
{
	struct skua_armed_key key = key_of(n);

	return armed_holds(&armed, &key, now_ns);
}

static void test_until(void)
{
	armed_init(&armed, -1, -1);
	ok(!holds(1, 0) && !armed.until_ns, "at first nothing is armed");
	put(1, 100);
	ok(holds(1, 99) && !holds(1, 100) && !holds(2, 99) && armed.until_ns == 100,
	   "a key is armed until its end");
	put(1, 50);
	ok(holds(1, 99) && armed.count == 1, "what is armed for longer stays so");
	put(1, 200);
	ok(holds(1, 199) && armed.until_ns == 200, "or is armed for longer");
	put(2, 300);
	put(1, 0);
	ok(!holds(1, 0) && holds(2, 0) && armed.count == 1, "and ended at once");
	put(2, 0);
	put(2, 0);
	ok(!armed.until_ns && !armed.count, "when nothing is left, that is known");
}

static void test_tick(void)
{
	bool right = true;

	armed_init(&armed, -1, -1);
	for (uint64_t n = 1; n <= 100; n++)
		put(n, n * 10);
	armed_tick(&armed, 500);
	ok(armed.count == 50 && armed.until_ns == 1000, "a tick forgets what has ended");
	for (uint64_t n = 1; n <= 100; n++)
		right &= holds(n, 0) == (n > 50);
	ok(right && !armed.given_up, "and nothing else");
}

static void test_full(void)
{
	bool there = true;

	armed_init(&armed, -1, -1);
	for (uint64_t n = 1; n <= SKUA_ARMED_MAX; n++)
		put(n, n == 77 ? 5 : 1000 + n);
	ok(armed.count == SKUA_ARMED_MAX && !armed.given_up, "so many fit");
	put(77, 6);
	ok(!armed.given_up, "one that is there needs no place");
	put(5000, 500);
	ok(!holds(77, 0) && holds(5000, 0) && armed.given_up == 1,
	   "of more, the one that ends first goes, counted");
	for (uint64_t n = 1; n <= SKUA_ARMED_MAX; n++)
		there &= n == 77 || holds(n, 0);
	ok(there && armed.count == SKUA_ARMED_MAX, "and no other");
}

int main(void)
{
	test_until();
	test_tick();
	test_full();
	return done();
}
