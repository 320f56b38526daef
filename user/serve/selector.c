// SPDX-License-Identifier: BSD-2-Clause
/* Reads, checks and says which packets somebody asks for. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/address.h"
#include "base/text.h"
#include "serve/selector.h"

#define SECOND_NS 1000000000ull

static bool is_zero(const uint8_t *bytes, size_t length)
{
	while (length && !bytes[length - 1])
		length--;
	return !length;
}

bool selector_check(const struct control_selector *selector)
{
	struct address a = address_from(selector->a), b = address_from(selector->b);

	if (selector->has_a > 1 || selector->has_b > 1 || selector->has_b > selector->has_a)
		return false;
	if (!selector->has_a && !is_zero(selector->a, sizeof(selector->a)))
		return false;
	if (!selector->has_b && !is_zero(selector->b, sizeof(selector->b)))
		return false;
	/* No packet has addresses of two families. */
	if (selector->has_b && address_is_ipv4(&a) != address_is_ipv4(&b))
		return false;
	return (selector->has_b || !selector->port) && selector->last_ns <= SELECTOR_LAST_MAX_NS &&
	       is_zero(selector->reserved, sizeof(selector->reserved));
}

/* The address at *text, in brackets or up to a colon or the end; *text is behind it. */
static int take_address(const char **text, uint8_t to[16])
{
	bool bracket = **text == '[';
	const char *begin = *text + bracket;
	size_t length = strcspn(begin, bracket ? "]" : ":");
	struct address address;
	char copy[ADDRESS_TEXT];

	if (length >= sizeof(copy) || (bracket && begin[length] != ']'))
		return -EINVAL;
	memcpy(copy, begin, length);
	copy[length] = '\0';
	if (address_parse(&address, copy))
		return -EINVAL;
	memcpy(to, address.bytes, sizeof(address.bytes));
	*text = begin + length + bracket;
	return 0;
}

int selector_parse_host(struct control_selector *selector, const char *text)
{
	struct control_selector parsed = *selector;
	struct address address;

	if (!address_parse(&address, text)) /* an IPv6 address needs no brackets here */
		memcpy(parsed.a, address.bytes, sizeof(parsed.a));
	else if (take_address(&text, parsed.a) || *text)
		return -EINVAL;
	parsed.has_a = 1;
	*selector = parsed;
	return 0;
}

/* The number behind a colon, from 1 to 65535, and nothing after it. */
static int take_port(const char *text, uint16_t *out)
{
	unsigned long port;
	char *end;

	if (text[0] != ':' || !isdigit((unsigned char)text[1]))
		return -EINVAL;
	port = strtoul(text + 1, &end, 10);
	if (*end || !port || port > UINT16_MAX)
		return -EINVAL;
	*out = port;
	return 0;
}

int selector_parse_pair(struct control_selector *selector, const char *text)
{
	struct control_selector parsed = *selector;

	if (take_address(&text, parsed.a) || *text++ != ':' || take_address(&text, parsed.b))
		return -EINVAL;
	if (*text && take_port(text, &parsed.port))
		return -EINVAL;
	parsed.has_a = parsed.has_b = 1;
	if (!selector_check(&parsed))
		return -EINVAL;
	*selector = parsed;
	return 0;
}

int selector_parse_duration(uint64_t *out_ns, const char *text)
{
	static const struct {
		char letter;
		unsigned seconds;
	} units[] = { { '\0', 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() would take blanks and a sign as well. */
	if (!isdigit((unsigned char)text[0]) || errno || !number || (*end && end[1]))
		return -EINVAL;
	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t unit_ns = units[i].seconds * SECOND_NS;

		if (*end != units[i].letter)
			continue;
		if (number > SELECTOR_LAST_MAX_NS / unit_ns)
			return -EINVAL;
		*out_ns = number * unit_ns;
		return 0;
	}
	return -EINVAL;
}

const char *selector_option(const struct control_selector *selector, char to[SELECTOR_TEXT])
{
	struct address a = address_from(selector->a), b = address_from(selector->b);
	char a_text[ADDRESS_TEXT], b_text[ADDRESS_TEXT], port[8] = "";

	to[0] = '\0';
	address_format(&a, a_text);
	address_format(&b, b_text);
	if (selector->port)
		snprintf(port, sizeof(port), ":%u", selector->port);
	if (selector->has_b && address_is_ipv4(&a))
		snprintf(to, SELECTOR_TEXT, "--pair=%s:%s%s", a_text, b_text, port);
	else if (selector->has_b)
		snprintf(to, SELECTOR_TEXT, "--pair=[%s]:[%s]%s", a_text, b_text, port);
	else if (selector->has_a)
		snprintf(to, SELECTOR_TEXT, "--host=%s", a_text);
	return to;
}

const char *selector_describe(const struct control_selector *selector, char to[SELECTOR_TEXT])
{
	struct address a = address_from(selector->a), b = address_from(selector->b);
	char a_text[ADDRESS_TEXT], b_text[ADDRESS_TEXT], duration[TEXT_NUMBER];
	int length;

	address_format(&a, a_text);
	if (selector->has_b)
		length = snprintf(to, SELECTOR_TEXT, "%s and %s", a_text,
				  address_format(&b, b_text));
	else
		length = snprintf(to, SELECTOR_TEXT, selector->has_a ? "host %s" : "everything",
				  a_text);
	if (selector->port)
		length +=
			snprintf(to + length, SELECTOR_TEXT - length, ", port %u", selector->port);
	if (selector->proto)
		length += snprintf(to + length, SELECTOR_TEXT - length, ", protocol %u",
				   selector->proto);
	if (selector->last_ns)
		snprintf(to + length, SELECTOR_TEXT - length, " of the last %s",
			 text_duration(duration, selector->last_ns / 1e9));
	return to;
}
