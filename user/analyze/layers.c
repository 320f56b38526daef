// SPDX-License-Identifier: BSD-2-Clause
/* The protocols of a frame from the link layer to the transport. */
#include <stdio.h>
#include <string.h>
#include "skua/parse.h"
#include "analyze/layers.h"

#define LINKTYPE_IPV4 228 /* without a header of their own: Wireshark shows none */
#define LINKTYPE_IPV6 229
#define LENGTH_MAX 1500 /* up to it a type is a length, and LLC follows (IEEE 802.3) */

static const char *const names[LAYERS] = {
	[LAYER_ETH] = "eth",     [LAYER_SLL] = "sll",       [LAYER_NULL] = "null",
	[LAYER_RAW] = "raw",     [LAYER_VLAN] = "vlan",     [LAYER_QINQ] = "ieee8021ad",
	[LAYER_MPLS] = "mpls",   [LAYER_PPPOE] = "pppoes",  [LAYER_PPP] = "ppp",
	[LAYER_LLC] = "llc",     [LAYER_ARP] = "arp",       [LAYER_LLDP] = "lldp",
	[LAYER_EAPOL] = "eapol", [LAYER_PPPOED] = "pppoed", [LAYER_IP] = "ip",
	[LAYER_IPV6] = "ipv6",   [LAYER_ICMP] = "icmp",     [LAYER_IGMP] = "igmp",
	[LAYER_TCP] = "tcp",     [LAYER_UDP] = "udp",       [LAYER_GRE] = "gre",
	[LAYER_ESP] = "esp",     [LAYER_ICMPV6] = "icmpv6", [LAYER_EIGRP] = "eigrp",
	[LAYER_OSPF] = "ospf",   [LAYER_PIM] = "pim",       [LAYER_VRRP] = "vrrp",
	[LAYER_SCTP] = "sctp",   [LAYER_VXLAN] = "vxlan",   [LAYER_GENEVE] = "geneve",
	[LAYER_GTP] = "gtp",     [LAYER_DNS] = "dns",       [LAYER_MDNS] = "mdns",
	[LAYER_LLMNR] = "llmnr", [LAYER_HTTP] = "http",     [LAYER_SSDP] = "ssdp",
	[LAYER_TLS] = "tls",     [LAYER_QUIC] = "quic",
};

struct numbered {
	uint16_t number;
	enum layer layer;
};

static const struct numbered ethertypes[] = {
	{ SKUA_ETH_IPV4, LAYER_IP }, { SKUA_ETH_IPV6, LAYER_IPV6 },
	{ 0x0806, LAYER_ARP },       { 0x8035, LAYER_ARP },
	{ 0x88cc, LAYER_LLDP },      { 0x888e, LAYER_EAPOL },
	{ 0x8863, LAYER_PPPOED },    { 0, LAYER_NONE },
};

static const struct numbered protocols[] = {
	{ SKUA_ICMP, LAYER_ICMP },
	{ 2, LAYER_IGMP },
	{ SKUA_TCP, LAYER_TCP },
	{ SKUA_UDP, LAYER_UDP },
	{ SKUA_GRE_PROTO, LAYER_GRE },
	{ 50, LAYER_ESP },
	{ SKUA_ICMPV6, LAYER_ICMPV6 },
	{ 88, LAYER_EIGRP },
	{ 89, LAYER_OSPF },
	{ 103, LAYER_PIM },
	{ 112, LAYER_VRRP },
	{ SKUA_SCTP, LAYER_SCTP },
	{ 0, LAYER_NONE },
};

static enum layer find(const struct numbered *rows, unsigned number)
{
	for (; rows->layer; rows++)
		if (rows->number == number)
			return rows->layer;
	return LAYER_NONE;
}

const char *layer_name(enum layer layer)
{
	return names[layer];
}

unsigned layers_count(const struct layers *layers)
{
	unsigned count = 0;

	while (count < LAYERS_MAX && layers->layer[count])
		count++;
	return count;
}

void layers_add(struct layers *layers, enum layer layer)
{
	unsigned count = layers_count(layers);

	if (count < LAYERS_MAX)
		layers->layer[count] = layer;
}

const char *layers_text(const struct layers *layers, unsigned count, char to[LAYERS_TEXT])
{
	size_t length = 0;

	to[0] = '\0';
	for (unsigned i = 0; i < count && length < LAYERS_TEXT; i++)
		length += snprintf(to + length, LAYERS_TEXT - length, "%s%s", i ? ":" : "",
				   layer_name(layers->layer[i]));
	return to;
}

/* What stands between an ethertype and what the parser found behind it, at end. */
static void add_tags(struct layers *to, const uint8_t *bytes, unsigned type_at, unsigned at,
		     unsigned end)
{
	unsigned type = skua_be16(bytes + type_at);

	while (at + 4 <= end && skua_is_vlan(type)) {
		layers_add(to, type == SKUA_ETH_QINQ ? LAYER_QINQ : LAYER_VLAN);
		type = skua_be16(bytes + at + 2);
		at += 4;
	}
	if (type == SKUA_ETH_MPLS || type == SKUA_ETH_MPLS_MULTICAST) {
		layers_add(to, LAYER_MPLS);
	} else if (type == SKUA_ETH_PPPOE) {
		layers_add(to, LAYER_PPPOE);
		layers_add(to, LAYER_PPP);
	}
}

static void add_link(struct layers *to, const struct analyst_frame *frame,
		     const struct skua_packet *pkt)
{
	static const struct {
		enum layer layer;
		uint8_t length, type_at;
	} links[] = {
		[SKUA_LINK_ETHERNET] = { LAYER_ETH, 14, 12 },
		[SKUA_LINK_RAW] = { LAYER_RAW, 0, 0 },
		[SKUA_LINK_NULL] = { LAYER_NULL, 0, 0 },
		[SKUA_LINK_SLL] = { LAYER_SLL, 16, 14 },
		[SKUA_LINK_SLL2] = { LAYER_SLL, 20, 0 },
	};
	unsigned length = links[frame->link].length;

	if (frame->linktype != LINKTYPE_IPV4 && frame->linktype != LINKTYPE_IPV6)
		layers_add(to, links[frame->link].layer);
	if (!length || pkt->offset < length)
		return;
	add_tags(to, frame->bytes, links[frame->link].type_at, length, pkt->offset);
	if (frame->link == SKUA_LINK_ETHERNET && pkt->ethertype <= LENGTH_MAX)
		layers_add(to, LAYER_LLC);
}

/* From IP to the transport; false: it ends at IP. */
static bool add_ip(struct layers *to, const struct skua_frame *bytes, struct skua_packet *pkt)
{
	enum layer layer = find(ethertypes, pkt->ethertype);

	if (layer)
		layers_add(to, layer);
	return skua_parse_ip(bytes, pkt) == SKUA_PARSED && pkt->fragment == SKUA_WHOLE;
}

static void add_tunnel(struct layers *to, enum skua_tunnel tunnel)
{
	static const enum layer over[][2] = {
		[SKUA_VXLAN] = { LAYER_UDP, LAYER_VXLAN },
		[SKUA_GENEVE] = { LAYER_UDP, LAYER_GENEVE },
		[SKUA_GRE] = { LAYER_GRE, LAYER_NONE },
		[SKUA_IP_IN_IP] = { LAYER_NONE, LAYER_NONE },
		[SKUA_GTPU] = { LAYER_UDP, LAYER_GTP },
	};

	for (unsigned i = 0; i < 2; i++)
		if (over[tunnel][i])
			layers_add(to, over[tunnel][i]);
}

/* pkt stands behind the outer IP header; the parser has seen that there is a tunnel. */
static bool enter(struct layers *to, const struct analyst_frame *frame,
		  const struct skua_frame *bytes, struct skua_packet *pkt)
{
	enum skua_tunnel tunnel = skua_enter_tunnel(bytes, pkt);

	if (tunnel == SKUA_NO_TUNNEL)
		return false;
	add_tunnel(to, tunnel);
	if (pkt->ethertype == SKUA_ETH_BRIDGED) {
		unsigned at = pkt->offset;

		layers_add(to, LAYER_ETH);
		if (skua_parse_ethernet(bytes, pkt) == SKUA_PARSED)
			add_tags(to, frame->bytes, at + 12, at + 14, pkt->offset);
	}
	return true;
}

struct layers layers_of(const struct analyst_frame *frame)
{
	const struct skua_frame bytes = { frame->bytes, frame->bytes + frame->captured,
					  SKUA_FRAME_WHOLE };
	struct skua_packet pkt = { .length = frame->length, .left = frame->length };
	struct layers to = { { 0 } };
	enum layer layer;

	if (frame->link < 0)
		return to;
	skua_parse_link(&bytes, frame->link, &pkt);
	add_link(&to, frame, &pkt);
	if (!add_ip(&to, &bytes, &pkt))
		return to;
	if (frame->verdict == SKUA_PARSED && frame->pkt->tunnel != SKUA_NO_TUNNEL &&
	    (!enter(&to, frame, &bytes, &pkt) || !add_ip(&to, &bytes, &pkt)))
		return to;
	layer = find(protocols, pkt.proto);
	if (layer)
		layers_add(&to, layer);
	return to;
}
