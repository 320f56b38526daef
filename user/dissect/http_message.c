// SPDX-License-Identifier: BSD-2-Clause
/* Heads of HTTP/1 messages. */
#include <string.h>
#include "dissect/http_message.h"
#include "dissect/text_line.h"

#define METHOD_MAX 20 /* UPDATEREDIRECTREF has 17 letters */
#define VERSION "HTTP/1."

static bool is_method_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

enum dissect_verdict http_message_begins(const uint8_t *bytes, size_t length)
{
	size_t same = length < sizeof(VERSION) - 1 ? length : sizeof(VERSION) - 1, letters = 0;
	const uint8_t *end;

	if (!memcmp(bytes, VERSION, same))
		return same == sizeof(VERSION) - 1 ? DISSECT_DONE : DISSECT_NEED_MORE;
	while (letters < length && letters <= METHOD_MAX && is_method_letter(bytes[letters]))
		letters++;
	if (letters > METHOD_MAX || (letters < length && (letters < 3 || bytes[letters] != ' ')))
		return DISSECT_NOT;
	end = memchr(bytes, '\n', length);
	if (!end)
		return length > HTTP_HEAD_MAX ? DISSECT_NOT : DISSECT_NEED_MORE;
	return memmem(bytes, end - bytes, " " VERSION, sizeof(VERSION)) ? DISSECT_DONE
									: DISSECT_NOT;
}

/* "METHOD target HTTP/1.1"; a target with blanks is wrong, and shown as it is. */
static bool read_request(struct cursor line, struct http_message *out)
{
	const uint8_t *space = memchr(line.at, ' ', line.left);
	const uint8_t *end = NULL;
	struct cursor rest;

	if (!space)
		return false;
	rest = (struct cursor){ space + 1, line.left - (space + 1 - line.at) };
	for (const uint8_t *at = rest.at;
	     (at = memmem(at, rest.at + rest.left - at, " " VERSION, sizeof(VERSION))); at++)
		end = at;
	if (!end)
		return false;
	out->method = (struct cursor){ line.at, space - line.at };
	out->target = (struct cursor){ rest.at, end - rest.at };
	out->version = (struct cursor){ end + 6, rest.at + rest.left - (end + 6) };
	return true;
}

static bool read_status(struct cursor line, struct http_message *out)
{
	struct cursor part;

	if (!cursor_take(&line, 5, &part) || !cursor_take(&line, 3, &out->version) ||
	    !cursor_take(&line, 1, &part) || !cursor_take(&line, 3, &part))
		return false;
	out->status = 0;
	for (unsigned i = 0; i < 3; i++) {
		if (part.at[i] < '0' || part.at[i] > '9')
			return false;
		out->status = 10 * out->status + part.at[i] - '0';
	}
	out->response = true;
	return true;
}

static bool read_first(struct cursor line, struct http_message *out)
{
	if (line.left >= sizeof(VERSION) - 1 && !memcmp(line.at, VERSION, sizeof(VERSION) - 1))
		return read_status(line, out);
	return read_request(line, out);
}

enum dissect_verdict http_message_parse(struct http_message *out, const uint8_t *bytes,
					size_t length)
{
	struct cursor from = { bytes, length }, line;

	*out = (struct http_message){ 0 };
	if (http_message_begins(bytes, length) == DISSECT_NOT)
		return DISSECT_NOT;
	if (!text_line_take(&from, &line))
		return length > HTTP_HEAD_MAX ? DISSECT_NOT : DISSECT_NEED_MORE;
	if (!read_first(line, out))
		return DISSECT_NOT;
	out->fields = (struct cursor){ from.at, 0 };
	while (text_line_take(&from, &line)) {
		out->fields.left = from.at - out->fields.at;
		if (line.left)
			continue;
		out->length = length - from.left;
		return DISSECT_DONE;
	}
	return length > HTTP_HEAD_MAX ? DISSECT_NOT : DISSECT_NEED_MORE;
}

bool http_datagram_parse(struct http_message *out, const uint8_t *bytes, size_t length)
{
	enum dissect_verdict verdict;

	if (!length || http_message_begins(bytes, length) != DISSECT_DONE)
		return false;
	verdict = http_message_parse(out, bytes, length);
	out->number = 1;
	return verdict == DISSECT_DONE || (verdict == DISSECT_NEED_MORE && out->version.left);
}

static struct cursor trimmed(struct cursor value)
{
	struct cursor part;

	while (value.left && (value.at[0] == ' ' || value.at[0] == '\t'))
		cursor_take(&value, 1, &part);
	while (value.left && (value.at[value.left - 1] == ' ' || value.at[value.left - 1] == '\t'))
		value.left--;
	return value;
}

bool http_field(const struct http_message *message, const char *name, struct cursor *value)
{
	struct cursor from = message->fields, line;
	size_t size = strlen(name);

	while (text_line_take(&from, &line)) {
		if (line.left <= size || line.at[size] != ':' || !text_line_begins(line, name))
			continue;
		*value = trimmed((struct cursor){ line.at + size + 1, line.left - size - 1 });
		return true;
	}
	return false;
}

bool http_is_word(const struct cursor *value, const char *word)
{
	return text_line_is(*value, word);
}
