// SPDX-License-Identifier: BSD-2-Clause
/* Sums up a capture file: what it says of itself is kept, what it holds is counted. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/remedy.h"
#include "capture/file_info.h"
#include "capture/file_info_keep.h"

#define NAME_END 0
#define NAME_IPV4 1
#define NAME_IPV6 2
#define NAME_HEAD 4

struct reading {
	struct file_info *info;
	struct file_parts *parts;
	uint64_t before_ns;       /* the time of the packet before */
	uint64_t first_interface; /* of this section, in the list of all */
};

static void add_section(struct reading *reading, const struct file_part *part)
{
	struct file_info *info = reading->info;
	struct file_options options = file_parts_options(reading->parts, part);
	struct info_section *section = keep_section(info);
	struct file_option option;
	uint64_t number = info->counts.sections - 1;

	reading->first_interface = info->counts.interfaces;
	while (file_option_next(&options, &option)) {
		if (option.code == FILE_OPTION_COMMENT)
			keep_comment(reading->info, INFO_SECTION, number, &option);
		else if (section && option.code == FILE_SECTION_HARDWARE)
			keep_text(reading->info, &section->hardware, option.value, option.size);
		else if (section && option.code == FILE_SECTION_OS)
			keep_text(reading->info, &section->os, option.value, option.size);
		else if (section && option.code == FILE_SECTION_APPLICATION)
			keep_text(reading->info, &section->application, option.value, option.size);
	}
}

static void keep_interface_option(struct reading *reading, struct info_interface *interface,
				  const struct file_option *option)
{
	switch (option->code) {
	case FILE_INTERFACE_NAME:
		keep_text(reading->info, &interface->name, option->value, option->size);
		break;
	case FILE_INTERFACE_DESCRIPTION:
		keep_text(reading->info, &interface->description, option->value, option->size);
		break;
	case FILE_INTERFACE_OS:
		keep_text(reading->info, &interface->os, option->value, option->size);
		break;
	case FILE_INTERFACE_FILTER: /* 0: a libpcap expression follows */
		if (option->size && !option->value[0])
			keep_text(reading->info, &interface->filter, option->value + 1,
				  option->size - 1u);
		break;
	}
}

static void add_interface(struct reading *reading, const struct file_part *part)
{
	struct file_info *info = reading->info;
	struct file_options options = file_parts_options(reading->parts, part);
	struct info_interface *interface = keep_interface(info);
	struct file_option option;
	uint64_t number = info->counts.interfaces - 1;

	if (interface)
		*interface = (struct info_interface){
			.section = (uint32_t)(info->counts.sections - info->pcapng),
			.number = part->interface,
			.linktype = part->linktype,
			.snaplen = part->snaplen,
			.resolution = part->resolution,
		};
	while (file_option_next(&options, &option)) {
		if (option.code == FILE_OPTION_COMMENT)
			keep_comment(reading->info, INFO_INTERFACE, number, &option);
		else if (interface)
			keep_interface_option(reading, interface, &option);
	}
}

static struct info_interface *interface_of(struct reading *reading, const struct file_part *part)
{
	uint64_t number = reading->first_interface + part->interface;

	return number < file_info_kept(reading->info->counts.interfaces, FILE_INFO_INTERFACES)
		       ? &reading->info->interfaces[number]
		       : NULL;
}

static void count_time(struct reading *reading, uint64_t time_ns)
{
	struct file_info *info = reading->info;

	if (!info->timed || time_ns < info->first_ns)
		info->first_ns = time_ns;
	if (!info->timed || time_ns > info->last_ns)
		info->last_ns = time_ns;
	if (info->timed && time_ns < reading->before_ns)
		info->ordered = false;
	info->timed = true;
	reading->before_ns = time_ns;
}

static void add_packet(struct reading *reading, const struct file_part *part)
{
	struct file_info *info = reading->info;
	struct file_options options = file_parts_options(reading->parts, part);
	struct info_interface *interface = interface_of(reading, part);
	struct file_option option;

	info->packets++;
	info->length += part->frame.length;
	info->captured += part->frame.captured;
	if (interface)
		interface->packets++;
	if (part->timed)
		count_time(reading, part->frame.time_ns);
	else
		info->untimed++;
	while (file_option_next(&options, &option))
		if (option.code == FILE_OPTION_COMMENT)
			keep_comment(reading->info, INFO_PACKET, info->packets, &option);
}

static void add_name(struct reading *reading, unsigned kind, const uint8_t *address,
		     const uint8_t *name, size_t size)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct file_info *info = reading->info;
	struct info_name *entry = keep_name(info);

	if (!entry)
		return;
	if (kind == NAME_IPV4) {
		memcpy(entry->address.bytes, mapped, sizeof(mapped));
		memcpy(entry->address.bytes + 12, address, 4);
	} else {
		memcpy(entry->address.bytes, address, 16);
	}
	keep_text(reading->info, &entry->name, name, size);
}

/* A record has an address and one or more names, each ended by a zero. */
static void read_names(struct reading *reading, unsigned kind, const uint8_t *at,
		       const uint8_t *end)
{
	unsigned width = kind == NAME_IPV4 ? 4 : 16;
	const uint8_t *address = at;

	if (end - at < (ptrdiff_t)width)
		return;
	at += width;
	while (at < end) {
		size_t size = strnlen((const char *)at, (size_t)(end - at));

		if (size)
			add_name(reading, kind, address, at, size);
		at += size + 1;
	}
}

static void add_names(struct reading *reading, struct file_part *part)
{
	const struct file_blocks *blocks = file_parts_blocks(reading->parts);
	const uint8_t *at = part->block.body, *end = at + part->block.size;
	struct file_options options;
	struct file_option option;

	while (end - at >= NAME_HEAD) {
		unsigned kind = file_block_16(blocks, at), size = file_block_16(blocks, at + 2);

		at += NAME_HEAD;
		if (kind == NAME_END || size > end - at)
			break;
		if (kind == NAME_IPV4 || kind == NAME_IPV6)
			read_names(reading, kind, at, at + size);
		size = (size + 3) & ~3u;
		at += size < end - at ? size : end - at;
	}
	part->fields = (uint32_t)(at - part->block.body);
	options = file_parts_options(reading->parts, part);
	while (file_option_next(&options, &option))
		if (option.code == FILE_OPTION_COMMENT)
			keep_comment(reading->info, INFO_NAMES, 0, &option);
}

static void add_statistics(struct reading *reading, const struct file_part *part)
{
	const struct file_blocks *blocks = file_parts_blocks(reading->parts);
	struct info_interface *interface = interface_of(reading, part);
	struct file_options options = file_parts_options(reading->parts, part);
	struct file_option option;

	if (interface)
		interface->statistics++;
	while (file_option_next(&options, &option)) {
		if (option.code == FILE_OPTION_COMMENT) {
			keep_comment(reading->info, INFO_STATISTICS, part->interface, &option);
		} else if (!interface || option.size != 8) {
			continue;
		} else if (option.code == FILE_STATISTICS_RECEIVED) {
			interface->has_received = true;
			interface->received = file_block_64(blocks, option.value);
		} else if (option.code == FILE_STATISTICS_DROPPED) {
			interface->has_dropped = true;
			interface->dropped = file_block_64(blocks, option.value);
		} else if (option.code == FILE_STATISTICS_DELIVERED) {
			interface->has_delivered = true;
			interface->delivered = file_block_64(blocks, option.value);
		}
	}
}

static void add_part(struct reading *reading, struct file_part *part)
{
	struct info_counts *counts = &reading->info->counts;

	switch (part->kind) {
	case FILE_PART_SECTION:
		add_section(reading, part);
		break;
	case FILE_PART_INTERFACE:
		add_interface(reading, part);
		break;
	case FILE_PART_PACKET:
		add_packet(reading, part);
		break;
	case FILE_PART_NAMES:
		add_names(reading, part);
		break;
	case FILE_PART_STATISTICS:
		add_statistics(reading, part);
		break;
	case FILE_PART_OTHER:
		if (part->block.type == FILE_BLOCK_SECRETS)
			counts->secrets++;
		else if (part->block.type == FILE_BLOCK_CUSTOM ||
			 part->block.type == FILE_BLOCK_CUSTOM_PRIVATE)
			counts->custom++;
		else
			counts->other++;
		break;
	}
}

static int read_parts(struct reading *reading, const volatile sig_atomic_t *stopped)
{
	struct file_part part;
	int got;

	while ((got = file_parts_next(reading->parts, &part)) == 1) {
		add_part(reading, &part);
		if (reading->info->error)
			return reading->info->error;
		if (*stopped)
			return -EINTR;
	}
	return got;
}

int file_info_read(struct file_info **out, const char *path, const volatile sig_atomic_t *stopped,
		   char error[FILE_ERROR_SIZE])
{
	struct file_info *info = calloc(1, sizeof(*info));
	struct reading reading = { .info = info };
	const char *problem;
	int err;

	snprintf(error, FILE_ERROR_SIZE, "cannot read %.120s: out of memory", path);
	if (!info)
		return -ENOMEM;
	err = file_parts_open(&reading.parts, path, error);
	if (err)
		goto out;
	info->ordered = true;
	info->pcapng = file_parts_is_pcapng(reading.parts);
	info->packed = file_parts_is_packed(reading.parts);
	err = read_parts(&reading, stopped);
	if (err)
		snprintf(error, FILE_ERROR_SIZE, "cannot read %.120s: %s; %s", path, strerror(-err),
			 remedy_read(err));
	problem = file_parts_problem(reading.parts, &info->problem_offset);
	snprintf(info->problem, sizeof(info->problem), "%s", problem ? problem : "");
	info->counts.oversized = file_parts_skipped(reading.parts);
	file_parts_close(reading.parts);
out:
	if (err)
		file_info_close(info);
	else
		*out = info;
	return err;
}
