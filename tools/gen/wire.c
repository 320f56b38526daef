// SPDX-License-Identifier: BSD-2-Clause
/* IPv4 and IPv6 packets with TCP, UDP or ICMP. */
#include <assert.h>
#include <string.h>
#include "wire.h"

#define MSS_IPV4 1460
#define MSS_IPV6 1440

uint8_t *wire_put8(uint8_t *to, uint8_t value)
{
	*to = value;
	return to + 1;
}

uint8_t *wire_put16(uint8_t *to, uint16_t value)
{
	to[0] = value >> 8;
	to[1] = value;
	return to + 2;
}

uint8_t *wire_put32(uint8_t *to, uint32_t value)
{
	return wire_put16(wire_put16(to, value >> 16), value);
}

uint8_t *wire_put(uint8_t *to, const void *bytes, uint32_t length)
{
	/* Nothing may be NULL, which memcpy() does not take. */
	if (length)
		memcpy(to, bytes, length);
	return to + length;
}

/* The sum of 16-bit words in the byte order of this machine, which the checksum does not mind
 * (RFC 1071, 2b); 2^32 words of 32 bits fit. */
static uint64_t add_bytes(uint64_t sum, const uint8_t *at, uint32_t length)
{
	uint32_t word;

	for (; length >= 4; at += 4, length -= 4) {
		memcpy(&word, at, 4);
		sum += word;
	}
	word = 0;
	memcpy(&word, at, length);
	return sum + word;
}

static void seal(uint8_t *field, uint64_t sum)
{
	uint16_t folded;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	folded = ~sum;
	memcpy(field, &folded, 2);
}

void wire_seal_ipv4(uint8_t *header)
{
	seal(header + 10, add_bytes(0, header, 20));
}

/* What is left of 64 or 128 hops: none taken by private addresses, a few by others. */
static uint8_t hops_left(const struct address *source)
{
	const uint8_t *b = source->bytes;
	uint8_t first = b[15] & 1 ? 64 : 128;

	return address_is_private(source) ? first : first - 6 - (b[14] ^ b[15]) % 12;
}

static uint8_t *put_ipv4(uint8_t *to, const struct packet *packet, uint16_t identification,
			 uint32_t length)
{
	to[0] = 0x45;
	to[1] = 0;
	wire_put16(to + 2, 20 + length);
	wire_put16(to + 4, identification);
	wire_put16(to + 6, 0x4000);
	to[8] = packet->hops ? packet->hops : hops_left(&packet->source);
	to[9] = packet->protocol;
	wire_put16(to + 10, 0);
	memcpy(to + 12, packet->source.bytes + 12, 4);
	memcpy(to + 16, packet->target.bytes + 12, 4);
	wire_seal_ipv4(to);
	return to + 20;
}

static uint8_t *put_ipv6(uint8_t *to, const struct packet *packet, uint32_t length)
{
	wire_put32(to, 6u << 28);
	wire_put16(to + 4, length);
	to[6] = packet->protocol == IPPROTO_ICMP ? IPPROTO_ICMPV6 : packet->protocol;
	to[7] = packet->hops ? packet->hops : hops_left(&packet->source);
	memcpy(to + 8, packet->source.bytes, 16);
	memcpy(to + 24, packet->target.bytes, 16);
	return to + 40;
}

/* RFC 9293; the options are those of a current desktop system without timestamps. */
static uint8_t *put_tcp(uint8_t *to, const struct packet *packet, bool ipv4)
{
	static const uint8_t more[] = { 1, 3, 3, 8, 1, 1, 4, 2 }; /* window scale 8, SACK */
	bool syn = packet->flags & TH_SYN;
	uint8_t *at = to + 20;

	if (syn) {
		at = wire_put16(at, 0x0204);
		at = wire_put16(at, ipv4 ? MSS_IPV4 : MSS_IPV6);
		if (!packet->bare)
			at = wire_put(at, more, sizeof(more));
	}
	wire_put16(to, packet->source_port);
	wire_put16(to + 2, packet->target_port);
	wire_put32(to + 4, packet->sequence);
	wire_put32(to + 8, packet->acknowledged);
	to[12] = (at - to) / 4 << 4;
	to[13] = packet->flags;
	wire_put16(to + 14, packet->window);
	wire_put32(to + 16, 0);
	return at;
}

static uint8_t *put_udp(uint8_t *to, const struct packet *packet)
{
	to = wire_put16(to, packet->source_port);
	to = wire_put16(to, packet->target_port);
	to = wire_put16(to, 8 + packet->length);
	return wire_put16(to, 0);
}

static uint8_t *put_icmp(uint8_t *to, const struct packet *packet, bool ipv4)
{
	static const uint8_t types[][4] = {
		/* type and code of version 4, of version 6 */
		[MESSAGE_ECHO] = { 8, 0, 128, 0 },
		[MESSAGE_ECHO_REPLY] = { 0, 0, 129, 0 },
		[MESSAGE_NO_HOST] = { 3, 1, 1, 3 },
		[MESSAGE_NO_PORT] = { 3, 3, 1, 4 },
		[MESSAGE_SOLICITATION] = { 0, 0, 135, 0 },
		[MESSAGE_ADVERTISEMENT] = { 0, 0, 136, 0 },
	};
	const uint8_t *type = types[packet->message] + (ipv4 ? 0 : 2);

	to[0] = type[0];
	to[1] = type[1];
	wire_put16(to + 2, 0);
	return wire_put32(to + 4, packet->echo);
}

/* Where the checksum of a transport header is. */
static unsigned checksum_at(uint8_t protocol)
{
	return protocol == IPPROTO_TCP ? 16 : protocol == IPPROTO_UDP ? 6 : 2;
}

static void seal_transport(uint8_t *ip, uint8_t *transport, uint32_t length, uint8_t protocol,
			   bool ipv4)
{
	uint8_t pseudo[4], *field = transport + checksum_at(protocol);
	uint64_t sum = 0;

	if (!ipv4 || protocol != IPPROTO_ICMP) {
		wire_put16(pseudo, !ipv4 && protocol == IPPROTO_ICMP ? IPPROTO_ICMPV6 : protocol);
		wire_put16(pseudo + 2, length);
		sum = add_bytes(0, pseudo, 4);
		sum = ipv4 ? add_bytes(sum, ip + 12, 8) : add_bytes(sum, ip + 8, 32);
	}
	seal(field, add_bytes(sum, transport, length));
	/* Zero would mean that there is none (RFC 768). */
	if (protocol == IPPROTO_UDP && !field[0] && !field[1])
		wire_put16(field, 0xffff);
}

uint32_t wire_build(const struct packet *packet, uint16_t identification, uint8_t *to)
{
	bool ipv4 = address_is_ipv4(&packet->source);
	uint8_t *transport = to + (ipv4 ? 20 : 40), *at;
	uint32_t length;

	assert(packet->length <= WIRE_MAX - WIRE_HEADERS);
	if (packet->protocol == IPPROTO_TCP)
		at = put_tcp(transport, packet, ipv4);
	else if (packet->protocol == IPPROTO_UDP)
		at = put_udp(transport, packet);
	else
		at = put_icmp(transport, packet, ipv4);
	at = wire_put(at, packet->payload, packet->length);
	length = at - transport;
	if (ipv4)
		put_ipv4(to, packet, identification, length);
	else
		put_ipv6(to, packet, length);
	seal_transport(to, transport, length, packet->protocol, ipv4);
	return at - to;
}
