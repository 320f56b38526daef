// SPDX-License-Identifier: BSD-2-Clause
/* Matches whole packets against what a finding is about. */
#include <string.h>
#include "capture/file_reader.h"
#include "replay/complete_match.h"
#include "record/domain.h"
#include "skua/neighbour.h"

static void add_server(struct complete_match *match, const struct skua_sample_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	bool high = event->flags & SKUA_SAMPLE_CLIENT_HIGH;
	struct complete_server server = { .address = address_from(high ? key->low : key->high),
					  .port = high ? key->low_port : key->high_port,
					  .proto = key->proto };

	if (server.port == SKUA_DNS_PORT)
		return;
	for (unsigned i = 0; i < match->server_count; i++)
		if (address_equal(&match->servers[i].address, &server.address) &&
		    match->servers[i].port == server.port)
			return;
	if (match->server_count < COMPLETE_SERVERS)
		match->servers[match->server_count++] = server;
}

void complete_match_init(struct complete_match *match, struct recorder *recorder,
			 const struct finding *finding)
{
	struct recorder_selection selection;

	memset(match, 0, sizeof(*match));
	evidence_selector(finding, &match->selector);
	if (match->selector.what != RECORDER_NAME ||
	    recorder_select(recorder, &match->selector, &selection))
		return;
	for (size_t i = 0; i < selection.count; i++)
		add_server(match, selection.rows[i].event);
	recorder_selection_fini(&selection);
}

static bool parse_arp(struct complete_packet *packet, const struct skua_frame *frame)
{
	struct skua_neighbour neighbour;

	if (packet->parsed.pkt.ethertype != SKUA_ETH_ARP ||
	    skua_parse_arp(frame, &packet->parsed.pkt, &neighbour) != SKUA_PARSED)
		return false;
	packet->src = address_from(neighbour.asker);
	packet->dst = address_from(neighbour.target);
	packet->parsed.pkt.proto = 0;
	return true;
}

bool complete_packet_parse(struct complete_packet *packet, const struct frame *frame,
			   bool look_through)
{
	const struct skua_frame shown = { .data = frame->bytes,
					  .end = frame->bytes + frame->captured,
					  .captured = SKUA_FRAME_WHOLE };
	int link = file_reader_link(frame->linktype);
	enum skua_verdict v;

	if (link < 0)
		return false;
	packet->frame = frame;
	v = skua_parse(&shown, frame->length, link, look_through, &packet->parsed);
	if (v == SKUA_IGNORED)
		return parse_arp(packet, &shown);
	packet->src = address_from(packet->parsed.pkt.src);
	packet->dst = address_from(packet->parsed.pkt.dst);
	return v == SKUA_PARSED;
}

static bool is_of(const struct complete_packet *packet, const struct address *host)
{
	return address_equal(&packet->src, host) || address_equal(&packet->dst, host);
}

/* Later fragments tell no port. */
static bool is_service(const struct complete_packet *packet, uint16_t port, uint8_t proto)
{
	const struct skua_packet *pkt = &packet->parsed.pkt;

	if (proto && pkt->proto != proto)
		return false;
	return !port || pkt->fragment == SKUA_LATER_FRAGMENT || pkt->sport == port ||
	       pkt->dport == port;
}

static bool asks(const struct complete_match *match, const struct complete_packet *packet)
{
	const struct skua_packet *pkt = &packet->parsed.pkt;
	const struct recorder_selector *s = &match->selector;
	struct skua_sample_event event = { .head.key.proto = pkt->proto,
					   .offset = pkt->payload_at };
	const struct sample_row row = { .event = &event,
					.bytes = packet->frame->bytes,
					.captured = packet->frame->captured };

	if (!is_service(packet, SKUA_DNS_PORT, 0))
		return false;
	return s->domain[0] ? domain_asked(&row, s->domain) : is_of(packet, &s->b);
}

static bool is_named(const struct complete_match *match, const struct complete_packet *packet)
{
	for (unsigned i = 0; i < match->server_count; i++) {
		const struct complete_server *server = &match->servers[i];

		if (is_of(packet, &server->address) &&
		    is_service(packet, server->port, server->proto))
			return true;
	}
	return false;
}

bool complete_match(const struct complete_match *match, const struct complete_packet *packet)
{
	const struct recorder_selector *s = &match->selector;

	if (s->what != RECORDER_ALL && !is_of(packet, &s->a))
		return false;
	switch (s->what) {
	case RECORDER_PAIR:
		return is_of(packet, &s->b) && is_service(packet, s->port, s->proto);
	case RECORDER_NAME:
		return is_named(match, packet) || asks(match, packet);
	case RECORDER_DNS:
		return asks(match, packet);
	case RECORDER_HOST:
	case RECORDER_ALL:
		return true;
	}
	return false;
}
