// SPDX-License-Identifier: BSD-2-Clause
/* Conversations with a port that attack tools use by default. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "detect/port.h"

static const struct {
	uint16_t port;
	const char *why;
} ports[] = {
	{ 1234, "which tutorials of reverse shells use" },
	{ 4444, "which Metasploit uses by default" },
	{ 5555, "which Android's debug bridge leaves open and its worms look for" },
	{ 6666, "which IRC bots and old backdoors use" },
	{ 6667, "which IRC uses, and bots that take orders there" },
	{ 6697, "which IRC over TLS uses, and bots that take orders there" },
	{ 8888, "which Sliver's mutual TLS uses by default, and notebooks too" },
	{ 9999, "which tutorials of reverse shells use" },
	{ 12345, "which NetBus used" },
	{ 31337, "which Back Orifice used, and Sliver for its operators" },
};

static const char *why_suspicious(uint16_t port)
{
	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i].port == port)
			return ports[i].why;
	return NULL;
}

static uint16_t port_of(const struct skua_flow_key *key, enum skua_side side)
{
	return side == SKUA_HIGH ? key->high_port : key->low_port;
}

/* Joined midway, who is the client is a guess: then the suspicious port is the server's. */
static enum skua_side client_of(const struct skua_flow_event *event)
{
	enum skua_side client = skua_flow_client(&event->flow);

	if (event->flow.state & SKUA_FLOW_MIDSTREAM &&
	    why_suspicious(port_of(&event->head.key, client)) &&
	    !why_suspicious(port_of(&event->head.key, skua_other(client))))
		return skua_other(client);
	return client;
}

static bool took_place(const struct skua_flow *flow)
{
	return flow->syn_ack || flow->way[SKUA_LOW].payload || flow->way[SKUA_HIGH].payload;
}

bool port_judge(const struct skua_flow_event *event, struct finding *out)
{
	const struct skua_flow_key *key = &event->head.key;
	enum skua_side client = client_of(event);
	uint16_t port = port_of(key, skua_other(client));
	const char *why = why_suspicious(port);

	if ((key->proto != SKUA_TCP && key->proto != SKUA_UDP) || !why || !took_place(&event->flow))
		return false;
	memset(out, 0, sizeof(*out)); /* only now: few flows come this far */
	out->kind = FINDING_SUSPICIOUS_PORT;
	memcpy(out->src.bytes, client == SKUA_LOW ? key->low : key->high, 16);
	memcpy(out->dst.bytes, client == SKUA_LOW ? key->high : key->low, 16);
	out->has_dst = true;
	out->sport = port_of(key, client);
	out->dport = port;
	out->proto = key->proto;
	out->ifindex = event->head.ifindex;
	out->first_ns = event->flow.first_ns;
	out->last_ns = event->flow.last_ns;
	out->trigger_ns = event->head.time_ns;
	out->at_end = event->reason == SKUA_FLOW_STOP;
	out->score_raw = PORT_SCORE;
	out->score = PORT_SCORE;
	out->port.port = port;
	out->port.packets = (uint64_t)event->flow.way[0].packets + event->flow.way[1].packets;
	out->count = out->port.packets;
	snprintf(out->reason, sizeof(out->reason), "traffic on port %u, %s: %" PRIu64 " packets",
		 port, why, out->port.packets);
	return true;
}
