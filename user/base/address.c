// SPDX-License-Identifier: BSD-2-Clause
/* Addresses and networks: text, comparison, and which of them are inside. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/local.h"
#include "base/address.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

struct address address_from(const void *bytes)
{
	struct address address;

	memcpy(address.bytes, bytes, sizeof(address.bytes));
	return address;
}

bool address_is_ipv4(const struct address *address)
{
	return !memcmp(address->bytes, mapped, sizeof(mapped));
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->words[0] == b->words[0] && a->words[1] == b->words[1];
}

/* Rows by the million have two: inet_ntop() would print each with printf. */
static const char *format_ipv4(const uint8_t bytes[4], char *to)
{
	char *at = to;

	for (unsigned i = 0; i < 4; i++) {
		if (bytes[i] >= 100)
			*at++ = '0' + bytes[i] / 100;
		if (bytes[i] >= 10)
			*at++ = '0' + bytes[i] / 10 % 10;
		*at++ = '0' + bytes[i] % 10;
		*at++ = i < 3 ? '.' : '\0';
	}
	return to;
}

const char *address_format(const struct address *address, char to[ADDRESS_TEXT])
{
	if (address_is_ipv4(address))
		return format_ipv4(address->bytes + 12, to);
	return inet_ntop(AF_INET6, address->bytes, to, ADDRESS_TEXT);
}

int address_parse(struct address *address, const char *text)
{
	struct address parsed;

	if (inet_pton(AF_INET6, text, parsed.bytes) == 1) {
		*address = parsed;
		return 0;
	}
	memcpy(parsed.bytes, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, text, parsed.bytes + 12) != 1)
		return -EINVAL;
	*address = parsed;
	return 0;
}

bool address_is_multicast(const struct address *address)
{
	const uint8_t *b = address->bytes;
	static const uint8_t zero[4], all[4] = { 255, 255, 255, 255 };

	if (!address_is_ipv4(address))
		return b[0] == 0xff;
	return (b[12] & 0xf0) == 224 || !memcmp(b + 12, zero, 4) || !memcmp(b + 12, all, 4);
}

bool address_is_private(const struct address *address)
{
	__u64 words[2];

	memcpy(words, address->bytes, sizeof(words));
	return skua_is_private(words);
}

int network_parse(struct network *network, const char *text)
{
	const char *slash = strchr(text, '/');
	struct network parsed = { .prefix = 128 };
	char address[ADDRESS_TEXT], *end;
	size_t length = slash ? (size_t)(slash - text) : strlen(text);

	if (length >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, length);
	address[length] = '\0';
	if (address_parse(&parsed.address, address))
		return -EINVAL;
	if (slash) {
		bool ipv4 = address_is_ipv4(&parsed.address);
		unsigned long prefix = strtoul(slash + 1, &end, 10);

		/* strtoul() would take blanks and a sign as well. */
		if (!isdigit((unsigned char)slash[1]) || *end || prefix > (ipv4 ? 32 : 128))
			return -EINVAL;
		parsed.prefix = prefix + (ipv4 ? 96 : 0);
	}
	*network = parsed;
	return 0;
}

bool network_contains(const struct network *network, const struct address *address)
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;
	uint8_t mask = 0xff00 >> rest;

	if (memcmp(network->address.bytes, address->bytes, whole))
		return false;
	return !rest || !((network->address.bytes[whole] ^ address->bytes[whole]) & mask);
}

bool networks_contain(const struct network *networks, unsigned count, const struct address *address)
{
	for (unsigned i = 0; i < count; i++)
		if (network_contains(&networks[i], address))
			return true;
	return false;
}

bool address_is_local(const struct address *address, const struct network *networks, unsigned count)
{
	return count ? networks_contain(networks, count, address) : address_is_private(address);
}
