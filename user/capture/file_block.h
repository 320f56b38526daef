/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar of pcapng: blocks in a stream, options in a block, in the byte
 * order of their section.  What blocks mean is file_pcapng.c's business.
 */
#ifndef SKUA_CAPTURE_FILE_BLOCK_H
#define SKUA_CAPTURE_FILE_BLOCK_H

#include "capture/file_stream.h"

/* The first five are what frames need, and always handed out. */
enum file_block_type {
	FILE_BLOCK_INTERFACE = 1,
	FILE_BLOCK_OBSOLETE_PACKET = 2,
	FILE_BLOCK_SIMPLE_PACKET = 3,
	FILE_BLOCK_PACKET = 6,
	FILE_BLOCK_SECTION = 0x0a0d0d0a,
	FILE_BLOCK_NAMES = 4,
	FILE_BLOCK_STATISTICS = 5,
	FILE_BLOCK_SECRETS = 10,
	FILE_BLOCK_CUSTOM = 0xbad,
	FILE_BLOCK_CUSTOM_PRIVATE = 0x40000bad,
};

struct file_blocks {
	struct file_stream *stream;
	bool all; /* hand out every block that can be kept whole, not only what frames need */
	bool big; /* byte order of the section we are in */
	uint64_t offset;  /* where the block read last begins, in plain bytes */
	uint64_t skipped; /* blocks passed over, whatever their length */
};

struct file_block {
	uint32_t type;
	uint8_t *body; /* borrowed until the next block; the 4 bytes after it are there, too */
	uint32_t size; /* of the body; a multiple of 4 */
};

/*
 * 1 and a block; 0 at the end: *why is NULL, or says what is wrong with the
 * block at blocks->offset.  A block we read is at most FILE_STREAM_NEED_MAX long.
 */
int file_block_next(struct file_blocks *blocks, struct file_block *block, const char **why);

/* In the byte order of the section. */
uint16_t file_block_16(const struct file_blocks *blocks, const uint8_t *at);
uint32_t file_block_32(const struct file_blocks *blocks, const uint8_t *at);
uint64_t file_block_64(const struct file_blocks *blocks, const uint8_t *at);

struct file_options {
	const struct file_blocks *blocks;
	uint8_t *at, *end;
	bool torn; /* the list ran past its block; what came before was good */
};

struct file_option {
	uint16_t code, size;
	uint8_t *value; /* borrowed like the block; at least 4 bytes follow it */
};

/* The options of a block whose other fields take `from` bytes (at most its size). */
struct file_options file_options_of(const struct file_blocks *blocks,
				    const struct file_block *block, uint32_t from);
bool file_option_next(struct file_options *options, struct file_option *option);

#endif /* SKUA_CAPTURE_FILE_BLOCK_H */
