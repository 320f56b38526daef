// SPDX-License-Identifier: BSD-2-Clause
/* The frame of pcapng files (draft-ietf-opsawg-pcapng): whole, well-formed blocks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record/vault_blocks.h"

#define CHUNK (2 * VAULT_BLOCK_MAX)
#define BLOCK_MIN 12u
#define MAGIC 0x1a2b3c4du
#define OPEN_LENGTH UINT64_MAX

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, SIMPLE = 3, NAMES = 4, STATISTICS = 5, PACKET = 6 };

static uint32_t get32(const struct vault_blocks *blocks, const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return blocks->swapped ? __builtin_bswap32(value) : value;
}

static uint16_t get16(const struct vault_blocks *blocks, const unsigned char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return blocks->swapped ? __builtin_bswap16(value) : value;
}

/* Code, length, value padded to four bytes, until the end or code 0. */
static bool options_fit(const struct vault_blocks *blocks, const unsigned char *at,
			const unsigned char *end)
{
	while (end - at >= 4) {
		uint32_t code = get16(blocks, at), length = get16(blocks, at + 2);

		if (!code)
			return !length && end - at == 4;
		length = (length + 3) & ~3u;
		if (length > (uint32_t)(end - at - 4))
			return false;
		at += 4 + length;
	}
	return at == end;
}

static const char *check_packet(struct vault_blocks *blocks, const unsigned char *block,
				uint32_t length)
{
	uint32_t captured;

	if (length < 32)
		return "a packet block is too short";
	if (get32(blocks, block + 8) >= blocks->interfaces)
		return "a packet block names an interface that is not there";
	captured = get32(blocks, block + 20);
	if (captured > length - 32)
		return "a packet is longer than its block";
	if (!options_fit(blocks, block + 28 + ((captured + 3) & ~3u), block + length - 4))
		return "a packet block has options that do not fit";
	return NULL;
}

static const char *check_names(const struct vault_blocks *blocks, const unsigned char *block,
			       uint32_t length)
{
	const unsigned char *at = block + 8, *end = block + length - 4;

	while (end - at >= 4) {
		uint32_t code = get16(blocks, at), size = (get16(blocks, at + 2) + 3u) & ~3u;

		at += 4;
		if (!code)
			return options_fit(blocks, at, end) ? NULL : "a name block has bad options";
		if (size > (uint32_t)(end - at))
			break;
		at += size;
	}
	return "a name block has records that do not fit";
}

static const char *check_body(struct vault_blocks *blocks, uint32_t type,
			      const unsigned char *block, uint32_t length)
{
	const unsigned char *end = block + length - 4;

	switch (type) {
	case SECTION:
		return length < 28 || get16(blocks, block + 12) != 1 ||
				       !options_fit(blocks, block + 24, end)
			       ? "a section header is malformed"
			       : NULL;
	case INTERFACE:
		return length < 20 || !options_fit(blocks, block + 16, end)
			       ? "an interface block is malformed"
			       : NULL;
	case STATISTICS:
		return length < 24 || get32(blocks, block + 8) >= blocks->interfaces ||
				       !options_fit(blocks, block + 20, end)
			       ? "a statistics block is malformed"
			       : NULL;
	case PACKET:
		return check_packet(blocks, block, length);
	case SIMPLE:
		return length < 16 || !blocks->interfaces ? "a simple packet block is malformed"
							  : NULL;
	case NAMES:
		return check_names(blocks, block, length);
	default:
		return NULL;
	}
}

/* A section that names its length ends exactly there. */
static const char *check_section_end(const struct vault_blocks *blocks)
{
	uint64_t begin = blocks->section_at;

	if (!blocks->sections || blocks->section_length == OPEN_LENGTH)
		return NULL;
	begin += 28; /* at least; the header's own length does not count */
	return blocks->section_length & 3 || blocks->whole < begin ||
			       blocks->section_length > blocks->whole - begin
		       ? "a section does not have the length that it names"
		       : NULL;
}

static const char *begin_section(struct vault_blocks *blocks, const unsigned char *block)
{
	const char *wrong = check_section_end(blocks);
	uint32_t high, low;

	if (wrong)
		return wrong;
	low = get32(blocks, block + (blocks->swapped ? 20 : 16));
	high = get32(blocks, block + (blocks->swapped ? 16 : 20));
	blocks->section_at = blocks->whole;
	blocks->section_length = (uint64_t)high << 32 | low;
	blocks->interfaces = 0;
	blocks->sections++;
	return NULL;
}

/* Which byte order a section has; SECTION reads the same in both. */
static const char *find_order(struct vault_blocks *blocks, const unsigned char *block)
{
	uint32_t magic;

	memcpy(&magic, block + 8, sizeof(magic));
	if (magic != MAGIC && magic != __builtin_bswap32(MAGIC))
		return "a section header has no byte order";
	blocks->swapped = magic != MAGIC;
	return NULL;
}

/* The block at the beginning of left bytes: its length, or 0 and blocks->what. */
static uint32_t take_block(struct vault_blocks *blocks, const unsigned char *block, uint64_t left)
{
	uint32_t type, length;

	if (left < BLOCK_MIN) {
		blocks->what = "it ends in the middle of a block";
		return 0;
	}
	type = get32(blocks, block);
	if (!blocks->sections && type != SECTION)
		blocks->what = "it does not begin with a section header";
	else if (type == SECTION)
		blocks->what = find_order(blocks, block);
	if (blocks->what)
		return 0;
	length = get32(blocks, block + 4);
	if (length < BLOCK_MIN || length > VAULT_BLOCK_MAX || length & 3)
		blocks->what = "a block has an impossible length";
	else if (length > left)
		blocks->what = "it ends in the middle of a block";
	else if (get32(blocks, block + length - 4) != length)
		blocks->what = "a block's two lengths differ";
	else
		blocks->what = check_body(blocks, type, block, length);
	if (!blocks->what && type == SECTION)
		blocks->what = begin_section(blocks, block);
	if (blocks->what)
		return 0;
	blocks->interfaces += type == INTERFACE;
	blocks->packets += type == PACKET || type == SIMPLE;
	return length;
}

static int scan(int fd, struct vault_blocks *blocks, unsigned char *chunk, size_t room)
{
	uint64_t at = 0; /* where chunk begins in the file */
	size_t used = 0;

	while (blocks->whole < blocks->size) {
		uint64_t left = blocks->size - blocks->whole;
		uint32_t length;

		if (blocks->whole + VAULT_BLOCK_MAX > at + used && at + used < blocks->size) {
			ssize_t got = pread(fd, chunk, room, (off_t)blocks->whole);

			if (got < 0)
				return -EIO;
			at = blocks->whole;
			used = (size_t)got;
		}
		if (left > at + used - blocks->whole)
			left = at + used - blocks->whole;
		length = take_block(blocks, chunk + (blocks->whole - at), left);
		if (!length)
			return 0;
		blocks->whole += length;
	}
	blocks->what = blocks->sections ? check_section_end(blocks) : "it is empty";
	return 0;
}

int vault_blocks_scan(int fd, struct vault_blocks *out)
{
	unsigned char *chunk;
	struct stat status;
	size_t room;
	int err;

	memset(out, 0, sizeof(*out));
	if (fstat(fd, &status))
		return -errno;
	out->size = (uint64_t)status.st_size;
	room = out->size < CHUNK ? (size_t)out->size + 1 : CHUNK;
	chunk = malloc(room);
	if (!chunk)
		return -ENOMEM;
	err = scan(fd, out, chunk, room);
	free(chunk);
	return err;
}

int vault_blocks_cut(int fd, const struct vault_blocks *blocks)
{
	static const unsigned char open_length[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };

	if (blocks->whole < blocks->size && ftruncate(fd, (off_t)blocks->whole))
		return -errno;
	if (blocks->section_length != OPEN_LENGTH && blocks->what &&
	    pwrite(fd, open_length, sizeof(open_length), (off_t)blocks->section_at + 16) !=
		    (ssize_t)sizeof(open_length))
		return -EIO;
	return fdatasync(fd) ? -errno : 0;
}
