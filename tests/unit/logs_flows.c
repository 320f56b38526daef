// SPDX-License-Identifier: BSD-2-Clause
/* Packets to flows: what went each way, who is the client, when a flow is over and how it is told.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "logs/flow_history.h"
#include "logs/flows.h"
#include "skua/network.h"
#include "tap.h"

#define SECOND 1000000000ull
#define START (1767225600 * SECOND)
#define TICKS 64   /* until every slot was looked at */
#define WHOLE 1000 /* bytes of payload of a full segment */

static struct flows flows;
static struct log_flow told; /* the last one */
static struct skua_flow_key told_key;
static enum log_flow_end told_end;
static unsigned told_count;
static uint64_t now_ns;

static void tell(void *arg, const struct skua_flow_key *key, const struct log_flow *flow,
		 enum log_flow_end end)
{
	assert(arg == &flows);
	told = *flow;
	told_key = *key;
	told_end = end;
	told_count++;
}

static void begin(void)
{
	flows_fini(&flows);
	if (flows_init(&flows, tell, &flows))
		abort();
	told_count = 0;
	now_ns = START;
}

/* The client is 10.0.0.5:50000, which sorts below its server, 203.0.113.9. */
static struct skua_packet packet_of(uint8_t proto, bool from_client, uint16_t server_port,
				    uint32_t payload)
{
	static const uint8_t client[4] = { 10, 0, 0, 5 }, server[4] = { 203, 0, 113, 9 };
	struct skua_packet pkt = { .proto = proto,
				   .sport = from_client ? 50000 : server_port,
				   .dport = from_client ? server_port : 50000,
				   .payload = payload,
				   .network_at = 14,
				   .offset = 34,
				   .left = 20 + payload,
				   .length = 54 + payload + 4 };

	skua_map_ipv4(pkt.src, from_client ? client : server);
	skua_map_ipv4(pkt.dst, from_client ? server : client);
	return pkt;
}

static void show(bool from_client, uint8_t flags, uint32_t seq, uint32_t payload)
{
	struct skua_packet pkt = packet_of(SKUA_TCP, from_client, 443, payload);

	pkt.tcp_flags = flags;
	pkt.seq = seq;
	flows_packet(&flows, &pkt, now_ns);
}

static void show_datagram(bool from_client, uint16_t port, uint32_t payload)
{
	struct skua_packet pkt = packet_of(SKUA_UDP, from_client, port, payload);

	flows_packet(&flows, &pkt, now_ns);
}

static void tick_all(void)
{
	for (unsigned i = 0; i < TICKS; i++)
		flows_tick(&flows, now_ns);
}

/* What the client's sequence numbers say was sent, from a SYN of this number on. */
static uint64_t progress(uint32_t isn, const uint32_t (*pieces)[2], unsigned count)
{
	begin();
	show(true, SKUA_SYN, isn, 0);
	for (unsigned i = 0; i < count; i++)
		show(true, SKUA_ACK, isn + 1 + pieces[i][0], pieces[i][1]);
	flows_finish(&flows);
	assert(told_count == 1 && told.way[SKUA_LOW].packets == count + 1);
	return told.way[SKUA_LOW].payload;
}

static void test_sequence(void)
{
	static const uint32_t order[][2] = { { 0, WHOLE }, { WHOLE, WHOLE }, { 2 * WHOLE, 1 } };
	static const uint32_t again[][2] = { { 0, WHOLE }, { 0, WHOLE }, { WHOLE - 1, 1 } };
	static const uint32_t overlap[][2] = { { 0, WHOLE }, { WHOLE / 2, WHOLE } };
	static const uint32_t gap[][2] = { { 0, WHOLE }, { 5 * WHOLE, WHOLE }, { WHOLE, WHOLE } };
	static const uint32_t empty[][2] = { { 0, 0 }, { 500, 0 } };

	ok(progress(7, order, 3) == 2 * WHOLE + 1, "payload is the progress of sequence numbers");
	ok(progress(0xfffffe00, order, 3) == 2 * WHOLE + 1, "also where they begin anew");
	ok(progress(7, again, 3) == WHOLE, "what is sent again counts once");
	ok(progress(7, overlap, 2) == WHOLE + WHOLE / 2, "as does what overlaps");
	ok(progress(7, gap, 3) == 6 * WHOLE, "what was not seen passed all the same");
	ok(progress(7, empty, 2) == 0, "what carries nothing makes no progress");
	begin();
	show(true, SKUA_ACK, 4000000000, WHOLE);
	show(true, SKUA_ACK, 4000000000u + WHOLE, 5);
	show(false, SKUA_ACK, 17, 33);
	flows_finish(&flows);
	ok(told.way[SKUA_LOW].payload == WHOLE + 5 && told.way[SKUA_HIGH].payload == 33,
	   "without a SYN each way begins where its payload does");
}

static void test_counts(void)
{
	begin();
	show(true, SKUA_SYN, 1, 0);
	now_ns += 5;
	show(false, SKUA_SYN | SKUA_ACK, 9, 0);
	now_ns += 5;
	show(true, SKUA_ACK, 2, 100);
	flows_finish(&flows);
	ok(told.way[SKUA_LOW].packets == 2 && told.way[SKUA_HIGH].packets == 1 &&
		   told.way[SKUA_LOW].bytes == 58 + 158 && told.way[SKUA_HIGH].bytes == 58 &&
		   told.way[SKUA_LOW].ip_bytes == 40 + 140 && told.way[SKUA_HIGH].ip_bytes == 40,
	   "each way has its packets, their bytes, and those without link headers and padding");
	ok(told.first_ns == START && told.last_ns == START + 10 && told.born_ns == START,
	   "a flow lasts from its first packet to its last");
	ok(told.client == SKUA_LOW && told.client_known && told.way[SKUA_LOW].flags == 0x12 &&
		   told.way[SKUA_HIGH].flags == 0x12,
	   "who sends the SYN is the client; flags are kept by side");
	begin();
	show_datagram(true, 443, 100);
	now_ns -= 5;
	show_datagram(true, 443, 50);
	flows_finish(&flows);
	ok(told.way[SKUA_LOW].payload == 150 && told.first_ns == START - 5 && told.last_ns == START,
	   "datagrams are summed, in whatever order they come");
}

static void test_client(void)
{
	begin();
	show(false, SKUA_SYN | SKUA_ACK, 9, 0);
	flows_finish(&flows);
	ok(told.client == SKUA_LOW && told.client_known, "who answers a SYN is not the client");
	begin();
	show(false, SKUA_ACK, 9, 5);
	ok(flows_find(&flows, &told_key)->client == SKUA_LOW,
	   "nor who speaks from a server's port");
	show(false, SKUA_SYN, 8, 0);
	flows_finish(&flows);
	ok(told.client == SKUA_HIGH && told.client_known, "unless it sends the SYN");
	begin();
	show_datagram(false, 53, 5);
	flows_finish(&flows);
	ok(told.client == SKUA_LOW && !told.client_known, "so with datagrams");
	begin();
	show_datagram(false, 1024, 5);
	flows_finish(&flows);
	ok(told.client == SKUA_HIGH, "but 1024 is no server's port");
}

static void test_silence(void)
{
	begin();
	show(true, SKUA_SYN, 1, 0);
	show_datagram(true, 53, 5);
	now_ns += 60 * SECOND - 1;
	tick_all();
	ok(!told_count, "a datagram's flow waits for a minute");
	now_ns++;
	tick_all();
	ok(told_count == 1 && told_end == LOG_FLOW_SILENT && told_key.proto == SKUA_UDP,
	   "then it is told");
	now_ns = START + 300 * SECOND - 1;
	tick_all();
	ok(told_count == 1, "a connection waits for five");
	now_ns++;
	tick_all();
	tick_all();
	ok(told_count == 2 && told_end == LOG_FLOW_SILENT && told_key.proto == SKUA_TCP,
	   "then so is it, once");
	show_datagram(true, 53, 7);
	show(true, SKUA_ACK, 2, 7);
	flows_finish(&flows);
	ok(told_count == 4, "what comes afterwards is told, too");
}

static void test_anew(void)
{
	begin();
	show_datagram(true, 53, 5);
	now_ns += 60 * SECOND - 1;
	show_datagram(true, 53, 6);
	ok(!told_count, "a datagram within a minute belongs to the flow");
	now_ns += 60 * SECOND;
	show_datagram(true, 53, 7);
	ok(told_count == 1 && told_end == LOG_FLOW_SILENT && told.way[SKUA_LOW].payload == 11,
	   "one after a minute begins another");
	ok(flows_born_ns(&flows, &told_key, now_ns) == now_ns &&
		   flows_born_ns(&flows, &told_key, now_ns - 1) == START,
	   "of which each has its name");
	begin();
	show(true, SKUA_SYN, 1, 0);
	show(true, SKUA_SYN, 1, 0);
	ok(!told_count, "a SYN that is sent again is the same connection");
	show(true, SKUA_SYN, 2, 0);
	ok(told_count == 1 && told_end == LOG_FLOW_REUSED && told.way[SKUA_LOW].packets == 2,
	   "one of another number is another");
	now_ns += 10;
	show(true, SKUA_ACK, 3, 5);
	flows_finish(&flows);
	ok(told_count == 2 && told.way[SKUA_LOW].packets == 2 && told.way[SKUA_LOW].payload == 5,
	   "which counts from nought");
}

static void test_closed(void)
{
	char history[LOG_HISTORY];

	begin();
	show(true, SKUA_SYN, 1, 0);
	show(false, SKUA_SYN | SKUA_ACK, 9, 0);
	show(true, SKUA_ACK, 2, 10);
	show(true, SKUA_ACK, 2, 10);
	show(true, SKUA_FIN | SKUA_ACK, 12, 0);
	now_ns += 5 * SECOND;
	tick_all();
	ok(!told_count, "a FIN one way ends nothing");
	show(false, SKUA_FIN | SKUA_ACK, 10, 0);
	now_ns += 5 * SECOND - 1;
	tick_all();
	ok(!told_count, "after both ways' it waits for five seconds");
	now_ns++;
	tick_all();
	ok(told_count == 1 && told_end == LOG_FLOW_CLOSED &&
		   !strcmp(history_text(&told, history), "ShDTFf") &&
		   !strcmp(history_state(&told_key, &told), "SF"),
	   "then it is told as closed, with its history");
	now_ns += SECOND;
	show(true, SKUA_ACK, 13, 3);
	flows_finish(&flows);
	ok(told_count == 2 && told.way[SKUA_LOW].packets == 1 && told.way[SKUA_LOW].payload == 4 &&
		   told.born_ns == START && told.first_ns == now_ns && told.client == SKUA_LOW,
	   "what follows has its name, and counts on from where it was");
	begin();
	show(true, SKUA_SYN, 1, 0);
	show(false, SKUA_RST | SKUA_ACK, 0, 0);
	flows_finish(&flows);
	ok(told_end == LOG_FLOW_CLOSED && !strcmp(history_text(&told, history), "Sr") &&
		   !strcmp(history_state(&told_key, &told), "REJ"),
	   "a reset closes at once");
}

static void test_fragments(void)
{
	struct skua_packet pkt = packet_of(SKUA_TCP, true, 443, 500);

	begin();
	pkt.fragment = SKUA_LATER_FRAGMENT;
	flows_packet(&flows, &pkt, now_ns);
	flows_finish(&flows);
	ok(!told_key.low_port && !told_key.high_port && told.way[SKUA_LOW].payload == 500 &&
		   !told.way[SKUA_LOW].begun,
	   "a later fragment has neither ports nor numbers, but its bytes");
}

int main(void)
{
	test_sequence();
	test_counts();
	test_client();
	test_silence();
	test_anew();
	test_closed();
	test_fragments();
	flows_fini(&flows);
	return done();
}
