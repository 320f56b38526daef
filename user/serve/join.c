// SPDX-License-Identifier: BSD-2-Clause
/* Joins snapshots into one pcapng section; of draft-ietf-opsawg-pcapng only what they hold. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "serve/join.h"

#define BLOCK_SECTION 0x0a0d0d0a
#define BLOCK_INTERFACE 1
#define BLOCK_NAMES 4
#define BLOCK_PACKET 6
#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define BLOCK_LEAST 12       /* type, length, length again */
#define SECTION_LEAST 28     /* with magic, version and the section's length */
#define SECTION_LENGTH_AT 16 /* of 8 bytes */
#define PACKET_LEAST 32
#define PACKET_INTERFACE_AT 8

/* One snapshot while it is read: the numbers of its interfaces in what is written. */
struct part {
	unsigned numbers[JOIN_INTERFACES];
	unsigned count;
};

static uint32_t word_at(const char *bytes, size_t offset)
{
	uint32_t word;

	memcpy(&word, bytes + offset, sizeof(word));
	return word;
}

static int put(const struct join *join, const char *bytes, size_t length)
{
	errno = 0;
	if (fwrite(bytes, 1, length, join->stream) == length)
		return 0;
	return errno ? -errno : -EIO;
}

static bool is_same(const struct join_block *block, const char *bytes, size_t length)
{
	return block->length == length && !memcmp(block->bytes, bytes, length);
}

static int keep(struct join_block *block, const char *bytes, size_t length)
{
	char *copy = malloc(length);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, length);
	free(block->bytes);
	*block = (struct join_block){ copy, length };
	return 0;
}

/* Only the first is written, and says that nobody knows yet how long the section will be. */
static int add_section(struct join *join, struct part *part, const char *bytes, size_t length)
{
	static const char unknown[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	const size_t behind = SECTION_LENGTH_AT + sizeof(unknown);
	int err;

	if (length < SECTION_LEAST || word_at(bytes, 8) != BYTE_ORDER_MAGIC)
		return -EBADMSG;
	part->count = 0;
	if (join->begun)
		return 0;
	join->begun = true;
	err = put(join, bytes, SECTION_LENGTH_AT);
	if (!err)
		err = put(join, unknown, sizeof(unknown));
	if (!err)
		err = put(join, bytes + behind, length - behind);
	return err;
}

static int add_interface(struct join *join, struct part *part, const char *bytes, size_t length)
{
	unsigned number = 0;
	int err;

	if (part->count == JOIN_INTERFACES)
		return -ENOSPC;
	while (number < join->interface_count && !is_same(&join->interfaces[number], bytes, length))
		number++;
	if (number == join->interface_count) {
		if (number == JOIN_INTERFACES)
			return -ENOSPC;
		err = keep(&join->interfaces[number], bytes, length);
		if (!err)
			err = put(join, bytes, length);
		if (err)
			return err;
		join->interface_count++;
	}
	part->numbers[part->count++] = number;
	return 0;
}

static int add_packet(const struct join *join, const struct part *part, const char *bytes,
		      size_t length)
{
	const size_t behind = PACKET_INTERFACE_AT + sizeof(uint32_t);
	uint32_t number;
	int err;

	if (length < PACKET_LEAST || word_at(bytes, PACKET_INTERFACE_AT) >= part->count)
		return -EBADMSG;
	number = part->numbers[word_at(bytes, PACKET_INTERFACE_AT)];
	err = put(join, bytes, PACKET_INTERFACE_AT);
	if (!err)
		err = put(join, (const char *)&number, sizeof(number));
	if (!err)
		err = put(join, bytes + behind, length - behind);
	return err;
}

static int add_names(struct join *join, const char *bytes, size_t length)
{
	int err;

	if (is_same(&join->names, bytes, length))
		return 0;
	err = keep(&join->names, bytes, length);
	return err ? err : put(join, bytes, length);
}

static int add_block(struct join *join, struct part *part, const char *bytes, size_t length)
{
	switch (word_at(bytes, 0)) {
	case BLOCK_SECTION:
		return add_section(join, part, bytes, length);
	case BLOCK_INTERFACE:
		return add_interface(join, part, bytes, length);
	case BLOCK_NAMES:
		return add_names(join, bytes, length);
	case BLOCK_PACKET:
		return add_packet(join, part, bytes, length);
	default:
		return 0;
	}
}

void join_init(struct join *join, FILE *stream)
{
	memset(join, 0, sizeof(*join));
	join->stream = stream;
}

int join_add(struct join *join, const char *bytes, size_t length)
{
	struct part part = {};
	int err = length && (length < 4 || word_at(bytes, 0) != BLOCK_SECTION) ? -EBADMSG : 0;

	while (!err && length) {
		size_t block;

		if (length < BLOCK_LEAST)
			return -EBADMSG;
		block = word_at(bytes, 4);
		if (block < BLOCK_LEAST || block > length || block % 4 ||
		    word_at(bytes, block - 4) != block)
			return -EBADMSG;
		err = add_block(join, &part, bytes, block);
		bytes += block;
		length -= block;
	}
	return err;
}

void join_fini(struct join *join)
{
	for (unsigned i = 0; i < join->interface_count; i++)
		free(join->interfaces[i].bytes);
	free(join->names.bytes);
}
