/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A memory as bytes: a header, the rows of three tables, a checksum of all that
 * comes before it.  Numbers are little-endian, sizes are fixed by the version.
 */
#ifndef SKUA_TRACK_MEMORY_FILE_H
#define SKUA_TRACK_MEMORY_FILE_H

#include <stddef.h>
#include "track/memory.h"

#define MEMORY_VERSION 1
#define MEMORY_HASH 32 /* BLAKE2b */

struct memory_header {
	char magic[8]; /* "skuastat" */
	uint32_t version;
	uint32_t relations, sources, routes; /* rows, in this order */
	uint64_t seed, since_ns, now_ns;
};
_Static_assert(sizeof(struct memory_header) == 48, "lies in files");

struct memory_relation_row {
	uint64_t key;
	struct memory_relation relation;
};
_Static_assert(sizeof(struct memory_relation_row) == 24, "lies in files");

struct memory_baseline_row {
	struct memory_route route;
	struct baseline baseline;
};
_Static_assert(sizeof(struct memory_baseline_row) == 96, "lies in files");

/* Of the whole, as it is now. */
size_t memory_size(const struct memory *memory);
/* bytes: memory_size() of them. */
void memory_write(const struct memory *memory, void *bytes);
/* The most that memory_read() takes. */
size_t memory_size_max(const struct memory *memory);
/*
 * Into an empty memory.  0, or nothing was taken: -EPROTO it is none,
 * -ENOTSUP of a version that is not known, -ENODATA cut short, -EBADMSG
 * damaged, -EFBIG it holds more than there is room for.
 */
int memory_read(struct memory *memory, const void *bytes, size_t size);

#endif /* SKUA_TRACK_MEMORY_FILE_H */
