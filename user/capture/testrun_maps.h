/* SPDX-License-Identifier: BSD-2-Clause */
/* The maps of the kernel engine, read whole and sorted: what a sweep looks at. */
#ifndef SKUA_CAPTURE_TESTRUN_MAPS_H
#define SKUA_CAPTURE_TESTRUN_MAPS_H

#include <stddef.h>
#include <stdint.h>

/* Every entry of a map, copied: key and value, one after the other. */
struct map_copy {
	unsigned char *entries;
	unsigned char *keys, *values; /* as the kernel hands them over */
	size_t key_size, value_size, count, capacity;
};

/* 0 or -ENOMEM.  capacity: entries the map can hold. */
int map_copy_init(struct map_copy *copy, size_t key_size, size_t value_size, size_t capacity);
void map_copy_fini(struct map_copy *copy);
/* Reads the map, sorted by key.  0 or -errno. */
int map_copy_read(struct map_copy *copy, int map_fd);
void *map_copy_key(const struct map_copy *copy, size_t i);
void *map_copy_value(const struct map_copy *copy, size_t i);

#endif /* SKUA_CAPTURE_TESTRUN_MAPS_H */
