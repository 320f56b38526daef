// SPDX-License-Identifier: BSD-2-Clause
/* A budget of each second for who asks and pings; what is beyond, and what is decided, counts. */
#include "engine_stage.h"

static struct stage *budget_of(uint32_t events)
{
	struct engine_options options = stage_options();

	options.config.event_budget = events;
	return stage_open_as(&options);
}

/* Ethernet, then who has target, or with reply: it is here; 10.0.0.n asks. */
static void arp(struct stage *stage, uint8_t asker, uint8_t target, bool reply, uint32_t captured)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6,
					0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1 };
	uint8_t frame[42] = { 0 };

	memcpy(frame, head, sizeof(head));
	frame[21] = 1 + reply;
	stage_put(frame + 28, 0x0a000000 + asker, 4);
	stage_put(frame + 38, 0x0a000000 + target, 4);
	show(stage, frame, captured, sizeof(frame));
}

static void echo(struct stage *stage, uint8_t type, uint16_t seq)
{
	uint8_t frame[34 + 8 + 56] = { 0 };

	frame[34] = type;
	stage_put(frame + 38, 77, 2);
	stage_put(frame + 40, seq, 2);
	show_ip(stage, frame, SKUA_ICMP, HOST_OURS, HOST_WORLD, 8 + 56);
}

static void test_arp(void)
{
	struct stage *stage = budget_of(2);

	arp(stage, 5, 9, false, 42);
	ok(says(stage, "neighbour") && stage->neighbour.reply == 0 &&
		   stage->neighbour.asker == SKUA_LOW && counted(stage, SKUA_COUNT_ARP) == 1,
	   "a request is said, and counted as what it is");
	arp(stage, 9, 5, true, 42);
	ok(says(stage, "neighbour") && stage->neighbour.reply == 1 &&
		   stage->neighbour.asker == SKUA_HIGH,
	   "a reply is, of who answers");
	for (uint8_t i = 0; i < 4; i++)
		arp(stage, 5, 10 + i, false, 42);
	ok(says(stage, "neighbour") && counted(stage, SKUA_COUNT_UNSAID) == 3 &&
		   counted(stage, SKUA_COUNT_ARP) == 6,
	   "beyond the budget of a second requests are counted alone");
	arp(stage, 6, 20, false, 42);
	ok(says(stage, "neighbour") && counted(stage, SKUA_COUNT_UNSAID) == 3,
	   "others have their own");
	at(stage, 1000);
	arp(stage, 5, 21, false, 42);
	ok(says(stage, "neighbour") && counted(stage, SKUA_COUNT_UNSAID) == 3,
	   "and the next second is a new one");
	stage_close(stage);
}

static void test_arp_cut(void)
{
	struct stage *stage = budget_of(2);

	arp(stage, 5, 9, false, 41);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_ARP) == 1 &&
		   counted(stage, SKUA_COUNT_UNSAID) == 0,
	   "one that was cut is counted, and takes nothing of the budget");
	arp(stage, 5, 9, false, 42);
	arp(stage, 5, 9, false, 42);
	ok(says(stage, "neighbour neighbour"), "which is there for others");
	stage_close(stage);
}

static void test_echo(void)
{
	struct stage *stage = budget_of(3);

	echo(stage, 8, 1);
	ok(says(stage, "icmp exchange"), "a first echo is said, and opens an exchange");
	for (uint16_t seq = 2; seq < 10; seq++)
		echo(stage, 8, seq);
	ok(stage->icmp.seq == 3 && counted(stage, SKUA_COUNT_UNSAID) == 6,
	   "beyond the budget echoes are counted alone");
	ok(counted(stage, SKUA_COUNT_OUT) == 9, "but accounted like any packet");
	at(stage, 1000);
	echo(stage, 8, 10);
	ok(stage->icmp.seq == 10 && counted(stage, SKUA_COUNT_UNSAID) == 6,
	   "and the next second is a new one");
	stage_close(stage);
}

static void test_shared(void)
{
	struct stage *stage = budget_of(2);

	arp(stage, 5, 9, false, 42);
	stage->said[0] = '\0';
	echo(stage, 8, 1);
	echo(stage, 8, 2);
	ok(stage->icmp.seq == 1 && counted(stage, SKUA_COUNT_UNSAID) == 1,
	   "the budget of an address is one for all that it says");
	stage_close(stage);
}

static void attempt(struct stage *stage, uint16_t port)
{
	stage->server.port = port;
	out(stage, SKUA_SYN, 0, 0, 0);
}

/* Whoever pinged first was seen by that: its record says whose side it is on. */
static void test_side(void)
{
	struct stage *stage = stage_open();

	echo(stage, 8, 1);
	for (uint16_t port = 1; port <= 300; port++)
		attempt(stage, port);
	at(stage, 1000);
	ok(stage->source.attempts == 45 && stage->source.ours == 1,
	   "a source of ours is one, though it pinged before it tried anything");
	stage_close(stage);
}

/* Ports only say where to look first: what a stranger opened stays his, whoever ends it. */
static void test_opened_by(void)
{
	struct stage *stage = stage_open_inbound();

	stage->server.port = 50000;
	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 10);
	in(stage, SKUA_RST | SKUA_ACK, 1, 11, 0);
	ok(stage->flows == 1 && stage->flow.reason == SKUA_FLOW_END && stage->flow.ours == 0,
	   "a stranger's conversation with a high port of ours is not ours when we end it");
	stage_close(stage);
}

static void refuse(struct stage *stage, uint16_t port)
{
	stage->server.port = port;
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
}

/* The first attempt of a source waits in its own record, further ones in a table. */
static void test_decided(void)
{
	struct stage *stage = stage_open();

	attempt(stage, 80);
	attempt(stage, 81);
	attempt(stage, 82);
	ok(counted(stage, SKUA_COUNT_INSERTED + SKUA_TABLE_PENDING) == 2 &&
		   counted(stage, SKUA_COUNT_INSERTED + SKUA_TABLE_SOURCES) == 1 &&
		   counted(stage, SKUA_COUNT_INSERTED + SKUA_TABLE_OUT) == 3 &&
		   kept(stage, SKUA_TABLE_PENDING) == 2 && !counted(stage, SKUA_COUNT_DECIDED),
	   "entries that are made are counted by their table");
	refuse(stage, 80);
	ok(!counted(stage, SKUA_COUNT_DECIDED) && kept(stage, SKUA_TABLE_PENDING) == 2,
	   "what waited in the record leaves no entry,");
	refuse(stage, 82);
	ok(counted(stage, SKUA_COUNT_DECIDED) == 1 && kept(stage, SKUA_TABLE_PENDING) == 1,
	   "one of the table does, and is counted");
	at(stage, 7000);
	ok(counted(stage, SKUA_COUNT_DECIDED) == 1 && kept(stage, SKUA_TABLE_PENDING) == 0,
	   "one that silence decides is none that a packet did");
	stage_close(stage);
}

int main(void)
{
	test_arp();
	test_arp_cut();
	test_echo();
	test_shared();
	test_side();
	test_opened_by();
	test_decided();
	return done();
}
