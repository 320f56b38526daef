// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as a pcapng (or pcap) file, with a stream that gives each piece in
 * a block of its own: a byte read beyond what was asked for is found.  Takes
 * the place of user/capture/file_stream.c; link it before the archive.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct file_stream {
	const uint8_t *bytes;
	size_t size, offset;
	uint8_t *piece;
};

static struct file_stream whole;
static volatile uint64_t sum; /* so that the compiler does not leave the reading out */

int file_stream_open(struct file_stream **out, const char *path, char error[FILE_ERROR_SIZE])
{
	(void)path;
	snprintf(error, FILE_ERROR_SIZE, "none");
	*out = &whole;
	return 0;
}

void file_stream_close(struct file_stream *stream)
{
	free(stream->piece);
	stream->piece = NULL;
}

uint8_t *file_stream_need(struct file_stream *stream, size_t size)
{
	if (size > FILE_STREAM_NEED_MAX)
		abort();
	free(stream->piece);
	stream->piece = NULL;
	if (stream->size - stream->offset < size)
		return NULL;
	stream->piece = malloc(size);
	if (!stream->piece)
		abort();
	memcpy(stream->piece, stream->bytes + stream->offset, size);
	return stream->piece;
}

void file_stream_advance(struct file_stream *stream, size_t size)
{
	if (size > stream->size - stream->offset)
		abort();
	stream->offset += size;
}

bool file_stream_skip(struct file_stream *stream, uint64_t size)
{
	size_t left = stream->size - stream->offset;

	stream->offset += size < left ? (size_t)size : left;
	return size <= left;
}

ssize_t file_stream_read(struct file_stream *stream, void *into, size_t size)
{
	size_t left = stream->size - stream->offset;

	size = size < left ? size : left;
	memcpy(into, stream->bytes + stream->offset, size);
	stream->offset += size;
	return (ssize_t)size;
}

size_t file_stream_held(const struct file_stream *stream)
{
	size_t left = stream->size - stream->offset;

	return left < 8 ? left : 8;
}

int file_stream_error(const struct file_stream *stream)
{
	(void)stream;
	return 0;
}

const char *file_stream_damage(const struct file_stream *stream)
{
	(void)stream;
	return NULL;
}

uint64_t file_stream_offset(const struct file_stream *stream)
{
	return stream->offset;
}

static void touch(const struct frame *frame)
{
	sum += frame->comment ? strlen(frame->comment) : 0;
	for (uint32_t i = 0; i < frame->captured; i++)
		sum += frame->bytes[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct file_interfaces *interfaces = file_interfaces_open();
	char error[FILE_ERROR_SIZE] = "";
	struct file_reader *reader;
	struct frame frame;

	whole = (struct file_stream){ .bytes = bytes, .size = size };
	if (!interfaces || file_reader_open(&reader, "-", interfaces, error)) {
		file_interfaces_close(interfaces);
		return 0;
	}
	while (file_reader_next(reader, &frame) == 1) {
		file_interfaces_take(interfaces, reader->interface);
		touch(&frame);
	}
	file_reader_close(reader);
	file_interfaces_close(interfaces);
	return 0;
}
