// SPDX-License-Identifier: BSD-2-Clause
/* Copies a pcapng file without the comments of its section headers. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/pcapng.h"
#include "record/strip.h"

#define SECTION_HEADER 0x0a0d0d0au
#define THIS_ORDER 0x1a2b3c4du
#define OPTIONS_AT 24 /* in a section header */
#define OPTION_COMMENT 1
#define BLOCK_MIN 12

struct head {
	uint32_t type, length;
};

/* Returns the new length of a section header block. */
static uint32_t strip_section(uint8_t *block, uint32_t length)
{
	uint32_t to = OPTIONS_AT;

	for (uint32_t at = OPTIONS_AT; at + 4 <= length - 4;) {
		uint16_t option[2];
		uint32_t size;

		memcpy(option, block + at, sizeof(option));
		size = 4 + ((option[1] + 3u) & ~3u);
		if (!option[0] || size > length - 4 - at)
			break;
		if (option[0] != OPTION_COMMENT) {
			memmove(block + to, block + at, size);
			to += size;
		}
		at += size;
	}
	/* What stood behind the end of the list is not copied, nor a list without an end. */
	if (to > OPTIONS_AT) {
		memset(block + to, 0, 4);
		to += 4;
	}
	to += 4;
	memcpy(block + 4, &to, sizeof(to));
	memcpy(block + to - 4, &to, sizeof(to));
	return to;
}

/* One block, as long as the longest so far. */
struct room {
	uint8_t *bytes;
	uint32_t size;
};

static int make_room(struct room *room, uint32_t size)
{
	uint8_t *bytes;

	if (size <= room->size)
		return 0;
	bytes = realloc(room->bytes, size);
	if (!bytes)
		return -ENOMEM;
	*room = (struct room){ bytes, size };
	return 0;
}

static int copy_block(FILE *in, FILE *out, const struct head *head, uint8_t *block)
{
	uint32_t length = head->length, again, order;

	memcpy(block, head, sizeof(*head));
	if (fread(block + sizeof(*head), 1, length - sizeof(*head), in) != length - sizeof(*head))
		return ferror(in) ? -EIO : -EBADMSG;
	memcpy(&again, block + length - sizeof(again), sizeof(again));
	if (again != length)
		return -EBADMSG;
	if (head->type == SECTION_HEADER) {
		if (length < OPTIONS_AT + 4)
			return -EBADMSG;
		memcpy(&order, block + 8, sizeof(order));
		if (order != THIS_ORDER)
			return -EBADMSG;
		length = strip_section(block, length);
	}
	return fwrite(block, 1, length, out) == length ? 0 : -EIO;
}

/* A file begins with a section. */
static bool is_head(const struct head *head, bool first)
{
	return head->length >= BLOCK_MIN && head->length % 4 == 0 &&
	       head->length <= PCAPNG_BLOCK_MAX && (!first || head->type == SECTION_HEADER);
}

static int copy(FILE *in, FILE *out)
{
	struct room room = {};
	struct head head;
	size_t got;
	bool first = true;
	int err = 0;

	while (!err && (got = fread(&head, 1, sizeof(head), in))) {
		if (got != sizeof(head) || !is_head(&head, first))
			err = -EBADMSG;
		else
			err = make_room(&room, head.length + 4); /* for the end of a list */
		if (!err)
			err = copy_block(in, out, &head, room.bytes);
		first = false;
	}
	if (!err && (first || ferror(in)))
		err = ferror(in) ? -EIO : -EBADMSG;
	free(room.bytes);
	return err;
}

static FILE *stream_of(int fd, const char *mode)
{
	int own = dup(fd);
	FILE *stream = own < 0 ? NULL : fdopen(own, mode);

	if (!stream && own >= 0)
		close(own);
	return stream;
}

int strip_comments(int from, int to)
{
	FILE *in = stream_of(from, "rb"), *out = stream_of(to, "wb");
	int err = in && out ? copy(in, out) : -ENOMEM;

	if (in)
		fclose(in);
	if (out && fclose(out) && !err)
		err = -errno;
	return err;
}
