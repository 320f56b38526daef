/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of ASN.1 in DER or BER with definite lengths (X.690, 8.1). */
#ifndef SKUA_DISSECT_DER_H
#define SKUA_DISSECT_DER_H

#include "dissect/cursor.h"

enum {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_BMP_STRING = 0x1e, /* two bytes a character */
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

struct der {
	uint8_t tag;
	struct cursor body;
};

/* Tag and length, with *from behind them; lengths of over four bytes are refused. */
static inline bool der_head(struct cursor *from, uint8_t *tag, size_t *length)
{
	uint8_t first, byte;

	if (!cursor_u8(from, tag) || !cursor_u8(from, &first))
		return false;
	*length = first & 0x7f;
	if (first < 0x80)
		return true;
	if (first == 0x80 || first > 0x84)
		return false;
	*length = 0;
	for (unsigned i = 0x80; i < first; i++) {
		if (!cursor_u8(from, &byte))
			return false;
		*length = *length << 8 | byte;
	}
	return true;
}

/* cut: the body may be longer than what is there. */
static inline bool der_next(struct cursor *from, struct der *out, bool cut)
{
	struct cursor rest = *from;
	size_t length;
	uint8_t tag;

	if (!der_head(&rest, &tag, &length))
		return false;
	if (cut && length > rest.left)
		length = rest.left;
	out->tag = tag;
	if (!cursor_take(&rest, length, &out->body))
		return false;
	*from = rest;
	return true;
}

static inline bool der_expect(struct cursor *from, uint8_t tag, struct cursor *body, bool cut)
{
	struct der der;

	if (!der_next(from, &der, cut) || der.tag != tag)
		return false;
	*body = der.body;
	return true;
}

#endif /* SKUA_DISSECT_DER_H */
