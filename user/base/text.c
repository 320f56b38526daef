// SPDX-License-Identifier: BSD-2-Clause
/* Text for people, from hostile bytes and from numbers. */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include "base/text.h"
#include "base/utf8.h"

#define PIECE 12 /* "\u{10ffff}" and a zero */

/* The next character of the input as harmless text; returns how many bytes it took. */
static size_t escape_piece(char to[PIECE], const unsigned char *at, size_t left)
{
	uint32_t code;
	unsigned length = utf8_decode(at, left, &code);

	if (!length || (code < 0x80 && utf8_is_hidden(code))) {
		snprintf(to, PIECE, "\\x%02x", at[0]);
		return 1;
	}
	if (code == '\\') {
		memcpy(to, "\\\\", 3);
	} else if (utf8_is_hidden(code)) {
		snprintf(to, PIECE, "\\u{%04" PRIx32 "}", code);
	} else {
		memcpy(to, at, length);
		to[length] = '\0';
	}
	return length;
}

size_t text_escape(char *to, size_t size, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	size_t used = 0, written;
	char piece[PIECE];

	for (size_t i = 0; i < length; used += written) {
		i += escape_piece(piece, at + i, length - i);
		written = strlen(piece);
		if (used + written >= size)
			break;
		memcpy(to + used, piece, written);
	}
	if (size)
		to[used] = '\0';
	return used;
}

size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

void text_write_csv(FILE *stream, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text), took;
	char piece[PIECE];

	fputc('"', stream);
	if (left && (at[0] < 0x20 || strchr("=+-@", at[0])))
		fputc('\'', stream);
	for (; left; at += took, left -= took) {
		took = escape_piece(piece, at, left);
		fputs(piece[0] == '"' ? "\"\"" : piece, stream);
	}
	fputc('"', stream);
}

const char *text_number(char to[TEXT_NUMBER], uint64_t number)
{
	char digits[20]; /* of 2^64, from the last on */
	unsigned length = 0;

	do
		digits[length++] = '0' + number % 10;
	while (number /= 10);
	for (unsigned i = 0; i < length; i++)
		to[i] = digits[length - 1 - i];
	to[length] = '\0';
	return to;
}

const char *text_count(char to[TEXT_NUMBER], uint64_t number)
{
	char digits[TEXT_NUMBER], *at = to;
	int length = strlen(text_number(digits, number));

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return to;
}

/* Halves upwards; without a sum that could overflow. */
static uint64_t rounded(uint64_t number, uint64_t unit)
{
	return number / unit + (number % unit >= unit / 2);
}

const char *text_bytes(char to[TEXT_NUMBER], uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	uint64_t unit = 1000, tenths;
	unsigned i = 0;

	if (bytes < 1000) {
		snprintf(to, TEXT_NUMBER, "%" PRIu64 " B", bytes);
		return to;
	}
	while (rounded(bytes, unit) >= 1000) {
		unit *= 1000;
		i++;
	}
	tenths = rounded(bytes, unit / 10);
	if (tenths < 100 && tenths % 10)
		snprintf(to, TEXT_NUMBER, "%" PRIu64 ".%" PRIu64 " %cB", tenths / 10, tenths % 10,
			 units[i]);
	else
		snprintf(to, TEXT_NUMBER, "%" PRIu64 " %cB", rounded(bytes, unit), units[i]);
	return to;
}

const char *text_duration(char to[TEXT_NUMBER], double seconds)
{
	static const struct {
		double below_s, unit_s;
		const char *name;
	} steps[] = {
		/* Bounds in steps of rounding: 119.6 s is shown as 2 min, not as 120 s. */
		{ 0.9995, 0.001, "ms" }, { 9.95, 0.1, NULL },   { 119.5, 1, "s" },
		{ 7170, 60, "min" },     { 171000, 3600, "h" }, { 1e300, 86400, "days" },
	};
	const uint64_t most = 1ull << 53;
	unsigned i = 0;
	uint64_t number;

	if (!(seconds > 0) || seconds >= 1e300) {
		memcpy(to, "0 s", 4);
		return to;
	}
	while (seconds >= steps[i].below_s)
		i++;
	seconds = seconds / steps[i].unit_s + 0.5;
	number = seconds < (double)most ? (uint64_t)seconds : most;
	if (steps[i].name)
		snprintf(to, TEXT_NUMBER, "%" PRIu64 " %s", number, steps[i].name);
	else if (number % 10)
		snprintf(to, TEXT_NUMBER, "%" PRIu64 ".%" PRIu64 " s", number / 10, number % 10);
	else
		snprintf(to, TEXT_NUMBER, "%" PRIu64 " s", number / 10);
	return to;
}

const char *text_fixed(char to[TEXT_NUMBER], double value, unsigned decimals)
{
	static const uint32_t powers[] = { 1,      10,      100,      1000,      10000,
					   100000, 1000000, 10000000, 100000000, 1000000000 };
	const double most = 9007199254740992.0; /* 2^53 */
	bool negative = value < 0;
	uint64_t whole, part;
	uint32_t power;

	if (value != value) {
		memcpy(to, "nan", 4);
		return to;
	}
	power = powers[decimals < 10 ? decimals : 9];
	value = negative ? -value : value;
	value = value < most ? value : most;
	whole = value;
	part = (value - (double)whole) * power + 0.5;
	whole += part / power;
	part %= power;
	negative = negative && (whole || part);
	if (negative)
		*to = '-';
	text_number(to + negative, whole);
	if (power > 1) {
		size_t length = strlen(to);

		to[length++] = '.';
		for (power /= 10; power > part && power > 1; power /= 10)
			to[length++] = '0';
		text_number(to + length, part);
	}
	return to;
}
