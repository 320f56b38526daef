// SPDX-License-Identifier: BSD-2-Clause
/* Initial packets of QUIC: where they begin and end, and the frames within. */
#include "dissect/quic_initial.h"
#include "dissect/quic_version.h"

enum {
	FRAME_PADDING = 0x00,
	FRAME_PING = 0x01,
	FRAME_ACK = 0x02,
	FRAME_ACK_ECN = 0x03,
	FRAME_CRYPTO = 0x06,
};

#define LABELS                                                                                     \
	{                                                                                          \
		"quic key", "quic iv", "quic hp"                                                   \
	}

/* RFC 9001, 5.2; RFC 9369, 3.3.1; draft-ietf-quic-tls. */
static const struct quic_version versions[] = {
	{ 1,
	  1,
	  0,
	  { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	    0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
	  LABELS },
	{ 0x6b3343cf,
	  0x6b3343cf,
	  1,
	  { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
	    0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 },
	  { "quicv2 key", "quicv2 iv", "quicv2 hp" } },
	{ 0xff00001d,
	  0xff000020,
	  0,
	  { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
	    0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 },
	  LABELS },
	{ 0xff000017,
	  0xff00001c,
	  0,
	  { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
	    0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 },
	  LABELS },
};

static const struct quic_version *find_version(uint32_t number)
{
	for (unsigned i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (number >= versions[i].first && number <= versions[i].last)
			return &versions[i];
	return NULL;
}

/* RFC 9000, 16: the first two bits say how many bytes there are. */
static bool take_number(struct cursor *from, uint64_t *value)
{
	uint8_t byte;

	if (!cursor_u8(from, &byte))
		return false;
	*value = byte & 0x3f;
	for (unsigned rest = (1 << (byte >> 6)) - 1; rest; rest--) {
		if (!cursor_u8(from, &byte))
			return false;
		*value = *value << 8 | byte;
	}
	return true;
}

bool quic_initial_next(struct cursor *datagram, struct quic_initial *out)
{
	struct cursor from = *datagram, source, token;
	uint16_t high, low;
	uint64_t size;
	uint8_t first;

	if (!quic_is_long(from.at, from.left) || !cursor_u8(&from, &first) ||
	    !cursor_u16(&from, &high) || !cursor_u16(&from, &low))
		return false;
	out->version = find_version((uint32_t)high << 16 | low);
	if (!out->version || (first >> 4 & 3) != out->version->type)
		return false;
	if (!cursor_vector8(&from, &out->id) || out->id.left > QUIC_ID_MAX ||
	    !cursor_vector8(&from, &source) || source.left > QUIC_ID_MAX ||
	    !take_number(&from, &size) || size > from.left || !cursor_take(&from, size, &token) ||
	    !take_number(&from, &size) || size > from.left)
		return false;
	out->number_at = from.at - datagram->at;
	cursor_take(datagram, out->number_at + size, &out->packet);
	return true;
}

/* Largest, delay, count of ranges, the first, then gap and range of each; ECN has three more. */
static bool skip_ack(struct cursor *frames, bool ecn)
{
	uint64_t value, ranges;

	if (!take_number(frames, &value) || !take_number(frames, &value) ||
	    !take_number(frames, &ranges) || ranges > frames->left)
		return false;
	for (uint64_t i = 0; i < 1 + 2 * ranges + 3 * ecn; i++)
		if (!take_number(frames, &value))
			return false;
	return true;
}

bool quic_crypto_next(struct cursor *frames, struct quic_crypto *out)
{
	uint64_t size;
	uint8_t type;

	while (cursor_u8(frames, &type)) {
		switch (type) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			if (!skip_ack(frames, type == FRAME_ACK_ECN))
				return false;
			break;
		case FRAME_CRYPTO:
			return take_number(frames, &out->offset) && take_number(frames, &size) &&
			       size <= frames->left && cursor_take(frames, size, &out->bytes);
		default:
			return false;
		}
	}
	return false;
}
