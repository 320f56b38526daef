// SPDX-License-Identifier: BSD-2-Clause
/* Lines of text protocols taken apart. */
#include <string.h>
#include <strings.h>
#include "dissect/text_line.h"

bool text_line_take(struct cursor *from, struct cursor *line)
{
	const uint8_t *end = from->left ? memchr(from->at, '\n', from->left) : NULL;

	if (!end)
		return false;
	cursor_take(from, end + 1 - from->at, line);
	line->left--;
	if (line->left && line->at[line->left - 1] == '\r')
		line->left--;
	return true;
}

struct cursor text_line_word(struct cursor *line)
{
	struct cursor word, blank;
	const uint8_t *end;

	while (line->left && line->at[0] == ' ')
		cursor_take(line, 1, &blank);
	if (line->left && line->at[0] == '"' && (end = memchr(line->at + 1, '"', line->left - 1))) {
		word = (struct cursor){ line->at + 1, end - line->at - 1 };
		cursor_take(line, word.left + 2, &blank);
		return word;
	}
	end = line->left ? memchr(line->at, ' ', line->left) : NULL;
	word = (struct cursor){ line->at, end ? (size_t)(end - line->at) : line->left };
	cursor_take(line, word.left, &blank);
	return word;
}

bool text_line_begins(struct cursor line, const char *text)
{
	size_t length = strlen(text);

	return line.left >= length && !strncasecmp((const char *)line.at, text, length);
}

bool text_line_is(struct cursor line, const char *text)
{
	return line.left == strlen(text) && text_line_begins(line, text);
}
