// SPDX-License-Identifier: BSD-2-Clause
/* Lists of addresses and ports as a scenario writes them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "values.h"

#define MAX_SPAN (1ull << 32)

/* The last eight bytes as a number: ranges stay within them. */
static uint64_t low_half(const struct address *address)
{
	uint64_t value = 0;

	for (unsigned i = 8; i < 16; i++)
		value = value << 8 | address->bytes[i];
	return value;
}

static struct address advance(struct address address, uint64_t by)
{
	uint64_t value = low_half(&address) + by;

	for (unsigned i = 16; i-- > 8; value >>= 8)
		address.bytes[i] = value;
	return address;
}

static int parse_range(struct addresses *list, const char *first, const char *last)
{
	struct address from, to;
	uint64_t count;

	if (address_parse(&from, first) || address_parse(&to, last))
		return -EINVAL;
	count = low_half(&to) - low_half(&from) + 1;
	if (memcmp(from.bytes, to.bytes, 8) || low_half(&to) < low_half(&from) || count > MAX_SPAN)
		return -EINVAL;
	list->spans[list->used].first = from;
	list->spans[list->used++].count = count;
	return 0;
}

/* The hosts of a network: all of its addresses but, in IPv4, the first and the last. */
static int parse_network(struct addresses *list, const char *text)
{
	struct network network;
	unsigned host_bits;
	uint64_t count;
	bool ends;

	if (network_parse(&network, text))
		return -EINVAL;
	host_bits = 128 - network.prefix;
	if (host_bits > 32)
		return -EINVAL;
	count = 1ull << host_bits;
	ends = address_is_ipv4(&network.address) && host_bits > 1;
	for (unsigned i = 0; i < host_bits; i++)
		network.address.bytes[15 - i / 8] &= ~(1 << i % 8);
	list->spans[list->used].first = advance(network.address, ends);
	list->spans[list->used++].count = count - 2 * ends;
	return 0;
}

static int parse_item(struct addresses *list, char *item)
{
	char *dash = strchr(item, '-');

	if (list->used == SPANS)
		return -EINVAL;
	if (strchr(item, '/'))
		return parse_network(list, item);
	if (!dash)
		return parse_range(list, item, item);
	*dash = 0;
	return parse_range(list, item, dash + 1);
}

int value_addresses(struct addresses *addresses, const char *text)
{
	struct addresses list = { .used = 0 };
	char words[sizeof(list.text)], *rest = words, *item;

	if (strlen(text) >= sizeof(words))
		return -EINVAL;
	strcpy(words, text);
	strcpy(list.text, text);
	while ((item = strsep(&rest, ",")))
		if (parse_item(&list, item))
			return -EINVAL;
	*addresses = list;
	return 0;
}

static int parse_port(uint16_t *port, const char *text)
{
	uint64_t value;

	if (value_count(&value, text) || value > 65535)
		return -EINVAL;
	*port = value;
	return 0;
}

int value_endpoint(struct addresses *addresses, uint16_t *port, const char *text)
{
	char host[sizeof(addresses->text)];
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	bool brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';
	uint16_t parsed;

	if (!colon || length >= sizeof(host) || parse_port(&parsed, colon + 1))
		return -EINVAL;
	memcpy(host, text + brackets, length - 2 * brackets);
	host[length - 2 * brackets] = 0;
	/* Without brackets a colon more would make the port's beginning a guess. */
	if ((!brackets && strchr(host, ':')) || value_addresses(addresses, host))
		return -EINVAL;
	*port = parsed;
	return 0;
}

int value_ports(struct ports *ports, const char *text)
{
	struct ports list = { .used = 0 };
	char words[sizeof(list.text)], *rest = words, *item, *dash;

	if (strlen(text) >= sizeof(words))
		return -EINVAL;
	strcpy(words, text);
	strcpy(list.text, text);
	while ((item = strsep(&rest, ","))) {
		uint16_t first, last;

		dash = strchr(item, '-');
		if (dash)
			*dash = 0;
		if (list.used == SPANS || parse_port(&first, item) ||
		    parse_port(&last, dash ? dash + 1 : item) || last < first)
			return -EINVAL;
		list.spans[list.used].first = first;
		list.spans[list.used++].last = last;
	}
	*ports = list;
	return 0;
}

uint64_t addresses_count(const struct addresses *addresses)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < addresses->used; i++)
		count += addresses->spans[i].count;
	return count;
}

struct address addresses_at(const struct addresses *addresses, uint64_t index)
{
	unsigned i = 0;

	while (index >= addresses->spans[i].count)
		index -= addresses->spans[i++].count;
	return advance(addresses->spans[i].first, index);
}

bool addresses_contain(const struct addresses *addresses, const struct address *address)
{
	for (unsigned i = 0; i < addresses->used; i++) {
		const struct address *first = &addresses->spans[i].first;

		if (!memcmp(first->bytes, address->bytes, 8) &&
		    low_half(address) - low_half(first) < addresses->spans[i].count)
			return true;
	}
	return false;
}

unsigned ports_count(const struct ports *ports)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ports->used; i++)
		count += ports->spans[i].last - ports->spans[i].first + 1u;
	return count;
}

uint16_t ports_at(const struct ports *ports, unsigned index)
{
	for (unsigned i = 0;; i++) {
		unsigned count = ports->spans[i].last - ports->spans[i].first + 1u;

		if (index < count)
			return ports->spans[i].first + index;
		index -= count;
	}
}
