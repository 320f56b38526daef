// SPDX-License-Identifier: BSD-2-Clause
/* Walks a frame with the shared parser; replaces addresses, finds where payload begins. */
#include <string.h>
#include "skua/neighbour.h"
#include "skua/parse.h"
#include "record/scrub.h"
#include "record/scrub_header.h"

#define ARP_SIZE 28
#define QUOTED_BYTES 8 /* behind the IP header: what every quote has (RFC 792) */
#define NEIGHBOUR_SIZE 16
#define NEIGHBOUR_SOURCE 1 /* options with a link address (RFC 4861) */
#define NEIGHBOUR_TARGET 2

enum place { OUTSIDE, IN_TUNNEL, QUOTED };

static uint32_t scrub_network(const struct walk *walk, struct skua_packet *pkt, enum place place);

static uint32_t at_most(uint32_t size, const struct walk *walk)
{
	return size < walk->captured ? size : walk->captured;
}

/* Payload begins here: all of it stays, or none. */
static uint32_t payload_from(const struct walk *walk, uint32_t offset)
{
	return walk->scrub->keep_payload ? walk->captured : at_most(offset, walk);
}

/* A header begins at offset that cannot be read: what there is of a cut one tells no payload, but
 * may tell addresses. */
static uint32_t stopped_at(const struct walk *walk, uint32_t offset, enum skua_verdict verdict)
{
	if (verdict == SKUA_TRUNCATED && !walk->scrub->anonymizer)
		return walk->captured;
	return at_most(offset, walk);
}

static uint32_t scrub_arp(const struct walk *walk, const struct skua_packet *pkt)
{
	struct skua_neighbour unused;
	uint8_t *at = walk->bytes + pkt->offset;
	enum skua_verdict verdict = skua_parse_arp(&walk->frame, pkt, &unused);

	if (verdict != SKUA_PARSED)
		return stopped_at(walk, pkt->offset, verdict);
	scrub_mac(walk, at + 8);
	scrub_ipv4(walk, at + 14);
	scrub_mac(walk, at + 18);
	scrub_ipv4(walk, at + 24);
	return payload_from(walk, pkt->offset + ARP_SIZE);
}

/* Solicitation or advertisement, pkt standing at the target: it and its link addresses. */
static uint32_t scrub_neighbour(const struct walk *walk, struct skua_packet *pkt)
{
	const uint8_t *at;

	if (skua_need(&walk->frame, pkt, NEIGHBOUR_SIZE, &at) != SKUA_PARSED)
		return at_most(pkt->offset, walk);
	scrub_ipv6(walk, walk->bytes + pkt->offset);
	skua_skip(pkt, NEIGHBOUR_SIZE);
	while (skua_need(&walk->frame, pkt, 8, &at) == SKUA_PARSED &&
	       (at[0] == NEIGHBOUR_SOURCE || at[0] == NEIGHBOUR_TARGET) && at[1] == 1) {
		scrub_mac(walk, walk->bytes + pkt->offset + 2);
		skua_skip(pkt, 8);
	}
	return payload_from(walk, pkt->offset);
}

static bool is_quote(const struct skua_packet *pkt)
{
	__u8 type = pkt->icmp_type;

	if (pkt->proto == SKUA_ICMPV6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Listener reports, router advertisements, redirects: control, not payload. */
static bool tells_addresses(__u8 type)
{
	return (type >= 130 && type <= 137) || type == 143;
}

/* pkt stands behind the eight bytes that all ICMP has. */
static uint32_t scrub_icmp(const struct walk *walk, struct skua_packet *pkt)
{
	struct skua_packet quote = { .length = pkt->length,
				     .left = pkt->left,
				     .offset = pkt->offset,
				     .ethertype = pkt->proto == SKUA_ICMP ? SKUA_ETH_IPV4
									  : SKUA_ETH_IPV6 };

	if (pkt->proto == SKUA_ICMP && pkt->icmp_type == 5) /* redirect: to this router */
		scrub_ipv4(walk, walk->bytes + pkt->offset - 4);
	if (is_quote(pkt))
		return scrub_network(walk, &quote, QUOTED);
	if (pkt->proto == SKUA_ICMPV6 && (pkt->icmp_type == 135 || pkt->icmp_type == 136))
		return scrub_neighbour(walk, pkt);
	if (pkt->proto == SKUA_ICMPV6 && walk->scrub->anonymizer && tells_addresses(pkt->icmp_type))
		return at_most(pkt->offset, walk);
	return payload_from(walk, pkt->offset);
}

/* What a tunnel carries; false: it is none that we know. */
static bool scrub_tunnel(const struct walk *walk, const struct skua_packet *pkt, uint32_t *keep)
{
	struct skua_packet inner = {
		.length = pkt->length, .left = pkt->left, .offset = pkt->offset, .proto = pkt->proto
	};
	enum skua_verdict verdict;

	if (!skua_may_tunnel(pkt) || skua_enter_tunnel(&walk->frame, &inner) == SKUA_NO_TUNNEL)
		return false;
	*keep = at_most(inner.offset, walk);
	if (inner.ethertype == SKUA_ETH_BRIDGED) {
		if (!scrub_link(walk, SKUA_LINK_ETHERNET, inner.offset))
			return true;
		verdict = skua_parse_ethernet(&walk->frame, &inner);
		if (verdict != SKUA_PARSED) {
			*keep = stopped_at(walk, inner.offset, verdict);
			return true;
		}
	}
	*keep = scrub_network(walk, &inner, IN_TUNNEL);
	return true;
}

static uint32_t scrub_quoted(const struct walk *walk, const struct skua_packet *pkt)
{
	bool known = pkt->proto == SKUA_TCP || pkt->proto == SKUA_UDP || pkt->proto == SKUA_SCTP ||
		     pkt->proto == SKUA_ICMP || pkt->proto == SKUA_ICMPV6;

	return payload_from(walk, pkt->offset + (known ? QUOTED_BYTES : 0));
}

static uint32_t scrub_transport(const struct walk *walk, struct skua_packet *pkt, enum place place)
{
	uint32_t offset = pkt->offset, keep;
	enum skua_verdict verdict;

	if (pkt->fragment == SKUA_LATER_FRAGMENT)
		return payload_from(walk, offset);
	if (place == QUOTED)
		return scrub_quoted(walk, pkt);
	if (place == OUTSIDE && scrub_tunnel(walk, pkt, &keep))
		return keep;
	verdict = skua_parse_transport(&walk->frame, pkt);
	if (verdict == SKUA_TRUNCATED) /* nothing but ports, numbers and flags */
		return walk->captured;
	if (verdict != SKUA_PARSED)
		return at_most(offset, walk);
	if (pkt->proto == SKUA_ICMP || pkt->proto == SKUA_ICMPV6)
		return scrub_icmp(walk, pkt);
	if (pkt->proto == SKUA_TCP)
		scrub_tcp_options(walk, offset, pkt->payload_at);
	return payload_from(walk, pkt->payload_at);
}

/* pkt stands behind the link header. */
static uint32_t scrub_network(const struct walk *walk, struct skua_packet *pkt, enum place place)
{
	uint32_t at = pkt->offset, keep;
	struct covered before;
	enum skua_verdict verdict;

	if (pkt->ethertype == SKUA_ETH_ARP)
		return scrub_arp(walk, pkt);
	/* RARP, LLDP, spanning tree: who is who, and nobody's payload. */
	if (pkt->ethertype != SKUA_ETH_IPV4 && pkt->ethertype != SKUA_ETH_IPV6)
		return walk->scrub->anonymizer ? at_most(at, walk) : payload_from(walk, at);
	verdict = skua_parse_ip(&walk->frame, pkt);
	if (verdict != SKUA_PARSED)
		return stopped_at(walk, at, verdict);
	before = covered_by_checksum(walk, pkt, at);
	if (pkt->ethertype == SKUA_ETH_IPV4)
		scrub_ipv4_header(walk, at, pkt->offset);
	else
		scrub_ipv6_header(walk, at, pkt->offset);
	keep = scrub_transport(walk, pkt, place);
	mend_checksum(walk, &before);
	return keep;
}

uint32_t scrub_frame(const struct scrub *scrub, uint8_t *bytes, uint32_t captured, uint32_t length,
		     int link)
{
	const struct walk walk = { .scrub = scrub,
				   .frame = { bytes, bytes + captured, captured },
				   .bytes = bytes,
				   .captured = captured };
	struct skua_packet pkt = { .length = length, .left = length };
	enum skua_verdict verdict;

	if (link < 0 || !scrub_link(&walk, (enum skua_link)link, 0))
		return 0;
	verdict = skua_parse_link(&walk.frame, (enum skua_link)link, &pkt);
	if (verdict != SKUA_PARSED)
		return stopped_at(&walk, pkt.offset, verdict);
	return scrub_network(&walk, &pkt, OUTSIDE);
}
