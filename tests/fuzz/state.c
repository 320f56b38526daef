// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever a file of state holds, it is refused whole, or taken and written
 * again as it was, row for row.  A checksum would keep every change from the
 * reader, so the input is sealed before it is read; a first byte of 0 leaves
 * its own.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "track/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static const struct memory_options options = { .relations = 32, .sources = 8, .routes = 8 };

/* The counts of rows come from the length, or hardly an input would fit its header. */
static void seal(uint8_t *bytes, size_t size)
{
	struct memory_header header;
	size_t rows;

	if (size < sizeof(header) + MEMORY_HASH)
		return;
	memcpy(&header, bytes, sizeof(header));
	memcpy(header.magic, "skuastat", sizeof(header.magic));
	header.version = MEMORY_VERSION;
	rows = size - sizeof(header) - MEMORY_HASH;
	header.sources %= 4;
	header.routes %= 4;
	if (rows >= (header.sources + header.routes) * sizeof(struct memory_baseline_row))
		header.relations = (rows - (header.sources + header.routes) *
						   sizeof(struct memory_baseline_row)) /
				   sizeof(struct memory_relation_row);
	memcpy(bytes, &header, sizeof(header));
	crypto_generichash(bytes + size - MEMORY_HASH, MEMORY_HASH, bytes, size - MEMORY_HASH, NULL,
			   0);
}

/* What was taken must do what memories do. */
static void use(struct memory *memory)
{
	struct address source = {}, destination = {};

	destination.bytes[15] = 1;
	memory_upload(memory, &source, &destination, 1 << 30, 7, memory->now_ns + MEMORY_DAY_NS);
	memory_meet(memory, &source, &destination, 0, memory->now_ns);
	for (const void *v = table_next(&memory->sources, NULL); v;
	     v = table_next(&memory->sources, v)) {
		struct baseline baseline;

		memcpy(&baseline, v, sizeof(baseline));
		need(baseline_deviation(&baseline) >= 1);
		need(baseline_z(&baseline, 1) <= 64);
		baseline_bytes(&baseline);
		baseline_add(&baseline, UINT64_MAX, 0, UINT64_MAX);
		baseline_add(&baseline, 1, 0, UINT64_MAX);
		need(baseline_is_sound(&baseline));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct memory memory;
	uint8_t *copy, *again;

	if (!size)
		return 0;
	copy = malloc(size);
	need(copy && !memory_init(&memory, &options));
	memcpy(copy, bytes + 1, --size);
	if (bytes[0])
		seal(copy, size);
	if (!memory_read(&memory, copy, size)) {
		need(memory_size(&memory) == size);
		again = malloc(size);
		need(again != NULL);
		memory_write(&memory, again);
		need(!memcmp(again, copy, size));
		free(again);
		use(&memory);
	} else {
		need(!memory.relations.used && !memory.sources.used && !memory.routes.used);
	}
	memory_fini(&memory);
	free(copy);
	return 0;
}
