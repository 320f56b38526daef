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
	copy->keys = malloc(capacity * key_size);
	copy->values = malloc(capacity * value_size);
	return copy->entries && copy->keys && copy->values ? 0 : -ENOMEM;
}

void map_copy_fini(struct map_copy *copy)
{
	free(copy->entries);
	free(copy->keys);
	free(copy->values);
	copy->entries = copy->keys = copy->values = NULL;
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

/* One call for the whole map: a call for each entry would be most of an engine's time. */
int map_copy_read(struct map_copy *copy, int map_fd)
{
	uint32_t count = copy->capacity, next;
	int err = bpf_map_lookup_batch(map_fd, NULL, &next, copy->keys, copy->values, &count, NULL);

	if (err && errno != ENOENT) /* which says that these are all */
		return -errno;
	copy->count = count;
	for (size_t i = 0; i < count; i++) {
		memcpy(map_copy_key(copy, i), copy->keys + i * copy->key_size, copy->key_size);
		memcpy(map_copy_value(copy, i), copy->values + i * copy->value_size,
		       copy->value_size);
	}
	qsort_r(copy->entries, copy->count, copy->key_size + copy->value_size, by_key,
		&copy->key_size);
	return 0;
}
