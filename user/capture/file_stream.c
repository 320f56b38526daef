// SPDX-License-Identifier: BSD-2-Clause
/* One file as a stream of plain bytes, with as much of it in memory as the caller needs whole. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/remedy.h"
#include "capture/file_decoder.h"
#include "capture/file_stream.h"

/* Enough to see what a file is; a classic capture needs no more of this buffer than that. */
#define FIRST_LOOK 4096

struct file_stream {
	int fd;
	bool ended; /* nothing more comes out of fd */
	bool regular;
	int error;
	const char *damage;
	bool flushed;                 /* the damage is a cut between two blocks */
	struct file_decoder *decoder; /* NULL: the bytes are plain */
	struct file_window packed;    /* read, not yet decoded */
	uint8_t *packed_bytes;
	uint8_t *bytes; /* plain ones: [start, end) are held */
	size_t capacity, start, end;
	uint64_t offset; /* of bytes[start] */
	uint64_t raw_read, raw_size;
};

static size_t stream_fetch(struct file_stream *stream, uint8_t *into, size_t room)
{
	ssize_t got;

	if (stream->ended)
		return 0;
	got = read(stream->fd, into, room);
	if (got <= 0) {
		stream->ended = true;
		stream->error = got < 0 ? -errno : 0;
		return 0;
	}
	stream->raw_read += (uint64_t)got;
	return (size_t)got;
}

static size_t stream_decode(struct file_stream *stream, uint8_t *into, size_t room)
{
	struct file_window out = { into, room };

	while (!stream->damage) {
		size_t before = stream->packed.left;

		if (stream->decoder->run(stream->decoder, &stream->packed, &out))
			stream->damage = "the compressed data is damaged";
		if (out.left < room)
			break; /* also what came out before the damage */
		if (stream->packed.left && stream->packed.left < before)
			continue;
		if (stream->packed.left && !stream->damage)
			stream->damage = "the compressed data makes no sense";
		if (stream->damage)
			break;
		stream->packed.at = stream->packed_bytes;
		stream->packed.left = stream_fetch(stream, stream->packed_bytes, FILE_STREAM_CHUNK);
		if (stream->packed.left)
			continue;
		if (!stream->decoder->whole && !stream->error) {
			stream->damage = "the compressed data is cut short";
			stream->flushed = stream->decoder->even;
		}
		break;
	}
	return room - out.left;
}

/* Some more plain bytes; 0 means that there will be none. */
static size_t stream_produce(struct file_stream *stream, uint8_t *into, size_t room)
{
	return stream->decoder ? stream_decode(stream, into, room)
			       : stream_fetch(stream, into, room);
}

static bool stream_make_room(struct file_stream *stream, size_t size)
{
	uint8_t *larger;

	memmove(stream->bytes, stream->bytes + stream->start, stream->end - stream->start);
	stream->end -= stream->start;
	stream->start = 0;
	if (size <= stream->capacity)
		return true;
	larger = realloc(stream->bytes, FILE_STREAM_NEED_MAX);
	if (!larger) {
		stream->error = -ENOMEM;
		return false;
	}
	stream->bytes = larger;
	stream->capacity = FILE_STREAM_NEED_MAX;
	return true;
}

uint8_t *file_stream_need(struct file_stream *stream, size_t size)
{
	assert(size <= FILE_STREAM_NEED_MAX);
	if (stream->end - stream->start >= size)
		return stream->bytes + stream->start;
	if (!stream_make_room(stream, size))
		return NULL;
	while (stream->end < size) {
		size_t got = stream_produce(stream, stream->bytes + stream->end,
					    stream->capacity - stream->end);

		if (!got)
			return NULL;
		stream->end += got;
	}
	return stream->bytes;
}

void file_stream_advance(struct file_stream *stream, size_t size)
{
	assert(size <= stream->end - stream->start);
	stream->start += size;
	stream->offset += size;
}

bool file_stream_skip(struct file_stream *stream, uint64_t size)
{
	while (size) {
		size_t held = file_stream_held(stream);
		size_t step = size < held ? (size_t)size : held;

		file_stream_advance(stream, step);
		size -= step;
		if (size && !file_stream_need(stream, 1))
			return false;
	}
	return true;
}

ssize_t file_stream_read(struct file_stream *stream, void *into, size_t size)
{
	size_t held = file_stream_held(stream), got;

	if (held) {
		got = size < held ? size : held;
		memcpy(into, stream->bytes + stream->start, got);
		file_stream_advance(stream, got);
		return (ssize_t)got;
	}
	got = stream_produce(stream, into, size);
	stream->offset += got;
	return got || !stream->error ? (ssize_t)got : stream->error;
}

/* The first bytes tell whether the rest must be decoded. */
static int stream_look(struct file_stream *stream, const char **library)
{
	int err;

	while (stream->end < FILE_MAGIC_SIZE) {
		size_t got =
			stream_fetch(stream, stream->bytes + stream->end, FIRST_LOOK - stream->end);

		if (!got)
			break;
		stream->end += got;
	}
	if (stream->error)
		return stream->error;
	err = file_decoder_open(&stream->decoder, stream->bytes, stream->end, library);
	if (err || !stream->decoder)
		return err;
	stream->packed_bytes = stream->bytes;
	stream->packed = (struct file_window){ stream->bytes, stream->end };
	stream->end = 0;
	stream->bytes = malloc(stream->capacity);
	return stream->bytes ? 0 : -ENOMEM;
}

static int stream_start(struct file_stream *stream, const char *path)
{
	struct stat status;

	stream->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
				       : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	if (stream->fd < 0 || fstat(stream->fd, &status))
		return -errno;
	stream->regular = S_ISREG(status.st_mode);
	stream->raw_size = stream->regular ? (uint64_t)status.st_size : 0;
	if (stream->regular)
		posix_fadvise(stream->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	stream->capacity = FILE_STREAM_CHUNK;
	stream->bytes = malloc(stream->capacity);
	return stream->bytes ? 0 : -ENOMEM;
}

int file_stream_open(struct file_stream **out, const char *path, char error[FILE_ERROR_SIZE])
{
	struct file_stream *stream = calloc(1, sizeof(*stream));
	const char *library = NULL;
	int err = -ENOMEM;

	if (!stream)
		goto out;
	err = stream_start(stream, path);
	if (!err)
		err = stream_look(stream, &library);
	if (err)
		goto out;
	*out = stream;
	return 0;
out:
	if (err == -ENOPKG)
		snprintf(error, FILE_ERROR_SIZE,
			 "%s is compressed and this build has no %s; decompress it first", path,
			 library);
	else
		snprintf(error, FILE_ERROR_SIZE, "cannot read %s: %s; %s", path, strerror(-err),
			 remedy_read(err));
	file_stream_close(stream);
	return err;
}

void file_stream_close(struct file_stream *stream)
{
	if (!stream)
		return;
	if (stream->fd >= 0)
		close(stream->fd);
	file_decoder_close(stream->decoder);
	free(stream->packed_bytes);
	free(stream->bytes);
	free(stream);
}

size_t file_stream_held(const struct file_stream *stream)
{
	return stream->end - stream->start;
}

int file_stream_error(const struct file_stream *stream)
{
	return stream->error;
}

const char *file_stream_damage(const struct file_stream *stream)
{
	return stream->damage;
}

bool file_stream_is_flushed(const struct file_stream *stream)
{
	return stream->flushed;
}

uint64_t file_stream_offset(const struct file_stream *stream)
{
	return stream->offset;
}

bool file_stream_is_packed(const struct file_stream *stream)
{
	return stream->decoder;
}

uint64_t file_stream_raw_read(const struct file_stream *stream)
{
	return stream->raw_read;
}

uint64_t file_stream_raw_size(const struct file_stream *stream)
{
	return stream->raw_size;
}

bool file_stream_is_regular(const struct file_stream *stream)
{
	return stream->regular;
}
