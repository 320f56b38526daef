// SPDX-License-Identifier: BSD-2-Clause
/* How much of which packet is sampled: at the beginning, in an exchange, far into it, at the end.
 */
#include "skua/sample.h"
#include "core_segment.h"
#include "tap.h"

#define SNAPLEN 1000
#define CUTOFF 10000
#define EXCHANGE 4000
#define KB 1024

static const struct skua_config config = { .sample_cutoff = CUTOFF,
					   .sample_exchange = EXCHANGE,
					   .sample_snaplen = SNAPLEN };

/* Of a packet with so much payload behind so much, in an exchange that opened at so much. */
struct sight {
	__u64 before, opened;
	__u32 payload;
	__u8 flags;
	bool of_server, none_open;
};

static __u32 sampled(struct sight sight)
{
	enum skua_side side = sight.of_server ? SKUA_HIGH : SKUA_LOW;
	struct skua_packet pkt = segment(side, SKUA_ACK | sight.flags, 1, 1, sight.payload);
	struct skua_flow flow = { .exchange_ns = sight.none_open ? 0 : SECOND };

	flow.way[side].payload = sight.before + sight.payload;
	flow.way[side].packets = 100;
	flow.opened_payload[side] = sight.opened;
	flow.opened_packets[side] = 90;
	return skua_sample_flow(&flow, &pkt, side, &config);
}

static void test_beginning(void)
{
	ok(sampled((struct sight){ 0, 0, 100 }) == SNAPLEN &&
		   sampled((struct sight){ CUTOFF - 1, 0, 5000, .none_open = true }) == SNAPLEN,
	   "what begins before the cutoff is sampled");
	ok(sampled((struct sight){ CUTOFF, 0, 100, .none_open = true }) == 0,
	   "what begins at it is not");
	ok(sampled((struct sight){ CUTOFF - 1, 0, 10, .of_server = true }) == SNAPLEN &&
		   sampled((struct sight){ CUTOFF, 0, 10, .of_server = true }) == 0,
	   "of the server likewise");
}

static void test_exchange(void)
{
	ok(sampled((struct sight){ 50000, 50000, 100 }) == SNAPLEN &&
		   sampled((struct sight){ 53999, 50000, 100 }) == SNAPLEN,
	   "the beginning of an exchange is sampled");
	ok(sampled((struct sight){ 54000, 50000, 100 }) == 0 &&
		   sampled((struct sight){ 50000, 50000, 100, .none_open = true }) == 0,
	   "not beyond it, nor where none is open");
	ok(sampled((struct sight){ 49999, 50000, 100 }) == 0,
	   "a retransmission of the exchange before is of none");
}

static void test_request(void)
{
	ok(sampled((struct sight){ 54000, 50000, 100, SKUA_PSH }) == 128 &&
		   sampled((struct sight){ 50000 + 64 * KB - 1, 50000, 1, SKUA_PSH }) ==
			   SKUA_SAMPLE_HEADER,
	   "of what the client pushes the headers are, for 64 KiB of an exchange");
	ok(sampled((struct sight){ 50000 + 64 * KB, 50000, 1, SKUA_PSH }) == 0, "not beyond");
	ok(sampled((struct sight){ 54000, 50000, 100, SKUA_PSH, .of_server = true }) == 0,
	   "of what the server pushes nothing is");
}

static void test_stride(void)
{
	ok(sampled((struct sight){ 3 * 64 * KB - 1, 0, 1 }) == SKUA_SAMPLE_HEADER &&
		   sampled((struct sight){ 3 * 64 * KB - 500, 0, 1000 }) == SKUA_SAMPLE_HEADER,
	   "whoever crosses 64 KiB leaves a header");
	ok(sampled((struct sight){ 3 * 64 * KB - 2, 0, 1 }) == 0 &&
		   sampled((struct sight){ 3 * 64 * KB, 0, 64 * KB - 1 }) == 0,
	   "whoever stays below does not");
}

static void test_ends(void)
{
	ok(sampled((struct sight){ 200000, 0, 0, SKUA_FIN }) == SKUA_SAMPLE_HEADER &&
		   sampled((struct sight){ 200000, 0, 0, SKUA_RST }) == SKUA_SAMPLE_HEADER &&
		   sampled((struct sight){ 200000, 0, 0, SKUA_SYN }) == SKUA_SAMPLE_HEADER,
	   "beginnings and ends leave a header, however late");
	ok(sampled((struct sight){ 200000, 0, 100, SKUA_PSH }) == 0, "a push does not");
}

/* A bare acknowledgement that is the n-th of its side, the m-th of its exchange. */
static bool is_bare(__u32 packets, __u32 of_exchange, __u8 flags, __u32 payload, __u8 proto)
{
	struct skua_packet pkt = segment(SKUA_HIGH, flags, 1, 1, payload);
	struct skua_flow flow = {};

	pkt.proto = proto;
	flow.way[SKUA_HIGH].packets = packets;
	flow.opened_packets[SKUA_HIGH] = packets - of_exchange;
	return skua_sample_is_bare(&flow, &pkt, SKUA_HIGH);
}

static void test_bare(void)
{
	ok(is_bare(17, 5, SKUA_ACK, 0, SKUA_TCP), "the 17th that carries nothing is not sampled");
	ok(!is_bare(16, 16, SKUA_ACK, 0, SKUA_TCP), "16 of a conversation are,");
	ok(!is_bare(100, 4, SKUA_ACK, 0, SKUA_TCP), "and four of an exchange");
	ok(!is_bare(100, 50, SKUA_ACK, 1, SKUA_TCP) && !is_bare(100, 50, 0, 0, SKUA_UDP),
	   "what carries something is, and what is no TCP");
	ok(!is_bare(100, 50, SKUA_ACK | SKUA_SYN, 0, SKUA_TCP) &&
		   !is_bare(100, 50, SKUA_ACK | SKUA_FIN, 0, SKUA_TCP) &&
		   !is_bare(100, 50, SKUA_RST, 0, SKUA_TCP),
	   "and what begins or ends something");
	ok(sampled((struct sight){ 0, 0, 0 }) == 0,
	   "of a bare one nothing is kept, early as it may be");
}

static void test_tries(void)
{
	const struct skua_pending pending = { .packets = { 8, 9 } };

	ok(skua_sample_pending(&pending, true, SKUA_STEP_KEEP) == SKUA_SAMPLE_HEADER &&
		   skua_sample_pending(&pending, false, SKUA_STEP_KEEP) == 0,
	   "eight tries each way leave their headers, a ninth does not");
	ok(skua_sample_pending(&pending, false, SKUA_ANSWERED | SKUA_STEP_ADMIT) ==
		   SKUA_SAMPLE_HEADER,
	   "unless it decides something");
}

int main(void)
{
	test_beginning();
	test_exchange();
	test_request();
	test_stride();
	test_ends();
	test_bare();
	test_tries();
	return done();
}
