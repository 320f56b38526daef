/* SPDX-License-Identifier: BSD-2-Clause */
/* A pcapng file in memory, taken apart again by the format's own rules. */
#ifndef TESTS_RECORD_BLOCKS_H
#define TESTS_RECORD_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCKS_MAX 256

struct block {
	uint32_t type, length;
	const uint8_t *body, *end;
};

struct file {
	FILE *stream;
	char *bytes; /* the test frees them */
	size_t size;
	unsigned count;
	bool whole; /* nothing but whole blocks */
	struct block blocks[BLOCKS_MAX];
};

/* Of 2, 4 or 8 bytes, in the order of this machine. */
static inline uint64_t number_at(const uint8_t *at, unsigned size)
{
	uint64_t eight;
	uint32_t four;
	uint16_t two;

	memcpy(&two, at, sizeof(two));
	if (size == sizeof(two))
		return two;
	memcpy(&four, at, sizeof(four));
	if (size == sizeof(four))
		return four;
	memcpy(&eight, at, sizeof(eight));
	return eight;
}

static inline uint32_t word(const struct block *block, unsigned at)
{
	return (uint32_t)number_at(block->body + at, 4);
}

static inline uint64_t word64(const struct block *block, unsigned at)
{
	return number_at(block->body + at, 8);
}

static inline void begin_file(struct file *file)
{
	*file = (struct file){ 0 };
	file->stream = open_memstream(&file->bytes, &file->size);
}

static inline void end_file(struct file *file)
{
	const uint8_t *at, *end;

	fclose(file->stream);
	at = (const uint8_t *)file->bytes;
	end = at + file->size;
	while (end - at >= 12 && file->count < BLOCKS_MAX) {
		struct block *block = &file->blocks[file->count];

		block->type = (uint32_t)number_at(at, 4);
		block->length = (uint32_t)number_at(at + 4, 4);
		if (block->length < 12 || block->length % 4 || block->length > (size_t)(end - at) ||
		    number_at(at + block->length - 4, 4) != block->length)
			break;
		block->body = at + 8;
		block->end = at + block->length - 4;
		at += block->length;
		file->count++;
	}
	file->whole = at == end;
}

/* The value of the index-th option of that code, behind `from` bytes of fields; NULL: none. */
static inline const uint8_t *find(const struct block *block, unsigned from, unsigned code,
				  unsigned index)
{
	const uint8_t *at = block->body + from;

	while (block->end - at >= 4 && number_at(at, 2)) {
		if (number_at(at, 2) == code && !index--)
			return at + 4;
		at += 4 + ((number_at(at + 2, 2) + 3) & ~3u);
	}
	return NULL;
}

static inline unsigned option_size(const uint8_t *value)
{
	return (unsigned)number_at(value - 2, 2);
}

static inline bool is_text(const struct block *block, unsigned from, unsigned code, unsigned index,
			   const char *text)
{
	const uint8_t *value = find(block, from, code, index);

	return value && option_size(value) == strlen(text) && !memcmp(value, text, strlen(text));
}

/* 0: no such option, or of another size. */
static inline uint64_t number(const struct block *block, unsigned from, unsigned code,
			      unsigned size)
{
	const uint8_t *value = find(block, from, code, 0);

	return value && option_size(value) == size ? number_at(value, size) : 0;
}

#endif /* TESTS_RECORD_BLOCKS_H */
