/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of one capture file from front to back, decompressed on the way:
 * what lies between read(2) and the readers of formats.  Works on pipes, never
 * seeks, keeps one buffer that grows to FILE_STREAM_NEED_MAX and no further.
 * Offsets count plain bytes, that is, after decompression.
 */
#ifndef SKUA_CAPTURE_FILE_STREAM_H
#define SKUA_CAPTURE_FILE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FILE_STREAM_CHUNK (256u * 1024)     /* bytes asked for at once: few system calls */
#define FILE_STREAM_NEED_MAX (1024u * 1024) /* the longest piece that is ever kept whole */
#define FILE_ERROR_SIZE 256                 /* of a message: object, reason, remedy */

struct file_stream;

/*
 * path "-" is standard input.  On failure -errno (-ENOPKG: a compression this
 * build does not know) and one line in error.
 */
int file_stream_open(struct file_stream **out, const char *path, char error[FILE_ERROR_SIZE]);
void file_stream_close(struct file_stream *stream);

/*
 * The next size bytes (at most FILE_STREAM_NEED_MAX) in one piece, without
 * going past them; NULL when fewer are left.  Borrowed until the next need,
 * skip or read; the caller may write into them.
 */
uint8_t *file_stream_need(struct file_stream *stream, size_t size);

/* Goes past bytes that file_stream_need() has just shown. */
void file_stream_advance(struct file_stream *stream, size_t size);

/* Goes past size bytes without keeping them; false when fewer were left. */
bool file_stream_skip(struct file_stream *stream, uint64_t size);

/* Up to size bytes, copied at most once; 0 at the end, -errno. */
ssize_t file_stream_read(struct file_stream *stream, void *into, size_t size);

/* Bytes that can be had now without reading on. */
size_t file_stream_held(const struct file_stream *stream);

/* Why the end came: -errno of a failed read, or 0. */
int file_stream_error(const struct file_stream *stream);

/* Why the end came: what is wrong with the compressed data, or NULL. */
const char *file_stream_damage(const struct file_stream *stream);

/* The compressed data is cut short, but where its writer had flushed it: no byte it has is torn. */
bool file_stream_is_flushed(const struct file_stream *stream);

uint64_t file_stream_offset(const struct file_stream *stream);
bool file_stream_is_packed(const struct file_stream *stream);

/* Bytes as they lie on disk: taken so far, and all of them (0: unknown, a pipe). */
uint64_t file_stream_raw_read(const struct file_stream *stream);
uint64_t file_stream_raw_size(const struct file_stream *stream);
bool file_stream_is_regular(const struct file_stream *stream);

#endif /* SKUA_CAPTURE_FILE_STREAM_H */
