// SPDX-License-Identifier: BSD-2-Clause
/* A memory to bytes and back. */
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include "track/memory_file.h"

/* Rows are copied as they lie in memory; the format promises one order of bytes. */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "swap the numbers of rows here"
#endif

static const char magic[8] = "skuastat";

static size_t size_of(size_t relations, size_t baselines)
{
	return sizeof(struct memory_header) + relations * sizeof(struct memory_relation_row) +
	       baselines * sizeof(struct memory_baseline_row) + MEMORY_HASH;
}

size_t memory_size(const struct memory *memory)
{
	return size_of(memory->relations.used, (size_t)memory->sources.used + memory->routes.used);
}

size_t memory_size_max(const struct memory *memory)
{
	const struct memory_options *options = &memory->options;

	return size_of(options->relations, (size_t)options->sources + options->routes);
}

static uint8_t *write_relations(const struct table *table, uint8_t *at)
{
	for (const void *v = table_next(table, NULL); v; v = table_next(table, v)) {
		struct memory_relation_row row;

		memcpy(&row.key, table_key(table, v), sizeof(row.key));
		memcpy(&row.relation, v, sizeof(row.relation));
		memcpy(at, &row, sizeof(row));
		at += sizeof(row);
	}
	return at;
}

static uint8_t *write_baselines(const struct table *table, uint8_t *at)
{
	for (const void *v = table_next(table, NULL); v; v = table_next(table, v)) {
		struct memory_baseline_row row;

		memcpy(&row.route, table_key(table, v), sizeof(row.route));
		memcpy(&row.baseline, v, sizeof(row.baseline));
		memcpy(at, &row, sizeof(row));
		at += sizeof(row);
	}
	return at;
}

void memory_write(const struct memory *memory, void *bytes)
{
	struct memory_header header = { .version = MEMORY_VERSION,
					.relations = memory->relations.used,
					.sources = memory->sources.used,
					.routes = memory->routes.used,
					.seed = memory->options.seed,
					.since_ns = memory->since_ns,
					.now_ns = memory->now_ns };
	uint8_t *at = bytes;

	memcpy(header.magic, magic, sizeof(magic));
	memcpy(at, &header, sizeof(header));
	at = write_relations(&memory->relations, at + sizeof(header));
	at = write_baselines(&memory->sources, at);
	at = write_baselines(&memory->routes, at);
	crypto_generichash(at, MEMORY_HASH, bytes, at - (uint8_t *)bytes, NULL, 0);
}

static int check(const struct memory *memory, const uint8_t *bytes, size_t size,
		 struct memory_header *header)
{
	const struct memory_options *options = &memory->options;
	uint8_t hash[MEMORY_HASH];
	size_t wanted;

	if (size < sizeof(*header))
		return memcmp(bytes, magic, size < sizeof(magic) ? size : sizeof(magic)) ? -EPROTO
											 : -ENODATA;
	memcpy(header, bytes, sizeof(*header));
	if (memcmp(header->magic, magic, sizeof(magic)))
		return -EPROTO;
	if (header->version != MEMORY_VERSION)
		return -ENOTSUP;
	wanted = size_of(header->relations, (size_t)header->sources + header->routes);
	if (size < wanted)
		return -ENODATA;
	crypto_generichash(hash, sizeof(hash), bytes, wanted - MEMORY_HASH, NULL, 0);
	if (size > wanted || memcmp(hash, bytes + wanted - MEMORY_HASH, MEMORY_HASH))
		return -EBADMSG;
	if (header->relations > options->relations || header->sources > options->sources ||
	    header->routes > options->routes)
		return -EFBIG;
	return header->since_ns <= header->now_ns ? 0 : -EBADMSG;
}

/* A row that is twice there, or that nobody could have written: the sum was made by somebody else.
 */
static int read_relations(struct table *table, const uint8_t *at, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++, at += sizeof(struct memory_relation_row)) {
		struct memory_relation_row row;
		bool is_new;
		void *value;

		memcpy(&row, at, sizeof(row));
		value = table_get(table, &row.key, &is_new);
		if (!is_new || row.relation.first_ns > row.relation.last_ns)
			return -EBADMSG;
		memcpy(value, &row.relation, sizeof(row.relation));
	}
	return 0;
}

static int read_baselines(struct table *table, const uint8_t *at, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++, at += sizeof(struct memory_baseline_row)) {
		struct memory_baseline_row row;
		bool is_new;
		void *value;

		memcpy(&row, at, sizeof(row));
		value = table_get(table, &row.route, &is_new);
		if (!is_new || !baseline_is_sound(&row.baseline))
			return -EBADMSG;
		memcpy(value, &row.baseline, sizeof(row.baseline));
	}
	return 0;
}

int memory_read(struct memory *memory, const void *bytes, size_t size)
{
	const uint8_t *at = (const uint8_t *)bytes + sizeof(struct memory_header);
	struct memory_options options = memory->options;
	struct memory_header header;
	struct memory read;
	int err = check(memory, bytes, size, &header);

	if (err)
		return err;
	options.seed = header.seed;
	err = memory_init(&read, &options);
	if (err)
		return err;
	read.since_ns = header.since_ns;
	read.now_ns = header.now_ns;
	err = read_relations(&read.relations, at, header.relations);
	at += header.relations * sizeof(struct memory_relation_row);
	if (!err)
		err = read_baselines(&read.sources, at, header.sources);
	at += header.sources * sizeof(struct memory_baseline_row);
	if (!err)
		err = read_baselines(&read.routes, at, header.routes);
	if (err) {
		memory_fini(&read);
		return err;
	}
	memory_fini(memory);
	*memory = read;
	memory->relations.options.arg = memory; /* it has moved */
	return 0;
}
