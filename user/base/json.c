// SPDX-License-Identifier: BSD-2-Clause
/*
 * A streaming writer of JSON that is valid whatever it is given.  Rows by the
 * million go through it: streams are not locked, for no two threads share one.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"

void json_init(struct json *json, FILE *stream)
{
	*json = (struct json){ .stream = stream };
}

static void write_escaped(FILE *stream, uint32_t code)
{
	if (code >= 0x10000) { /* a surrogate pair */
		code -= 0x10000;
		fprintf(stream, "\\u%04" PRIx32, 0xd800 + (code >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	fprintf(stream, "\\u%04" PRIx32, code);
}

/* The beginning that needs no escape; most strings need none at all. */
static size_t plain_length(const unsigned char *at, size_t left)
{
	size_t length = 0;

	while (length < left && at[length] >= ' ' && at[length] < 0x7f && at[length] != '"' &&
	       at[length] != '\\')
		length++;
	return length;
}

/* false: some of it was no UTF-8. */
static bool write_string(FILE *stream, const unsigned char *at, size_t length)
{
	const unsigned char *end = at + length;
	bool valid = true;

	putc_unlocked('"', stream);
	while (at < end) {
		size_t plain = plain_length(at, end - at);
		uint32_t code;
		unsigned took;

		fwrite_unlocked(at, 1, plain, stream);
		at += plain;
		if (at == end)
			break;
		took = utf8_decode(at, end - at, &code);
		if (!took) {
			fprintf(stream, "\\\\x%02x", *at++);
			valid = false;
			continue;
		}
		if (code == '"' || code == '\\')
			fprintf(stream, "\\%c", (int)code);
		else if (utf8_is_hidden(code))
			write_escaped(stream, code);
		else
			fwrite_unlocked(at, 1, took, stream);
		at += took;
	}
	putc_unlocked('"', stream);
	return valid;
}

/* What comes before a value: the comma and the name. */
static void write_name(struct json *json, const char *name, const char *suffix)
{
	uint32_t level = 1u << json->depth;

	assert(!json->depth || !name == !!(json->arrays & level));
	if (json->used & level)
		putc_unlocked(',', json->stream);
	json->used |= level;
	if (!name)
		return;
	putc_unlocked('"', json->stream);
	fputs_unlocked(name, json->stream);
	fputs_unlocked(suffix, json->stream);
	fputs_unlocked("\":", json->stream);
}

static void nest(struct json *json, const char *name, bool array)
{
	write_name(json, name, "");
	putc_unlocked(array ? '[' : '{', json->stream);
	json->depth++;
	assert(json->depth < JSON_DEPTH);
	json->used &= ~(1u << json->depth);
	json->arrays &= ~(1u << json->depth);
	json->arrays |= (uint32_t)array << json->depth;
}

void json_open_object(struct json *json, const char *name)
{
	nest(json, name, false);
}

void json_open_array(struct json *json, const char *name)
{
	nest(json, name, true);
}

void json_close(struct json *json)
{
	assert(json->depth);
	putc_unlocked(json->arrays & 1u << json->depth ? ']' : '}', json->stream);
	json->depth--;
}

void json_end_line(struct json *json)
{
	assert(!json->depth);
	putc_unlocked('\n', json->stream);
	json->used = 0;
}

void json_put_bytes(struct json *json, const char *name, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	write_name(json, name, "");
	if (write_string(json->stream, at, length) || !name)
		return;
	write_name(json, name, "_hex");
	putc_unlocked('"', json->stream);
	for (size_t i = 0; i < length; i++)
		fprintf(json->stream, "%02x", at[i]);
	putc_unlocked('"', json->stream);
}

void json_put_text(struct json *json, const char *name, const char *text)
{
	json_put_bytes(json, name, text, strlen(text));
}

void json_put_uint(struct json *json, const char *name, uint64_t number)
{
	char text[TEXT_NUMBER];

	write_name(json, name, "");
	fputs_unlocked(text_number(text, number), json->stream);
}

void json_put_real(struct json *json, const char *name, double number, unsigned decimals)
{
	char text[TEXT_NUMBER];
	bool finite = number - number == 0;

	write_name(json, name, "");
	fputs_unlocked(finite ? text_fixed(text, number, decimals) : "null", json->stream);
}

void json_put_bool(struct json *json, const char *name, bool value)
{
	write_name(json, name, "");
	fputs_unlocked(value ? "true" : "false", json->stream);
}
