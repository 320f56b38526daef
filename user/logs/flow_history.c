// SPDX-License-Identifier: BSD-2-Clause
/* Zeek's letters for what happened in a flow, and its word for how that ended. */
#include <ctype.h>
#include "logs/flow_history.h"

#define BY_HIGH 0x80 /* of a letter: who sent it, for who is the client may yet change */

void history_add(struct log_flow *flow, unsigned side, char letter)
{
	struct log_way *way = &flow->way[side];
	uint32_t bit = 1u << (letter - 'a');

	if (way->letters & bit)
		return;
	way->letters |= bit;
	if (flow->history_length < LOG_HISTORY - 1)
		flow->history[flow->history_length++] = (char)(letter | (side ? BY_HIGH : 0));
}

void history_tcp(struct log_flow *flow, const struct skua_packet *pkt, unsigned side, bool again)
{
	uint8_t flags = pkt->tcp_flags;

	if (flags & SKUA_SYN && flags & (SKUA_FIN | SKUA_RST))
		history_add(flow, side, 'q');
	else if (flags & SKUA_FIN && flags & SKUA_RST)
		history_add(flow, side, 'i');
	else if (flags & SKUA_SYN)
		history_add(flow, side, flags & SKUA_ACK ? 'h' : 's');
	if (pkt->payload)
		history_add(flow, side, again ? 't' : 'd');
	else if (flags & SKUA_ACK && !(flags & (SKUA_SYN | SKUA_FIN | SKUA_RST)))
		history_add(flow, side, 'a');
	if (flags & SKUA_FIN)
		history_add(flow, side, 'f');
	if (flags & SKUA_RST)
		history_add(flow, side, 'r');
}

const char *history_text(const struct log_flow *flow, char to[LOG_HISTORY])
{
	for (unsigned i = 0; i < flow->history_length; i++) {
		unsigned char letter = flow->history[i];
		unsigned side = letter & BY_HIGH ? SKUA_HIGH : SKUA_LOW;

		letter &= ~BY_HIGH;
		to[i] = side == flow->client ? toupper(letter) : letter;
	}
	to[flow->history_length] = '\0';
	return to;
}

static const char *tcp_state(const struct log_way *client, const struct log_way *server)
{
	bool syn = client->flags & SKUA_SYN, answer = server->flags & SKUA_SYN;
	bool reset = client->flags & SKUA_RST, refused = server->flags & SKUA_RST;

	if (!syn && !answer)
		return "OTH";
	if (!syn)
		return refused ? "RSTRH" : server->fin ? "SHR" : "OTH";
	if (!answer) {
		if (refused)
			return "REJ";
		return reset ? "RSTOS0" : client->fin ? "SH" : server->packets ? "OTH" : "S0";
	}
	if (reset)
		return "RSTO";
	if (refused)
		return "RSTR";
	if (client->fin && server->fin)
		return "SF";
	return client->fin ? "S2" : server->fin ? "S3" : "S1";
}

const char *history_state(const struct skua_flow_key *key, const struct log_flow *flow)
{
	const struct log_way *client = &flow->way[flow->client];
	const struct log_way *server = &flow->way[skua_other(flow->client)];

	if (key->proto == SKUA_TCP)
		return tcp_state(client, server);
	if (key->proto != SKUA_UDP)
		return "OTH";
	if (client->packets)
		return server->packets ? "SF" : "S0";
	return "SHR";
}
