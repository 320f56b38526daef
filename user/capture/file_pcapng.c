// SPDX-License-Identifier: BSD-2-Clause
/*
 * pcapng files, read by ourselves: libpcap refuses files whose interfaces
 * differ in link type or snapshot length, and hides directions, comments,
 * names and interface numbers.  Damage ends a file, for nothing tells where a
 * good block would begin again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_block.h"
#include "capture/file_clock.h"
#include "capture/file_reader.h"

/* Options: of any block, of packets (both kinds), of interfaces. */
#define OPTION_COMMENT 1
#define PACKET_FLAGS 2
#define INTERFACE_NAME 2
#define INTERFACE_RESOLUTION 9
#define INTERFACE_OFFSET 14

#define SECTION_FIELDS_SIZE 16 /* magic, version, length */
#define SECTION_MAJOR 1
#define INTERFACE_FIELDS_SIZE 8 /* link type, reserved, snapshot length */
#define PACKET_FIELDS_SIZE 20   /* interface, time, lengths */
#define SIMPLE_FIELDS_SIZE 4    /* length */

#define INTERFACES_AT_FIRST 4

struct ng_interface {
	struct file_interface base;
	uint32_t snapshot; /* 0: none */
	struct file_clock clock;
};

struct ng {
	struct file_reader base;
	struct file_blocks blocks;
	struct ng_interface *interfaces; /* of this section */
	uint32_t count, capacity;
	uint64_t time_ns; /* of the packet before: simple packets have none of their own */
};

static void end_section(struct ng *ng)
{
	for (uint32_t i = 0; i < ng->count; i++)
		file_interfaces_release(ng->base.interfaces, &ng->interfaces[i].base);
	ng->count = 0;
}

static const char *read_section(struct ng *ng, const struct file_block *block)
{
	if (block->size < SECTION_FIELDS_SIZE)
		return "a section header that is too short";
	if (file_block_16(&ng->blocks, block->body + 4) != SECTION_MAJOR)
		return "a section of a version that is not known";
	end_section(ng);
	return NULL;
}

static struct ng_interface *add_interface(struct ng *ng)
{
	uint32_t wanted = ng->capacity ? 2 * ng->capacity : INTERFACES_AT_FIRST;
	struct ng_interface *larger;

	if (ng->count < ng->capacity)
		return &ng->interfaces[ng->count++];
	if (wanted > FILE_INTERFACES_MAX)
		return NULL;
	larger = realloc(ng->interfaces, wanted * sizeof(*larger));
	if (!larger)
		return NULL;
	ng->interfaces = larger;
	ng->capacity = wanted;
	return &ng->interfaces[ng->count++];
}

static void read_interface_option(struct ng *ng, struct ng_interface *interface,
				  const struct file_option *option)
{
	size_t size = option->size;

	if (option->code == INTERFACE_NAME) {
		if (size > FILE_INTERFACE_NAME_SIZE - 1)
			size = FILE_INTERFACE_NAME_SIZE - 1;
		memcpy(interface->base.name, option->value, size);
		interface->base.name[size] = '\0';
	} else if (option->code == INTERFACE_RESOLUTION && size == 1) {
		file_clock_set_resolution(&interface->clock, option->value[0]);
	} else if (option->code == INTERFACE_OFFSET && size == 8) {
		interface->clock.offset_s = (int64_t)file_block_64(&ng->blocks, option->value);
	}
}

static const char *read_interface(struct ng *ng, const struct file_block *block)
{
	struct ng_interface *interface;
	struct file_options options;
	struct file_option option;

	if (block->size < INTERFACE_FIELDS_SIZE)
		return "an interface description that is too short";
	interface = add_interface(ng);
	if (!interface)
		return "no room for a further interface (4,096 in a section)";
	*interface = (struct ng_interface){
		.base.linktype = file_reader_linktype(file_block_16(&ng->blocks, block->body)),
		.snapshot = file_block_32(&ng->blocks, block->body + 4),
	};
	file_clock_init(&interface->clock);
	options = file_options_of(&ng->blocks, block, INTERFACE_FIELDS_SIZE);
	while (file_option_next(&options, &option))
		read_interface_option(ng, interface, &option);
	ng->base.skipped_options += options.torn;
	return NULL;
}

static void read_packet_options(struct ng *ng, const struct file_block *block, uint32_t from,
				struct frame *frame)
{
	struct file_options options = file_options_of(&ng->blocks, block, from);
	struct file_option option;
	uint8_t *comment_end = NULL;

	while (file_option_next(&options, &option)) {
		if (option.code == OPTION_COMMENT && !frame->comment) {
			frame->comment = (const char *)option.value;
			comment_end = option.value + option.size;
		} else if (option.code == PACKET_FLAGS && option.size == 4) {
			uint32_t flags = file_block_32(&ng->blocks, option.value);

			frame->direction = (flags & 3) == 1   ? FRAME_IN
					   : (flags & 3) == 2 ? FRAME_OUT
							      : FRAME_UNKNOWN;
		}
	}
	/* Over padding, the next option or the block's second length: all read by now. */
	if (comment_end)
		*comment_end = '\0';
	ng->base.skipped_options += options.torn;
}

static const char *fill_frame(struct ng *ng, uint32_t number, struct frame *frame)
{
	if (frame->captured > FILE_FRAME_MAX)
		return "a frame longer than 256 KiB";
	frame->linktype = ng->interfaces[number].base.linktype;
	ng->base.interface = &ng->interfaces[number].base;
	return NULL;
}

/* The obsolete packet block differs in one field: a 16-bit interface and a count of drops. */
static const char *read_packet(struct ng *ng, const struct file_block *block, struct frame *frame)
{
	const struct file_blocks *blocks = &ng->blocks;
	const uint8_t *at = block->body;
	uint32_t number, captured;
	uint64_t ticks;

	if (block->size < PACKET_FIELDS_SIZE)
		return "a packet block that is too short";
	number = block->type == FILE_BLOCK_PACKET ? file_block_32(blocks, at)
						  : file_block_16(blocks, at);
	if (number >= ng->count)
		return "a packet of an interface that is not described";
	captured = file_block_32(blocks, at + 12);
	if (captured > block->size - PACKET_FIELDS_SIZE)
		return "a packet that does not fit into its block";
	ticks = (uint64_t)file_block_32(blocks, at + 4) << 32 | file_block_32(blocks, at + 8);
	ng->time_ns = file_clock_ns(&ng->interfaces[number].clock, ticks);
	*frame = (struct frame){
		.bytes = at + PACKET_FIELDS_SIZE,
		.captured = captured,
		.length = file_block_32(blocks, at + 16),
		.time_ns = ng->time_ns,
	};
	read_packet_options(ng, block, PACKET_FIELDS_SIZE + ((captured + 3) & ~3u), frame);
	return fill_frame(ng, number, frame);
}

static const char *read_simple_packet(struct ng *ng, const struct file_block *block,
				      struct frame *frame)
{
	uint32_t room, captured;

	if (block->size < SIMPLE_FIELDS_SIZE)
		return "a packet block that is too short";
	if (!ng->count)
		return "a packet of an interface that is not described";
	room = block->size - SIMPLE_FIELDS_SIZE;
	captured = file_block_32(&ng->blocks, block->body);
	*frame = (struct frame){
		.bytes = block->body + SIMPLE_FIELDS_SIZE,
		.length = captured,
		.time_ns = ng->time_ns,
	};
	if (ng->interfaces[0].snapshot && captured > ng->interfaces[0].snapshot)
		captured = ng->interfaces[0].snapshot;
	if (captured > room)
		return "a packet that does not fit into its block";
	frame->captured = captured;
	return fill_frame(ng, 0, frame);
}

static const char *read_block(struct ng *ng, const struct file_block *block, struct frame *frame)
{
	switch (block->type) {
	case FILE_BLOCK_SECTION:
		return read_section(ng, block);
	case FILE_BLOCK_INTERFACE:
		return read_interface(ng, block);
	case FILE_BLOCK_SIMPLE_PACKET:
		return read_simple_packet(ng, block, frame);
	default:
		return read_packet(ng, block, frame);
	}
}

static int ng_next(struct file_reader *reader, struct frame *frame)
{
	struct ng *ng = (struct ng *)reader;
	struct file_block block;
	const char *why;

	frame->bytes = NULL;
	while (file_block_next(&ng->blocks, &block, &why)) {
		reader->skipped_blocks = ng->blocks.skipped;
		why = read_block(ng, &block, frame);
		if (why)
			break;
		if (frame->bytes)
			return 1;
	}
	reader->skipped_blocks = ng->blocks.skipped;
	return file_reader_end(reader, ng->blocks.offset, why);
}

static void ng_close(struct file_reader *reader)
{
	struct ng *ng = (struct ng *)reader;

	end_section(ng);
	free(ng->interfaces);
	free(ng);
}

int file_pcapng_open(struct file_reader **out, struct file_stream *stream,
		     char error[FILE_ERROR_SIZE])
{
	struct ng *ng = calloc(1, sizeof(*ng));

	(void)error;
	if (!ng)
		return -ENOMEM;
	ng->base.next = ng_next;
	ng->base.close = ng_close;
	ng->base.stream = stream;
	ng->blocks.stream = stream;
	*out = &ng->base;
	return 0;
}
