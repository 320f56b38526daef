/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a capture file tells of itself: sections, interfaces, names, statistics,
 * comments, and the sums over its packets.  One pass, and bounded: beyond the
 * limits below things are counted, no longer kept.  Texts are kept as they are,
 * hostile bytes included; whoever prints them escapes them.
 */
#ifndef SKUA_CAPTURE_FILE_INFO_H
#define SKUA_CAPTURE_FILE_INFO_H

#include <signal.h>
#include "base/address.h"
#include "capture/file_parts.h"

#define FILE_INFO_SECTIONS 64
#define FILE_INFO_INTERFACES 4096
#define FILE_INFO_NAMES 4096
#define FILE_INFO_COMMENTS 4096                 /* of packets */
#define FILE_INFO_NOTES 256                     /* comments of anything else */
#define FILE_INFO_TEXT_BYTES (4u * 1024 * 1024) /* of all texts together */

struct info_text {
	char *bytes; /* NULL: none */
	size_t size;
};

struct info_section {
	struct info_text hardware, os, application;
};

struct info_interface {
	uint32_t section, number; /* section from 0; number within it */
	struct info_text name, description, filter, os;
	uint32_t snaplen;
	uint16_t linktype;
	uint8_t resolution; /* as in if_tsresol */
	uint64_t packets;
	uint64_t statistics; /* blocks; the last one tells: */
	bool has_received, has_dropped, has_delivered;
	uint64_t received, dropped, delivered;
};

enum info_about { INFO_SECTION, INFO_INTERFACE, INFO_NAMES, INFO_STATISTICS, INFO_PACKET };

struct info_comment {
	enum info_about about;
	uint64_t number; /* of the packet, from 1; of the section or interface, from 0 */
	struct info_text text;
};

struct info_name {
	struct address address;
	struct info_text name;
};

/* Lists end at their limits; these go on. */
struct info_counts {
	uint64_t sections, interfaces, names, notes, comments; /* all there are */
	uint64_t secrets, custom, other;                       /* blocks */
	uint64_t oversized;                                    /* blocks passed over */
	uint64_t texts_dropped;                                /* beyond FILE_INFO_TEXT_BYTES */
};

struct file_info {
	bool pcapng, packed;
	uint64_t packets, length, captured; /* bytes on the wire, in the file */
	uint64_t untimed;                   /* packets without a time */
	bool timed, ordered;
	uint64_t first_ns, last_ns; /* the earliest and the latest */
	struct info_section *sections;
	struct info_interface *interfaces;
	struct info_name *names;
	struct info_comment *notes, *comments;
	struct info_counts counts;
	char problem[160]; /* why the file ended before its end; "" if it did not */
	uint64_t problem_offset;
	size_t text_bytes;
	int error; /* while reading: -ENOMEM */
};

/* Reads all of a file.  On failure -errno and one line in error; -EINTR: *stopped was set. */
int file_info_read(struct file_info **out, const char *path, const volatile sig_atomic_t *stopped,
		   char error[FILE_ERROR_SIZE]);
void file_info_close(struct file_info *info);

/* How many of counted are kept. */
uint64_t file_info_kept(uint64_t counted, uint64_t limit);
/* The rest of the first note of a section that begins with prefix, such as "skua.finding=". */
const struct info_text *file_info_find(const struct file_info *info, const char *prefix);

#endif /* SKUA_CAPTURE_FILE_INFO_H */
