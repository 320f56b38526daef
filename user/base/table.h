/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash table of fixed capacity: keys and values of fixed size in memory that
 * is reserved at start (and touched only when used).  When full, an insertion
 * evicts the least worthy of a small sample of entries, chosen by a generator
 * of the table's own, so the same insertions evict the same entries everywhere.
 * The hash is seeded anew for each table, for keys come from packets and could be
 * made to collide; no result depends on it.
 * Not thread-safe; pointers to values stay valid until the entry is removed
 * or evicted.
 */
#ifndef SKUA_BASE_TABLE_H
#define SKUA_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each looked at costs a cache miss; five come close to the true order (Redis, LRU by sampling). */
#define TABLE_SAMPLE 5

struct table_options {
	size_t key_size;   /* a multiple of 8; keys are compared byte by byte, so padding is zero */
	size_t value_size; /* rounded up to a multiple of 8 */
	uint32_t capacity;
	/* The entry with the lowest worth is evicted, for example the time of its last use. */
	uint64_t (*worth)(const void *value);
	/* Told before an entry is evicted (not before table_remove()); may be NULL. */
	void (*evicted)(void *arg, const void *key, void *value);
	void *arg;
};

struct table_bucket;

struct table {
	struct table_options options;
	struct table_bucket *buckets; /* open addressing, at most half full */
	unsigned char *slots;
	size_t slot_size;
	uint32_t mask, mask_max; /* of the buckets in use; it doubles when half of them are taken */
	uint32_t used;           /* entries present */
	uint32_t fresh;          /* slots from here on were never used */
	uint32_t free_list;
	uint64_t random; /* chooses whom to look at for eviction: the same everywhere */
	uint64_t seed;   /* of the hash: nobody's to know */
	uint64_t inserted, evictions, removed; /* inserted - evictions - removed == used */
};

/* 0 or -ENOMEM. */
int table_init(struct table *table, const struct table_options *options);
void table_fini(struct table *table);

/* The value, or NULL. */
void *table_find(const struct table *table, const void *key);
/* The value, zeroed, of an entry that was not there; evicts when full.  Never fails. */
void *table_insert(struct table *table, const void *key);
/* The value found, or else inserted; *is_new may be NULL. */
void *table_get(struct table *table, const void *key, bool *is_new);
void table_remove(struct table *table, void *value);
const void *table_key(const struct table *table, const void *value);
/* Walk all entries in the order of their slots: NULL begins and ends.  The entry returned last may
 * be removed. */
void *table_next(const struct table *table, const void *value);
/* The value in one slot, below the capacity, or NULL: for walks in small steps. */
void *table_at(const struct table *table, uint32_t slot);

/*
 * Shows each entry, sorted; it may be removed then, and no other.  compare is
 * qsort()'s: it gets pointers to pointers to values.  false: there was no
 * memory to sort them, and they came in the order of their slots.
 */
bool table_show_sorted(struct table *table, int (*compare)(const void *x, const void *y),
		       void (*show)(void *arg, void *value), void *arg);

#endif /* SKUA_BASE_TABLE_H */
