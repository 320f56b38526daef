// SPDX-License-Identifier: BSD-2-Clause
/* Which format a file has, and what frames of all formats have in common. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "skua/link.h"
#include "capture/file_reader.h"

#define MAGIC_SIZE 4

#define LINKTYPE_RAW 101
#define LINKTYPE_SLL 113
#define LINKTYPE_SLL2 276

/* Packet types of Linux cooked headers: who the packet was for. */
#define SLL_TO_US 0
#define SLL_BROADCAST 1
#define SLL_MULTICAST 2
#define SLL_FROM_US 4
#define SLL_SIZE 16
#define SLL2_SIZE 20
#define SLL2_TYPE_AT 10

static const struct format {
	uint8_t magic[MAGIC_SIZE];
	int (*open)(struct file_reader **out, struct file_stream *stream,
		    char error[FILE_ERROR_SIZE]);
} formats[] = {
	{ { 0xa1, 0xb2, 0xc3, 0xd4 }, file_pcap_open }, /* microseconds */
	{ { 0xd4, 0xc3, 0xb2, 0xa1 }, file_pcap_open }, /* the same, little-endian */
	{ { 0xa1, 0xb2, 0x3c, 0x4d }, file_pcap_open }, /* nanoseconds */
	{ { 0x4d, 0x3c, 0xb2, 0xa1 }, file_pcap_open },
	{ { 0xa1, 0xb2, 0xcd, 0x34 }, file_pcap_open }, /* longer record headers */
	{ { 0x34, 0xcd, 0xb2, 0xa1 }, file_pcap_open },
	{ { 0x0a, 0x0d, 0x0d, 0x0a }, file_pcapng_open }, /* either byte order */
};

uint16_t file_reader_linktype(uint32_t network)
{
	uint16_t linktype = (uint16_t)network;

	/* DLT_RAW of various systems, written by programs that did not translate it. */
	return linktype == 12 || linktype == 14 ? LINKTYPE_RAW : linktype;
}

/* https://www.tcpdump.org/linktypes.html */
int file_reader_link(uint16_t linktype)
{
	switch (linktype) {
	case 1:
		return SKUA_LINK_ETHERNET;
	case 12:
	case 14:
	case 101:
	case 228:
	case 229:
		return SKUA_LINK_RAW;
	case 0:
	case 108:
		return SKUA_LINK_NULL;
	case 113:
		return SKUA_LINK_SLL;
	case 276:
		return SKUA_LINK_SLL2;
	default:
		return -1;
	}
}

int file_reader_end(struct file_reader *reader, uint64_t offset, const char *why)
{
	int err = file_stream_error(reader->stream);
	const char *damage = file_stream_damage(reader->stream);

	if (err)
		return err;
	if (!damage)
		damage = why;
	if (damage && !reader->problem[0]) {
		snprintf(reader->problem, sizeof(reader->problem), "%s", damage);
		reader->problem_offset = offset;
	}
	return 0;
}

static void say_no_capture(char error[FILE_ERROR_SIZE], const char *path, const uint8_t *bytes,
			   size_t size)
{
	char hex[3 * 8 + 1] = "";

	for (size_t i = 0; i < size && i < 8; i++)
		snprintf(hex + 3 * i, 4, " %02x", bytes[i]);
	if (size)
		snprintf(error, FILE_ERROR_SIZE,
			 "%s is no capture: it begins with%s; pcap and pcapng are read, also as "
			 ".gz, .zst and .lz4",
			 path, hex);
	else
		snprintf(error, FILE_ERROR_SIZE, "%s is no capture: it is empty%s", path,
			 strcmp(path, "-") ? "; name another"
					   : " (does tcpdump write to it, with -w - ?)");
}

static const struct format *find_format(struct file_stream *stream)
{
	const uint8_t *bytes = file_stream_need(stream, MAGIC_SIZE);

	for (size_t i = 0; bytes && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!memcmp(bytes, formats[i].magic, MAGIC_SIZE))
			return &formats[i];
	/* Compressed and cut so early that nothing came out: any reader will say so. */
	return !bytes && file_stream_damage(stream) ? &formats[0] : NULL;
}

int file_reader_start(struct file_reader **out, struct file_stream *stream, const char *path,
		      struct file_interfaces *interfaces, char error[FILE_ERROR_SIZE])
{
	const struct format *format = find_format(stream);
	size_t held = file_stream_held(stream);
	int err = file_stream_error(stream);
	char reason[FILE_ERROR_SIZE] = "";

	if (!err && !format) {
		say_no_capture(error, path, file_stream_need(stream, held), held);
		return -EINVAL;
	}
	if (!err)
		err = format->open(out, stream, reason);
	if (err)
		snprintf(error, FILE_ERROR_SIZE, "cannot read %s: %.160s", path,
			 reason[0] ? reason : strerror(-err));
	else
		(*out)->interfaces = interfaces;
	return err;
}

int file_reader_open(struct file_reader **out, const char *path, struct file_interfaces *interfaces,
		     char error[FILE_ERROR_SIZE])
{
	struct file_stream *stream;
	int err = file_stream_open(&stream, path, error);

	if (err)
		return err;
	err = file_reader_start(out, stream, path, interfaces, error);
	if (err)
		file_stream_close(stream);
	return err;
}

void file_reader_close(struct file_reader *reader)
{
	struct file_stream *stream;

	if (!reader)
		return;
	stream = reader->stream;
	reader->close(reader);
	file_stream_close(stream);
}

static enum frame_direction cooked_direction(unsigned int type)
{
	if (type == SLL_TO_US || type == SLL_BROADCAST || type == SLL_MULTICAST)
		return FRAME_IN;
	return type == SLL_FROM_US ? FRAME_OUT : FRAME_UNKNOWN;
}

static enum frame_direction frame_direction(const struct frame *frame)
{
	const uint8_t *at = frame->bytes;

	if (frame->linktype == LINKTYPE_SLL && frame->captured >= SLL_SIZE)
		return cooked_direction((unsigned int)at[0] << 8 | at[1]);
	if (frame->linktype == LINKTYPE_SLL2 && frame->captured >= SLL2_SIZE)
		return cooked_direction(at[SLL2_TYPE_AT]);
	return FRAME_UNKNOWN;
}

int file_reader_next(struct file_reader *reader, struct frame *frame)
{
	int got = reader->next(reader, frame);

	if (got <= 0)
		return got;
	if (frame->length < frame->captured)
		frame->length = frame->captured;
	if (frame->direction == FRAME_UNKNOWN)
		frame->direction = frame_direction(frame);
	return 1;
}
