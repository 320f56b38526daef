/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The place where the traffic is seen: puts packets into frames of its link
 * type, with the tags, tunnels and fragments of their route, and into the file.
 */
#ifndef SKUA_GEN_TAP_H
#define SKUA_GEN_TAP_H

#include "output.h"
#include "values.h"
#include "wire.h"

enum linktype { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_SLL = 113 }; /* as files number them */

struct link {
	enum linktype type;
	struct addresses hosts; /* on the link beside all private addresses */
	uint8_t gateway_mac[6]; /* stands for everybody else */
};

/* How the traffic of one actor travels; all zero: plainly. */
struct route {
	uint16_t vlan, outer_vlan; /* 0: none */
	uint16_t mtu;              /* IP packets beyond it are fragmented; 0: never */
	uint32_t snaplen;          /* of this actor; 0: that of the file */
	bool vxlan;
	uint32_t vni;
	struct address ends[2]; /* of the tunnel: near and far */
};

struct tap {
	struct link link;
	struct output *output;
	uint16_t identification;
	uint8_t packet[WIRE_MAX + 1], frame[WIRE_MAX + 64], inner[WIRE_MAX + 64];
};

enum arp { ARP_WHO_HAS = 1, ARP_IS_AT = 2 };

void tap_send(struct tap *tap, uint64_t time_ns, const struct route *route,
	      const struct packet *packet);
/* IPv4 over Ethernet only; a question goes to everybody. */
void tap_send_arp(struct tap *tap, uint64_t time_ns, const struct route *route, enum arp operation,
		  const struct address *sender, const struct address *target);
/* The hardware address the tap shows for a network address. */
void tap_mac(const struct tap *tap, const struct address *address, uint8_t mac[6]);
bool tap_is_near(const struct tap *tap, const struct address *address);

#endif /* SKUA_GEN_TAP_H */
