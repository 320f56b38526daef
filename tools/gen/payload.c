// SPDX-License-Identifier: BSD-2-Clause
/* What a turn's bytes are at any offset, so that none need be kept. */
#include <string.h>
#include "stream.h"

#define RECORD_HEADER 5
#define RECORD_MOST 16406 /* header, 2^14 bytes, type and tag of TLS 1.3 (RFC 8446, 5.2) */

static void copy_noise(const struct sim *sim, uint64_t at, uint8_t *to, uint32_t length)
{
	while (length) {
		uint32_t from = at % NOISE_BYTES, part = NOISE_BYTES - from;

		if (part > length)
			part = length;
		memcpy(to, sim->noise + from, part);
		at += part;
		to += part;
		length -= part;
	}
}

static void make_printable(uint8_t *at, uint32_t length)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOP"
				      " etaoin <p>";

	for (uint32_t i = 0; i < length; i++)
		at[i] = letters[at[i] & 63];
}

/* Writes the record headers that fall into the bytes offset .. offset + length of a row of records
 * of total bytes: as few as can be, of equal size but for one byte. */
static void put_records(uint64_t total, uint64_t offset, uint8_t *to, uint32_t length)
{
	uint64_t records = (total + RECORD_MOST - 1) / RECORD_MOST;
	uint64_t size = total / records, longer = total % records;
	uint64_t first = offset / (size + 1);

	for (uint64_t i = first; i < records; i++) {
		uint64_t start = i * size + (i < longer ? i : longer);
		uint16_t body = size + (i < longer) - RECORD_HEADER;
		uint8_t header[RECORD_HEADER] = { 23, 3, 3, body >> 8, body };

		if (start >= offset + length)
			return;
		for (unsigned k = 0; k < RECORD_HEADER; k++)
			if (start + k >= offset && start + k < offset + length)
				to[start + k - offset] = header[k];
	}
}

void turn_copy(const struct sim *sim, const struct turn *turn, uint32_t noise_at, uint64_t offset,
	       uint8_t *to, uint32_t length)
{
	if (offset < turn->head_length) {
		uint32_t part = turn->head_length - offset;

		if (part > length)
			part = length;
		memcpy(to, (const uint8_t *)turn->head + offset, part);
		to += part;
		offset += part;
		length -= part;
	}
	if (!length)
		return;
	copy_noise(sim, noise_at + offset, to, length);
	if (turn->filler == FILLER_TEXT)
		make_printable(to, length);
	if (turn->filler == FILLER_RECORDS)
		put_records(turn->length - turn->head_length, offset - turn->head_length, to,
			    length);
}
