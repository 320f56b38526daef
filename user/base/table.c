// SPDX-License-Identifier: BSD-2-Clause
/* A hash table of fixed capacity that evicts the least worthy of a sample. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include "skua/hash.h"
#include "base/table.h"

#define NONE UINT32_MAX
#define SMALL_PAGES (1u << 20)
#define BUCKETS_FIRST 4096 /* in use at the beginning: few entries then touch little memory */

/* The hash stands beside the slot's number, so that only the right slot is looked into. */
struct table_bucket {
	uint32_t hash;
	uint32_t slot; /* its number + 1; 0: empty */
};

/* In front of each key. */
struct slot {
	uint32_t next; /* in the list of free ones */
	uint32_t hash;
	uint64_t used;
};

static struct slot *slot_at(const struct table *table, uint32_t i)
{
	return (struct slot *)(table->slots + i * table->slot_size);
}

static unsigned char *slot_key(struct slot *slot)
{
	return (unsigned char *)(slot + 1);
}

static void *slot_value(const struct table *table, struct slot *slot)
{
	return slot_key(slot) + table->options.key_size;
}

static struct slot *slot_of(const struct table *table, const void *value)
{
	const unsigned char *key = (const unsigned char *)value - table->options.key_size;

	return (struct slot *)(key - sizeof(struct slot));
}

static uint32_t slot_index(const struct table *table, const struct slot *slot)
{
	return ((const unsigned char *)slot - table->slots) / table->slot_size;
}

/*
 * Zeroed memory that costs nothing until it is used.  Large pages: with small
 * ones most look-ups in a large table miss the TLB as well as the cache.  Slots
 * are used from the first on, and so are buckets: the beginning has small pages,
 * for most of many tables stay small, and clearing a large page takes long.
 */
static void *reserve(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Refused: slower, no harm. */
	madvise(memory, size < SMALL_PAGES ? size : SMALL_PAGES, MADV_NOHUGEPAGE);
	if (size > SMALL_PAGES)
		madvise((char *)memory + SMALL_PAGES, size - SMALL_PAGES, MADV_HUGEPAGE);
	return memory;
}

static void release(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

int table_init(struct table *table, const struct table_options *options)
{
	uint32_t buckets = 1;

	assert(options->capacity && options->key_size % 8 == 0);
	memset(table, 0, sizeof(*table));
	table->options = *options;
	table->options.value_size = (options->value_size + 7) & ~(size_t)7;
	table->slot_size = sizeof(struct slot) + options->key_size + table->options.value_size;
	while (buckets < 2 * options->capacity)
		buckets *= 2;
	table->mask_max = buckets - 1;
	table->mask = (buckets < BUCKETS_FIRST ? buckets : BUCKETS_FIRST) - 1;
	table->free_list = NONE;
	table->random = 0x9e3779b97f4a7c15;
	/* Refused: then the seed is what it was, no harm but to speed. */
	if (getrandom(&table->seed, sizeof(table->seed), GRND_NONBLOCK) < 0)
		table->seed = 0;
	table->slots = reserve(options->capacity * table->slot_size);
	table->buckets = reserve(buckets * sizeof(*table->buckets));
	if (!table->slots || !table->buckets) {
		table_fini(table);
		return -ENOMEM;
	}
	return 0;
}

void table_fini(struct table *table)
{
	release(table->slots, table->options.capacity * table->slot_size);
	release(table->buckets, (size_t)(table->mask_max + 1) * sizeof(*table->buckets));
	memset(table, 0, sizeof(*table));
}

/* Keys are multiples of eight bytes, and mostly equal when their hashes are. */
static bool same_key(const unsigned char *a, const unsigned char *b, size_t size)
{
	uint64_t differ = 0;

	for (size_t i = 0; i < size; i += 8) {
		uint64_t x, y;

		memcpy(&x, a + i, 8);
		memcpy(&y, b + i, 8);
		differ |= x ^ y;
	}
	return !differ;
}

static struct slot *find(const struct table *table, const void *key, uint32_t hash)
{
	for (uint32_t i = hash & table->mask; table->buckets[i].slot; i = (i + 1) & table->mask) {
		struct slot *slot;

		if (table->buckets[i].hash != hash)
			continue;
		slot = slot_at(table, table->buckets[i].slot - 1);
		if (same_key(slot_key(slot), key, table->options.key_size))
			return slot;
	}
	return NULL;
}

static uint32_t hash_key(const struct table *table, const void *key)
{
	return skua_hash(key, table->options.key_size, table->seed);
}

void *table_find(const struct table *table, const void *key)
{
	struct slot *slot = find(table, key, hash_key(table, key));

	return slot ? slot_value(table, slot) : NULL;
}

static void bucket_put(struct table *table, uint32_t hash, uint32_t slot)
{
	uint32_t i = hash & table->mask;

	while (table->buckets[i].slot)
		i = (i + 1) & table->mask;
	table->buckets[i] = (struct table_bucket){ hash, slot + 1 };
}

/* So that no more than half of them are in use; the memory was reserved at start. */
static void add_buckets(struct table *table)
{
	table->mask = 2 * table->mask + 1;
	memset(table->buckets, 0, (size_t)(table->mask + 1) * sizeof(*table->buckets));
	for (uint32_t i = 0; i < table->fresh; i++)
		if (slot_at(table, i)->used)
			bucket_put(table, slot_at(table, i)->hash, i);
}

/* Close the gap, so that no search ends too early (Knuth, TAOCP 3, 6.4, algorithm R). */
static void bucket_remove(struct table *table, uint32_t hash, uint32_t slot)
{
	struct table_bucket *buckets = table->buckets;
	uint32_t mask = table->mask, gap = hash & mask, i;

	while (buckets[gap].slot != slot + 1)
		gap = (gap + 1) & mask;
	for (i = (gap + 1) & mask; buckets[i].slot; i = (i + 1) & mask) {
		uint32_t home = buckets[i].hash & mask;

		if (((i - home) & mask) >= ((i - gap) & mask)) {
			buckets[gap] = buckets[i];
			gap = i;
		}
	}
	buckets[gap].slot = 0;
}

static void unlink_slot(struct table *table, struct slot *slot)
{
	uint32_t i = slot_index(table, slot);

	bucket_remove(table, slot->hash, i);
	slot->used = 0;
	slot->next = table->free_list;
	table->free_list = i;
	table->used--;
}

void table_remove(struct table *table, void *value)
{
	unlink_slot(table, slot_of(table, value));
	table->removed++;
}

/* Only called when every slot is in use. */
static void evict(struct table *table)
{
	struct slot *sample[TABLE_SAMPLE], *victim = NULL;
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < TABLE_SAMPLE; i++) {
		table->random = table->random * 6364136223846793005u + 1442695040888963407u;
		sample[i] = slot_at(table, (table->random >> 33) % table->options.capacity);
		/* So that the misses overlap. */
		__builtin_prefetch(slot_value(table, sample[i]));
		__builtin_prefetch((char *)slot_value(table, sample[i]) + 64);
	}
	for (int i = 0; i < TABLE_SAMPLE; i++) {
		uint64_t worth = 0;

		if (table->options.worth)
			worth = table->options.worth(slot_value(table, sample[i]));
		if (!victim || worth < least) {
			victim = sample[i];
			least = worth;
		}
	}
	if (table->options.evicted)
		table->options.evicted(table->options.arg, slot_key(victim),
				       slot_value(table, victim));
	unlink_slot(table, victim);
	table->evictions++;
}

/* Its value is zero: that of a slot never used is so from the start. */
static uint32_t take_slot(struct table *table)
{
	struct slot *slot;
	uint32_t i;

	if (table->used == table->options.capacity)
		evict(table);
	if (table->free_list == NONE)
		return table->fresh++;
	i = table->free_list;
	slot = slot_at(table, i);
	table->free_list = slot->next;
	memset(slot_value(table, slot), 0, table->options.value_size);
	return i;
}

static void *insert(struct table *table, const void *key, uint32_t hash)
{
	uint32_t i = take_slot(table);
	struct slot *slot = slot_at(table, i);

	if (table->used >= (table->mask + 1) / 2 && table->mask < table->mask_max)
		add_buckets(table);
	slot->hash = hash;
	slot->used = 1;
	bucket_put(table, hash, i);
	memcpy(slot_key(slot), key, table->options.key_size);
	table->used++;
	table->inserted++;
	return slot_value(table, slot);
}

void *table_insert(struct table *table, const void *key)
{
	return insert(table, key, hash_key(table, key));
}

void *table_get(struct table *table, const void *key, bool *is_new)
{
	uint32_t hash = hash_key(table, key);
	struct slot *slot = find(table, key, hash);

	if (is_new)
		*is_new = !slot;
	return slot ? slot_value(table, slot) : insert(table, key, hash);
}

const void *table_key(const struct table *table, const void *value)
{
	return slot_key(slot_of(table, value));
}

void *table_next(const struct table *table, const void *value)
{
	uint32_t i = value ? slot_index(table, slot_of(table, value)) + 1 : 0;

	for (; i < table->fresh; i++)
		if (slot_at(table, i)->used)
			return slot_value(table, slot_at(table, i));
	return NULL;
}

void *table_at(const struct table *table, uint32_t slot)
{
	if (slot >= table->fresh || !slot_at(table, slot)->used)
		return NULL;
	return slot_value(table, slot_at(table, slot));
}

bool table_show_sorted(struct table *table, int (*compare)(const void *x, const void *y),
		       void (*show)(void *arg, void *value), void *arg)
{
	void **all = calloc(table->used + 1, sizeof(*all)), *value = NULL;
	bool sorted = all;
	uint32_t count = 0;

	while (all && (value = table_next(table, value)))
		all[count++] = value;
	if (all)
		qsort(all, count, sizeof(*all), compare);
	for (uint32_t i = 0; i < count; i++)
		show(arg, all[i]);
	while (!all && (value = table_next(table, value)))
		show(arg, value);
	free(all);
	return sorted;
}
