/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures made byte by byte, in files that vanish, and what the reader made of them. */
#ifndef TESTS_CAPTURE_BYTES_H
#define TESTS_CAPTURE_BYTES_H

#include <assert.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "capture/file_in.h"

#define BYTES_MAX (1 << 20)
#define SEEN_MAX 4096
#define PCAP_MICRO 0xa1b2c3d4u
#define PCAP_NANO 0xa1b23c4du
#define PCAP_MODIFIED 0xa1b2cd34u

struct bytes {
	size_t size;
	bool big;
	uint8_t at[BYTES_MAX];
};

static inline void put(struct bytes *b, const void *from, size_t size)
{
	assert(b->size + size <= BYTES_MAX);
	memcpy(b->at + b->size, from, size);
	b->size += size;
}

static inline void encode(uint8_t *at, uint64_t value, unsigned int size, bool big)
{
	for (unsigned int i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (big ? size - 1 - i : i));
}

static inline void put_number(struct bytes *b, uint64_t value, unsigned int size)
{
	uint8_t at[8];

	encode(at, value, size, b->big);
	put(b, at, size);
}

static inline void put_fill(struct bytes *b, uint8_t value, size_t size)
{
	while (size--)
		put(b, &value, 1);
}

static inline void put_pcap_header(struct bytes *b, uint32_t magic, uint32_t network)
{
	put_number(b, magic, 4);
	put_number(b, 2, 2);
	put_number(b, 4, 2);
	put_number(b, 0, 8);
	put_number(b, 64, 4); /* a snapshot length that longer frames belie */
	put_number(b, network, 4);
}

static inline void put_record(struct bytes *b, uint32_t seconds, uint32_t fraction, uint8_t value,
			      uint32_t captured, uint32_t length)
{
	put_number(b, seconds, 4);
	put_number(b, fraction, 4);
	put_number(b, captured, 4);
	put_number(b, length, 4);
	put_fill(b, value, captured);
}

static inline size_t begin_block(struct bytes *b, uint32_t type)
{
	put_number(b, type, 4);
	put_number(b, 0, 4);
	return b->size - 8;
}

static inline void end_block(struct bytes *b, size_t start)
{
	put_fill(b, 0, (4 - b->size % 4) % 4);
	encode(b->at + start + 4, b->size + 4 - start, 4, b->big);
	put(b, b->at + start + 4, 4);
}

static inline void put_option(struct bytes *b, uint16_t code, const void *value, uint16_t size)
{
	put_number(b, code, 2);
	put_number(b, size, 2);
	put(b, value, size);
	put_fill(b, 0xee, (4u - size % 4u) % 4u); /* padding need not be zero */
}

static inline void put_section(struct bytes *b)
{
	size_t start = begin_block(b, 0x0a0d0d0a);

	put_number(b, 0x1a2b3c4d, 4);
	put_number(b, 1, 2);
	put_number(b, 0, 2);
	put_number(b, UINT64_MAX, 8);
	end_block(b, start);
}

/* resolution 0xff and offset 0: the option is left out. */
static inline void put_interface(struct bytes *b, uint16_t linktype, const char *name,
				 uint8_t resolution, int64_t offset_s)
{
	uint8_t offset[8];
	size_t start = begin_block(b, 1);

	put_number(b, linktype, 2);
	put_number(b, 0, 2);
	put_number(b, 0, 4);
	if (name)
		put_option(b, 2, name, (uint16_t)strlen(name));
	if (resolution != 0xff)
		put_option(b, 9, &resolution, 1);
	encode(offset, (uint64_t)offset_s, 8, b->big);
	if (offset_s)
		put_option(b, 14, offset, 8);
	put_number(b, 0, 4);
	end_block(b, start);
}

/* flags 0: left out; comment NULL: left out. */
static inline void put_packet(struct bytes *b, uint32_t interface, uint64_t ticks, uint8_t value,
			      uint32_t captured, uint32_t flags, const char *comment)
{
	size_t start = begin_block(b, 6);
	uint8_t word[4];

	put_number(b, interface, 4);
	put_number(b, ticks >> 32, 4);
	put_number(b, ticks & UINT32_MAX, 4);
	put_number(b, captured, 4);
	put_number(b, captured, 4);
	put_fill(b, value, captured);
	put_fill(b, 0, (4 - captured % 4) % 4);
	if (comment)
		put_option(b, 1, comment, (uint16_t)strlen(comment));
	encode(word, flags, 4, b->big);
	if (flags)
		put_option(b, 2, word, 4);
	end_block(b, start);
}

/* The caller unlinks and frees. */
static inline char *write_file(const void *at, size_t size)
{
	const char *folder = getenv("TMPDIR");
	char *path;
	int fd;

	if (asprintf(&path, "%s/skua-test-XXXXXX", folder ? folder : "/tmp") < 0)
		abort();
	fd = mkstemp(path);
	if (fd < 0 || write(fd, at, size) != (ssize_t)size)
		abort();
	close(fd);
	return path;
}

struct seen {
	uint64_t time_ns;
	uint32_t captured, length, interface;
	uint16_t linktype, file;
	enum frame_direction direction;
	uint8_t first, last;
	char comment[64], name[64];
};

struct reading {
	int opened, ended; /* what open() and the last next() returned */
	bool truncated;
	unsigned int count;
	unsigned int warnings;          /* lines on standard error */
	uint64_t begun, position, size; /* bytes read when all was open, in the end, in all */
	struct file_in_counts counts;
	char error[FILE_IN_ERROR_SIZE];
	char said[512]; /* on standard error */
	struct seen seen[SEEN_MAX];
};

static inline void see_frame(struct reading *r, const struct file_in *in, const struct frame *frame)
{
	struct seen *seen = &r->seen[r->count % SEEN_MAX];
	const char *name = file_in_interface_name(in, frame->interface);

	*seen = (struct seen){
		.time_ns = frame->time_ns,
		.captured = frame->captured,
		.length = frame->length,
		.interface = frame->interface,
		.linktype = frame->linktype,
		.file = frame->file,
		.direction = frame->direction,
		.first = frame->captured ? frame->bytes[0] : 0,
		.last = frame->captured ? frame->bytes[frame->captured - 1] : 0,
	};
	snprintf(seen->comment, sizeof(seen->comment), "%s", frame->comment ? frame->comment : "-");
	snprintf(seen->name, sizeof(seen->name), "%s", name ? name : "-");
	r->count++;
}

static inline void read_frames(struct reading *r, const struct file_in_options *options)
{
	struct file_in *in;
	struct frame frame;

	r->opened = file_in_open(&in, options, r->error);
	if (r->opened)
		return;
	r->begun = file_in_position(in);
	while ((r->ended = file_in_next(in, &frame)) == 1)
		see_frame(r, in, &frame);
	r->truncated = file_in_truncated(in);
	r->counts = *file_in_counts(in);
	r->position = file_in_position(in);
	r->size = file_in_size(in);
	file_in_close(in);
}

/* Reads all, with what is said on standard error caught. */
static inline void read_paths(struct reading *r, const char *const *paths, unsigned int count,
			      const char *filter)
{
	struct file_in_options options = { paths, count, filter };
	int old = dup(STDERR_FILENO), caught = memfd_create("stderr", 0);
	ssize_t got;

	memset(r, 0, offsetof(struct reading, seen));
	fflush(stderr);
	dup2(caught, STDERR_FILENO);
	read_frames(r, &options);
	fflush(stderr);
	dup2(old, STDERR_FILENO);
	got = pread(caught, r->said, sizeof(r->said) - 1, 0);
	r->said[got > 0 ? got : 0] = '\0';
	for (const char *at = r->said; *at; at++)
		r->warnings += *at == '\n';
	close(old);
	close(caught);
}

static inline void read_bytes(struct reading *r, const void *at, size_t size, const char *filter)
{
	char *path = write_file(at, size);

	read_paths(r, (const char *const *)&path, 1, filter);
	unlink(path);
	free(path);
}

#endif /* TESTS_CAPTURE_BYTES_H */
