// SPDX-License-Identifier: BSD-2-Clause
/* Who gets into which flow table, and by what: strangers prove themselves, ours need not. */
#include "base/address.h"
#include "engine_stage.h"

/* A stranger's handshake up to the ACK that proves it. */
static void test_before_ack(struct stage *stage)
{
	at(stage, 100);
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 110);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_OUT) && !kept(stage, SKUA_TABLE_IN),
	   "a stranger's SYN admits nothing, nor does our SYN-ACK");
	at(stage, 120);
	out(stage, SKUA_ACK, 1, 2, 0);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_IN), "nor an ACK that guesses the number");
	ok(counted(stage, SKUA_COUNT_WAITING) == 3, "all that is accounted as waiting");
	ok(stage->samples == 3 && stage->sample.from_client && !stage->sample.ours,
	   "and sampled, as its own");
}

static void test_inbound(void)
{
	struct stage *stage = stage_open_inbound();
	const struct skua_flow *flow = &stage->flow.flow;

	test_before_ack(stage);
	at(stage, 130);
	out(stage, SKUA_ACK, 1, 1, 0);
	ok(says(stage, "contact-answered exchange") && kept(stage, SKUA_TABLE_IN) == 1 &&
		   !kept(stage, SKUA_TABLE_OUT),
	   "the right one answers the contact and opens the exchange, among the strangers");
	ok(stage->contact.first_ns == ms(100) && !stage->contact.ours &&
		   stage->exchange.start_ns == ms(100) && stage->exchange.flow_ns == ms(100) &&
		   stage->exchange.head.time_ns == ms(130) && !stage->exchange.ours &&
		   stage->exchange.client == SKUA_HIGH && stage->exchange.by_syn,
	   "both since the SYN, and not of our side");
	at(stage, 140);
	in(stage, SKUA_ACK | SKUA_PSH, 1, 1, 30);
	at(stage, 150);
	in(stage, SKUA_RST, 31, 0, 0);
	ok(says(stage, "flow-end") && !stage->flow.ours && flow->syn == 1 && flow->syn_ack == 1 &&
		   flow->way[SKUA_HIGH].packets == 3 && flow->way[SKUA_HIGH].bytes == 3 * HEADERS &&
		   flow->way[SKUA_LOW].packets == 3 &&
		   flow->way[SKUA_LOW].bytes == 3 * HEADERS + 30 &&
		   flow->way[SKUA_LOW].payload == 30 && !flow->way[SKUA_HIGH].payload,
	   "its totals include what waited");
	ok(counted(stage, SKUA_COUNT_IN) == 3 && counted(stage, SKUA_COUNT_WAITING) == 3,
	   "and its packets are accounted where each of them was");
	stage_close(stage);
}

static void test_inbound_empty(void)
{
	struct stage *stage = stage_open_inbound();

	handshake(stage);
	out(stage, SKUA_FIN | SKUA_ACK, 1, 1, 0);
	in(stage, SKUA_FIN | SKUA_ACK, 1, 2, 0);
	ok(says(stage, "contact-empty flow-end") && !stage->contact.ours &&
		   stage->contact.source == SKUA_HIGH && stage->contact.first_ns == ms(0),
	   "a stranger that says nothing leaves an empty contact");
	stage_close(stage);
}

static void test_inbound_failures(void)
{
	struct stage *stage = stage_open_inbound();

	out(stage, SKUA_SYN, 0, 0, 0);
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(says(stage, "contact-refused") && !stage->contact.ours && stage->contact.attempts == 1,
	   "our RST refuses a stranger, who never was a flow");
	stage->server.port++;
	out(stage, SKUA_SYN, 0, 0, 0);
	out(stage, SKUA_SYN, 0, 0, 0);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	out(stage, SKUA_RST, 1, 0, 0);
	ok(says(stage, "contact-half-open") && stage->contact.attempts == 2,
	   "its own RST after our SYN-ACK leaves it half open");
	stage->server.port++;
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 5000);
	ok(says(stage, "contact-unanswered") && !stage->contact.ours,
	   "our silence does not answer");
	ok(!kept(stage, SKUA_TABLE_IN) && !kept(stage, SKUA_TABLE_OUT) && !stage->exchanges,
	   "and none of it ever was a conversation");
	stage_close(stage);
}

/* Other initial numbers, as an operating system draws them for a new connection. */
static void test_new_numbers(void)
{
	struct stage *stage = stage_open_inbound();

	out(stage, SKUA_SYN, 0, 0, 0);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	out(stage, SKUA_SYN, 7000, 0, 0);
	out(stage, SKUA_ACK, 7001, 1, 0);
	ok(says(stage, ""), "a SYN with a new number wants a new SYN-ACK");
	in(stage, SKUA_SYN | SKUA_ACK, 9000, 7001, 0);
	out(stage, SKUA_ACK, 7001, 9001, 0);
	ok(says(stage, "contact-answered exchange"), "and is admitted by the ACK of that one");
	stage_close(stage);
}

static void test_midstream(void)
{
	struct stage *stage = stage_open_inbound();
	struct engine_options options = stage_options();

	out(stage, SKUA_ACK, 500, 700, 10);
	out(stage, SKUA_ACK, 510, 700, 10);
	out(stage, SKUA_ACK, 520, 700, 10);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_IN), "payload of a stranger alone waits");
	in(stage, SKUA_ACK, 700, 530, 5);
	ok(says(stage, "") && kept(stage, SKUA_TABLE_IN) == 1,
	   "payload of both admits a stream from its midst, which opens no exchange");
	ok(stage->sample.sender == SKUA_LOW && stage->sample.from_client,
	   "who is its client is not known, so either may be");
	engine_stop(stage->engine, stage->now_ns);
	ok(says(stage, "flow-stop") && stage->flow.flow.state & SKUA_FLOW_MIDSTREAM &&
		   stage->flow.flow.way[SKUA_HIGH].packets == 3,
	   "and says so in its totals");
	stage_close(stage);
	options.config.one_way = 1;
	stage = stage_open_as(&options);
	out(stage, SKUA_ACK, 500, 700, 10);
	out(stage, SKUA_ACK, 510, 700, 10);
	ok(!kept(stage, SKUA_TABLE_OUT), "in captures two segments of one side wait, too");
	out(stage, SKUA_ACK, 520, 700, 10);
	ok(kept(stage, SKUA_TABLE_OUT) == 1, "the third admits them");
	stage_close(stage);
}

/* Without a SYN, a well-known port tells who serves. */
static void test_midstream_client(void)
{
	struct stage *stage = stage_open();

	in(stage, SKUA_ACK, 700, 500, 10);
	out(stage, SKUA_ACK, 500, 710, 10);
	engine_stop(stage->engine, stage->now_ns);
	ok(says(stage, "flow-stop") && stage->flow.ours &&
		   skua_flow_client(&stage->flow.flow) == SKUA_LOW,
	   "a stream whose server is seen first still is our client's");
	stage_close(stage);
}

static uint32_t opened_as(struct stage *stage, enum skua_table which)
{
	uint32_t n;

	out(stage, SKUA_SYN, 0, 0, 0);
	n = kept(stage, which);
	stage_close(stage);
	return n;
}

static void test_origin(void)
{
	static struct network locals[2];
	struct engine_options options = stage_options();
	struct stage *stage = stage_open();

	stage->client.address = HOST_LOWER;
	ok(opened_as(stage, SKUA_TABLE_OUT) == 1,
	   "between two strangers who speaks first counts as ours");
	stage = stage_open();
	stage->server.address = HOST_OURS_2;
	ok(opened_as(stage, SKUA_TABLE_OUT) == 1, "between two of ours as well");
	stage = stage_open();
	stage->origin = SKUA_THEIRS;
	ok(!opened_as(stage, SKUA_TABLE_OUT),
	   "what the capture says of the direction counts first");
	stage = stage_open_inbound();
	stage->origin = SKUA_OURS;
	ok(opened_as(stage, SKUA_TABLE_OUT) == 1, "in either direction");
	network_parse(&locals[0], "198.51.100.0/24");
	network_parse(&locals[1], "203.0.113.0/24");
	options.locals = locals;
	options.local_count = 2;
	stage = stage_open_as(&options);
	ok(!opened_as(stage, SKUA_TABLE_OUT), "networks that are named replace the private ones:");
	stage = stage_open_as(&options);
	stage->client = (struct host){ HOST_WORLD, 40000 };
	stage->server = (struct host){ HOST_OURS, 22 };
	ok(opened_as(stage, SKUA_TABLE_OUT) == 1, "what lies in any of them is ours");
}

/* An ICMP error by the router that quotes the client's packet up to eight bytes of TCP. */
static void unreachable(struct stage *stage, __u8 type, __u8 code, __u16 quoted_port)
{
	uint8_t frame[34 + 8 + 28] = {};
	uint8_t *quote = frame + 42;

	frame[34] = type;
	frame[35] = code;
	quote[0] = 0x45;
	stage_put(quote + 2, 40, 2);
	quote[9] = SKUA_TCP;
	stage_put(quote + 12, stage->client.address, 4);
	stage_put(quote + 16, stage->server.address, 4);
	stage_put(quote + 20, stage->client.port, 2);
	stage_put(quote + 22, quoted_port, 2);
	show_ip(stage, frame, SKUA_ICMP, HOST_ROUTER, stage->client.address, 36);
}

static void test_unreachable(void)
{
	struct stage *stage = stage_open();

	at(stage, 100);
	out(stage, SKUA_SYN, 0, 0, 0);
	stage->server.port = 80;
	out(stage, SKUA_SYN, 0, 0, 0);
	says(stage, "exchange exchange");
	at(stage, 200);
	unreachable(stage, 3, 1, 81);
	unreachable(stage, 5, 1, 80);
	ok(says(stage, ""), "an error that quotes another port decides nothing, nor a redirect");
	unreachable(stage, 3, 1, 80);
	ok(says(stage, "contact-unreachable") && stage->contact.icmp_code == 1 &&
		   stage->contact.first_ns == ms(100) && stage->contact.head.time_ns == ms(200) &&
		   stage->contact.head.key.high_port == 80 && !kept(stage, SKUA_TABLE_PENDING),
	   "one that quotes an attempt of the table decides it, with its code");
	unreachable(stage, 3, 1, 80);
	ok(says(stage, ""), "once");
	unreachable(stage, 11, 0, 443);
	ok(says(stage, "contact-unreachable") && !stage->contact.icmp_code &&
		   stage->contact.head.key.high_port == 443,
	   "time exceeded decides one of the record's slot");
	ok(counted(stage, SKUA_COUNT_SOURCE_ONLY) == 5, "errors themselves open nothing");
	at(stage, 76000);
	ok(says(stage, "flow-idle flow-idle"), "decided once, they are not unanswered as well");
	stage_close(stage);
}

/* A poll each five seconds: the first that was seen is no part of what is judged, and no gap. */
static void test_midstream_polls(void)
{
	struct stage *stage = stage_open();
	const struct skua_exchange *previous = &stage->exchange.previous;

	out(stage, SKUA_ACK, 1, 1, 100);
	in(stage, SKUA_ACK, 1, 101, 50);
	at(stage, 5000);
	out(stage, SKUA_ACK, 101, 51, 100);
	ok(says(stage, "exchange"),
	   "the second poll of a stream from the middle opens an exchange");
	at(stage, 10000);
	out(stage, SKUA_ACK, 201, 51, 100);
	ok(says(stage, "exchange") && previous->start_ns == ms(5000) &&
		   previous->payload[SKUA_LOW] == 100,
	   "which holds its own request alone");
	engine_stop(stage->engine, stage->now_ns);
	ok(stage->flow.flow.way[SKUA_LOW].payload == 300, "the totals hold all three");
	stage_close(stage);
}

int main(void)
{
	test_inbound();
	test_inbound_empty();
	test_inbound_failures();
	test_new_numbers();
	test_midstream();
	test_midstream_client();
	test_midstream_polls();
	test_origin();
	test_unreachable();
	return done();
}
