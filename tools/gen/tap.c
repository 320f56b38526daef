// SPDX-License-Identifier: BSD-2-Clause
/* Frames: link headers, VLAN tags, VXLAN and fragments. */
#include <string.h>
#include "tap.h"

#define TYPE_IPV4 0x0800
#define TYPE_ARP 0x0806
#define TYPE_IPV6 0x86dd
#define TYPE_VLAN 0x8100
#define TYPE_QINQ 0x88a8
#define VXLAN_PORT 4789 /* RFC 7348 */
#define SLL_TO_US 0
#define SLL_FROM_US 4

static const uint8_t everybody[6] = { 255, 255, 255, 255, 255, 255 };

bool tap_is_near(const struct tap *tap, const struct address *address)
{
	return address_is_private(address) || addresses_contain(&tap->link.hosts, address);
}

void tap_mac(const struct tap *tap, const struct address *address, uint8_t mac[6])
{
	const uint8_t *b = address->bytes;

	if (address_is_multicast(address) && b[0] == 0xff)
		memcpy(mac, (uint8_t[]){ 0x33, 0x33, b[12], b[13], b[14], b[15] }, 6);
	else if (address_is_multicast(address) && b[12] == 255)
		memcpy(mac, everybody, 6);
	else if (address_is_multicast(address))
		memcpy(mac, (uint8_t[]){ 1, 0, 0x5e, b[13] & 0x7f, b[14], b[15] }, 6);
	else if (tap_is_near(tap, address))
		memcpy(mac, (uint8_t[]){ 2, b[0] ^ b[7], b[12], b[13], b[14], b[15] }, 6);
	else
		memcpy(mac, tap->link.gateway_mac, 6);
}

static uint8_t *put_tags(uint8_t *to, const struct route *route, uint16_t type)
{
	if (route->outer_vlan)
		to = wire_put16(wire_put16(to, TYPE_QINQ), route->outer_vlan);
	if (route->vlan)
		to = wire_put16(wire_put16(to, TYPE_VLAN), route->vlan);
	return wire_put16(to, type);
}

static uint8_t *put_ethernet(const struct tap *tap, uint8_t *to, const struct route *route,
			     const struct address *source, const struct address *target,
			     uint16_t type)
{
	tap_mac(tap, target, to);
	tap_mac(tap, source, to + 6);
	return put_tags(to + 12, route, type);
}

/* Linux "cooked" capture: packet type, ARPHRD_ETHER, the sender's address, protocol. */
static uint8_t *put_sll(const struct tap *tap, uint8_t *to, const struct address *source,
			uint16_t type)
{
	to = wire_put16(to, tap_is_near(tap, source) ? SLL_FROM_US : SLL_TO_US);
	to = wire_put16(wire_put16(to, 1), 6);
	tap_mac(tap, source, to);
	return wire_put16(wire_put16(to + 6, 0), type);
}

static uint8_t *put_link(const struct tap *tap, uint8_t *to, const struct route *route,
			 const struct address *source, const struct address *target)
{
	uint16_t type = address_is_ipv4(source) ? TYPE_IPV4 : TYPE_IPV6;

	if (tap->link.type == LINK_ETHERNET)
		return put_ethernet(tap, to, route, source, target, type);
	if (tap->link.type == LINK_SLL)
		return put_sll(tap, to, source, type);
	return to;
}

static void write_ip(struct tap *tap, uint64_t time_ns, const struct route *route,
		     const struct packet *packet, const uint8_t *ip, uint32_t length)
{
	uint8_t *at = put_link(tap, tap->frame, route, &packet->source, &packet->target);

	at = wire_put(at, ip, length);
	output_write(tap->output, time_ns, tap->frame, at - tap->frame, route->snaplen);
}

/* RFC 791, 3.2: the header again before each part, offset in units of eight bytes. */
static void fragment_ipv4(struct tap *tap, uint64_t time_ns, const struct route *route,
			  const struct packet *packet, uint32_t length)
{
	uint32_t part = (route->mtu - 20) & ~7u, end = length - 20;
	uint8_t ip[20 + WIRE_MAX];

	for (uint32_t at = 0; at < end; at += part) {
		uint32_t size = end - at < part ? end - at : part;

		memcpy(ip, tap->packet, 20);
		memcpy(ip + 20, tap->packet + 20 + at, size);
		wire_put16(ip + 2, 20 + size);
		wire_put16(ip + 6, at / 8 | (at + size < end ? 0x2000 : 0));
		wire_put16(ip + 10, 0);
		wire_seal_ipv4(ip);
		write_ip(tap, time_ns, route, packet, ip, 20 + size);
	}
}

/* RFC 8200, 4.5: a fragment header between the IPv6 header and each part. */
static void fragment_ipv6(struct tap *tap, uint64_t time_ns, const struct route *route,
			  const struct packet *packet, uint32_t length)
{
	uint32_t part = (route->mtu - 48) & ~7u, end = length - 40;
	uint8_t ip[48 + WIRE_MAX];

	for (uint32_t at = 0; at < end; at += part) {
		uint32_t size = end - at < part ? end - at : part;
		bool more = at + size < end;

		memcpy(ip, tap->packet, 40);
		wire_put16(ip + 4, 8 + size);
		ip[6] = IPPROTO_FRAGMENT;
		wire_put16(wire_put8(wire_put8(ip + 40, tap->packet[6]), 0), at | more);
		wire_put32(ip + 44, 0x5c0a0000u + tap->identification);
		memcpy(ip + 48, tap->packet + 40 + at, size);
		write_ip(tap, time_ns, route, packet, ip, 48 + size);
	}
}

static void send_plain(struct tap *tap, uint64_t time_ns, const struct route *route,
		       const struct packet *packet)
{
	uint32_t length = wire_build(packet, ++tap->identification, tap->packet);

	if (!route->mtu || length <= route->mtu)
		write_ip(tap, time_ns, route, packet, tap->packet, length);
	else if (address_is_ipv4(&packet->source))
		fragment_ipv4(tap, time_ns, route, packet, length);
	else
		fragment_ipv6(tap, time_ns, route, packet, length);
}

/* The tags of the route are those of the inner frame. */
static void send_vxlan(struct tap *tap, uint64_t time_ns, const struct route *route,
		       const struct packet *packet)
{
	bool out = tap_is_near(tap, &packet->source);
	uint8_t *at = wire_put32(wire_put32(tap->inner, 0x08000000), route->vni << 8);
	struct route outer = { .snaplen = route->snaplen };
	struct packet carrier = {
		.source = route->ends[!out],
		.target = route->ends[out],
		.source_port = 49152 + ((packet->source_port ^ packet->target_port) & 0x3fff),
		.target_port = VXLAN_PORT,
		.protocol = IPPROTO_UDP,
		.payload = tap->inner,
	};
	uint16_t type = address_is_ipv4(&packet->source) ? TYPE_IPV4 : TYPE_IPV6;

	at = put_ethernet(tap, at, route, &packet->source, &packet->target, type);
	at += wire_build(packet, ++tap->identification, at);
	carrier.length = at - tap->inner;
	send_plain(tap, time_ns, &outer, &carrier);
}

void tap_send(struct tap *tap, uint64_t time_ns, const struct route *route,
	      const struct packet *packet)
{
	if (route->vxlan)
		send_vxlan(tap, time_ns, route, packet);
	else
		send_plain(tap, time_ns, route, packet);
}

void tap_send_arp(struct tap *tap, uint64_t time_ns, const struct route *route, enum arp operation,
		  const struct address *sender, const struct address *target)
{
	uint8_t *at = tap->frame;

	memcpy(at, everybody, 6);
	if (operation == ARP_IS_AT)
		tap_mac(tap, target, at);
	tap_mac(tap, sender, at + 6);
	at = put_tags(at + 12, route, TYPE_ARP);
	at = wire_put16(wire_put16(at, 1), TYPE_IPV4);
	at = wire_put16(wire_put16(at, 6 << 8 | 4), operation);
	tap_mac(tap, sender, at);
	at = wire_put(at + 6, sender->bytes + 12, 4);
	memset(at, 0, 6);
	if (operation == ARP_IS_AT)
		tap_mac(tap, target, at);
	at = wire_put(at + 6, target->bytes + 12, 4);
	output_write(tap->output, time_ns, tap->frame, at - tap->frame, route->snaplen);
}
