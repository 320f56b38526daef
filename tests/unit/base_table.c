// SPDX-License-Identifier: BSD-2-Clause
/* The table keeps what it is given until it is full, then forgets the least worthy. */
#include <string.h>
#include "base/table.h"
#include "refusing_calloc.h"
#include "tap.h"

#define CAPACITY 64

static unsigned told;

static uint64_t worth(const void *value)
{
	return *(const uint64_t *)value;
}

static void evicted(void *arg, const void *key, void *value)
{
	(void)arg;
	told += *(const uint64_t *)key == *(uint64_t *)value;
}

static void fill(struct table *table, uint64_t from, uint64_t to)
{
	for (uint64_t key = from; key < to; key++)
		*(uint64_t *)table_insert(table, &key) = key;
}

static unsigned present(const struct table *table, uint64_t from, uint64_t to)
{
	unsigned n = 0;

	for (uint64_t key = from; key < to; key++) {
		uint64_t *value = table_find(table, &key);

		n += value && *value == key;
	}
	return n;
}

static void test_full(struct table *table)
{
	unsigned walked = 0;

	fill(table, 0, CAPACITY);
	ok(present(table, 0, CAPACITY) == CAPACITY, "a full table still holds every entry");
	fill(table, CAPACITY, CAPACITY + 16);
	ok(table->used == CAPACITY, "a full table never grows");
	ok(told == 16, "each eviction is told with its key and value");
	ok(present(table, CAPACITY - 4, CAPACITY) == 4, "the worthiest old entries stay");
	ok(table->inserted - table->evictions - table->removed == table->used,
	   "inserted - evicted - removed = present");
	for (void *v = table_next(table, NULL); v; v = table_next(table, v))
		walked++;
	ok(walked == CAPACITY, "a walk meets every entry once");
}

static void test_many(void)
{
	const struct table_options options = {
		.key_size = 8, .value_size = 8, .capacity = 50000, .worth = worth
	};
	struct table table;
	uint64_t key;

	table_init(&table, &options);
	fill(&table, 0, 30000);
	for (key = 0; key < 30000; key += 3)
		table_remove(&table, table_find(&table, &key));
	fill(&table, 30000, 60000);
	ok(table.used == 50000 && !table.evictions && present(&table, 0, 60000) == 50000,
	   "all are found after the buckets were doubled several times, removals in between");
	table_fini(&table);
}

struct walk {
	struct table *table;
	uint64_t last;
	unsigned shown, ordered;
};

static int by_value(const void *x, const void *y)
{
	uint64_t a = **(uint64_t *const *)x, b = **(uint64_t *const *)y;

	return a < b ? -1 : a > b;
}

static void show(void *arg, void *value)
{
	struct walk *walk = arg;

	walk->shown++;
	walk->ordered += *(uint64_t *)value == walk->last + 1;
	walk->last = *(uint64_t *)value;
	table_remove(walk->table, value);
}

static void test_sorted(struct table *table)
{
	struct walk walk = { .table = table };

	for (uint64_t key = 10; key; key--)
		*(uint64_t *)table_insert(table, &key) = key;
	ok(table_show_sorted(table, by_value, show, &walk) && walk.shown == 10 &&
		   walk.ordered == 10 && !table->used,
	   "all are shown in the order asked for, and may be removed meanwhile");
	fill(table, 0, 10);
	walk.shown = 0;
	calloc_refuses = true;
	ok(!table_show_sorted(table, by_value, show, &walk) && walk.shown == 10 && !table->used,
	   "without memory to sort them all are shown as well, and it is said");
	calloc_refuses = false;
}

int main(void)
{
	struct table_options options = { .key_size = 8,
					 .value_size = 8,
					 .capacity = CAPACITY,
					 .worth = worth,
					 .evicted = evicted };
	struct table table, other;
	uint64_t key = CAPACITY + 15;
	bool is_new;

	ok(!table_init(&table, &options) && !table_init(&other, &options), "tables can be made");
	ok(table.seed != other.seed, "nobody can know beforehand which keys will collide");
	table_fini(&other);
	test_full(&table);
	table_get(&table, &key, &is_new);
	ok(!is_new, "what is there is found, not inserted");
	table_remove(&table, table_find(&table, &key));
	ok(!table_find(&table, &key), "what was removed is gone");
	ok(*(uint64_t *)table_get(&table, &key, &is_new) == 0 && is_new,
	   "what comes again begins with zeros");
	for (uint64_t *v = table_next(&table, NULL); v; v = table_next(&table, v))
		table_remove(&table, v);
	test_sorted(&table);
	table_fini(&table);
	test_many();
	return done();
}
