// SPDX-License-Identifier: BSD-2-Clause
/*
 * A file sent away in names.  DNSExfiltrator announces "init.", the file's name and the number of
 * chunks; then come the chunk's number and its letters in labels of 63, as many as 255 bytes less
 * 10 for the number leave, by TXT; the server answers with the number.  Scripts in a shell write
 * hexadecimal digits in labels of 32 before a number, between a name that begins and one that ends,
 * and ask for addresses.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "dnsfile.h"

#define NAME_LEAST 18 /* letters of "name.ext|chunks" in base64 */
#define NAME_MOST_LETTERS 34
#define REQUEST_MOST 255 /* the tool's default, and the room it keeps in it */
#define REQUEST_KEPT 12
#define HEX_LETTERS 120 /* of a chunk */
#define HEX_LABEL 32

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hexadecimal[] = "0123456789ABCDEF";

static char *put_labels(char *to, struct draw *draw, const char *letters, unsigned kinds,
			unsigned count, unsigned label)
{
	for (unsigned i = 0; i < count; i++) {
		if (i && i % label == 0)
			*to++ = '.';
		*to++ = letters[draw_below(draw, kinds)];
	}
	*to++ = '.';
	*to = 0;
	return to;
}

static bool is_last(const struct habit *habit)
{
	return habit->actor->spec.count && habit->step + 1 == habit->actor->spec.count;
}

/* As the tool reckons it: full labels and one that takes the rest. */
static unsigned chunk_letters(const char *domain)
{
	unsigned room = REQUEST_MOST - REQUEST_KEPT - strlen(domain);

	return room / (DNS_LABEL_MOST + 1) * DNS_LABEL_MOST + room % (DNS_LABEL_MOST + 1) - 1;
}

static char *put_tool_chunk(struct habit *habit, char *to)
{
	struct draw *draw = &habit->draw;
	unsigned letters = chunk_letters(habit->actor->spec.name);

	if (!habit->step) {
		to += sprintf(to, "init.");
		letters = draw_between(draw, NAME_LEAST, NAME_MOST_LETTERS);
		return put_labels(to, draw, base64url, 64, letters, DNS_LABEL_MOST);
	}
	to += sprintf(to, "%" PRIu64 ".", habit->step - 1);
	if (is_last(habit))
		letters = draw_between(draw, 1, letters);
	return put_labels(to, draw, base64url, 64, letters, DNS_LABEL_MOST);
}

static char *put_script_chunk(struct habit *habit, char *to)
{
	struct draw *draw = &habit->draw;
	unsigned letters = HEX_LETTERS;

	if (!habit->step)
		to += sprintf(to, "___begin___.");
	else if (is_last(habit))
		to += sprintf(to, "___end___.");
	else
		to = put_labels(to, draw, hexadecimal, 16, letters, HEX_LABEL);
	return to + sprintf(to, "%" PRIu64 ".", habit->step + 1);
}

void dnsfile_name(struct habit *habit, char to[DNS_NAME_MOST + 1])
{
	if (habit->actor->spec.style == STYLE_DNSEXFILTRATOR)
		to = put_tool_chunk(habit, to);
	else
		to = put_script_chunk(habit, to);
	strcpy(to, habit->actor->spec.name);
}

uint16_t dnsfile_answer(struct habit *habit, uint16_t type, uint8_t to[DNSFILE_ANSWER_MOST])
{
	if (type != DNS_TXT) {
		draw_bytes(&habit->draw, to, type == DNS_AAAA ? 16 : 4);
		return type == DNS_AAAA ? 16 : 4;
	}
	if (habit->step)
		to[0] = snprintf((char *)to + 1, DNSFILE_ANSWER_MOST - 1, "%u",
				 (unsigned)(habit->step - 1));
	else
		to[0] = snprintf((char *)to + 1, DNSFILE_ANSWER_MOST - 1, "OK");
	return to[0] + 1;
}
