// SPDX-License-Identifier: BSD-2-Clause
/* Pairs: what exchanges make of them, and when a pair is judged. */
#include "exchanges.h"
#include "tap.h"

static void test_reconnecting(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key key = web(40000);

	ok(!pairs_init(&pairs, 64, note, &judged), "pairs can be made");
	for (int i = 0; i < 10; i++) {
		uint64_t now_ns = START + i * 60 * SECOND;

		key = web(40000 + i);
		open_exchange(&pairs, &key, now_ns, now_ns);
		end_flow(&pairs, &key, now_ns, now_ns, 512, SKUA_FLOW_END);
	}
	pair = find(&pairs, &key);
	ok(pair && pair->exchanges == 10, "ten connections from ten ports are one pair");
	ok(pair->gaps[gap_bin(60 * SECOND)] == 9, "its gaps are those between its exchanges");
	ok(sizes_counted(pair) == 10 && pair->sizes[size_bin(512)] == 10,
	   "the size of each is what its flow carried since the exchange opened");
	ok(judged.calls == 6 && judged.exchanges[0] == 5, "it is shown from the fifth exchange on");
	ok(pair_moment(pair, 0)->time_ns == START + 540 * SECOND && pair_moment(pair, 0)->in == 77,
	   "the last moment is known exactly");
	ok(!pair_moment(pair, 10) && pair_moment(pair, 9),
	   "there are as many moments as exchanges");
	pairs_fini(&pairs);
}

static void test_sizes_once(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key key = web(40000);

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &key, START, START);
	end_flow(&pairs, &key, START, START, 300, SKUA_FLOW_REPORT);
	pair = find(&pairs, &key);
	ok(sizes_counted(pair) == 0, "a report ends no exchange");
	next_exchange(&pairs, &key, START, START + 10 * SECOND, START, 300, 0);
	ok(sizes_counted(pair) == 1, "the next exchange tells the size of the one before");
	end_flow(&pairs, &key, START, START + 10 * SECOND, 200, SKUA_FLOW_END);
	end_flow(&pairs, &key, START, START + 10 * SECOND, 200, SKUA_FLOW_IDLE);
	ok(sizes_counted(pair) == 2, "a size told twice counts once");
	pairs_fini(&pairs);
}

static void test_merge(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key a = web(40000), b = web(40001);

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &a, START, START);
	open_exchange(&pairs, &b, START + 499 * MS, START + 499 * MS);
	pair = find(&pairs, &a);
	ok(pair->exchanges == 1 && pair->merged == 1, "connections within 500 ms are one exchange");
	open_exchange(&pairs, &b, START + 500 * MS, START + 500 * MS);
	ok(pair->exchanges == 2, "500 ms later begins another");
	open_exchange(&pairs, &a, START, START);
	ok(pair->exchanges == 2 && pairs.late == 1,
	   "one that comes late makes no gap, and is counted");
	pairs_fini(&pairs);
}

static void test_schedule(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	struct skua_flow_key key = web(40000);

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 200; i++)
		open_exchange(&pairs, &key, START, START + i * 10 * SECOND);
	ok(judged.calls > 60 && judged.exchanges[59] == 64, "up to 64 it is judged each time");
	ok(judged.exchanges[60] == 68 && judged.exchanges[61] == 72,
	   "then at each growth by a sixteenth");
	ok(judged.calls < 82, "so judgements stay few");
	judged.calls = 0;
	pairs_finish(&pairs);
	ok(judged.calls == 1, "at the end it is judged once more");
	pairs_fini(&pairs);
}

static void test_kept_flow(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key poll = web(40000), side, late = web(50000);
	uint64_t end_ns = START + 190 * SECOND;

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 20; i++) {
		uint64_t now_ns = START + i * 10 * SECOND;

		open_exchange(&pairs, &poll, START, now_ns);
		side = web(41000 + i);
		open_exchange(&pairs, &side, now_ns + 3 * SECOND, now_ns + 3 * SECOND);
	}
	pair = find(&pairs, &poll);
	ok(pair->flow_exchanges == 20 && pair->flow.gaps[gap_bin(10 * SECOND)] == 19,
	   "the gaps of the long-lived flow are kept apart from side connections");
	ok(pair->exchanges == 40, "while the pair counts them all");
	for (int i = 0; i < 80; i++)
		open_exchange(&pairs, &late, end_ns + SECOND, end_ns + SECOND + i * 5 * SECOND);
	ok(pair->flow_port == 50000 && pair->flow.gaps[gap_bin(10 * SECOND)] == 0,
	   "a flow that outlives a silent one takes its place");
	ok(pair->flow_exchanges > 35 &&
		   pair->flow.gaps[gap_bin(5 * SECOND)] + 1u == pair->flow_exchanges,
	   "from then on, with its own gaps");
	pairs_fini(&pairs);
}

/* An old conversation that speaks seldom is no better known than the poll that is kept. */
static void test_silent_rival(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	struct skua_flow_key poll = web(40000), old = web(50000);

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 10; i++)
		open_exchange(&pairs, &poll, START, START + i * 10 * SECOND);
	open_exchange(&pairs, &old, START - 3600 * SECOND, START + 95 * SECOND);
	ok(find(&pairs, &poll)->flow_port == 40000, "a flow that still speaks keeps its place");
	pairs_fini(&pairs);
}

/* Exchanges of one conversation, ten seconds apart, which carried these bytes. */
static const struct pair *converse(struct pairs *pairs, const uint64_t sizes[][2], int count)
{
	struct skua_flow_key key = web(40000);

	open_exchange(pairs, &key, START, START);
	for (int i = 0; i < count; i++)
		next_exchange(pairs, &key, START, START + (i + 1) * 10 * SECOND,
			      START + i * 10 * SECOND, sizes[i][0], sizes[i][1]);
	return find(pairs, &key);
}

static void test_orders(void)
{
	static const uint64_t ping[][2] = { { 900, 4000 }, { 60, 50 }, { 60, 50 }, { 5000, 50 } };
	static const uint64_t order[][2] = { { 900, 40 }, { 60, 900 }, { 60, 50 }, { 5000, 50 } };
	static const uint64_t chat[][2] = { { 900, 40 }, { 60, 900 }, { 60, 50 },  { 60, 50 },
					    { 60, 50 },  { 60, 50 },  { 5000, 50 } };
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;

	pairs_init(&pairs, 64, note, &judged);
	pair = converse(&pairs, ping, 4);
	ok(!pair->tasked, "a handshake is no order, whatever follows");
	ok(pair->weighed == 3 && pair->alike == 2 && pair->usual_out == 60,
	   "nor does it count among the usual sizes");
	pairs_fini(&pairs);
	pairs_init(&pairs, 64, note, &judged);
	ok(converse(&pairs, order, 4)->tasked == 1,
	   "a large answer and then a larger request are an order and its result");
	pairs_fini(&pairs);
	pairs_init(&pairs, 64, note, &judged);
	ok(!converse(&pairs, order, 3)->tasked, "without a result there was no order");
	pairs_fini(&pairs);
	pairs_init(&pairs, 64, note, &judged);
	ok(!converse(&pairs, chat, 7)->tasked, "what comes five exchanges later is no result");
	pairs_fini(&pairs);
}

static void test_excluded(void)
{
	static const struct {
		const char *server;
		uint16_t port;
		uint8_t proto;
		bool counts;
	} rows[] = {
		{ "239.255.255.250", 1900, SKUA_UDP, false },
		{ "255.255.255.255", 9999, SKUA_UDP, false },
		{ "224.0.0.251", 5353, SKUA_UDP, false },
		{ "192.168.1.255", 8000, SKUA_UDP, false },
		{ "10.0.0.1", 67, SKUA_UDP, false },
		{ "10.0.0.1", 179, SKUA_TCP, false },
		{ "203.0.113.9", 0, 89, false },
		{ "203.0.113.9", 0, 2, false },
		{ "10.0.0.5", 80, SKUA_TCP, false },
		{ "192.168.1.255", 8000, SKUA_TCP, true },
		{ "203.0.113.255", 8000, SKUA_UDP, true },
		{ "10.0.0.1", 67, SKUA_TCP, true },
		{ "203.0.113.9", 1900, SKUA_TCP, true },
	};
	struct judged judged = { 0 };
	struct pairs pairs;
	uint64_t excluded = 0;

	pairs_init(&pairs, 64, note, &judged);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct skua_flow_key key =
			key_of("10.0.0.5", rows[i].server, 40000, rows[i].port, rows[i].proto);
		char sentence[128];

		open_exchange(&pairs, &key, START, START);
		excluded += !rows[i].counts;
		snprintf(sentence, sizeof(sentence), "%s:%u/%u %s", rows[i].server, rows[i].port,
			 rows[i].proto, rows[i].counts ? "is a pair" : "is housekeeping");
		ok(!!find(&pairs, &key) == rows[i].counts, sentence);
	}
	ok(pairs.excluded == excluded, "what is excluded is counted");
	pairs_fini(&pairs);
}

static void test_failed(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	struct skua_flow_key key = web(40000);
	struct skua_contact_event event = { .source = SKUA_LOW };
	static const enum skua_outcome outcomes[] = { SKUA_REFUSED, SKUA_UNREACHABLE,
						      SKUA_UNANSWERED, SKUA_ANSWERED, SKUA_EMPTY };

	pairs_init(&pairs, 64, note, &judged);
	skua_event_init(&event.head, SKUA_EVENT_CONTACT, &key, 1, START);
	pairs_contact(&pairs, &event);
	ok(!find(&pairs, &key), "a contact alone makes no pair");
	open_exchange(&pairs, &key, START, START);
	for (int i = 0; i < 5; i++) {
		event.outcome = outcomes[i];
		pairs_contact(&pairs, &event);
	}
	ok(find(&pairs, &key)->failed == 3, "refused, unreachable and unanswered attempts failed");
	pairs_fini(&pairs);
}

static void test_full(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	struct skua_flow_key beacon = web(40000), key;
	char server[32];

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 6; i++)
		open_exchange(&pairs, &beacon, START, START + i * 3600 * SECOND);
	for (int i = 0; i < 2000; i++) {
		snprintf(server, sizeof(server), "198.51.%d.%d", i / 250, 1 + i % 250);
		key = key_of("10.0.0.5", server, 40000, 443, SKUA_TCP);
		open_exchange(&pairs, &key, START, START + 6 * 3600 * SECOND + i * MS);
	}
	ok(pairs.tables[true].used == 64 && pairs.tables[true].evictions > 0,
	   "a full table evicts, and counts it");
	ok(find(&pairs, &beacon), "a scan does not push out a slow beacon");
	pairs_fini(&pairs);
}

int main(void)
{
	test_reconnecting();
	test_sizes_once();
	test_merge();
	test_schedule();
	test_kept_flow();
	test_silent_rival();
	test_orders();
	test_excluded();
	test_failed();
	test_full();
	return done();
}
