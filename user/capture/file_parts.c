// SPDX-License-Identifier: BSD-2-Clause
/* Cuts a capture file into its parts: blocks by their kind, or the records of a pcap file. */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_clock.h"
#include "capture/file_parts.h"
#include "capture/file_reader.h"

#define SECTION_FIELDS 16    /* magic, version, length */
#define SECTION_MAJOR 1      /* the only version there is */
#define INTERFACE_FIELDS 8   /* link type, reserved, snapshot length */
#define PACKET_FIELDS 20     /* interface, time, lengths */
#define SIMPLE_FIELDS 4      /* length */
#define STATISTICS_FIELDS 12 /* interface, time */
#define PCAP_HEADER 24
#define PCAP_SNAPLEN_AT 16
#define MICROSECONDS 6
#define NANOSECONDS 9

struct part_interface {
	uint16_t linktype;
	uint32_t snaplen;
	struct file_clock clock;
};

struct file_parts {
	struct file_stream *stream;        /* of a pcapng file */
	struct file_reader *reader;        /* of a pcap file; NULL: pcapng */
	struct file_interfaces *numbering; /* the reader wants one */
	struct file_blocks blocks;
	struct part_interface *interfaces; /* of this section; FILE_INTERFACES_MAX of them */
	uint32_t count;
	bool described; /* the interface of a pcap file has been told */
	uint32_t pcap_snaplen;
	uint8_t pcap_resolution;
	const char *problem;
	uint64_t problem_offset;
};

static const char *read_section(struct file_parts *parts, struct file_part *part)
{
	if (part->block.size < SECTION_FIELDS)
		return "a section header that is too short";
	if (file_block_16(&parts->blocks, part->block.body + 4) != SECTION_MAJOR)
		return "a section of a version that is not known";
	parts->count = 0;
	part->kind = FILE_PART_SECTION;
	part->fields = SECTION_FIELDS;
	return NULL;
}

static const char *read_interface(struct file_parts *parts, struct file_part *part)
{
	const struct file_blocks *blocks = &parts->blocks;
	struct part_interface *interface = &parts->interfaces[parts->count];
	struct file_options options;
	struct file_option option;

	if (part->block.size < INTERFACE_FIELDS)
		return "an interface description that is too short";
	if (parts->count == FILE_INTERFACES_MAX)
		return "no room for a further interface (4,096 in a section)";
	part->kind = FILE_PART_INTERFACE;
	part->fields = INTERFACE_FIELDS;
	part->interface = parts->count++;
	part->linktype = interface->linktype =
		file_reader_linktype(file_block_16(blocks, part->block.body));
	part->snaplen = interface->snaplen = file_block_32(blocks, part->block.body + 4);
	part->resolution = MICROSECONDS;
	file_clock_init(&interface->clock);
	options = file_parts_options(parts, part);
	while (file_option_next(&options, &option)) {
		if (option.code == FILE_INTERFACE_RESOLUTION && option.size == 1) {
			part->resolution = option.value[0];
			file_clock_set_resolution(&interface->clock, part->resolution);
		} else if (option.code == FILE_INTERFACE_OFFSET && option.size == 8) {
			interface->clock.offset_s = (int64_t)file_block_64(blocks, option.value);
		}
	}
	return NULL;
}

static const char *finish_packet(struct file_parts *parts, struct file_part *part, uint32_t from)
{
	struct frame *frame = &part->frame;

	if (frame->captured > part->block.size - from)
		return "a packet that does not fit into its block";
	if (frame->captured > FILE_FRAME_MAX)
		return "a frame longer than 256 KiB";
	if (frame->length < frame->captured)
		frame->length = frame->captured;
	frame->bytes = part->block.body + from;
	frame->linktype = part->linktype = parts->interfaces[part->interface].linktype;
	part->fields = from + ((frame->captured + 3) & ~3u);
	return NULL;
}

/* The obsolete packet block differs in one field: a 16-bit interface and a count of drops. */
static const char *read_packet(struct file_parts *parts, struct file_part *part)
{
	const struct file_blocks *blocks = &parts->blocks;
	const uint8_t *at = part->block.body;

	if (part->block.size < PACKET_FIELDS)
		return "a packet block that is too short";
	part->kind = FILE_PART_PACKET;
	part->interface = part->block.type == FILE_BLOCK_PACKET ? file_block_32(blocks, at)
								: file_block_16(blocks, at);
	if (part->interface >= parts->count)
		return "a packet of an interface that is not described";
	part->timed = true;
	part->frame = (struct frame){
		.time_ns = file_parts_time_ns(parts, part->interface, at + 4),
		.captured = file_block_32(blocks, at + 12),
		.length = file_block_32(blocks, at + 16),
	};
	return finish_packet(parts, part, PACKET_FIELDS);
}

static const char *read_simple_packet(struct file_parts *parts, struct file_part *part)
{
	uint32_t length, snaplen;

	if (part->block.size < SIMPLE_FIELDS)
		return "a packet block that is too short";
	if (!parts->count)
		return "a packet of an interface that is not described";
	part->kind = FILE_PART_PACKET;
	length = file_block_32(&parts->blocks, part->block.body);
	snaplen = parts->interfaces[0].snaplen;
	part->frame = (struct frame){ .length = length,
				      .captured = snaplen && length > snaplen ? snaplen : length };
	return finish_packet(parts, part, SIMPLE_FIELDS);
}

static const char *read_statistics(struct file_parts *parts, struct file_part *part)
{
	if (part->block.size < STATISTICS_FIELDS)
		return "interface statistics that are too short";
	part->interface = file_block_32(&parts->blocks, part->block.body);
	part->kind = part->interface < parts->count ? FILE_PART_STATISTICS : FILE_PART_OTHER;
	part->fields = STATISTICS_FIELDS;
	return NULL;
}

static const char *read_block(struct file_parts *parts, struct file_part *part)
{
	switch (part->block.type) {
	case FILE_BLOCK_SECTION:
		return read_section(parts, part);
	case FILE_BLOCK_INTERFACE:
		return read_interface(parts, part);
	case FILE_BLOCK_PACKET:
	case FILE_BLOCK_OBSOLETE_PACKET:
		return read_packet(parts, part);
	case FILE_BLOCK_SIMPLE_PACKET:
		return read_simple_packet(parts, part);
	case FILE_BLOCK_STATISTICS:
		return read_statistics(parts, part);
	case FILE_BLOCK_NAMES:
		part->kind = FILE_PART_NAMES;
		return NULL;
	default:
		part->kind = FILE_PART_OTHER;
		part->fields = part->block.size; /* whether it has options depends */
		return NULL;
	}
}

static int next_block(struct file_parts *parts, struct file_part *part)
{
	const char *why;
	int err;

	part->has_block = true;
	if (file_block_next(&parts->blocks, &part->block, &why)) {
		why = read_block(parts, part);
		if (!why)
			return 1;
	}
	err = file_stream_error(parts->stream);
	if (err)
		return err;
	parts->problem =
		file_stream_damage(parts->stream) ? file_stream_damage(parts->stream) : why;
	parts->problem_offset = parts->blocks.offset;
	return 0;
}

static int next_record(struct file_parts *parts, struct file_part *part)
{
	int got;

	part->linktype = parts->reader->interface->linktype;
	if (!parts->described) {
		parts->described = true;
		part->kind = FILE_PART_INTERFACE;
		part->snaplen = parts->pcap_snaplen;
		part->resolution = parts->pcap_resolution;
		return 1;
	}
	part->kind = FILE_PART_PACKET;
	part->timed = true;
	got = file_reader_next(parts->reader, &part->frame);
	if (!got && parts->reader->problem[0]) {
		parts->problem = parts->reader->problem;
		parts->problem_offset = parts->reader->problem_offset;
	}
	return got;
}

int file_parts_next(struct file_parts *parts, struct file_part *part)
{
	*part = (struct file_part){ 0 };
	if (parts->problem)
		return 0;
	return parts->reader ? next_record(parts, part) : next_block(parts, part);
}

struct file_options file_parts_options(const struct file_parts *parts, const struct file_part *part)
{
	if (!part->has_block)
		return (struct file_options){ 0 };
	return file_options_of(&parts->blocks, &part->block, part->fields);
}

const struct file_blocks *file_parts_blocks(const struct file_parts *parts)
{
	return &parts->blocks;
}

uint64_t file_parts_time_ns(const struct file_parts *parts, uint32_t interface, const uint8_t *at)
{
	uint64_t ticks = (uint64_t)file_block_32(&parts->blocks, at) << 32 |
			 file_block_32(&parts->blocks, at + 4);

	return file_clock_ns(&parts->interfaces[interface].clock, ticks);
}

/* What libpcap does not tell of a header: read before it gets the bytes. */
static void look_at_header(struct file_parts *parts, struct file_stream *stream)
{
	const uint8_t *header = file_stream_need(stream, PCAP_HEADER);
	uint32_t snaplen;

	parts->pcap_resolution = MICROSECONDS;
	if (!header)
		return;
	memcpy(&snaplen, header + PCAP_SNAPLEN_AT, sizeof(snaplen));
	parts->pcap_snaplen = header[0] == 0xa1 ? be32toh(snaplen) : le32toh(snaplen);
	if (header[0] == 0x4d || header[2] == 0x3c)
		parts->pcap_resolution = NANOSECONDS;
}

static int start(struct file_parts *parts, struct file_stream *stream, const char *path,
		 char error[FILE_ERROR_SIZE])
{
	static const uint8_t pcapng[] = { 0x0a, 0x0d, 0x0d, 0x0a };
	const uint8_t *magic = file_stream_need(stream, sizeof(pcapng));

	if (magic && !memcmp(magic, pcapng, sizeof(pcapng))) {
		parts->blocks = (struct file_blocks){ .stream = stream, .all = true };
		parts->stream = stream;
		return 0;
	}
	look_at_header(parts, stream);
	return file_reader_start(&parts->reader, stream, path, parts->numbering, error);
}

int file_parts_open(struct file_parts **out, const char *path, char error[FILE_ERROR_SIZE])
{
	struct file_parts *parts = calloc(1, sizeof(*parts));
	struct file_stream *stream = NULL;
	int err = -ENOMEM;

	snprintf(error, FILE_ERROR_SIZE, "cannot read %.120s: out of memory", path);
	if (!parts)
		return err;
	parts->numbering = file_interfaces_open();
	parts->interfaces = calloc(FILE_INTERFACES_MAX, sizeof(*parts->interfaces));
	if (parts->numbering && parts->interfaces)
		err = file_stream_open(&stream, path, error);
	if (!err)
		err = start(parts, stream, path, error);
	if (err) {
		file_stream_close(stream);
		file_parts_close(parts);
		return err;
	}
	*out = parts;
	return 0;
}

void file_parts_close(struct file_parts *parts)
{
	if (!parts)
		return;
	if (parts->reader)
		file_reader_close(parts->reader);
	else
		file_stream_close(parts->stream);
	file_interfaces_close(parts->numbering);
	free(parts->interfaces);
	free(parts);
}

const char *file_parts_problem(const struct file_parts *parts, uint64_t *offset)
{
	*offset = parts->problem_offset;
	return parts->problem;
}

bool file_parts_is_pcapng(const struct file_parts *parts)
{
	return !parts->reader;
}

bool file_parts_is_packed(const struct file_parts *parts)
{
	return file_stream_is_packed(parts->reader ? parts->reader->stream : parts->stream);
}

uint64_t file_parts_skipped(const struct file_parts *parts)
{
	return parts->blocks.skipped;
}
