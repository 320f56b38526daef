// SPDX-License-Identifier: BSD-2-Clause
/* Names as facts carry them, made from what the wire says. */
#include <string.h>
#include "dissect/name.h"

/* Not tolower(): the locale has no say in what a name is. */
static char lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool name_set(char to[FACT_NAME_MAX], const uint8_t *text, size_t length)
{
	to[0] = '\0';
	if (length && text[length - 1] == '.')
		length--;
	if (!length || length >= FACT_NAME_MAX || memchr(text, 0, length))
		return false;
	for (size_t i = 0; i < length; i++)
		to[i] = lower(text[i]);
	to[length] = '\0';
	return true;
}

/* Where the port begins, or length.  Several colons without brackets are a bare IPv6 address. */
static size_t host_length(const uint8_t *text, size_t length)
{
	const uint8_t *first = memchr(text, ':', length);
	const uint8_t *last = memrchr(text, ':', length);

	return first && first == last ? (size_t)(first - text) : length;
}

bool name_set_host(char to[FACT_NAME_MAX], const uint8_t *text, size_t length)
{
	const uint8_t *user = length ? memrchr(text, '@', length) : NULL;
	const uint8_t *bracket;

	if (user) {
		length -= user + 1 - text;
		text = user + 1;
	}
	if (!length || text[0] != '[')
		return name_set(to, text, length ? host_length(text, length) : 0);
	bracket = memchr(text, ']', length);
	return name_set(to, text + 1, bracket ? (size_t)(bracket - text) - 1 : 0);
}

bool name_is_address(const char *name)
{
	struct address address;

	return !address_parse(&address, name);
}
