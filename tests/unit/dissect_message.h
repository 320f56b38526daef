/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes DNS messages for tests. */
#ifndef TESTS_DISSECT_MESSAGE_H
#define TESTS_DISSECT_MESSAGE_H

#include <stdint.h>
#include <string.h>

struct message {
	size_t length;
	uint8_t at[4096];
};

#define RESPONSE 0x8180
#define QUERY 0x0100
#define TO_QUESTION "\xc0\x0c" /* a pointer to the question's name */

static inline void put(struct message *to, const void *from, size_t length)
{
	memcpy(to->at + to->length, from, length);
	to->length += length;
}

static inline void put16(struct message *to, unsigned value)
{
	to->at[to->length++] = value >> 8;
	to->at[to->length++] = value & 0xff;
}

/* name: in wire format, with its last zero. */
static inline void put_question(struct message *to, unsigned flags, const void *name, size_t length)
{
	put16(to, 0x1234);
	put16(to, flags);
	put16(to, 1);
	put(to, "\0\0\0\0\0\0", 6);
	put(to, name, length);
	put16(to, 1);
	put16(to, 1);
}

static inline void put_answer(struct message *to, const void *owner, size_t length, unsigned type,
			      const void *body, size_t size)
{
	to->at[7]++;
	put(to, owner, length);
	put16(to, type);
	put16(to, 1);
	put(to, "\0\0\0\x3c", 4);
	put16(to, size);
	put(to, body, size);
}

/* www.Example.com is a CNAME of x.example.com, which has 192.0.2.1 and 2001:db8::1. */
static inline void put_chain(struct message *to)
{
	static const uint8_t ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

	put_question(to, RESPONSE, "\3www\7Example\3com", 17);
	put_answer(to, TO_QUESTION, 2, 5, "\1x\xc0\x10", 4);
	put_answer(to, "\xc0\x2d", 2, 1, "\xc0\0\2\1", 4);
	put_answer(to, "\1x\xc0\x10", 4, 28, ipv6, 16);
}

#endif /* TESTS_DISSECT_MESSAGE_H */
