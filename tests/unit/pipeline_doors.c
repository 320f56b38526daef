// SPDX-License-Identifier: BSD-2-Clause
/* Each kind of event finds its way through the pipeline to the finding that it is evidence of. */
#include "house_names.h"

static void test_flow(void)
{
	struct pipeline_options options = house_options();
	struct skua_flow_event event = { .reason = SKUA_FLOW_END, .ours = 1 };
	struct house *house;

	options.min_score = 0;
	house = house_open_as(options);
	event.head = head_of(SKUA_EVENT_FLOW, CLIENT, SERVER, 4445, 5);
	event.flow.syn_ack = 1;
	event.flow.way[SKUA_LOW].packets = 9;
	pipeline_event(house->pipeline, &event.head, NULL);
	ok(!lines(house, "", ""), "a flow to an ordinary port is no finding");
	event.head.key.high_port = 4444;
	pipeline_event(house->pipeline, &event.head, NULL);
	ok(lines(house, "\"event_type\":\"suspicious_port\"", "\"port\":4444,\"packets\":9") == 1,
	   "one to a port that attack tools use is");
	event.head.key.high_port = 443;
	event.flow.way[SKUA_LOW].payload = 60000000;
	pipeline_event(house->pipeline, &event.head, NULL);
	ok(lines(house, "\"event_type\":\"exfil\"", "\"bytes_out\":60000000") == 1,
	   "one that carries 60 MB out is an upload");
	event.reason = SKUA_FLOW_REPORT;
	pipeline_event(house->pipeline, &event.head, NULL);
	ok(counts(house).flows == 3, "flows are counted when they end, not at each report");
	house_close(house);
}

/* The last exchange of a pair is closed by the end of its flow. */
static void test_flow_closes(void)
{
	struct house *house = house_open();
	struct skua_flow_event event = { .reason = SKUA_FLOW_END, .ours = 1 };

	beacon(house, 7);
	event.head = head_of(SKUA_EVENT_FLOW, CLIENT, SERVER, 443, 361);
	event.head.key.low_port += 6;
	event.flow.first_ns = event.flow.exchange_ns = at_s(360);
	event.flow.way[SKUA_LOW].payload = 500;
	pipeline_event(house->pipeline, &event.head, NULL);
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"state\":\"new\"", "\"score\":0.5330,") == 1 &&
		   lines(house, "\"state\":\"update\"", "\"score\":0.5366,") == 1,
	   "the end of the last connection tells its size, which counts");
	house_close(house);
}

static void test_overflow(void)
{
	struct house *house = house_open();
	struct skua_source_event event = {
		.window_ns = at_s(1), .attempts = 500, .ours = 1, .proto = SKUA_TCP
	};

	event.head = head_of(SKUA_EVENT_SOURCE, CLIENT, SERVER, 0, 2);
	memset(event.head.key.high, 0, 16);
	event.head.key.low_port = 0;
	memset(event.sketch, 0x0f, sizeof(event.sketch)); /* 256 of 512: 355 contacts */
	contact(house, 1, SKUA_REFUSED, 1);
	pipeline_event(house->pipeline, &event.head, NULL);
	tick(house, 3);
	ok(lines(house, "\"overflow\":true", "\"score\":1.0000") == 1 &&
		   lines(house, "\"contacts\":35", "") == 1,
	   "a source in overflow is a scan by its sketch");
	house_close(house);
}

static void test_neighbours(void)
{
	struct house *house = house_open();
	struct skua_neighbour_event event = {};

	for (uint16_t i = 0; i < 40; i++) {
		event.head = head_of(SKUA_EVENT_NEIGHBOUR, CLIENT, "10.0.1.0", 0, 1 + i / 10.0);
		event.head.key.high[1] += (uint64_t)i << 56;
		event.head.key.proto = 0;
		event.head.key.low_port = 0;
		pipeline_event(house->pipeline, &event.head, NULL);
	}
	tick(house, 6);
	ok(lines(house, "\"technique\":\"arp\"", "\"targets\":40") == 1,
	   "who asks for forty neighbours in vain is a scan");
	house_close(house);
}

static void echo(struct house *house, uint16_t seq, uint64_t hash, bool reply)
{
	struct skua_icmp_event event = { .hash = hash,
					 .payload = 48,
					 .id = 7,
					 .seq = seq,
					 .sender = reply ? SKUA_HIGH : SKUA_LOW,
					 .reply = reply,
					 .ours = !reply };

	event.head = head_of(SKUA_EVENT_ICMP, CLIENT, SERVER, 7, seq + reply / 10.0);
	event.head.key.low_port = 7;
	event.head.key.proto = SKUA_ICMP;
	pipeline_event(house->pipeline, &event.head, NULL);
}

static void test_echoes(void)
{
	struct house *house = house_open();

	for (uint16_t seq = 0; seq < 20; seq++) {
		echo(house, seq, seq, false);
		echo(house, seq, seq, true);
	}
	ok(!lines(house, "", ""), "replies that repeat their request are ping");
	for (uint16_t seq = 20; seq < 26; seq++) {
		echo(house, seq, seq, false);
		echo(house, seq, 1000 + seq, true);
	}
	ok(lines(house, "\"event_type\":\"exfil\"", "\"channel\":\"icmp\"") == 1,
	   "others are a tunnel");
	house_close(house);
}

static void test_tunnel(void)
{
	struct house *house = house_open();

	tunnel(house, 200);
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"event_type\":\"dns_exfil\"", "\"domain\":\"evil.example\"") >= 1 &&
		   lines(house, "\"state\":\"new\"", "dns_exfil") == 1,
	   "two hundred names full of noise are a tunnel");
	ok(lines(house, "\"queries\":200", "\"at_end\":true") == 1,
	   "of which the end tells all, and that it is the end");
	house_close(house);
}

/* When a third of all clients ask the same, context takes two fifths of the score. */
static struct house *calmed_tunnel(double min_score)
{
	struct pipeline_options options = house_options();
	struct house *house;

	options.min_score = min_score;
	house = house_open_as(options);
	for (unsigned i = 20; i < 40; i++) {
		char client[16];

		snprintf(client, sizeof(client), "10.0.0.%u", i);
		ask(house, client, "www.evil.example", i);
	}
	tunnel(house, 400);
	pipeline_finish(house->pipeline);
	return house;
}

static void test_tunnel_threshold(void)
{
	struct house *house = calmed_tunnel(0.5);

	ok(!lines(house, "dns_exfil", "") && counts(house).hidden == 1,
	   "a tunnel that context calmed below 0.7 is hidden, though others are shown from 0.5");
	house_close(house);
	house = calmed_tunnel(0);
	ok(lines(house, "dns_exfil", "\"score\":0.6") >= 1 && !counts(house).hidden,
	   "unless all is to be shown");
	house_close(house);
}

static void test_not_counted(void)
{
	struct house *house = house_open();
	struct skua_exchange_event event = { .client = SKUA_LOW, .ours = 1 };

	event.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, "224.0.0.251", 5353, 1);
	event.head.key.proto = SKUA_UDP;
	pipeline_event(house->pipeline, &event.head, NULL);
	ok(counts(house).excluded == 1 && !counts(house).pairs,
	   "exchanges with groups are no pair's, and counted");
	callback(house, 0, 60, 0);
	callback(house, 1, 30, 0);
	ok(counts(house).late == 1 && counts(house).pairs == 1,
	   "one that is behind its pair's clock is counted, too");
	house_close(house);
}

static void test_evictions(void)
{
	struct pipeline_options options = house_options();
	struct house *house;

	options.pairs = options.sources = 1;
	house = house_open_as(options);
	for (unsigned i = 0; i < 3; i++) {
		struct skua_exchange_event event = { .client = SKUA_LOW, .ours = 1 };

		event.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, SERVER, 443 + i, i);
		event.start_ns = event.flow_ns = at_s(i);
		pipeline_event(house->pipeline, &event.head, NULL);
	}
	contact(house, 1, SKUA_REFUSED, 1);
	ok(counts(house).pairs == 1 && lost(house, "pairs_evicted") == 2 &&
		   counts(house).sources == 1 && !lost(house, "sources_evicted"),
	   "what full tables forget is counted, table by table");
	house_close(house);
}

int main(void)
{
	test_flow();
	test_flow_closes();
	test_overflow();
	test_neighbours();
	test_echoes();
	test_tunnel();
	test_tunnel_threshold();
	test_not_counted();
	test_evictions();
	return done();
}
