/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames put together header by header, and their checksums computed the long way. */
#ifndef TESTS_RECORD_FRAMES_H
#define TESTS_RECORD_FRAMES_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BUILD_MAX 512
#define VXLAN_INNER (14 + 20 + 8 + 8 + 14) /* where the inner IP header begins */

struct build {
	uint32_t size;
	uint32_t ip, transport; /* where these headers begin */
	uint8_t proto;
	uint8_t at[BUILD_MAX];
};

static const uint8_t host_mac[6] = { 0x00, 0x50, 0x56, 0x01, 0x02, 0x03 };
static const uint8_t source4[4] = { 10, 9, 0, 5 };
static const uint8_t target4[4] = { 203, 0, 113, 5 };
static const uint8_t source6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x77 };
static const uint8_t target6[16] = { 0x26, 0x06, 0x47, 0x00, [15] = 0x11 };

static inline void put(struct build *b, const void *bytes, uint32_t size)
{
	assert(b->size + size <= BUILD_MAX);
	memcpy(b->at + b->size, bytes, size);
	b->size += size;
}

static inline void put_text(struct build *b, const char *text)
{
	put(b, text, (uint32_t)strlen(text));
}

static inline void put_16(struct build *b, unsigned value)
{
	put(b, (uint8_t[]){ (uint8_t)(value >> 8), (uint8_t)value }, 2);
}

static inline void set_16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline uint32_t add_words(uint32_t sum, const uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		sum += (uint32_t)at[i] << (i % 2 ? 0 : 8);
	return sum;
}

static inline uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static inline void begin_ethernet(struct build *b, unsigned ethertype)
{
	b->size = 0;
	memset(b->at, 0, sizeof(b->at));
	put(b, host_mac, 6);
	put(b, host_mac, 6);
	put_16(b, ethertype);
}

static inline void put_ipv4(struct build *b, uint8_t proto)
{
	b->ip = b->size;
	b->proto = proto;
	put(b, "\x45\0\0\0\x12\x34\0\0\x40", 9);
	put(b, &proto, 1);
	put_16(b, 0);
	put(b, source4, 4);
	put(b, target4, 4);
	b->transport = b->size;
}

static inline void begin_ipv4(struct build *b, uint8_t proto)
{
	begin_ethernet(b, 0x0800);
	put_ipv4(b, proto);
}

static inline void begin_ipv6(struct build *b, uint8_t proto)
{
	begin_ethernet(b, 0x86dd);
	b->ip = b->size;
	put(b, "\x60\0\0\0\0\0", 6);
	put(b, &proto, 1);
	put(b, "\x40", 1);
	put(b, source6, 16);
	put(b, target6, 16);
	b->transport = b->size;
	b->proto = proto == 43 ? 58 : proto; /* behind the routing header that a test puts */
}

static inline void put_tcp(struct build *b, unsigned options)
{
	put_16(b, 40000);
	put_16(b, 443);
	put(b, "\0\0\0\1\0\0\0\2", 8);
	put(b, &(uint8_t){ (uint8_t)((20 + options) / 4 << 4) }, 1);
	put(b, "\x18\xff\xff\0\0\0\0", 7);
	for (unsigned i = 0; i < options; i++)
		put(b, "\1", 1);
}

static inline void put_udp(struct build *b, unsigned port)
{
	put_16(b, 40000);
	put_16(b, port);
	put_16(b, 0);
	put_16(b, 0);
}

static inline void put_icmp(struct build *b, uint8_t type)
{
	put(b, &type, 1);
	put(b, "\0\0\0\x12\x34\0\1", 7);
}

static inline void put_arp(struct build *b)
{
	put(b, "\0\1\x08\0\6\4\0\1", 8);
	put(b, host_mac, 6);
	put(b, source4, 4);
	put(b, host_mac, 6);
	put(b, target4, 4);
}

/* Where the transport's checksum is; 0: it has none. */
static inline unsigned checksum_at(uint8_t proto)
{
	return proto == 6 ? 16 : proto == 17 ? 6 : proto == 1 || proto == 58 ? 2 : 0;
}

/* Of the transport header and what follows, with the addresses where they count. */
static inline uint16_t transport_sum(const struct build *b, uint32_t ip, uint32_t transport,
				     uint8_t proto)
{
	bool ipv4 = b->at[ip] >> 4 == 4;
	uint32_t sum = add_words(0, b->at + transport, b->size - transport);

	if (proto == 1)
		return fold(sum);
	sum = add_words(sum, b->at + ip + (ipv4 ? 12 : 8), ipv4 ? 8 : 32);
	return fold(sum + proto + (b->size - transport));
}

static inline void end_transport(struct build *b)
{
	unsigned at = checksum_at(b->proto);

	if (b->proto == 17)
		set_16(b->at + b->transport + 4, b->size - b->transport);
	if (at)
		set_16(b->at + b->transport + at,
		       (uint16_t)~transport_sum(b, b->ip, b->transport, b->proto));
}

static inline void end_ipv4(struct build *b)
{
	uint32_t header = (b->at[b->ip] & 15) * 4u;

	end_transport(b);
	set_16(b->at + b->ip + 2, b->size - b->ip);
	set_16(b->at + b->ip + 10, 0);
	set_16(b->at + b->ip + 10, (uint16_t)~fold(add_words(0, b->at + b->ip, header)));
}

static inline void end_ipv6(struct build *b)
{
	end_transport(b);
	set_16(b->at + b->ip + 4, b->size - b->ip - 40);
}

static inline void put_quote4(struct build *b)
{
	uint32_t at = b->size;

	put(b, "\x45\0\0\x3c\x12\x34\0\0\x40\x11\0\0", 12);
	put(b, target4, 4);
	put(b, source4, 4);
	set_16(b->at + at + 10, (uint16_t)~fold(add_words(0, b->at + at, 20)));
	put(b, "\x9c\x40\0\x35\0\x28\0\0", 8);
}

/* Ethernet, IPv4, UDP, VXLAN, Ethernet, IPv4, TCP. */
static inline void begin_vxlan(struct build *b)
{
	begin_ipv4(b, 17);
	put_udp(b, 4789);
	put(b, "\x08\0\0\0\0\0\7\0", 8);
	put(b, host_mac, 6);
	put(b, host_mac, 6);
	put_16(b, 0x0800);
	put_ipv4(b, 6);
	put_tcp(b, 0);
}

static inline void end_vxlan(struct build *b)
{
	end_ipv4(b);
	b->ip = 14;
	b->transport = 34;
	b->proto = 17;
	end_ipv4(b);
}

static inline bool header_holds(const struct build *b, uint32_t ip)
{
	return fold(add_words(0, b->at + ip, (b->at[ip] & 15) * 4u)) == 0xffff;
}

static inline bool ipv4_holds(const struct build *b, uint32_t ip)
{
	uint8_t proto = b->at[ip + 9];
	uint32_t transport = ip + (b->at[ip] & 15) * 4u;

	return header_holds(b, ip) && transport_sum(b, ip, transport, proto) == 0xffff;
}

static inline bool ipv6_holds(const struct build *b, uint32_t ip)
{
	return transport_sum(b, ip, ip + 40, b->at[ip + 6]) == 0xffff;
}

#endif /* TESTS_RECORD_FRAMES_H */
