// SPDX-License-Identifier: BSD-2-Clause
/* What is armed is sampled whole, and nothing else changes. */
#include "skua/sample.h"
#include "engine_stage.h"

static void address_of(__u64 out[2], uint32_t v4)
{
	uint8_t bytes[16] = { [10] = 0xff, [11] = 0xff };

	stage_put(bytes + 12, v4, 4);
	memcpy(out, bytes, sizeof(bytes));
}

static struct skua_armed_key pair(uint32_t a, uint32_t b)
{
	struct skua_armed_key key;
	__u64 ends[2][2];

	address_of(ends[0], a);
	address_of(ends[1], b);
	skua_armed_pair(&key, ends[0], ends[1]);
	return key;
}

static struct skua_armed_key host(uint32_t a)
{
	struct skua_armed_key key;
	__u64 end[2];

	address_of(end, a);
	skua_armed_host(&key, end);
	return key;
}

/* Bytes sampled of the client's next 1,000; 0: none. */
static uint32_t next(struct stage *stage, uint32_t *seq)
{
	unsigned before = stage->samples;

	out(stage, SKUA_ACK, *seq, 1, 1000);
	*seq += 1000;
	return stage->samples == before ? 0 : stage->sample.captured;
}

/* A connection beyond what is sampled of it. */
static struct stage *beyond_cutoff(uint32_t *seq)
{
	struct stage *stage = stage_open();

	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 40000);
	*seq = 40001;
	return stage;
}

static void test_pair(void)
{
	struct skua_armed_key key = pair(HOST_WORLD, HOST_OURS);
	uint64_t refused;
	struct stage *stage;
	uint32_t seq;

	stage = beyond_cutoff(&seq);
	ok(!next(stage, &seq), "beyond the cutoff nothing is sampled");
	engine_arm(stage->engine, &key, ms(2000));
	ok(next(stage, &seq) == HEADERS + 1000 &&
		   (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED,
	   "of an armed pair every packet is, whole, and says why");
	in(stage, SKUA_ACK, 1, 1, 10);
	ok(stage->sample.payload == 10 && !(stage->sample.flags & SKUA_SAMPLE_WHY),
	   "what is sampled in any case says nothing");
	at(stage, 1999);
	refused = counted(stage, SKUA_COUNT_SAMPLE_REFUSED);
	for (unsigned i = 0; i < 5; i++) /* what a new exchange brings anyway */
		next(stage, &seq);
	ok(next(stage, &seq) && stage->sample.flags & SKUA_SAMPLE_WHY && seq < 65536,
	   "until its end");
	at(stage, 2000);
	ok(!next(stage, &seq) && counted(stage, SKUA_COUNT_SAMPLE_REFUSED) == refused,
	   "and no longer; nothing of that was refused");
	stage_close(stage);
}

static void test_host(void)
{
	struct skua_armed_key ours = host(HOST_OURS), world = host(HOST_WORLD);
	struct skua_armed_key other = pair(HOST_OURS_2, HOST_WORLD), third = host(HOST_OURS_2);
	struct stage *stage;
	uint32_t seq;

	stage = beyond_cutoff(&seq);
	engine_arm(stage->engine, &other, ms(9000));
	engine_arm(stage->engine, &third, ms(9000));
	ok(!next(stage, &seq), "what is armed for others is not for this one");
	engine_arm(stage->engine, &ours, ms(9000));
	ok(next(stage, &seq), "a host arms its conversations,");
	engine_arm(stage->engine, &ours, 0);
	ok(!next(stage, &seq), "until it is disarmed,");
	engine_arm(stage->engine, &world, ms(9000));
	ok(next(stage, &seq), "whichever end it is");
	stage_close(stage);
}

static void test_headers(void)
{
	struct skua_armed_key key = pair(HOST_WORLD, HOST_OURS);
	struct stage *stage;
	uint32_t seq;

	stage = beyond_cutoff(&seq);
	out(stage, SKUA_ACK | SKUA_FIN, seq, 1, 500);
	ok(stage->sample.captured == SKUA_SAMPLE_HEADER &&
		   (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_HEADER_ONLY,
	   "the end of a transfer is sampled as headers");
	engine_arm(stage->engine, &key, ms(1000));
	out(stage, SKUA_ACK | SKUA_FIN, seq + 500, 1, 500);
	ok(stage->sample.captured == HEADERS + 500 &&
		   (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED,
	   "of what is armed more than headers are taken");
	stage_close(stage);
}

/* Beyond its source's share, and charged to nobody. */
static void test_share(void)
{
	struct skua_armed_key key = pair(HOST_WORLD, HOST_OURS);
	struct engine_options options = stage_options();
	unsigned whole = 0, armed = 0;
	struct stage *stage;

	options.config.sample_rate = 4096;
	stage = stage_open_as(&options);
	engine_arm(stage->engine, &key, ms(9000));
	handshake(stage);
	for (uint32_t seq = 1; seq < 20000;) {
		next(stage, &seq);
		whole += !(stage->sample.flags & SKUA_SAMPLE_WHY);
		armed += (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED;
	}
	ok(whole == 3 && armed == 17 && !counted(stage, SKUA_COUNT_SAMPLE_REFUSED),
	   "what is armed goes on where its source's share ends");
	engine_arm(stage->engine, &key, 0);
	stage->client.port++;
	at(stage, 1000);
	handshake(stage);
	ok(!(stage->sample.flags & SKUA_SAMPLE_WHY), "which the next second has whole");
	stage_close(stage);
}

static void test_strangers(void)
{
	struct skua_armed_key key = host(HOST_WORLD);
	struct stage *stage = stage_open_inbound();

	engine_arm(stage->engine, &key, ms(9000));
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == 1 && !(stage->sample.flags & SKUA_SAMPLE_WHY),
	   "an attempt's first packet is whole anyway");
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	ok(stage->samples == 2 && (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED,
	   "its others are because they are armed,");
	stage->client.port++;
	in(stage, SKUA_RST, 0, 1, 0);
	ok(stage->samples == 3 && (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED &&
		   counted(stage, SKUA_COUNT_SOURCE_ONLY) == 1,
	   "and so is what belongs to nothing");
	stage_close(stage);
}

/* Which events come, and what is charged, does not depend on what is armed. */
static void test_nothing_else(void)
{
	struct skua_armed_key key = pair(HOST_WORLD, HOST_OURS);
	struct engine_options options = stage_options();
	uint64_t counts[2][SKUA_COUNTERS];
	unsigned whole[2] = {};
	char said[2][4096];

	options.config.sample_rate = 4096;
	for (int armed = 0; armed < 2; armed++) {
		struct stage *stage = stage_open_as(&options);
		uint32_t seq = 1;

		if (armed)
			engine_arm(stage->engine, &key, ms(9000));
		handshake(stage);
		for (unsigned i = 0; i < 100; i++) {
			at(stage, i * 100);
			whole[armed] +=
				next(stage, &seq) && !(stage->sample.flags & SKUA_SAMPLE_WHY);
		}
		memcpy(said[armed], stage->said, sizeof(said[armed]));
		memcpy(counts[armed], engine_counters(stage->engine), sizeof(counts[armed]));
		counts[armed][SKUA_COUNT_SAMPLED] = 0;
		counts[armed][SKUA_COUNT_SAMPLE_REFUSED] = 0;
		stage_close(stage);
	}
	ok(!strcmp(said[0], said[1]) && !memcmp(counts[0], counts[1], sizeof(counts[0])),
	   "arming changes no event and no count but those of samples");
	ok(whole[0] == whole[1] && whole[0] > 5, "nor which packets names are read from");
}

int main(void)
{
	test_pair();
	test_host();
	test_headers();
	test_share();
	test_strangers();
	test_nothing_else();
	return done();
}
