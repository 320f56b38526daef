/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet as a struct, and as the bytes of IPv4 or IPv6 with TCP, UDP or ICMP
 * and true checksums.
 */
#ifndef SKUA_GEN_WIRE_H
#define SKUA_GEN_WIRE_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include "base/address.h"

#define WIRE_MAX 65535   /* an IP packet */
#define WIRE_HEADERS 100 /* room for IPv6, TCP and its options */

/* ICMP messages under the names both versions share. */
enum message {
	MESSAGE_ECHO,
	MESSAGE_ECHO_REPLY,
	MESSAGE_NO_HOST,
	MESSAGE_NO_PORT,
	MESSAGE_SOLICITATION,
	MESSAGE_ADVERTISEMENT,
};

struct packet {
	struct address source, target; /* of one family */
	uint16_t source_port, target_port;
	uint8_t protocol; /* IPPROTO_TCP, IPPROTO_UDP; IPPROTO_ICMP stands for ICMPv6 too */
	uint8_t flags;    /* TH_* */
	uint8_t message;  /* enum message */
	uint8_t hops;     /* hop limit; 0: what the source's kind of system would have left */
	bool bare;        /* a SYN with no option but its MSS, as scanners send */
	uint32_t sequence, acknowledged;
	uint16_t window;
	uint32_t echo; /* identifier and number of an ICMP echo, or the word in their place */
	const void *payload;
	uint32_t length;
};

/*
 * Writes the packet to to (room for WIRE_MAX bytes); identification is that of
 * an IPv4 header.  Returns its length; the payload must fit.
 */
uint32_t wire_build(const struct packet *packet, uint16_t identification, uint8_t *to);
/* The Internet checksum of an IPv4 header of 20 bytes whose own field is zero, written into it. */
void wire_seal_ipv4(uint8_t *header);
/* Big-endian stores; return what lies behind them. */
uint8_t *wire_put8(uint8_t *to, uint8_t value);
uint8_t *wire_put16(uint8_t *to, uint16_t value);
uint8_t *wire_put32(uint8_t *to, uint32_t value);
uint8_t *wire_put(uint8_t *to, const void *bytes, uint32_t length);

#endif /* SKUA_GEN_WIRE_H */
