// SPDX-License-Identifier: BSD-2-Clause
/* File sharing among many peers: questions by UDP, connections most of which fail, keep-alives. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

#define KEEPALIVE_NS (120 * NS_PER_S) /* BEP 3: generally once every two minutes */
#define STAY_NS (1200 * NS_PER_S)     /* mean life of a connection */
#define HANDSHAKE 68                  /* bytes each way */
#define BLOCK 16384                   /* what is asked for at once */
#define BLOCK_PPM 120000              /* of turns that are no keep-alive */
#define DHT_PPM 700000                /* of tries that are questions by UDP */
#define DHT_ANSWERED_PPM 550000

static const uint8_t handshake[] = "\x13"
				   "BitTorrent protocol\0\0\0\0\0\x10\0\x05";
static const uint8_t keepalive[4];
static const uint8_t request[17] = { 0, 0, 0, 13, 6, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0x40, 0 };
static const uint8_t piece[13] = { 0, 0, 0x40, 9, 7, 0, 0, 1, 7, 0, 0, 0, 0 };

/* Handshake, then keep-alives until the end that left tells, now and then a block. */
static enum next talk(struct sim *sim, struct session *session, struct exchange *exchange)
{
	bool fetches = draw_chance(&session->draw, BLOCK_PPM);

	if (session->left && sim->now_ns >= session->left)
		return NEXT_CLOSE;
	if (!session->left) {
		session->left = sim->now_ns + draw_exponential(&session->draw, STAY_NS);
		exchange->request = exchange->reply = HANDSHAKE;
		exchange->heads[SIDE_CLIENT] = exchange->heads[SIDE_SERVER] = handshake;
		exchange->head_lengths[SIDE_CLIENT] = exchange->head_lengths[SIDE_SERVER] = 28;
		return NEXT_TURN;
	}
	exchange->at_ns =
		sim->now_ns + (fetches ? draw_below(&session->draw, KEEPALIVE_NS) : KEEPALIVE_NS);
	exchange->request = fetches ? sizeof(request) : sizeof(keepalive);
	exchange->reply = fetches ? sizeof(piece) + BLOCK : sizeof(keepalive);
	exchange->heads[SIDE_CLIENT] = fetches ? request : keepalive;
	exchange->heads[SIDE_SERVER] = fetches ? piece : keepalive;
	exchange->head_lengths[SIDE_CLIENT] = exchange->request;
	exchange->head_lengths[SIDE_SERVER] = fetches ? sizeof(piece) : sizeof(keepalive);
	return NEXT_TURN;
}

/* BEP 5's get_peers, and an answer that lists eight nodes. */
static void ask_node(struct sim *sim, struct habit *habit, const struct address *peer,
		     uint16_t port)
{
	static const char head[] = "d1:ad2:id20:", middle[] = "9:info_hash20:",
			  end[] = "e1:q9:get_peers1:t2:aa1:y1:qe";
	static const char found[] = "d1:rd2:id20:", nodes[] = "5:nodes208:",
			  last[] = "5:token4:abcde1:t2:aa1:y1:re";
	uint8_t query[128], answer[320], *at;
	struct packet packet = {
		.source = habit->host,
		.target = *peer,
		.source_port = 6881,
		.target_port = port,
		.protocol = IPPROTO_UDP,
		.payload = query,
	};
	struct packet reply = packet;

	at = wire_put(query, head, sizeof(head) - 1);
	at = wire_put(wire_put(at, sim->noise + habit->host.bytes[15], 20), middle,
		      sizeof(middle) - 1);
	at = wire_put(at, sim->noise + 4096 + draw_below(&habit->draw, 8), 20);
	packet.length = wire_put(at, end, sizeof(end) - 1) - query;
	sim_send(sim, &habit->actor->spec.route, &packet);
	if (!draw_chance(&habit->draw, DHT_ANSWERED_PPM))
		return;
	at = wire_put(wire_put(answer, found, sizeof(found) - 1), sim->noise + port, 20);
	at = wire_put(wire_put(at, nodes, sizeof(nodes) - 1),
		      sim->noise + draw_below(&habit->draw, 40000), 208);
	reply.source = packet.target;
	reply.target = packet.source;
	reply.source_port = packet.target_port;
	reply.target_port = packet.source_port;
	reply.payload = answer;
	reply.length = wire_put(at, last, sizeof(last) - 1) - answer;
	sim_send_at(sim, sim->now_ns + sim_round_trip(sim, peer), &habit->actor->spec.route,
		    &reply);
}

static void meet(struct sim *sim, struct habit *habit)
{
	unsigned number = draw_below(&habit->draw, habit->actor->spec.sites);
	struct draw own = draw_from(number, 81);
	uint16_t port = draw_between(&own, 10240, 65000);
	struct session *session;
	struct address peer;
	char name[24];

	habit->truth->count++;
	snprintf(name, sizeof(name), "peer-%u", number);
	peer = name_address(name, address_is_ipv4(&habit->host));
	if (draw_chance(&habit->draw, DHT_PPM)) {
		ask_node(sim, habit, &peer, port);
		return;
	}
	session = session_new(sim, habit->actor, &habit->draw, &habit->host, &peer, port);
	if (!session)
		return;
	session->application = APPLICATION_RAW;
	session->exchange = talk;
	session_start(sim, session, sim->now_ns);
}

int peers_start(struct sim *sim, struct actor *actor)
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "tcp");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, meet) : -ENOMEM;
}
