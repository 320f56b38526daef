// SPDX-License-Identifier: BSD-2-Clause
/* What of a packet is new payload, whether it opens an exchange, and what the one before carried.
 */
#include <stdint.h>
#include "skua/exchange.h"
#include "core_segment.h"
#include "tap.h"

#define JUMP SKUA_SEQ_JUMP_MAX

static const struct skua_config config = SKUA_CONFIG_DEFAULT;
static struct skua_flow flow;

/* A stream of the client of which everything up to seq was seen. */
static void begin(__u32 seq)
{
	flow = (struct skua_flow){ .state = SKUA_FLOW_SEQ_LOW };
	flow.way[SKUA_LOW].next_seq = seq;
}

static __u32 progress(__u8 flags, __u32 seq, __u32 payload)
{
	const struct skua_packet pkt = segment(SKUA_LOW, flags, seq, 0, payload);

	return skua_flow_progress(&flow, &pkt, SKUA_LOW);
}

static __u32 next_seq(void)
{
	return flow.way[SKUA_LOW].next_seq;
}

static void test_beginning(void)
{
	flow = (struct skua_flow){ 0 };
	ok(progress(SKUA_SYN, 100, 0) == 0 && next_seq() == 101 && flow.state == SKUA_FLOW_SEQ_LOW,
	   "a SYN is no payload, and what follows is counted from it");
	ok(progress(SKUA_ACK, 201, 10) == 110 && next_seq() == 211,
	   "so a gap behind it is proved by the segment that follows");
	ok(progress(SKUA_SYN, 5000, 77) == 0 && next_seq() == 5001,
	   "payload of a SYN is none, either");
	flow = (struct skua_flow){ 0 };
	ok(progress(SKUA_ACK, 100, 10) == 10 && next_seq() == 110 &&
		   flow.state == SKUA_FLOW_SEQ_LOW,
	   "joined midway, the first segment counts as it is");
}

static void test_order(void)
{
	begin(1000);
	ok(progress(SKUA_ACK, 1000, 10) == 10 && next_seq() == 1010, "what follows is new");
	ok(progress(SKUA_ACK, 1000, 10) == 0 && progress(SKUA_ACK, 900, 50) == 0 &&
		   next_seq() == 1010,
	   "what was seen is not");
	ok(progress(SKUA_ACK, 1005, 10) == 5 && next_seq() == 1015, "of both, what is beyond");
	ok(progress(SKUA_ACK, 1100, 10) == 95 && next_seq() == 1110, "a gap is");
	ok(progress(SKUA_ACK, 1110, 0) == 0 && progress(SKUA_ACK, 1120, 0) == 0 &&
		   next_seq() == 1110,
	   "without payload nothing is new");
}

static void test_jumps(void)
{
	begin(1000);
	ok(progress(SKUA_ACK, 1000 + JUMP - 10, 10) == JUMP, "a jump may be so large,");
	begin(1000);
	ok(progress(SKUA_ACK, 1000 + JUMP - 9, 10) == 10 && next_seq() == 1001 + JUMP,
	   "beyond it only the segment counts, and the stream goes on there");
	begin(1000);
	ok(progress(SKUA_ACK, 1000 - JUMP - 10, 10) == 0 && next_seq() == 1000,
	   "so far back it was seen before,");
	begin(1000);
	ok(progress(SKUA_ACK, 1000 - JUMP - 11, 10) == 10 && next_seq() == 1000 - JUMP - 1,
	   "further back it is another stream");
	begin(UINT32_MAX - 4);
	ok(progress(SKUA_ACK, UINT32_MAX - 4, 10) == 10 && next_seq() == 5,
	   "numbers begin again at 0");
}

static void test_ends(void)
{
	begin(1000);
	ok(progress(SKUA_FIN | SKUA_ACK, 1500, 0) == 500 && next_seq() == 1500,
	   "a FIN proves what lies before it");
	begin(1000);
	ok(progress(SKUA_RST, 1500, 0) == 0 && progress(SKUA_RST | SKUA_FIN, 1500, 0) == 0 &&
		   next_seq() == 1000,
	   "a RST proves nothing");
	ok(progress(SKUA_FIN, 1000 + JUMP, 0) == JUMP, "one that is not near is as far as a jump,");
	begin(1000);
	ok(progress(SKUA_FIN, 1001 + JUMP, 0) == 0 && next_seq() == 1000, "and no further");
}

static void test_others(void)
{
	struct skua_packet pkt = segment(SKUA_HIGH, SKUA_ACK, 7, 0, 10);

	flow = (struct skua_flow){ 0 };
	skua_flow_progress(&flow, &pkt, SKUA_HIGH);
	ok(flow.state == SKUA_FLOW_SEQ_HIGH && flow.way[SKUA_HIGH].next_seq == 17 && !next_seq(),
	   "each side has its own numbers");
	pkt.proto = SKUA_UDP;
	ok(skua_flow_progress(&flow, &pkt, SKUA_HIGH) == 10 &&
		   skua_flow_progress(&flow, &pkt, SKUA_HIGH) == 10,
	   "what has none is always new");
}

static void test_totals(void)
{
	struct skua_exchange previous;

	flow = (struct skua_flow){ .exchange_ns = 5, .payload_ns = 7 };
	for (unsigned i = 0; i < 2; i++) {
		flow.way[i].payload = 1000 + i;
		flow.way[i].packets = 50 + i;
		flow.opened_payload[i] = 100;
		flow.opened_packets[i] = 5;
	}
	skua_flow_open_exchange(&flow, &previous, 99);
	ok(previous.start_ns == 5 && previous.payload[0] == 900 && previous.payload[1] == 901 &&
		   previous.packets[0] == 45 && previous.packets[1] == 46,
	   "what the exchange before it carried is told,");
	ok(flow.exchange_ns == 99 && !flow.payload_ns && flow.opened_payload[0] == 1000 &&
		   flow.opened_payload[1] == 1001 && flow.opened_packets[0] == 50 &&
		   flow.opened_packets[1] == 51,
	   "and the next one counts from there");
}

/* A segment of the client with this progress, so long after the last payload. */
static bool opens(__u32 brought, __u64 after_ns, __u32 state, __u64 exchange_ns)
{
	const struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 1, 0, 10);

	flow = (struct skua_flow){ .state = state,
				   .exchange_ns = exchange_ns,
				   .payload_ns = 10 * SECOND };
	return skua_flow_exchange_opens(&flow, &pkt, SKUA_LOW, brought, &config,
					10 * SECOND + after_ns);
}

static void test_opens(void)
{
	ok(opens(10, SECOND / 2, 0, 1) && !opens(10, SECOND / 2 - 1, 0, 1),
	   "half a second of silence is broken by an exchange");
	ok(opens(1, SECOND, 0, 1) && !opens(0, SECOND, 0, 1) && !opens(11, SECOND, 0, 1),
	   "by something new, and not across a gap");
	ok(opens(10, 0, 0, 0), "the first payload opens one,");
	ok(!opens(10, 0, SKUA_FLOW_MIDSTREAM, 0) && opens(10, SECOND, SKUA_FLOW_MIDSTREAM, 0),
	   "joined midway only behind a silence");
	ok(!opens(10, SECOND, SKUA_FLOW_CLIENT_HIGH, 1), "what the server says opens none");
	flow = (struct skua_flow){ .exchange_ns = 1 };
	ok(!skua_flow_exchange_opens(&flow,
				     &(struct skua_packet){ .proto = SKUA_UDP, .payload = 10 },
				     SKUA_LOW, 10, &config, 100 * SECOND),
	   "before any payload there is no silence");
}

static bool opens_with(struct skua_packet pkt, __u32 isn, __u64 exchange_ns)
{
	flow = (struct skua_flow){ .client_isn = isn,
				   .exchange_ns = exchange_ns,
				   .payload_ns = SECOND };
	return skua_flow_exchange_opens(&flow, &pkt, SKUA_LOW, 10, &config, 100 * SECOND);
}

static void test_syn(void)
{
	struct skua_packet syn = segment(SKUA_LOW, SKUA_SYN, 100, 0, 0);
	struct skua_packet later = segment(SKUA_LOW, SKUA_ACK, 1, 0, 10);

	ok(opens_with(syn, 100, 0) && opens_with(syn, 99, 1) && !opens_with(syn, 100, 1),
	   "a SYN opens one, the same again does not");
	ok(opens_with(later, 0, 1), "a segment does,");
	later.fragment = SKUA_LATER_FRAGMENT;
	ok(!opens_with(later, 0, 1), "a later fragment is nobody's request");
}

int main(void)
{
	test_beginning();
	test_order();
	test_jumps();
	test_ends();
	test_others();
	test_totals();
	test_opens();
	test_syn();
	return done();
}
