// SPDX-License-Identifier: BSD-2-Clause
/* The life of flows in the engine: their exchanges, their reports, and why they end. */
#include "engine_stage.h"

static void test_keep_alive(void)
{
	struct stage *stage = stage_open();
	const struct skua_exchange *previous = &stage->exchange.previous;

	handshake(stage);
	at(stage, 1000);
	out(stage, SKUA_ACK, 1, 1, 100);
	at(stage, 1100);
	in(stage, SKUA_ACK, 1, 101, 300);
	at(stage, 1599);
	out(stage, SKUA_ACK, 101, 301, 50);
	ok(says(stage, ""), "a request 499 ms after the answer belongs to the same exchange");
	at(stage, 2099);
	out(stage, SKUA_ACK, 151, 301, 70);
	ok(says(stage, "exchange") && stage->exchange.start_ns == ms(2099) &&
		   stage->exchange.flow_ns == ms(0) && !stage->exchange.by_syn &&
		   stage->exchange.answered,
	   "one after 500 ms of silence opens the next, by payload, after an answer");
	ok(previous->start_ns == ms(0) && previous->payload[SKUA_LOW] == 150 &&
		   previous->payload[SKUA_HIGH] == 300 && previous->packets[SKUA_LOW] == 4 &&
		   previous->packets[SKUA_HIGH] == 2,
	   "with the totals of the one before it");
	at(stage, 12000);
	out(stage, SKUA_ACK, 151, 301, 70);
	out(stage, SKUA_ACK, 220, 301, 1);
	out(stage, SKUA_ACK, 1, 1, 100);
	ok(says(stage, ""),
	   "neither retransmissions, old ones too, nor a keep-alive probe open one");
	in(stage, SKUA_ACK, 301, 221, 10);
	ok(says(stage, ""), "nor does the server");
	at(stage, 22000);
	out(stage, SKUA_ACK, 221, 311, 5);
	ok(says(stage, "exchange") && previous->start_ns == ms(2099) &&
		   previous->payload[SKUA_LOW] == 70 && previous->payload[SKUA_HIGH] == 10 &&
		   previous->packets[SKUA_LOW] == 4 && previous->packets[SKUA_HIGH] == 1,
	   "but the next request, which tells of the second alone");
	stage_close(stage);
}

static void test_answer_breaks_silence(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 10);
	at(stage, 2000);
	in(stage, SKUA_ACK, 1, 11, 10);
	at(stage, 2300);
	out(stage, SKUA_ACK, 11, 11, 10);
	ok(says(stage, ""), "silence is that of both sides: a late answer ends it");
	stage_close(stage);
}

static void test_reports(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	at(stage, 30000);
	out(stage, SKUA_ACK, 1, 1, 10);
	at(stage, 59999);
	in(stage, SKUA_ACK, 1, 11, 10);
	ok(says(stage, ""), "a flow that lives is not reported within a minute");
	at(stage, 60000);
	in(stage, SKUA_ACK, 11, 11, 10);
	ok(says(stage, "flow-report") && stage->flow.flow.way[SKUA_HIGH].payload == 20,
	   "after one it is, with its totals so far");
	in(stage, SKUA_ACK, 21, 11, 10);
	ok(says(stage, ""), "once a minute");
	stage_close(stage);
}

static void test_volume(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 60000);
	in(stage, SKUA_ACK, 1, 60001, 60000);
	in(stage, SKUA_ACK, 60001, 60001, 60000);
	out(stage, SKUA_ACK, 60001, 120001, 5535);
	ok(says(stage, ""), "65,535 bytes by the client are told by time, however much comes back");
	out(stage, SKUA_ACK, 65536, 120001, 1);
	ok(says(stage, "flow-report") && stage->flow.flow.way[SKUA_LOW].payload == 65536,
	   "one more is reported at once");
	out(stage, SKUA_ACK, 125537, 120001, 5535);
	ok(says(stage, ""), "then again only when it has doubled,");
	out(stage, SKUA_ACK, 131072, 120001, 1);
	ok(says(stage, "flow-report") && stage->flow.flow.way[SKUA_LOW].payload == 131072,
	   "and what the capture missed counts, for the numbers went on");
	stage_close(stage);
}

/* Ticks as the engine asks for them; returns how many. */
static unsigned ticks_until(struct stage *stage, uint64_t second)
{
	unsigned n = 0;

	for (uint64_t s; (s = engine_next(stage->engine)) <= START_S + second; n++) {
		if (s <= stage->ticked_s)
			return 9999;
		stage->ticked_s = s;
		engine_tick(stage->engine, s);
	}
	return n;
}

static void test_idle(void)
{
	struct stage *stage = stage_open();
	unsigned ticks;

	handshake(stage);
	at(stage, 100);
	out(stage, SKUA_ACK, 1, 1, 10);
	ticks = ticks_until(stage, 18000);
	ok(says(stage, "") && kept(stage, SKUA_TABLE_OUT) == 1,
	   "a connection may be silent for 5 hours");
	ok(ticks < 12, "which takes a few ticks, not one each second");
	engine_tick(stage->engine, START_S + 18001);
	ok(says(stage, "flow-idle") && stage->flow.ours &&
		   stage->flow.head.time_ns == (START_S + 18001) * SECOND &&
		   stage->flow.flow.last_ns == ms(100) && stage->flow.head.ifindex == 1 &&
		   !kept(stage, SKUA_TABLE_OUT),
	   "then it is idle, told with the first second after, and forgotten");
	stage_close(stage);
}

static void test_idle_opening(void)
{
	struct stage *stage = stage_open();

	at(stage, 200);
	out(stage, SKUA_SYN, 0, 0, 0);
	says(stage, "exchange");
	ok(engine_next(stage->engine) == START_S + 6, "first the attempt is due");
	at(stage, 6000);
	says(stage, "contact-unanswered");
	ok(engine_next(stage->engine) == START_S + 76, "then the flow that nobody answered");
	at(stage, 75999);
	ok(says(stage, "") && kept(stage, SKUA_TABLE_OUT) == 1, "for which a connect waits 75 s");
	at(stage, 76000);
	ok(says(stage, "flow-idle") && !kept(stage, SKUA_TABLE_OUT), "and no longer");
	stage_close(stage);
}

static void test_idle_moves(void)
{
	struct stage *stage = stage_open();

	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 40000);
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 114999);
	ok(kept(stage, SKUA_TABLE_OUT) == 1, "whoever speaks again is waited for anew");
	at(stage, 115000);
	ok(!kept(stage, SKUA_TABLE_OUT), "from then on");
	stage_close(stage);
}

static void test_stop(void)
{
	struct stage *stage = stage_open();
	struct skua_flow_event first;

	stage->client.port = 50001;
	handshake(stage);
	stage->client.port = 50000;
	handshake(stage);
	stage->client.port = 50002;
	handshake(stage);
	out(stage, SKUA_RST, 1, 0, 0);
	stage->client = (struct host){ HOST_WORLD, 40000 };
	stage->server = (struct host){ HOST_OURS, 22 };
	handshake(stage);
	engine_stop(stage->engine, ms(9000));
	first = stage->flow;
	ok(says(stage, "flow-stop flow-stop flow-stop") && stage->flows == 4 && !first.ours &&
		   first.head.time_ns == ms(9000) && first.head.key.low_port == 22,
	   "at a stop all flows are told, ours first, but not those whose end was said");
	ok(!kept(stage, SKUA_TABLE_OUT) && !kept(stage, SKUA_TABLE_IN), "and forgotten");
	engine_stop(stage->engine, ms(9000));
	ok(says(stage, ""), "a second stop finds nothing");
	stage_close(stage);
}

struct order {
	uint16_t ports[8];
	unsigned count;
};

static void note_port(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct order *order = arg;

	(void)bytes, (void)now_ns;
	if (event->kind == SKUA_EVENT_FLOW && order->count < 8)
		order->ports[order->count++] = event->key.high_port;
}

/* Events of one sweep do not depend on who came first. */
static void test_order(void)
{
	static const uint16_t ports[] = { 400, 100, 200, 300 };
	struct engine_options options = stage_options();
	struct stage stage = { .client = { HOST_OURS, 50000 }, .server = { HOST_WORLD, 0 } };
	struct order order = {};
	bool sorted = true;

	if (engine_open(&stage.engine, &options, note_port, &order))
		abort();
	stage.now_ns = START_S * SECOND;
	stage.origin = -1;
	engine_tick(stage.engine, START_S);
	for (int i = 0; i < 4; i++) {
		stage.server.port = ports[i];
		out(&stage, SKUA_SYN, 0, 0, 0);
	}
	engine_stop(stage.engine, stage.now_ns);
	for (unsigned i = 1; i < order.count; i++) /* the key is compared as it lies in memory */
		sorted &= memcmp(&order.ports[i - 1], &order.ports[i], 2) < 0;
	ok(order.count == 4 && sorted,
	   "flows that end together are told in the order of their keys");
	engine_close(stage.engine);
}

static void test_restart(void)
{
	struct stage *stage = stage_open();
	static const struct skua_exchange none;

	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 40);
	in(stage, SKUA_RST, 1, 0, 0);
	says(stage, "flow-end");
	at(stage, 2000);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(says(stage, ""), "the old SYN again, late, begins nothing");
	out(stage, SKUA_SYN, 90000, 0, 0);
	ok(says(stage, "exchange") && stage->exchange.start_ns == ms(2000) &&
		   stage->exchange.flow_ns == ms(2000) && stage->exchange.by_syn &&
		   !memcmp(&stage->exchange.previous, &none, sizeof(none)),
	   "a new one over the ports of a closed connection begins from nothing");
	at(stage, 7000);
	ok(kept(stage, SKUA_TABLE_OUT) == 1, "and lives on when the old one would be forgotten");
	engine_stop(stage->engine, stage->now_ns);
	ok(says(stage, "flow-stop") && stage->flow.flow.way[SKUA_LOW].packets == 1 &&
		   !stage->flow.flow.way[SKUA_LOW].payload && stage->flow.flow.syn == 1,
	   "with totals of its own");
	stage_close(stage);
}

static void test_elsewhere(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	stage->ifindex = 2;
	out(stage, SKUA_ACK, 1, 1, 100);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_ELSEWHERE) == 1,
	   "on another interface a packet is not accounted again");
	stage->ifindex = 1;
	out(stage, SKUA_ACK, 1, 1, 100);
	engine_stop(stage->engine, stage->now_ns);
	ok(stage->flow.flow.seen_elsewhere == 1 && stage->flow.flow.way[SKUA_LOW].packets == 3 &&
		   stage->flow.flow.way[SKUA_LOW].payload == 100 &&
		   stage->flow.flow.home_ifindex == 1,
	   "the flow only knows of it");
	stage_close(stage);
}

/* The ports of a connection whose end nobody saw, used again. */
static void test_reused(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	at(stage, 100000);
	out(stage, SKUA_SYN, 90000, 0, 0);
	ok(says(stage, "exchange flow-report") && stage->exchange.by_syn &&
		   stage->exchange.previous.start_ns == ms(0) && stage->exchange.flow_ns == ms(0),
	   "a new SYN within an open flow opens an exchange of it");
	out(stage, SKUA_SYN, 90000, 0, 0);
	ok(says(stage, ""), "its retransmission none");
	stage_close(stage);
}

static void test_late(void)
{
	struct stage *stage = stage_open();

	at(stage, 9000);
	handshake(stage);
	stage->now_ns = ms(3000);
	out(stage, SKUA_ACK, 1, 1, 10);
	engine_stop(stage->engine, ms(10000));
	ok(stage->flow.flow.last_ns == ms(9021) && stage->flow.flow.way[SKUA_LOW].payload == 10,
	   "a packet that comes late counts, and does not make its flow older");
	stage_close(stage);
}

static void test_idle_strangers(void)
{
	struct stage *stage = stage_open_inbound();

	show_datagram(stage, true, (const uint8_t *)"ping", 4);
	show_datagram(stage, false, (const uint8_t *)"pong", 4);
	says(stage, "contact-answered exchange");
	at(stage, 179999);
	ok(kept(stage, SKUA_TABLE_IN) == 1, "a stranger's flow is waited for as long as ours");
	at(stage, 180000);
	ok(says(stage, "flow-idle") && !stage->flow.ours && !kept(stage, SKUA_TABLE_IN),
	   "and told when it falls idle");
	stage_close(stage);
}

int main(void)
{
	test_keep_alive();
	test_answer_breaks_silence();
	test_reports();
	test_volume();
	test_idle();
	test_idle_opening();
	test_idle_moves();
	test_stop();
	test_order();
	test_restart();
	test_elsewhere();
	test_idle_strangers();
	test_reused();
	test_late();
	return done();
}
