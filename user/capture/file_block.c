// SPDX-License-Identifier: BSD-2-Clause
/* Cuts a pcapng stream into blocks and a block into options, checking every length. */
#include <endian.h>
#include <string.h>
#include "capture/file_block.h"

#define HEAD_SIZE 8    /* type, length */
#define TRAILER_SIZE 4 /* the length again */
#define LENGTH_MIN (HEAD_SIZE + TRAILER_SIZE)
#define SECTION_HEAD_SIZE 12 /* with the magic that tells the byte order */

#define OPTION_HEAD_SIZE 4
#define OPTION_END 0

static const uint8_t big_magic[] = { 0x1a, 0x2b, 0x3c, 0x4d };
static const uint8_t little_magic[] = { 0x4d, 0x3c, 0x2b, 0x1a };

uint16_t file_block_16(const struct file_blocks *blocks, const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return blocks->big ? be16toh(value) : le16toh(value);
}

uint32_t file_block_32(const struct file_blocks *blocks, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return blocks->big ? be32toh(value) : le32toh(value);
}

uint64_t file_block_64(const struct file_blocks *blocks, const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return blocks->big ? be64toh(value) : le64toh(value);
}

static bool is_read(const struct file_blocks *blocks, uint32_t type, uint32_t length)
{
	if (blocks->all && length <= FILE_STREAM_NEED_MAX)
		return true;
	return type == FILE_BLOCK_PACKET || type == FILE_BLOCK_SIMPLE_PACKET ||
	       type == FILE_BLOCK_INTERFACE || type == FILE_BLOCK_SECTION ||
	       type == FILE_BLOCK_OBSOLETE_PACKET;
}

static const char *enter_section(struct file_blocks *blocks, const uint8_t *magic)
{
	if (memcmp(magic, big_magic, sizeof(big_magic)) &&
	    memcmp(magic, little_magic, sizeof(little_magic)))
		return "a section of unknown byte order";
	blocks->big = magic[0] == big_magic[0];
	return NULL;
}

static const char *check_trailer(struct file_blocks *blocks, uint32_t length, const uint8_t *at)
{
	if (!at)
		return "the last block is cut short";
	return file_block_32(blocks, at) == length ? NULL : "a block whose two lengths differ";
}

/* A block of no interest: its length may be anything, only its end must be right. */
static const char *skip_block(struct file_blocks *blocks, uint32_t length)
{
	const char *why;

	file_stream_skip(blocks->stream, length - TRAILER_SIZE);
	why = check_trailer(blocks, length, file_stream_need(blocks->stream, TRAILER_SIZE));
	if (!why)
		file_stream_advance(blocks->stream, TRAILER_SIZE);
	blocks->skipped += !why;
	return why;
}

static const char *read_block(struct file_blocks *blocks, struct file_block *block, uint32_t length)
{
	const char *why;
	uint8_t *at;

	if (length > FILE_STREAM_NEED_MAX)
		return "a block of absurd length";
	at = file_stream_need(blocks->stream, length);
	why = check_trailer(blocks, length, at ? at + length - TRAILER_SIZE : NULL);
	if (why)
		return why;
	block->body = at + HEAD_SIZE;
	block->size = length - LENGTH_MIN;
	file_stream_advance(blocks->stream, length);
	return NULL;
}

static const char *next_block(struct file_blocks *blocks, struct file_block *block)
{
	const char *why = NULL;
	uint8_t *head = file_stream_need(blocks->stream, HEAD_SIZE);
	uint32_t length;

	if (!head)
		return "the last block is cut short";
	block->type = file_block_32(blocks, head);
	if (block->type == FILE_BLOCK_SECTION) { /* reads the same in both byte orders */
		head = file_stream_need(blocks->stream, SECTION_HEAD_SIZE);
		why = head ? enter_section(blocks, head + HEAD_SIZE)
			   : "the last block is cut short";
		if (why)
			return why;
	}
	length = file_block_32(blocks, head + 4);
	if (length < LENGTH_MIN || length % 4)
		return "a block of impossible length";
	block->body = NULL;
	return is_read(blocks, block->type, length) ? read_block(blocks, block, length)
						    : skip_block(blocks, length);
}

int file_block_next(struct file_blocks *blocks, struct file_block *block, const char **why)
{
	do {
		blocks->offset = file_stream_offset(blocks->stream);
		*why = NULL;
		if (!file_stream_need(blocks->stream, 1))
			return 0;
		*why = next_block(blocks, block);
		if (*why)
			return 0;
	} while (!block->body);
	return 1;
}

struct file_options file_options_of(const struct file_blocks *blocks,
				    const struct file_block *block, uint32_t from)
{
	return (struct file_options){ .blocks = blocks,
				      .at = block->body + from,
				      .end = block->body + block->size };
}

bool file_option_next(struct file_options *options, struct file_option *option)
{
	size_t left = (size_t)(options->end - options->at), step;

	if (left < OPTION_HEAD_SIZE)
		return false; /* the end marker is often left out */
	option->code = file_block_16(options->blocks, options->at);
	option->size = file_block_16(options->blocks, options->at + 2);
	option->value = options->at + OPTION_HEAD_SIZE;
	if (option->code == OPTION_END)
		return false;
	step = OPTION_HEAD_SIZE + ((option->size + 3u) & ~3u);
	options->torn = step > left;
	options->at += options->torn ? 0 : step;
	return !options->torn;
}
