// SPDX-License-Identifier: BSD-2-Clause
/* FTP's lines taken apart. */
#include <string.h>
#include "dissect/ftp_line.h"
#include "dissect/text_line.h"

#define WORD_MAX 4 /* letters of a command */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool parse_reply(struct ftp_line *out, const struct cursor *line)
{
	const uint8_t *at = line->at;

	if (line->left < 3 || !is_digit(at[0]) || !is_digit(at[1]) || !is_digit(at[2]))
		return false;
	if (at[0] < '1' || at[0] > '6' || (line->left > 3 && at[3] != ' ' && at[3] != '-'))
		return false;
	*out = (struct ftp_line){ .code = (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0',
				  .goes_on = line->left > 3 && at[3] == '-' };
	if (line->left > 4)
		out->text = (struct cursor){ at + 4, line->left - 4 };
	return true;
}

static bool parse_command(struct ftp_line *out, const struct cursor *line)
{
	size_t word = 0;

	while (word < line->left && is_letter(line->at[word]))
		word++;
	if (word < 3 || word > WORD_MAX || (word < line->left && line->at[word] != ' '))
		return false;
	*out = (struct ftp_line){ .word = { line->at, word } };
	if (line->left > word + 1)
		out->text = (struct cursor){ line->at + word + 1, line->left - word - 1 };
	return true;
}

bool ftp_line_parse(struct ftp_line *out, const struct cursor *line, bool from_client)
{
	return from_client ? parse_command(out, line) : parse_reply(out, line);
}

bool ftp_line_is(const struct ftp_line *line, const char *word)
{
	return text_line_is(line->word, word);
}

/* A number of at most five digits at the end, before which delimiter stands; 65536: none. */
static uint32_t last_number(struct cursor *text, char delimiter)
{
	uint32_t value = 0, factor = 1;
	size_t digits = 0;

	while (digits < 5 && text->left && is_digit(text->at[text->left - 1])) {
		value += factor * (text->at[--text->left] - '0');
		factor *= 10;
		digits++;
	}
	if (!digits || !text->left || text->at[text->left - 1] != delimiter)
		return 65536;
	text->left--;
	return value;
}

/* h1,h2,h3,h4,p1,p2, wherever in the text; what stands behind it is cut. */
static bool plain_port(struct cursor text, uint16_t *port)
{
	uint32_t high, low;

	while (text.left && !is_digit(text.at[text.left - 1]))
		text.left--;
	low = last_number(&text, ',');
	high = last_number(&text, ',');
	if (low > 255 || high > 255)
		return false;
	*port = high << 8 | low;
	return true;
}

/* |protocol|address|port|, where the delimiter may be another. */
static bool extended_port(struct cursor text, uint16_t *port)
{
	uint32_t number;
	char delimiter;

	while (text.left && strchr(" .)\r", text.at[text.left - 1]) && text.at[text.left - 1])
		text.left--;
	if (text.left < 4)
		return false;
	delimiter = text.at[--text.left];
	number = last_number(&text, delimiter);
	if (number > 65535)
		return false;
	*port = number;
	return true;
}

bool ftp_line_port(const struct ftp_line *line, uint16_t *port)
{
	if (line->code == 227 || ftp_line_is(line, "PORT"))
		return plain_port(line->text, port);
	if (line->code == 229 || ftp_line_is(line, "EPRT"))
		return extended_port(line->text, port);
	return false;
}
