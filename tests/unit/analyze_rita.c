// SPDX-License-Identifier: BSD-2-Clause
/* RITA's score agrees with its own test vectors, and its tables are bounded. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include "analyze/rita_pairs.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define START 1517338924u
#define DAY 86400u

static bool near(double a, double b)
{
	return fabs(a - b) <= 0.001;
}

static double time_score(const uint32_t *gaps, size_t count)
{
	struct rita_connection connections[64] = { { START, 60 } };
	struct rita_score score = { 0 };
	double room[64];

	for (size_t i = 0; i < count; i++)
		connections[i + 1] =
			(struct rita_connection){ connections[i].start_s + gaps[i], 60 };
	if (!rita_score(connections, count + 1, START, START + DAY, room, &score))
		return -1;
	return score.time;
}

static double size_score(const uint32_t *sizes, size_t count)
{
	struct rita_connection connections[64];
	struct rita_score score = { 0 };
	double room[64];

	for (size_t i = 0; i < count; i++)
		connections[i] = (struct rita_connection){ START + i * 60, sizes[i] };
	if (!rita_score(connections, count, START, START + DAY, room, &score))
		return -1;
	return score.size;
}

static void test_times(void)
{
	const uint32_t equal[] = { 60, 60, 60, 60, 60, 60, 60, 60, 60 };
	const uint32_t close[] = { 98, 99, 99, 100, 100, 100, 101, 101, 102 };
	const uint32_t two[] = { 98, 300, 98, 300, 98, 300, 98, 300, 98, 300 };
	const uint32_t random[] = { 1, 299, 25, 4975, 90, 2, 42, 500, 1500 };
	const uint32_t same[] = { 0, 0, 0, 60, 60 };

	ok(near(time_score(equal, COUNT(equal)), 1), "nine equal gaps score 1.000");
	ok(near(time_score(close, COUNT(close)), 0.995), "gaps from 98 to 102 s score 0.995");
	ok(near(time_score(two, COUNT(two)), 0.746), "gaps of 98 and 300 s in turn score 0.746");
	ok(near(time_score(random, COUNT(random)), 0.083), "random gaps score 0.083");
	ok(time_score(same, COUNT(same)) < 0, "three different seconds have no score");
	ok(time_score(equal, 3) >= 0 && time_score(equal, 2) < 0, "four connections are the least");
}

static void test_sizes(void)
{
	const uint32_t rising[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	const uint32_t wild[] = { 524885, 1, 5000, 98654, 50, 41, 965842, 3 };
	const uint32_t none[10] = { 0 };

	ok(near(size_score(rising, COUNT(rising)), 0.773), "sizes from 1 to 10 score 0.773");
	ok(near(size_score(wild, COUNT(wild)), 0.008), "wild sizes score 0.008");
	ok(near(size_score(none, COUNT(none)), 0.500), "ten zeros score 0.500");
}

/* per_bar[i] connections in the i-th of 24 hours. */
static struct rita_score day_score(const unsigned per_bar[RITA_BARS])
{
	static struct rita_connection connections[4096];
	static double room[4096];
	struct rita_score score = { 0 };
	size_t count = 0;

	for (unsigned i = 0; i < RITA_BARS; i++)
		for (unsigned j = 0; j < per_bar[i]; j++)
			connections[count++] = (struct rita_connection){
				START + i * 3600 + j * (3600 / per_bar[i]), 60
			};
	rita_score(connections, count, START, START + DAY, room, &score);
	return score;
}

static void test_day(void)
{
	unsigned bars[RITA_BARS], i;
	struct rita_score score;

	for (i = 0; i < RITA_BARS; i++)
		bars[i] = 12;
	score = day_score(bars);
	ok(score.bars == 1 && score.duration == 1 && score.score == 1,
	   "twelve connections in each hour of a day score 1 for all");
	for (i = 0; i < RITA_BARS; i++)
		bars[i] = i % 2 ? 40 : 2;
	ok(day_score(bars).bars == 1, "two heights of bars fit as two modes, though uneven");
	for (i = 0; i < RITA_BARS; i++)
		bars[i] = i < 5 ? 12 : 0;
	ok(day_score(bars).duration == 0, "five hours are too few for a duration");
	bars[5] = 12;
	score = day_score(bars);
	ok(near(score.duration, 0.5), "six hours in a row are half of the ideal twelve");
	ok(near(score.bars, 0), "a quarter of a day is not even: deviation above the mean");
	for (i = 0; i < RITA_BARS; i++)
		bars[i] = i < 3 || i >= 21 ? 12 : 0;
	ok(near(day_score(bars).duration, 0.997),
	   "first to last connection over the data set: nearly the whole day");
}

static void put_flow(struct rita_pairs *pairs, unsigned client, unsigned server, uint32_t start_s,
		     enum skua_flow_reason reason)
{
	struct skua_flow_event event = { .reason = reason, .ours = 1 };
	uint8_t low[16] = { [10] = 255, 255, 10, 0, 0, client };
	uint8_t high[16] = { [10] = 255, 255, 45, 0, 0, server };

	event.head.kind = SKUA_EVENT_FLOW;
	memcpy(event.head.key.low, low, 16);
	memcpy(event.head.key.high, high, 16);
	event.head.key.proto = SKUA_TCP;
	event.flow.first_ns = start_s * SKUA_SECOND_NS;
	event.flow.way[SKUA_LOW].bytes = 500;
	rita_pairs_flow(pairs, &event);
}

static void test_pairs(void)
{
	struct rita_pairs pairs;
	struct rita_row *rows = NULL;
	struct finding finding = { .kind = FINDING_BEACON, .has_dst = true, .score = 0.9 };
	uint8_t client[16] = { [10] = 255, 255, 10, 0, 0, 1 };
	uint8_t server[16] = { [10] = 255, 255, 45, 0, 0, 1 };

	if (rita_pairs_init(&pairs, 4, 4)) {
		ok(false, "there is memory for a few pairs");
		return;
	}
	for (unsigned i = 0; i < 50; i++) {
		put_flow(&pairs, 1, 1, START + i * 60, SKUA_FLOW_END);
		put_flow(&pairs, 1, 1, START + i * 60, SKUA_FLOW_REPORT);
	}
	for (unsigned i = 0; i < 3; i++)
		put_flow(&pairs, 2, 2, START + i * 60, SKUA_FLOW_IDLE);
	memcpy(finding.src.bytes, client, 16);
	memcpy(finding.dst.bytes, server, 16);
	rita_pairs_finding(&pairs, &finding);
	ok(rita_pairs_rows(&pairs, &rows) == 1 && rows[0].connections == 50,
	   "flows that are over are connections; three of them make no row");
	ok(rows && rows[0].found && rows[0].skua == 0.9, "our score stands beside RITA's");
	ok(rows && rows[0].score.time == 1 && rows[0].score.size == 1, "a clock scores 1 twice");
	free(rows);
	for (unsigned i = 0; i < 100; i++)
		put_flow(&pairs, 3, 3, START + i * 60, SKUA_FLOW_END);
	ok(pairs.lost == 100 - 32, "connections that find no chunk are counted");
	for (unsigned i = 0; i < 20; i++)
		put_flow(&pairs, 4, 10 + i, START + i, SKUA_FLOW_END);
	ok(pairs.table.used == 4 && pairs.table.evictions == 19,
	   "when the table is full a pair gives way, and is counted");
	rita_pairs_fini(&pairs);
}

static void test_strobe(void)
{
	struct rita_pairs pairs;
	struct rita_row *rows = NULL;

	if (rita_pairs_init(&pairs, 4, 4096)) {
		ok(false, "there is memory for a strobe");
		return;
	}
	for (unsigned i = 0; i <= RITA_STROBE; i++)
		put_flow(&pairs, 1, 1, START + i, SKUA_FLOW_END);
	ok(rita_pairs_rows(&pairs, &rows) == 1 && rows[0].strobe && rows[0].score.score == 0,
	   "more than 86,400 connections are a strobe, and have no score");
	ok(pairs.lost == 0, "and nothing of it is lost");
	free(rows);
	rita_pairs_fini(&pairs);
}

int main(void)
{
	test_times();
	test_sizes();
	test_day();
	test_pairs();
	test_strobe();
	return done();
}
