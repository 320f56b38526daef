// SPDX-License-Identifier: BSD-2-Clause
/* What a flow takes over from its attempt, when it reports, and when it is forgotten. */
#include <stdint.h>
#include "core_segment.h"
#include "tap.h"

#define JUMP SKUA_SEQ_JUMP_MAX

static const struct skua_config config = SKUA_CONFIG_DEFAULT;
static struct skua_flow flow;

static struct skua_pending pending_of(__u8 stage)
{
	return (struct skua_pending){ .first_ns = 10 * SECOND,
				      .last_ns = 12 * SECOND,
				      .bytes = { 300, 200 },
				      .packets = { 3, 2 },
				      .payload = { 40, 50 },
				      .source_isn = 1000,
				      .target_isn = 5000,
				      .source_next = 1011,
				      .stage = stage,
				      .flags = SKUA_SYN,
				      .syn = 2,
				      .syn_ack = 1 };
}

static __u32 adopt(const struct skua_pending *pending, enum skua_side source, enum skua_side client)
{
	flow = (struct skua_flow){ 0 };
	return skua_flow_adopt(&flow, pending, source, client, 7);
}

static void test_handshake(void)
{
	struct skua_pending pending = pending_of(SKUA_STAGE_SYN_ACK);

	ok(adopt(&pending, SKUA_LOW, SKUA_LOW) == SKUA_DUE_EXCHANGE &&
		   flow.first_ns == 10 * SECOND && flow.last_ns == 10 * SECOND &&
		   flow.home_ifindex == 7 && flow.exchange_ns == 10 * SECOND &&
		   flow.report_shift == SKUA_REPORT_SHIFT_MIN,
	   "a flow begins when its attempt did, and with an exchange");
	ok(flow.way[0].packets == 3 && flow.way[0].bytes == 300 && flow.way[1].packets == 2 &&
		   flow.way[1].bytes == 200 && flow.syn == 2 && flow.syn_ack == 1,
	   "what was seen of it is its own,");
	ok(flow.client_isn == 1000 && flow.way[0].next_seq == 1011 && flow.way[0].payload == 10 &&
		   flow.way[1].next_seq == 5001 && flow.way[1].payload == 0 && !flow.payload_ns,
	   "and what waited counts from behind the SYN");
	ok(flow.state == (SKUA_FLOW_SEQ_LOW | SKUA_FLOW_SEQ_HIGH |
			  (__u32)SKUA_SYN << SKUA_FLOW_FLAGS_SHIFT),
	   "both sides' numbers are known, and the flags that it began with");
	adopt(&pending, SKUA_HIGH, SKUA_HIGH);
	ok(flow.way[1].packets == 3 && flow.way[1].next_seq == 1011 &&
		   flow.way[0].next_seq == 5001 && flow.state & SKUA_FLOW_CLIENT_HIGH,
	   "a source of the higher address likewise");
}

static void test_syn(void)
{
	struct skua_pending pending = pending_of(SKUA_STAGE_SYN);

	ok(adopt(&pending, SKUA_LOW, SKUA_LOW) == SKUA_DUE_EXCHANGE && !flow.way[1].next_seq &&
		   flow.state & SKUA_FLOW_SEQ_LOW && !(flow.state & SKUA_FLOW_SEQ_HIGH),
	   "where nobody answered the target's number is not known");
	pending.source_next = 1001 + JUMP;
	adopt(&pending, SKUA_LOW, SKUA_LOW);
	ok(flow.way[0].payload == JUMP, "what waited may be a whole window,");
	pending.source_next++;
	adopt(&pending, SKUA_LOW, SKUA_LOW);
	ok(flow.way[0].payload == 0, "more is none,");
	pending.source_next = 1000;
	adopt(&pending, SKUA_LOW, SKUA_LOW);
	ok(flow.way[0].payload == 0, "and less than nothing, too");
}

static void test_midstream(void)
{
	struct skua_pending pending = pending_of(SKUA_STAGE_MIDSTREAM);

	ok(adopt(&pending, SKUA_LOW, SKUA_LOW) == 0 && flow.way[0].payload == 11 &&
		   flow.way[0].next_seq == 1011 && !flow.exchange_ns && !flow.client_isn &&
		   flow.state == (SKUA_FLOW_MIDSTREAM | SKUA_FLOW_SEQ_LOW |
				  (__u32)SKUA_SYN << SKUA_FLOW_FLAGS_SHIFT),
	   "one that was joined midway begins none, and counts from what was seen first");
	pending.stage = SKUA_STAGE_STRAY;
	ok(adopt(&pending, SKUA_HIGH, SKUA_LOW) == 0 && flow.way[1].payload == 11 &&
		   flow.state & SKUA_FLOW_SEQ_HIGH && !(flow.state & SKUA_FLOW_CLIENT_HIGH),
	   "so does a stray one, of which the server may have spoken first");
}

static void test_datagram(void)
{
	struct skua_pending pending = pending_of(SKUA_STAGE_DATAGRAM);

	ok(adopt(&pending, SKUA_LOW, SKUA_LOW) == SKUA_DUE_EXCHANGE && flow.way[0].payload == 40 &&
		   flow.way[1].payload == 50 && flow.payload_ns == 12 * SECOND &&
		   !flow.client_isn && !(flow.state & (SKUA_FLOW_SEQ_LOW | SKUA_FLOW_SEQ_HIGH)),
	   "of datagrams the payload of both sides");
	pending.payload[0] = 0;
	adopt(&pending, SKUA_LOW, SKUA_LOW);
	ok(flow.payload_ns == 12 * SECOND, "be it of one of them");
	pending.payload[1] = 0;
	adopt(&pending, SKUA_LOW, SKUA_LOW);
	ok(flow.payload_ns == 0, "without any there is no silence yet");
}

static __u64 deadline(__u8 proto, __u32 state, __u32 low, __u32 high)
{
	flow = (struct skua_flow){ .last_ns = 100 * SECOND, .state = state };
	flow.way[0].packets = low;
	flow.way[1].packets = high;
	return skua_flow_deadline(&flow, proto) / SECOND - 100;
}

static void test_deadlines(void)
{
	ok(deadline(SKUA_UDP, 0, 1, 1) == 180 &&
		   deadline(SKUA_UDP, SKUA_FLOW_CLOSED, 1, 0) == 180 &&
		   deadline(SKUA_ICMP, 0, 1, 1) == 180,
	   "datagrams are waited for three minutes");
	ok(deadline(SKUA_TCP, SKUA_FLOW_CLOSED, 1, 1) == 5, "what was closed five seconds");
	ok(deadline(SKUA_TCP, 0, 1, 1) == 5 * 3600, "a conversation five hours");
	ok(deadline(SKUA_TCP, 0, 1, 0) == 75 && deadline(SKUA_TCP, 0, 0, 1) == 75,
	   "one that is not answered 75 seconds");
}

static bool is_due(__u64 payload, __u64 after_ns)
{
	flow.way[0].payload = payload;
	return skua_flow_report_due(&flow, &config, 10 * SECOND + after_ns);
}

static void test_reports(void)
{
	flow = (struct skua_flow){ 0 };
	skua_flow_init(&flow, SKUA_LOW, 1, 10 * SECOND);
	ok(!is_due(0, 60 * SECOND - 1) && is_due(0, 60 * SECOND), "a flow reports each minute,");
	ok(!is_due(65535, 0) && is_due(65536, 0), "and when its client sent 64 KiB");
	skua_flow_reported(&flow, 15 * SECOND);
	ok(flow.reported_s == 5 && flow.report_shift == 17 && !is_due(65536, 0) &&
		   !is_due(131071, 65 * SECOND - 1) && is_due(131072, 0) && is_due(0, 65 * SECOND),
	   "then a minute later, and at twice as much");
	flow.way[0].payload = 1;
	skua_flow_reported(&flow, 5 * SECOND);
	ok(flow.reported_s == 5 && flow.report_shift == 17,
	   "a clock that steps back changes nothing");
	flow.way[1].payload = UINT64_MAX;
	ok(!is_due(0, 0), "what the server sends is no matter");
}

int main(void)
{
	test_handshake();
	test_syn();
	test_midstream();
	test_datagram();
	test_deadlines();
	test_reports();
	return done();
}
