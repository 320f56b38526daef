// SPDX-License-Identifier: BSD-2-Clause
/* Single headers: addresses replaced, what else may hold one blanked, checksums mended. */
#include <string.h>
#include "skua/network.h"
#include "record/scrub_header.h"

#define ETHERNET_SIZE 14
#define SLL_SIZE 16
#define SLL2_SIZE 20
#define IPV4_SIZE 20
#define IPV4_CHECKSUM_AT 10
#define IPV4_ADDRESSES_AT 12
#define IPV4_NO_OPERATION 1
#define IPV6_SIZE 40
#define IPV6_NEXT_AT 6
#define IPV6_ADDRESSES_AT 8
#define TCP_SIZE 20
#define TCP_END_OF_OPTIONS 0
#define TCP_NO_OPERATION 1
#define TCP_MULTIPATH 30

void scrub_mac(const struct walk *walk, uint8_t *at)
{
	if (walk->scrub->anonymizer)
		anonymizer_mac(walk->scrub->anonymizer, at);
}

void scrub_ipv4(const struct walk *walk, uint8_t *at)
{
	if (walk->scrub->anonymizer)
		anonymizer_ipv4(walk->scrub->anonymizer, at);
}

void scrub_ipv6(const struct walk *walk, uint8_t *at)
{
	if (walk->scrub->anonymizer)
		anonymizer_ipv6(walk->scrub->anonymizer, at);
}

/* Eight bytes of room; only Ethernet-like addresses are known. */
static void scrub_cooked(const struct walk *walk, uint8_t *at, unsigned length)
{
	if (length == 6)
		scrub_mac(walk, at);
	else if (walk->scrub->anonymizer)
		memset(at, 0, 8);
}

bool scrub_link(const struct walk *walk, enum skua_link link, uint32_t offset)
{
	static const uint8_t sizes[] = {
		[SKUA_LINK_ETHERNET] = ETHERNET_SIZE,
		[SKUA_LINK_RAW] = 0,
		[SKUA_LINK_NULL] = 4,
		[SKUA_LINK_SLL] = SLL_SIZE,
		[SKUA_LINK_SLL2] = SLL2_SIZE,
	};
	uint8_t *at = walk->bytes + offset;

	if (offset > walk->captured || walk->captured - offset < sizes[link])
		return false;
	if (link == SKUA_LINK_ETHERNET) {
		scrub_mac(walk, at);
		scrub_mac(walk, at + 6);
	} else if (link == SKUA_LINK_SLL) {
		scrub_cooked(walk, at + 6, (unsigned)at[4] << 8 | at[5]);
	} else if (link == SKUA_LINK_SLL2) {
		scrub_cooked(walk, at + 12, at[11]);
	}
	return true;
}

/* The one's complement sum of RFC 1071; an odd byte in the end counts as if a zero followed. */
static uint16_t add(uint32_t sum, const uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i + 1 < size; i += 2) {
		sum += (uint32_t)at[i] << 8 | at[i + 1];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (size % 2)
		sum += (uint32_t)at[size - 1] << 8;
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/* RFC 1624: from the old checksum and what it covers, before and after. */
static uint16_t mended(uint16_t checksum, uint16_t before, uint16_t after)
{
	uint32_t sum = (uint32_t)(uint16_t)~checksum + (uint16_t)~before + after;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void store(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void scrub_ipv4_header(const struct walk *walk, uint32_t at, uint32_t end)
{
	uint8_t *header = walk->bytes + at;
	uint16_t before, after;

	if (!walk->scrub->anonymizer)
		return;
	before = add(0, header, end - at);
	scrub_ipv4(walk, header + IPV4_ADDRESSES_AT);
	scrub_ipv4(walk, header + IPV4_ADDRESSES_AT + 4);
	memset(header + IPV4_SIZE, IPV4_NO_OPERATION, end - at - IPV4_SIZE);
	after = add(0, header, end - at);
	store(header + IPV4_CHECKSUM_AT,
	      mended(skua_be16(header + IPV4_CHECKSUM_AT), before, after));
}

void scrub_ipv6_header(const struct walk *walk, uint32_t at, uint32_t end)
{
	uint8_t *header = walk->bytes + at, *stop = walk->bytes + end;
	uint8_t next = header[IPV6_NEXT_AT];

	if (!walk->scrub->anonymizer)
		return;
	scrub_ipv6(walk, header + IPV6_ADDRESSES_AT);
	scrub_ipv6(walk, header + IPV6_ADDRESSES_AT + 16);
	header += IPV6_SIZE;
	while (stop - header >= 8) {
		uint32_t length = skua_extension_length(next, header);
		/* Routing has its type and what is left of it in two bytes more. */
		uint32_t kept = next == SKUA_ROUTING ? 4 : 2;

		if (!length || length > stop - header)
			break;
		if (next != SKUA_FRAGMENT && next != SKUA_AUTHENTICATION)
			memset(header + kept, 0, length - kept);
		next = header[0];
		header += length;
	}
}

void scrub_tcp_options(const struct walk *walk, uint32_t at, uint32_t end)
{
	uint8_t *option = walk->bytes + at + TCP_SIZE;
	const uint8_t *stop = walk->bytes + (end < walk->captured ? end : walk->captured);

	if (!walk->scrub->anonymizer)
		return;
	while (option < stop && *option != TCP_END_OF_OPTIONS) {
		ptrdiff_t left = stop - option;
		ptrdiff_t length = *option == TCP_NO_OPERATION ? 1 : left < 2 ? 0 : option[1];
		bool torn = length < 1 || length > left;

		length = torn ? left : length;
		if (torn || *option == TCP_MULTIPATH)
			memset(option, TCP_NO_OPERATION, (size_t)length);
		option += length;
	}
}

static uint16_t sum_of(const struct walk *walk, const struct covered *covered)
{
	uint16_t sum = add(0, walk->bytes + covered->from, covered->to - covered->from);

	return add(sum, walk->bytes + covered->addresses, covered->address_bytes);
}

struct covered covered_by_checksum(const struct walk *walk, const struct skua_packet *pkt,
				   uint32_t ip)
{
	bool ipv4 = pkt->ethertype == SKUA_ETH_IPV4;
	struct covered covered = {
		.from = pkt->offset,
		.to = pkt->left < walk->captured - pkt->offset ? pkt->offset + pkt->left
							       : walk->captured,
		.addresses = ip + (ipv4 ? IPV4_ADDRESSES_AT : IPV6_ADDRESSES_AT),
		.address_bytes = pkt->proto == SKUA_ICMP ? 0
				 : ipv4                  ? 8
							 : 32,
		.zero_is_none = pkt->proto == SKUA_UDP,
	};
	uint32_t at = pkt->proto == SKUA_TCP                                 ? 16
		      : pkt->proto == SKUA_UDP                               ? 6
		      : pkt->proto == SKUA_ICMP || pkt->proto == SKUA_ICMPV6 ? 2
									     : 0;

	if (walk->scrub->anonymizer && at && pkt->fragment != SKUA_LATER_FRAGMENT &&
	    covered.from + at + 2 <= covered.to) {
		covered.checksum_at = covered.from + at;
		covered.sum = sum_of(walk, &covered);
	}
	return covered;
}

void mend_checksum(const struct walk *walk, const struct covered *before)
{
	uint8_t *at = walk->bytes + before->checksum_at;
	uint16_t checksum;

	if (!before->checksum_at || (before->zero_is_none && !skua_be16(at)))
		return;
	checksum = mended(skua_be16(at), before->sum, sum_of(walk, before));
	store(at, before->zero_is_none && !checksum ? 0xffff : checksum);
}
