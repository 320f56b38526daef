// SPDX-License-Identifier: BSD-2-Clause
/* Writes HTML in which what came from the wire can only ever be text. */
#include <stdarg.h>
#include <string.h>
#include "base/text.h"
#include "report/html_writer.h"

#define PIECE 64 /* bytes of text that are escaped at a time */

void html_markup(struct html *html, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(html->stream, format, arguments);
	va_end(arguments);
}

static void put(struct html *html, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", html->stream);
		break;
	case '<':
		fputs("&lt;", html->stream);
		break;
	case '>':
		fputs("&gt;", html->stream);
		break;
	case '"':
		fputs("&quot;", html->stream);
		break;
	case '\'':
		fputs("&#39;", html->stream);
		break;
	default:
		fputc(c, html->stream);
	}
}

/* A piece never ends inside a character, or its halves would be shown as stray bytes. */
static size_t piece_of(const unsigned char *bytes, size_t length)
{
	size_t n = length < PIECE ? length : PIECE;

	if (n == length)
		return n;
	for (size_t back = 0; back < 4; back++)
		if ((bytes[n - back] & 0xc0) != 0x80)
			return n - back;
	return n;
}

void html_bytes(struct html *html, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	while (length) {
		char escaped[2 * TEXT_ESCAPED(PIECE)]; /* "\u{10ffff}" is longer than its bytes */
		size_t n = piece_of(at, length), written;

		written = text_escape(escaped, sizeof(escaped), at, n);
		for (size_t i = 0; i < written; i++)
			put(html, escaped[i]);
		at += n;
		length -= n;
	}
}

void html_text(struct html *html, const char *text)
{
	html_bytes(html, text, strlen(text));
}

void html_textf(struct html *html, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	html_text(html, text);
}

void html_json(struct html *html, const char *json, size_t length)
{
	const unsigned char *at = (const unsigned char *)json;

	for (size_t i = 0; i < length; i++) {
		if (at[i] == '<' || at[i] == '>' || at[i] == '&') {
			fprintf(html->stream, "\\u%04x", at[i]);
		} else if (i + 2 < length && at[i] == 0xe2 && at[i + 1] == 0x80 &&
			   (at[i + 2] == 0xa8 || at[i + 2] == 0xa9)) {
			fprintf(html->stream, "\\u20%02x", at[i + 2] - 0x80);
			i += 2;
		} else {
			fputc(at[i], html->stream);
		}
	}
}
