// SPDX-License-Identifier: BSD-2-Clause
/* Copies a pcapng file block by block; what a scrubbed copy may not show is left out. */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include "copy/export.h"

#define BLOCK_HEAD 8
#define BLOCK_FRAME 12
#define SECTION_LENGTH_AT 8 /* in the body */
#define PACKET_FIELDS 20
#define SIMPLE_FIELDS 4
#define PACKET_CAPTURED_AT 12
#define PACKET_LENGTH_AT 16
#define OPTION_HEAD 4
#define PACKET_HASH 3      /* of the whole packet: would tell what was cut */
#define OPTION_CUSTOM 2988 /* from here on anything may be meant */

#define BIT(code) (1u << (code))

/* What neither names nor describes anything, by kind of block; beside these everything may hold an
 * address, also what somebody wrote. */
static const uint32_t harmless[] = {
	[FILE_PART_SECTION] =
		BIT(FILE_SECTION_HARDWARE) | BIT(FILE_SECTION_OS) | BIT(FILE_SECTION_APPLICATION),
	[FILE_PART_INTERFACE] = BIT(FILE_INTERFACE_NAME) | BIT(FILE_INTERFACE_SPEED) |
				BIT(FILE_INTERFACE_RESOLUTION) | BIT(FILE_INTERFACE_OS) |
				BIT(FILE_INTERFACE_FCS) | BIT(FILE_INTERFACE_OFFSET),
	[FILE_PART_PACKET] = BIT(FILE_PACKET_FLAGS) | BIT(FILE_PACKET_DROPPED) |
			     BIT(FILE_PACKET_ID) | BIT(FILE_PACKET_QUEUE),
	[FILE_PART_STATISTICS] = BIT(FILE_STATISTICS_START) | BIT(FILE_STATISTICS_END) |
				 BIT(FILE_STATISTICS_RECEIVED) | BIT(FILE_STATISTICS_DROPPED) |
				 BIT(FILE_STATISTICS_FILTER_ACCEPTED) |
				 BIT(FILE_STATISTICS_OS_DROPPED) | BIT(FILE_STATISTICS_DELIVERED),
	[FILE_PART_OTHER] = 0,
};

static bool stays(const struct export *export, enum file_part_kind kind, uint16_t code)
{
	if (!export->scrub)
		return true;
	if (export->scrub->anonymizer)
		return code < 32 && (harmless[kind] & BIT(code));
	return code < OPTION_CUSTOM && !(kind == FILE_PART_PACKET && code == PACKET_HASH);
}

/* In the byte order of the section that is copied. */
static void store_16(const struct export *export, uint8_t *at, uint16_t value)
{
	value = file_parts_blocks(export->from)->big ? htobe16(value) : htole16(value);
	memcpy(at, &value, sizeof(value));
}

static void store_32(const struct export *export, uint8_t *at, uint32_t value)
{
	value = file_parts_blocks(export->from)->big ? htobe32(value) : htole32(value);
	memcpy(at, &value, sizeof(value));
}

/* Ends the block whose body has size bytes, and writes it. */
static int put_block(struct export *export, uint32_t type, uint32_t size)
{
	uint32_t length = size + BLOCK_FRAME;

	store_32(export, export->block, type);
	store_32(export, export->block + 4, length);
	store_32(export, export->block + BLOCK_HEAD + size, length);
	errno = 0;
	if (fwrite(export->block, 1, length, export->to) == length)
		return 0;
	return errno ? -errno : -EIO;
}

/* Appends the options that may stay to a body of size bytes; returns its size then.  It cannot
 * become longer than the block it comes from. */
static uint32_t add_options(struct export *export, const struct file_part *part, uint32_t size)
{
	struct file_options options = file_parts_options(export->from, part);
	uint8_t *body = export->block + BLOCK_HEAD, *begin = body + size, *at = begin;
	struct file_option option;

	while (file_option_next(&options, &option)) {
		uint32_t padded = (option.size + 3u) & ~3u;

		if (!stays(export, part->kind, option.code)) {
			export->counts.options++;
			continue;
		}
		store_16(export, at, option.code);
		store_16(export, at + 2, option.size);
		memcpy(at + OPTION_HEAD, option.value, option.size);
		memset(at + OPTION_HEAD + option.size, 0, padded - option.size);
		at += OPTION_HEAD + padded;
	}
	if (at > begin) {
		store_32(export, at, 0);
		at += OPTION_HEAD;
	}
	return (uint32_t)(at - body);
}

static int copy_fields(struct export *export, const struct file_part *part)
{
	uint8_t *body = export->block + BLOCK_HEAD;

	memcpy(body, part->block.body, part->fields);
	if (part->kind == FILE_PART_SECTION) /* unknown: blocks after it may become shorter */
		memset(body + SECTION_LENGTH_AT, 0xff, sizeof(uint64_t));
	return put_block(export, part->block.type, add_options(export, part, part->fields));
}

static int copy_whole(struct export *export, const struct file_part *part)
{
	memcpy(export->block + BLOCK_HEAD, part->block.body, part->block.size);
	return put_block(export, part->block.type, part->block.size);
}

/* A simple packet cannot say that it was cut: where it is, it becomes one that can, of no time. */
static int copy_simple(struct export *export, const struct file_part *part)
{
	uint8_t *body = export->block + BLOCK_HEAD;
	uint32_t keep = export_frame(export, part, body + PACKET_FIELDS), padded = (keep + 3) & ~3u;

	if (keep == part->frame.captured) {
		memcpy(part->block.body + SIMPLE_FIELDS, body + PACKET_FIELDS, keep);
		return copy_whole(export, part);
	}
	memset(body, 0, PACKET_FIELDS);
	memset(body + PACKET_FIELDS + keep, 0, padded - keep);
	store_32(export, body + PACKET_CAPTURED_AT, keep);
	store_32(export, body + PACKET_LENGTH_AT, part->frame.length);
	return put_block(export, FILE_BLOCK_PACKET, PACKET_FIELDS + padded);
}

static int copy_packet(struct export *export, const struct file_part *part)
{
	uint8_t *body = export->block + BLOCK_HEAD;
	uint32_t keep, padded;

	if (!export->scrub) {
		export->counts.packets++;
		return copy_whole(export, part);
	}
	if (part->block.type == FILE_BLOCK_SIMPLE_PACKET)
		return copy_simple(export, part);
	memcpy(body, part->block.body, PACKET_FIELDS);
	keep = export_frame(export, part, body + PACKET_FIELDS);
	padded = (keep + 3) & ~3u;
	memset(body + PACKET_FIELDS + keep, 0, padded - keep);
	store_32(export, body + PACKET_CAPTURED_AT, keep);
	return put_block(export, part->block.type,
			 add_options(export, part, PACKET_FIELDS + padded));
}

static int copy_part(struct export *export, const struct file_part *part)
{
	switch (part->kind) {
	case FILE_PART_PACKET:
		return copy_packet(export, part);
	case FILE_PART_NAMES: /* addresses, and who they are */
		if (!export->scrub || !export->scrub->anonymizer)
			return copy_whole(export, part);
		export->counts.blocks++;
		return 0;
	case FILE_PART_OTHER:
		if (!export->scrub)
			return copy_whole(export, part);
		export->counts.blocks++;
		return 0;
	default:
		return copy_fields(export, part);
	}
}

int export_blocks(struct export *export)
{
	struct file_part part;
	int got, err = 0;

	while (!err && (got = file_parts_next(export->from, &part)) == 1)
		err = *export->stopped ? -EINTR : copy_part(export, &part);
	export->counts.oversized = file_parts_skipped(export->from);
	return err ? err : got;
}
