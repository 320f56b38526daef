// SPDX-License-Identifier: BSD-2-Clause
/* DNS over TCP (RFC 1035, 4.2.2): messages with their length in front; and over UDP. */
#include "dissect/datagrams.h"
#include "dissect/dns_view.h"
#include "dissect/http_message.h"
#include "dissect/snmp.h"

#define DNS_PORT 53
#define MDNS_PORT 5353
#define LLMNR_PORT 5355
#define NETBIOS_PORT 137 /* looks alike, and is something else */
#define OPCODES 0x7800
#define HEADER 12

static bool has_port(const struct skua_flow_key *key, uint16_t port)
{
	return key->low_port == port || key->high_port == port;
}

static bool is_expected(const struct skua_flow_key *key)
{
	return has_port(key, DNS_PORT) || has_port(key, MDNS_PORT) || has_port(key, LLMNR_PORT);
}

/* Where nobody expects DNS it must be one, to the last octet. */
static bool is_beyond_doubt(const struct dns_view *view)
{
	return !(view->flags & OPCODES) && view->questions == 1 && dns_view_is_whole(view);
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	struct dns_view view;

	for (unsigned side = 0; side < 2; side++) {
		struct cursor from = begin->said[side], message;
		uint16_t length;

		if (!from.left)
			continue;
		if (!cursor_u16(&from, &length))
			return has_port(begin->key, DNS_PORT) ? CLAIM_UNSURE : CLAIM_NO;
		if (length < HEADER)
			return CLAIM_NO;
		if (has_port(begin->key, DNS_PORT))
			return CLAIM_YES;
		if (!cursor_take(&from, length, &message))
			return CLAIM_NO;
		return dns_view_open(&view, message.at, message.left) && is_beyond_doubt(&view)
			       ? CLAIM_YES
			       : CLAIM_NO;
	}
	return CLAIM_NO;
}

struct dns_stream {
	bool lost[2]; /* nothing tells where the next message begins */
};

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct cursor from = { bytes, length }, message;
	struct dns_view view;

	if (((struct dns_stream *)state)->lost[call->place.sender])
		return length;
	if (!cursor_vector16(&from, &message))
		return 0;
	if (dns_view_open(&view, message.at, message.left)) {
		view.tcp = true;
		dissector_say(call, ITEM_DNS, &view);
	}
	return length - from.left;
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	(void)bytes;
	((struct dns_stream *)state)->lost[call->place.sender] = true;
}

const struct dissector dns_dissector = {
	.name = "dns",
	.state_size = sizeof(struct dns_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
};

void datagrams_show(struct quic *quic, const struct conversation_packet *packet, item_fn *say,
		    void *arg)
{
	struct item_place place = { .frame = packet->frame, .time_ns = packet->time_ns };
	struct item item = { .place = &place };
	struct http_message message;
	struct dns_view view;
	bool expected;

	place.sender = skua_flow_key_init(&place.key, packet->pkt);
	place.client = place.sender;
	if (quic_datagram(quic, &place, (struct cursor){ packet->payload, packet->captured }, say,
			  arg))
		return;
	if (snmp_datagram(&place, (struct cursor){ packet->payload, packet->captured }, say, arg))
		return;
	expected = is_expected(&place.key);
	if (http_datagram_parse(&message, packet->payload, packet->captured)) {
		item.kind = message.response ? ITEM_HTTP_RESPONSE : ITEM_HTTP_REQUEST;
		item.is = &message;
		say(arg, &item);
		return;
	}
	if (has_port(&place.key, NETBIOS_PORT) ||
	    !dns_view_open(&view, packet->payload, packet->captured))
		return;
	/* Cut by the capture, it may still say whom it asks for. */
	if (!expected && !is_beyond_doubt(&view))
		return;
	view.multicast = has_port(&place.key, MDNS_PORT) || has_port(&place.key, LLMNR_PORT);
	item.kind = ITEM_DNS;
	item.is = &view;
	say(arg, &item);
}
