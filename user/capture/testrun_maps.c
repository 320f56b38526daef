// SPDX-License-Identifier: BSD-2-Clause
/* The maps of the kernel engine, read whole and sorted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "capture/sweep.h"
#include "capture/testrun_maps.h"

int map_copy_init(struct map_copy *copy, size_t key_size, size_t value_size, size_t capacity)
{
	*copy = (struct map_copy){ .key_size = key_size,
				   .value_size = value_size,
				   .capacity = capacity };
	copy->entries = malloc(capacity * (key_size + value_size));
	return copy->entries ? 0 : -ENOMEM;
}

void map_copy_fini(struct map_copy *copy)
{
	free(copy->entries);
	copy->entries = NULL;
}

void *map_copy_key(const struct map_copy *copy, size_t i)
{
	return copy->entries + i * (copy->key_size + copy->value_size);
}

void *map_copy_value(const struct map_copy *copy, size_t i)
{
	return (unsigned char *)map_copy_key(copy, i) + copy->key_size;
}

static int by_key(const void *a, const void *b, void *arg)
{
	return sweep_compare_keys(a, b, *(const size_t *)arg);
}

int map_copy_read(struct map_copy *copy, int map_fd)
{
	unsigned char key[64], *previous = NULL;

	copy->count = 0;
	while (copy->count < copy->capacity && !bpf_map_get_next_key(map_fd, previous, key)) {
		previous = key;
		memcpy(map_copy_key(copy, copy->count), key, copy->key_size);
		if (bpf_map_lookup_elem(map_fd, key, map_copy_value(copy, copy->count)))
			return -errno;
		copy->count++;
	}
	qsort_r(copy->entries, copy->count, copy->key_size + copy->value_size, by_key,
		&copy->key_size);
	return 0;
}
