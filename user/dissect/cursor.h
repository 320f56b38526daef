/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads hostile bytes from front to back: a read that does not fit fails and takes nothing. */
#ifndef SKUA_DISSECT_CURSOR_H
#define SKUA_DISSECT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at;
	size_t left;
};

/* The next length bytes become *part. */
static inline bool cursor_take(struct cursor *cursor, size_t length, struct cursor *part)
{
	if (length > cursor->left)
		return false;
	*part = (struct cursor){ cursor->at, length };
	cursor->at += length;
	cursor->left -= length;
	return true;
}

static inline bool cursor_u8(struct cursor *cursor, uint8_t *value)
{
	struct cursor part;

	if (!cursor_take(cursor, 1, &part))
		return false;
	*value = part.at[0];
	return true;
}

/* Network order on the wire, host order in *value. */
static inline bool cursor_u16(struct cursor *cursor, uint16_t *value)
{
	struct cursor part;

	if (!cursor_take(cursor, 2, &part))
		return false;
	*value = (uint16_t)(part.at[0] << 8 | part.at[1]);
	return true;
}

/* A vector with one or two bytes of length in front (RFC 8446, 3.4). */
static inline bool cursor_vector8(struct cursor *cursor, struct cursor *part)
{
	uint8_t length;

	return cursor_u8(cursor, &length) && cursor_take(cursor, length, part);
}

static inline bool cursor_vector16(struct cursor *cursor, struct cursor *part)
{
	uint16_t length;

	return cursor_u16(cursor, &length) && cursor_take(cursor, length, part);
}

#endif /* SKUA_DISSECT_CURSOR_H */
