/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocols of a frame from the link layer to the transport, one in the
 * other: "eth", "vlan", "ip", "tcp".  Named as Wireshark names them.  Later
 * fragments end at IP, and so do first ones: nobody reads the rest of them.
 * What ICMP errors quote is not followed.
 */
#ifndef SKUA_ANALYZE_LAYERS_H
#define SKUA_ANALYZE_LAYERS_H

#include "analyze/analyst.h"

#define LAYERS_MAX 16 /* a tunnel behind two tags has twelve with what it carries */

enum layer {
	LAYER_NONE,
	LAYER_ETH,
	LAYER_SLL,
	LAYER_NULL,
	LAYER_RAW,
	LAYER_VLAN,
	LAYER_QINQ,
	LAYER_MPLS,
	LAYER_PPPOE,
	LAYER_PPP,
	LAYER_LLC,
	LAYER_ARP,
	LAYER_LLDP,
	LAYER_EAPOL,
	LAYER_PPPOED,
	LAYER_IP,
	LAYER_IPV6,
	LAYER_ICMP,
	LAYER_IGMP,
	LAYER_TCP,
	LAYER_UDP,
	LAYER_GRE,
	LAYER_ESP,
	LAYER_ICMPV6,
	LAYER_EIGRP,
	LAYER_OSPF,
	LAYER_PIM,
	LAYER_VRRP,
	LAYER_SCTP,
	LAYER_VXLAN,
	LAYER_GENEVE,
	LAYER_GTP,
	LAYER_DNS,
	LAYER_MDNS,
	LAYER_LLMNR,
	LAYER_HTTP,
	LAYER_SSDP,
	LAYER_TLS,
	LAYER_QUIC,
	LAYERS
};

/* Zeros behind the last; 16 bytes, so that it can be a key. */
struct layers {
	uint8_t layer[LAYERS_MAX];
};

const char *layer_name(enum layer layer);
/* Beyond LAYERS_MAX it is left out. */
void layers_add(struct layers *layers, enum layer layer);
unsigned layers_count(const struct layers *layers);
struct layers layers_of(const struct analyst_frame *frame);
/* "eth:ip:tcp", the first count of them; returns to. */
#define LAYERS_TEXT 160
const char *layers_text(const struct layers *layers, unsigned count, char to[LAYERS_TEXT]);

#endif /* SKUA_ANALYZE_LAYERS_H */
