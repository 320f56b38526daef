// SPDX-License-Identifier: BSD-2-Clause
/* What a flow means: when an exchange opens, what counts as payload, when it is over. */
#include "skua/sample.h"
#include "core_segment.h"
#include "tap.h"

static const struct skua_config config = SKUA_CONFIG_DEFAULT;

static __u32 add(struct skua_flow *flow, struct skua_packet pkt, enum skua_side side, __u64 now_ns,
		 struct skua_exchange *previous)
{
	return skua_flow_add(flow, &pkt, side, &config, now_ns, previous);
}

static void test_exchanges(void)
{
	struct skua_packet syn = segment(SKUA_LOW, SKUA_SYN, 100, 0, 0);
	struct skua_packet ask = segment(SKUA_LOW, SKUA_ACK, 101, 0, 200);
	struct skua_packet answer = segment(SKUA_HIGH, SKUA_ACK, 501, 0, 1000);
	struct skua_packet again = segment(SKUA_LOW, SKUA_ACK, 301, 0, 50);
	struct skua_exchange previous = {};
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	ok(add(&flow, syn, SKUA_LOW, SECOND, &previous) & SKUA_DUE_EXCHANGE,
	   "a new connection opens an exchange");
	ok(!(add(&flow, syn, SKUA_LOW, 3 * SECOND, &previous) & SKUA_DUE_EXCHANGE),
	   "its repeated syn opens none");
	ok(!(add(&flow, ask, SKUA_LOW, 5 * SECOND, &previous) & SKUA_DUE_EXCHANGE),
	   "nor does its first request, however late");
	ok(!(flow.state & SKUA_FLOW_ANSWERED), "a request is no answer");
	add(&flow, answer, SKUA_HIGH, 5 * SECOND, &previous);
	ok(flow.state & SKUA_FLOW_ANSWERED, "payload both ways is one");
	ok(!(add(&flow, again, SKUA_LOW, 5 * SECOND + SECOND / 2 - 1, &previous) &
	     SKUA_DUE_EXCHANGE),
	   "a request within half a second belongs to the same exchange");
	ok(!(add(&flow, again, SKUA_LOW, 30 * SECOND, &previous) & SKUA_DUE_EXCHANGE),
	   "a retransmission opens none, however late");
	again.seq += 50;
	ok(add(&flow, again, SKUA_LOW, 60 * SECOND, &previous) & SKUA_DUE_EXCHANGE,
	   "a request after a silence opens the next");
	ok(previous.start_ns == SECOND && previous.payload[SKUA_LOW] == 250 &&
		   previous.payload[SKUA_HIGH] == 1000 && previous.packets[SKUA_LOW] == 5,
	   "which tells what the one before carried");
	answer.seq += 1000;
	ok(!(add(&flow, answer, SKUA_HIGH, 90 * SECOND, &previous) & SKUA_DUE_EXCHANGE),
	   "payload of the server opens none");
}

static void test_gap(void)
{
	struct skua_packet ask = segment(SKUA_LOW, SKUA_ACK, 1, 0, 10);
	struct skua_exchange previous = {};
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	flow.state |= SKUA_FLOW_MIDSTREAM;
	ok(!(add(&flow, ask, SKUA_LOW, SECOND, &previous) & SKUA_DUE_EXCHANGE),
	   "a stream picked up in the middle opens none at first");
	ask.seq += 10;
	ok(!(add(&flow, ask, SKUA_LOW, SECOND + SECOND / 2 - 1, &previous) & SKUA_DUE_EXCHANGE),
	   "nor a request just before half a second of silence");
	ask.seq += 10;
	ok(add(&flow, ask, SKUA_LOW, 2 * SECOND - 1, &previous) & SKUA_DUE_EXCHANGE,
	   "one after exactly half a second does");
}

static void test_progress(void)
{
	struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 1000, 0, 100);
	struct skua_exchange previous;
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 100, "a retransmission carries nothing new");
	pkt.seq = 5000;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 4100, "a gap in the capture still proves its volume");
	pkt.seq = 0xffffff00;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 4100, "a number from behind is no progress");
	pkt.payload = 100000;
	pkt.seq = 5100;
	ok(add(&flow, pkt, SKUA_LOW, SECOND, &previous) & SKUA_DUE_REPORT,
	   "a doubling beyond 64 KiB is reported");
	ok(add(&flow, pkt, SKUA_LOW, SECOND, &previous) & SKUA_DUE_REPORT,
	   "and reported again while nobody received it");
	skua_flow_reported(&flow, SECOND);
	ok(!(add(&flow, pkt, SKUA_LOW, SECOND, &previous) & SKUA_DUE_REPORT), "but once only");
	ok(add(&flow, pkt, SKUA_LOW, 61 * SECOND, &previous) & SKUA_DUE_REPORT,
	   "until a minute later");
}

/* A minute counts from the last report that was received, in whole seconds. */
static void test_reports(void)
{
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, 1000 * SECOND);
	ok(!skua_flow_report_due(&flow, &config, 1060 * SECOND - 1) &&
		   skua_flow_report_due(&flow, &config, 1060 * SECOND),
	   "a flow is reported after a minute");
	skua_flow_reported(&flow, 1065 * SECOND + SECOND / 2);
	ok(!skua_flow_report_due(&flow, &config, 1125 * SECOND - 1) &&
		   skua_flow_report_due(&flow, &config, 1125 * SECOND),
	   "and a minute after that");
	skua_flow_reported(&flow, 900 * SECOND);
	ok(!skua_flow_report_due(&flow, &config, 1125 * SECOND - 1),
	   "a clock that went back changes nothing");
}

/* Numbers beyond the largest window either way are another stream, whose SYN was not seen. */
static void test_jump(void)
{
	const __u32 largest = 1u << 30;
	struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 0, 0, 100);
	struct skua_exchange previous;
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	pkt.seq = 100 - largest - 100;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 100, "a window behind is a retransmission");
	pkt.seq--;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 200, "what lies further behind begins anew");
	pkt.seq += 100;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 300, "and is followed from there");
	pkt.seq += largest;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 300 + largest, "a window ahead is a gap");
	pkt.seq += largest + 1;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].payload == 400 + largest, "what lies further ahead begins anew");
}

/* A file of evidence from which packets were left out. */
static void test_left_out(void)
{
	struct skua_packet ask = segment(SKUA_LOW, SKUA_ACK, 1, 0, 100);
	struct skua_packet answer = segment(SKUA_HIGH, SKUA_ACK, 1, 0, 5000);
	struct skua_exchange previous;
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	add(&flow, ask, SKUA_LOW, SECOND, &previous);
	add(&flow, answer, SKUA_HIGH, SECOND, &previous);
	ask.seq = 102;
	ok(!(add(&flow, ask, SKUA_LOW, 60 * SECOND, &previous) & SKUA_DUE_EXCHANGE) &&
		   flow.way[SKUA_LOW].payload == 201,
	   "across a gap of one octet no exchange opens, though the octet counts");
	ask.seq += 100;
	ok(!(add(&flow, ask, SKUA_LOW, 60 * SECOND + SECOND / 2 - 1, &previous) &
	     SKUA_DUE_EXCHANGE),
	   "nor by what follows at once");
	ask.seq += 100;
	ok(add(&flow, ask, SKUA_LOW, 120 * SECOND, &previous) & SKUA_DUE_EXCHANGE,
	   "the next in order after a silence opens one");
	answer.seq = 90001;
	add(&flow, answer, SKUA_HIGH, 120 * SECOND, &previous);
	ask.seq += 100;
	ok(add(&flow, ask, SKUA_LOW, 180 * SECOND, &previous) & SKUA_DUE_EXCHANGE &&
		   previous.payload[SKUA_HIGH] == 90000,
	   "gaps of the server prevent none, and count as well");
	ask.seq += 50;
	ask.payload = 100;
	ok(add(&flow, ask, SKUA_LOW, 240 * SECOND, &previous) & SKUA_DUE_EXCHANGE,
	   "nor does a segment that repeats a part");
}

static void test_fin_progress(void)
{
	const __u32 largest = 1u << 30;
	struct skua_packet fin = segment(SKUA_LOW, SKUA_FIN | SKUA_ACK, 1 + largest, 0, 0);
	struct skua_packet ask = segment(SKUA_LOW, SKUA_ACK, 1, 0, 100);
	struct skua_exchange previous;
	struct skua_flow flow = {};
	const __u64 *payload = &flow.way[SKUA_LOW].payload;

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	add(&flow, ask, SKUA_LOW, SECOND, &previous);
	fin.seq = 101 + largest + 1;
	add(&flow, fin, SKUA_LOW, SECOND, &previous);
	ok(*payload == 100, "a FIN more than a window ahead proves nothing");
	fin.seq = 5001;
	fin.tcp_flags = SKUA_RST;
	add(&flow, fin, SKUA_LOW, SECOND, &previous);
	fin.tcp_flags = SKUA_ACK;
	add(&flow, fin, SKUA_LOW, SECOND, &previous);
	fin.tcp_flags = SKUA_FIN | SKUA_RST;
	add(&flow, fin, SKUA_LOW, SECOND, &previous);
	ok(*payload == 100, "nor does an empty packet of another kind");
	fin.tcp_flags = SKUA_FIN | SKUA_ACK;
	ok(!(add(&flow, fin, SKUA_LOW, 60 * SECOND, &previous) & SKUA_DUE_EXCHANGE) &&
		   *payload == 5000,
	   "one ahead proves what came before it, and opens nothing");
	add(&flow, fin, SKUA_LOW, 60 * SECOND, &previous);
	ask.seq = 4901;
	add(&flow, ask, SKUA_LOW, 60 * SECOND, &previous);
	ok(*payload == 5000, "once, also if it comes again or what it proved is late");
	fin.seq = 5001 + largest;
	add(&flow, fin, SKUA_LOW, 60 * SECOND, &previous);
	ok(*payload == 5000ull + largest, "at most a window for each");
}

/* The end is judged with what its own packet proves. */
static void test_end_not_empty(void)
{
	struct skua_packet fin = segment(SKUA_LOW, SKUA_FIN | SKUA_ACK, 101, 501, 0);
	struct skua_packet back = segment(SKUA_HIGH, SKUA_FIN | SKUA_ACK, 701, 102, 0);
	struct skua_exchange previous;
	struct skua_flow flow = { .way[SKUA_LOW].next_seq = 101, .way[SKUA_HIGH].next_seq = 501 };

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	flow.state |= SKUA_FLOW_HANDSHAKE | SKUA_FLOW_SEQ_LOW | SKUA_FLOW_SEQ_HIGH;
	add(&flow, fin, SKUA_LOW, SECOND, &previous);
	ok(add(&flow, back, SKUA_HIGH, SECOND, &previous) == (SKUA_DUE_END | SKUA_DUE_REPORT) &&
		   flow.way[SKUA_HIGH].payload == 200,
	   "a connection whose last FIN proves payload was not empty");
}

static void test_saturation(void)
{
	struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 0, 0, 0);
	struct skua_exchange previous;
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	flow.way[SKUA_LOW].packets = SKUA_PACKETS_MAX - 1;
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	add(&flow, pkt, SKUA_LOW, SECOND, &previous);
	ok(flow.way[SKUA_LOW].packets == SKUA_PACKETS_MAX && flow.way[SKUA_LOW].bytes == 2 * 54,
	   "packets stop counting before they wrap, bytes go on");
}

static void test_end(void)
{
	struct skua_packet fin = segment(SKUA_LOW, SKUA_FIN | SKUA_ACK, 101, 501, 0);
	struct skua_packet back = segment(SKUA_HIGH, SKUA_FIN | SKUA_ACK, 501, 102, 0);
	struct skua_packet reset = segment(SKUA_HIGH, SKUA_RST, 501, 0, 0);
	struct skua_exchange previous;
	struct skua_flow flow = {};

	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	flow.state |= SKUA_FLOW_HANDSHAKE;
	ok(!(add(&flow, fin, SKUA_LOW, SECOND, &previous) & SKUA_DUE_END),
	   "one side's fin does not end a flow");
	ok(add(&flow, back, SKUA_HIGH, SECOND, &previous) ==
		   (SKUA_DUE_END | SKUA_DUE_REPORT | SKUA_DUE_EMPTY),
	   "the other's does; a handshake without payload was empty");
	ok(!(add(&flow, reset, SKUA_HIGH, SECOND, &previous) & SKUA_DUE_END), "it ends once");
	ok(skua_flow_deadline(&flow, SKUA_TCP) == 6 * SECOND, "and is forgotten soon");
	flow = (struct skua_flow){};
	skua_flow_init(&flow, SKUA_LOW, 1, SECOND);
	flow.way[0].payload = 1;
	flow.state |= SKUA_FLOW_HANDSHAKE;
	ok(add(&flow, reset, SKUA_HIGH, SECOND, &previous) == (SKUA_DUE_END | SKUA_DUE_REPORT),
	   "a reset ends it too; with payload it was not empty");
}

static void test_adoption(void)
{
	struct skua_pending pending = { .first_ns = SECOND,
					.last_ns = 2 * SECOND,
					.bytes = { 100, 60 },
					.packets = { 2, 1 },
					.source_isn = 700,
					.source_next = 701,
					.target_isn = 900,
					.stage = SKUA_STAGE_SYN_ACK,
					.syn = 2,
					.syn_ack = 1 };
	struct skua_flow flow = {};

	ok(skua_flow_adopt(&flow, &pending, SKUA_HIGH, SKUA_HIGH, 3) == SKUA_DUE_EXCHANGE,
	   "a handshake that was waited for opens an exchange");
	ok(flow.way[SKUA_HIGH].packets == 2 && flow.way[SKUA_LOW].bytes == 60 && flow.syn == 2 &&
		   flow.exchange_ns == SECOND && flow.first_ns == SECOND,
	   "and what was seen before counts, from the syn on");
	ok(flow.way[SKUA_HIGH].next_seq == 701 && flow.way[SKUA_LOW].next_seq == 901,
	   "with the numbers of both sides");
	pending.stage = SKUA_STAGE_MIDSTREAM;
	pending.source_next = 1000;
	flow = (struct skua_flow){};
	ok(skua_flow_adopt(&flow, &pending, SKUA_LOW, SKUA_HIGH, 3) == 0 &&
		   skua_flow_client(&flow) == SKUA_HIGH && flow.state & SKUA_FLOW_MIDSTREAM,
	   "a stream from the middle opens none, and its client is who was told");
	ok(flow.way[SKUA_LOW].payload == 300 && flow.way[SKUA_LOW].next_seq == 1000,
	   "what its source had sent before counts, and what follows is no gap");
	pending.source_next = 700 + (1u << 30) + 1;
	flow = (struct skua_flow){};
	skua_flow_adopt(&flow, &pending, SKUA_LOW, SKUA_LOW, 3);
	ok(!flow.way[SKUA_LOW].payload, "up to a window");
}

static void test_key(void)
{
	struct skua_packet there = segment(SKUA_LOW, SKUA_ACK, 0, 0, 0);
	struct skua_packet back = segment(SKUA_HIGH, SKUA_ACK, 0, 0, 0);
	struct skua_flow_key one, other;

	ok(skua_flow_key_init(&one, &there) == SKUA_LOW &&
		   skua_flow_key_init(&other, &back) == SKUA_HIGH &&
		   !__builtin_memcmp(&one, &other, sizeof(one)),
	   "both directions have one key");
	there.dst[1] = back.dst[1] = there.src[1] = back.src[1] = 9;
	ok(skua_flow_key_init(&one, &there) == SKUA_HIGH &&
		   skua_flow_key_init(&other, &back) == SKUA_LOW &&
		   !__builtin_memcmp(&one, &other, sizeof(one)) && one.low_port == 443,
	   "a host that talks to itself is told apart by ports");
}

static void test_samples(void)
{
	struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 1, 0, 1000);
	struct skua_flow flow = { .way[0].payload = 1000 };
	struct skua_source source;
	bool always = true;

	ok(skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == 1514, "a beginning is kept");
	flow.way[0].payload = 32768 + 999;
	ok(skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == 1514,
	   "up to the packet that crosses 32 KiB");
	flow.way[0].payload = 32768 + 1000;
	ok(!skua_sample_flow(&flow, &pkt, SKUA_LOW, &config), "and nothing beyond");
	flow.way[0].payload = 65536;
	ok(skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == SKUA_SAMPLE_HEADER,
	   "but a header for each 64 KiB");
	flow.exchange_ns = 1;
	flow.opened_payload[0] = flow.way[0].payload - 1000;
	flow.way[0].payload += 100;
	pkt.payload = 100;
	ok(skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == 1514,
	   "and the beginning of each exchange");
	flow.way[0].payload = flow.opened_payload[0] + 4096 + 100;
	ok(!skua_sample_flow(&flow, &pkt, SKUA_LOW, &config), "not all of a long request");
	pkt.tcp_flags |= SKUA_PSH;
	ok(skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == SKUA_SAMPLE_HEADER,
	   "but a header where the client's write ends");
	flow.state |= SKUA_FLOW_CLIENT_HIGH;
	ok(!skua_sample_flow(&flow, &pkt, SKUA_LOW, &config), "not the server's");
	flow.state &= ~SKUA_FLOW_CLIENT_HIGH;
	flow.way[0].payload = flow.opened_payload[0] + SKUA_SAMPLE_REQUEST + 100;
	ok(!skua_sample_flow(&flow, &pkt, SKUA_LOW, &config), "nor beyond 64 KiB");
	flow = (struct skua_flow){ .way[0].payload = 1 << 20 };
	for (unsigned i = 0; i < 3; i++) {
		static const __u8 flags[] = { SKUA_SYN, SKUA_FIN | SKUA_ACK, SKUA_RST };

		pkt = segment(SKUA_LOW, flags[i], 1, 0, 0);
		always &= skua_sample_flow(&flow, &pkt, SKUA_LOW, &config) == SKUA_SAMPLE_HEADER;
	}
	pkt.tcp_flags = SKUA_ACK | SKUA_PSH;
	ok(always && !skua_sample_flow(&flow, &pkt, SKUA_LOW, &config),
	   "and, however far it is, the headers of SYN, FIN and RST");
	flow = (struct skua_flow){};
	skua_source_init(&source, true, SECOND);
	ok(skua_sample_allows(&source, config.sample_rate, &config, SECOND) &&
		   !skua_sample_allows(&source, 1, &config, SECOND),
	   "a source has its share of each second");
	ok(skua_sample_allows(&source, 1, &config, 2 * SECOND), "and not more");
	ok(!skua_sample_granted(&flow, 1) &&
		   skua_sample_grant(&flow, &source, 65, &config, 3 * SECOND) &&
		   source.sampled == 4096,
	   "a flow asks for 4 KiB at a time");
	ok(skua_sample_granted(&flow, 62 * 64) && !skua_sample_granted(&flow, 1),
	   "and uses them up in units of 64 bytes");
}

int main(void)
{
	test_exchanges();
	test_gap();
	test_progress();
	test_reports();
	test_jump();
	test_left_out();
	test_fin_progress();
	test_end_not_empty();
	test_saturation();
	test_end();
	test_adoption();
	test_key();
	test_samples();
	return done();
}
