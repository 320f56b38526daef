/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One capture file as a row of its parts: sections, interfaces, packets, names,
 * statistics and whatever else a pcapng file holds, in the order of the file,
 * each with its raw block.  A pcap file looks like one interface and packets
 * without blocks.  For those who need more than frames (file_reader.h): what a
 * file tells of itself, and copies of it.  Streamed; damage ends a file.
 */
#ifndef SKUA_CAPTURE_FILE_PARTS_H
#define SKUA_CAPTURE_FILE_PARTS_H

#include "capture/file_block.h"
#include "capture/frame.h"

enum file_part_kind {
	FILE_PART_SECTION,
	FILE_PART_INTERFACE,
	FILE_PART_PACKET,
	FILE_PART_NAMES,
	FILE_PART_STATISTICS,
	FILE_PART_OTHER, /* see block.type */
};

/* Common to every kind of block, and what the options of some mean. */
enum file_option_code {
	FILE_OPTION_COMMENT = 1,
	FILE_SECTION_HARDWARE = 2,
	FILE_SECTION_OS = 3,
	FILE_SECTION_APPLICATION = 4,
	FILE_INTERFACE_NAME = 2,
	FILE_INTERFACE_DESCRIPTION = 3,
	FILE_INTERFACE_SPEED = 8,
	FILE_INTERFACE_RESOLUTION = 9,
	FILE_INTERFACE_FILTER = 11,
	FILE_INTERFACE_OS = 12,
	FILE_INTERFACE_FCS = 13,
	FILE_INTERFACE_OFFSET = 14,
	FILE_PACKET_FLAGS = 2,
	FILE_PACKET_DROPPED = 4,
	FILE_PACKET_ID = 5,
	FILE_PACKET_QUEUE = 6,
	FILE_STATISTICS_START = 2,
	FILE_STATISTICS_END = 3,
	FILE_STATISTICS_RECEIVED = 4,
	FILE_STATISTICS_DROPPED = 5,
	FILE_STATISTICS_FILTER_ACCEPTED = 6,
	FILE_STATISTICS_OS_DROPPED = 7,
	FILE_STATISTICS_DELIVERED = 8,
};

struct file_part {
	enum file_part_kind kind;
	bool has_block; /* pcapng */
	bool timed;     /* PACKET: it has a time of its own */
	struct file_block block;
	uint32_t fields;    /* of the block's body: what comes before its options */
	uint32_t interface; /* INTERFACE, PACKET, STATISTICS: number within the section */
	uint32_t snaplen;   /* INTERFACE */
	uint16_t linktype;  /* INTERFACE, PACKET */
	uint8_t resolution; /* INTERFACE: as in if_tsresol */
	struct frame frame; /* PACKET: no comment, no direction */
};

struct file_parts;

/* "-": standard input.  On failure -errno and one line in error; -EINVAL: not a capture. */
int file_parts_open(struct file_parts **out, const char *path, char error[FILE_ERROR_SIZE]);
void file_parts_close(struct file_parts *parts);
/* 1 and a part, borrowed until the next call; 0 at the end (then see problem); -errno. */
int file_parts_next(struct file_parts *parts, struct file_part *part);
/* Of a block, none for a pcap file. */
struct file_options file_parts_options(const struct file_parts *parts,
				       const struct file_part *part);
const struct file_blocks *file_parts_blocks(const struct file_parts *parts);
/* A time of an interface of this section in nanoseconds; two words, the high one first. */
uint64_t file_parts_time_ns(const struct file_parts *parts, uint32_t interface, const uint8_t *at);

/* Why the file ended before its end, and where; NULL if it did not. */
const char *file_parts_problem(const struct file_parts *parts, uint64_t *offset);
bool file_parts_is_pcapng(const struct file_parts *parts);
bool file_parts_is_packed(const struct file_parts *parts);
/* Blocks too large to be kept whole, passed over. */
uint64_t file_parts_skipped(const struct file_parts *parts);

#endif /* SKUA_CAPTURE_FILE_PARTS_H */
