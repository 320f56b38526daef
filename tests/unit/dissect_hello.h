/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes ClientHellos for tests. */
#ifndef TESTS_DISSECT_HELLO_H
#define TESTS_DISSECT_HELLO_H

#include <stdint.h>
#include <string.h>

struct bytes {
	size_t length;
	uint8_t at[20000];
};

static inline void put(struct bytes *to, const void *from, size_t length)
{
	memcpy(to->at + to->length, from, length);
	to->length += length;
}

static inline void put8(struct bytes *to, unsigned value)
{
	to->at[to->length++] = value;
}

static inline void put16(struct bytes *to, unsigned value)
{
	put8(to, value >> 8);
	put8(to, value & 0xff);
}

/* The two bytes in front of what was written since `start` become its length. */
static inline void close16(struct bytes *to, size_t start)
{
	size_t length = to->length - start;

	to->at[start - 2] = length >> 8;
	to->at[start - 1] = length & 0xff;
}

static inline size_t open16(struct bytes *to)
{
	put16(to, 0);
	return to->length;
}

static inline void put_server_name(struct bytes *to, const char *name, size_t length)
{
	put16(to, 0);
	put16(to, length + 5);
	put16(to, length + 3);
	put8(to, 0);
	put16(to, length);
	put(to, name, length);
}

static inline void put_extensions(struct bytes *to, const char *name, size_t length)
{
	static const uint8_t rest[] = {
		0,   16,  0,   14,  0,   12,   2,    'h', '2', 8, 'h', 't',
		't', 'p', '/', '1', '.', '1',                        /* ALPN */
		0,   13,  0,   6,   0,   4,    4,    3,   8,   4,    /* signature algorithms */
		0,   43,  0,   7,   6,   0x3a, 0x3a, 3,   4,   3, 3, /* versions: GREASE, 1.3, 1.2
								      */
	};

	put(to, "\x2a\x2a\0\0", 4); /* GREASE */
	if (name)
		put_server_name(to, name, length);
	put(to, rest, sizeof(rest));
}

/* The message without a record around it; padding: bytes of an extension that makes it longer. */
static inline void put_message(struct bytes *to, const char *name, size_t length, size_t padding)
{
	size_t message, extensions;

	put16(to, 0x0100);
	message = open16(to);
	put16(to, 0x0303);
	for (int i = 0; i < 32; i++)
		put8(to, 0x80 + i);
	put8(to, 0); /* session */
	put(to, "\0\x06\x1a\x1a\x13\x01\xc0\x2f", 8);
	put(to, "\x01\0", 2);
	extensions = open16(to);
	if (padding) {
		put16(to, 21);
		put16(to, padding);
		memset(to->at + to->length, 0, padding);
		to->length += padding;
	}
	put_extensions(to, name, length);
	close16(to, extensions);
	close16(to, message);
}

/* One record, or several of at most `size` bytes. */
static inline void put_records(struct bytes *to, const struct bytes *message, size_t size)
{
	for (size_t i = 0; i < message->length; i += size) {
		size_t part = message->length - i < size ? message->length - i : size;

		put(to, "\x16\x03\x01", 3);
		put16(to, part);
		put(to, message->at + i, part);
	}
}

static inline void put_hello(struct bytes *to, const char *name, size_t padding)
{
	struct bytes message;

	message.length = 0;
	put_message(&message, name, name ? strlen(name) : 0, padding);
	put_records(to, &message, sizeof(message.at));
}

/* What put_hello() without padding is known by; worked out by another program. */
#define HELLO_JA4 "t13d0204h2_c1929292aa6b_ef5f37ab036a"

#endif /* TESTS_DISSECT_HELLO_H */
