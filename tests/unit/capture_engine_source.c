// SPDX-License-Identifier: BSD-2-Clause
/* What the engine keeps of sources, up to overflow, and what full tables forget. */
#include "engine_stage.h"

static void attempt(struct stage *stage, uint16_t port)
{
	stage->server.port = port;
	out(stage, SKUA_SYN, 0, 0, 0);
}

static void attempts(struct stage *stage, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		attempt(stage, 1 + i);
}

static unsigned sketched(const struct stage *stage)
{
	unsigned n = 0;

	for (int i = 0; i < SKUA_SKETCH_WORDS; i++)
		n += __builtin_popcountll(stage->source.sketch[i]);
	return n;
}

static void test_slot(void)
{
	struct stage *stage = stage_open_inbound();

	attempt(stage, 22);
	attempt(stage, 23);
	ok(kept(stage, SKUA_TABLE_SOURCES) == 1 && kept(stage, SKUA_TABLE_PENDING) == 1,
	   "a stranger's first attempt sits in its record, its second in the table");
	stage->server.port = 22;
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	attempt(stage, 24);
	ok(says(stage, "contact-refused") && kept(stage, SKUA_TABLE_PENDING) == 1,
	   "when the first is decided its place is free for the next");
	at(stage, 6000);
	ok(says(stage, "contact-unanswered contact-unanswered"), "both are unanswered in time");
	at(stage, 7999);
	attempt(stage, 25);
	ok(kept(stage, SKUA_TABLE_PENDING) == 1, "for eight seconds the slot is not used again");
	attempt(stage, 26);
	stage->client.address++;
	attempt(stage, 27);
	ok(kept(stage, SKUA_TABLE_SOURCES) == 2 && kept(stage, SKUA_TABLE_PENDING) == 2,
	   "another source has a record of its own");
	stage_close(stage);
}

/* Two attempts that differ in one number each are two. */
static void test_slot_holds(void)
{
	struct stage *stage = stage_open_inbound();

	attempt(stage, 22);
	stage->client.port++;
	attempt(stage, 22);
	stage->client.port--;
	stage->server.address = HOST_OURS_2;
	attempt(stage, 22);
	ok(kept(stage, SKUA_TABLE_PENDING) == 2,
	   "another port of the source or another target makes another attempt");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(says(stage, "contact-refused") && kept(stage, SKUA_TABLE_PENDING) == 1 &&
		   stage->contact.attempts == 1 &&
		   skua_be32((const __u8 *)stage->contact.head.key.low + 12) == HOST_OURS_2,
	   "and each has its own outcome");
	stage_close(stage);
}

static void test_slot_again(void)
{
	struct stage *stage = stage_open_inbound();

	attempt(stage, 22);
	at(stage, 8000);
	attempt(stage, 23);
	ok(says(stage, "contact-unanswered") && !kept(stage, SKUA_TABLE_PENDING),
	   "then it is, and nothing goes to the table");
	at(stage, 13000);
	ok(says(stage, "contact-unanswered") && stage->contact.head.key.low_port == 23,
	   "and the new one is decided in its own time");
	at(stage, 127999);
	ok(kept(stage, SKUA_TABLE_SOURCES) == 1, "a record outlives its last attempt");
	at(stage, 128000);
	ok(!kept(stage, SKUA_TABLE_SOURCES) && engine_next(stage->engine) == UINT64_MAX,
	   "by two minutes of silence; then nothing is due any more");
	stage_close(stage);
}

/* Captures may begin with frames: no tick has told the time before. */
static void test_first_tick(void)
{
	struct engine_options options = stage_options();
	struct stage stage = { .client = { HOST_WORLD, 40000 },
			       .server = { HOST_OURS, 0 },
			       .now_ns = START_S * SECOND,
			       .ticked_s = START_S,
			       .origin = -1 };

	if (engine_open(&stage.engine, &options, stage_deliver, &stage))
		abort();
	attempt(&stage, 22);
	attempt(&stage, 23);
	at(&stage, 4999);
	ok(says(&stage, "") && kept(&stage, SKUA_TABLE_PENDING) == 1,
	   "a clock that comes late decides nothing early");
	at(&stage, 5000);
	ok(says(&stage, "contact-unanswered contact-unanswered"), "and nothing late");
	engine_close(stage.engine);
}

/* What is said later is said of the interface that saw it. */
static void test_interfaces(void)
{
	struct stage *stage = stage_open_inbound();

	attempt(stage, 22);
	at(stage, 100);
	stage->ifindex = 2;
	attempt(stage, 23);
	at(stage, 5000);
	ok(says(stage, "contact-unanswered") && stage->contact.head.ifindex == 1,
	   "an attempt is told of the interface where it was made");
	at(stage, 6000);
	ok(says(stage, "contact-unanswered") && stage->contact.head.ifindex == 2,
	   "the next one of its own");
	at(stage, 9000);
	stage->ifindex = 3;
	attempt(stage, 24);
	at(stage, 14000);
	ok(says(stage, "contact-unanswered") && stage->contact.head.ifindex == 3,
	   "also when it takes the place of an older one");
	stage_close(stage);
}

static void test_budget(struct stage *stage)
{
	at(stage, 300);
	attempts(stage, 256);
	ok(stage->exchanges == 256 && kept(stage, SKUA_TABLE_OUT) == 256 &&
		   kept(stage, SKUA_TABLE_PENDING) == 255 && !counted(stage, SKUA_COUNT_OVERFLOW),
	   "256 attempts of a source may be pending");
	stage->said[0] = '\0';
	attempt(stage, 257);
	ok(says(stage, "") && kept(stage, SKUA_TABLE_OUT) == 256 &&
		   kept(stage, SKUA_TABLE_PENDING) == 255 &&
		   counted(stage, SKUA_COUNT_OVERFLOW) == 1 &&
		   counted(stage, SKUA_COUNT_SOURCE_ONLY) == 1,
	   "one more is only counted, even of ours");
	at(stage, 400);
	attempt(stage, 257);
	attempt(stage, 258);
	ok(says(stage, ""), "and said by nobody before the tick");
	at(stage, 1000);
	ok(says(stage, "source") && stage->source.attempts == 3 && sketched(stage) == 2 &&
		   stage->source.window_ns == ms(300) && stage->source.head.time_ns == ms(1000) &&
		   stage->source.ours && stage->source.proto == SKUA_TCP &&
		   stage->source.head.ifindex == 1 &&
		   skua_be32((const __u8 *)stage->source.head.key.low + 12) == HOST_OURS &&
		   !stage->source.head.key.high[1],
	   "which tells the source, three attempts, two bits for two targets");
}

static void test_overflow(void)
{
	struct stage *stage = stage_open();

	test_budget(stage);
	at(stage, 2000);
	ok(says(stage, ""), "a second without more of it tells nothing");
	at(stage, 2500);
	attempt(stage, 300);
	at(stage, 3000);
	ok(says(stage, "source") && stage->source.attempts == 4 && sketched(stage) == 3,
	   "one with more adds to the same minute");
	at(stage, 5300);
	attempt(stage, 400);
	ok(says(stage, "exchange"), "after five seconds the budget is whole again");
	at(stage, 6000);
	ok(stage->contacts == 256, "and what was within it is decided, each");
	stage->said[0] = '\0';
	stage->client.address = HOST_OURS_2;
	attempt(stage, 500);
	ok(says(stage, "exchange"), "another source was never bothered");
	stage_close(stage);
}

static void test_overflow_window(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.pending_budget = 1;
	stage = stage_open_as(&options);
	at(stage, 100);
	attempts(stage, 3);
	at(stage, 60099);
	attempt(stage, 11);
	attempt(stage, 12);
	at(stage, 61000);
	ok(stage->source.attempts == 3 && stage->source.window_ns == ms(100),
	   "overflow is counted from its first attempt");
	at(stage, 61100);
	attempt(stage, 13);
	attempt(stage, 14);
	at(stage, 62000);
	ok(stage->source.attempts == 2 && stage->source.window_ns == ms(61100) &&
		   sketched(stage) == 2,
	   "for a minute, then anew");
	stage_close(stage);
}

static void test_budget_returns(void)
{
	struct stage *stage = stage_open();

	attempts(stage, 256);
	stage->server.port = 7;
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	attempt(stage, 1000);
	attempt(stage, 1001);
	ok(counted(stage, SKUA_COUNT_OVERFLOW) == 1 && kept(stage, SKUA_TABLE_OUT) == 257,
	   "an attempt that is decided makes room for one");
	stage_close(stage);
}

static void test_said_budget(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.event_budget = 3;
	stage = stage_open_as(&options);
	for (int i = 0; i < 5; i++) {
		stage->server.port = i;
		out(stage, 0, 0, 0, 0);
	}
	ok(says(stage, "contact-odd contact-odd contact-odd") &&
		   counted(stage, SKUA_COUNT_UNSAID) == 2,
	   "beyond a source's events of a second the rest is counted");
	at(stage, 999);
	out(stage, 0, 0, 0, 0);
	ok(says(stage, ""), "for all of that second");
	at(stage, 1000);
	out(stage, 0, 0, 0, 0);
	ok(says(stage, "contact-odd"), "and the next is a new one");
	stage_close(stage);
}

static void test_flows_full(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.flows = 1;
	stage = stage_open_as(&options);
	attempt(stage, 80);
	at(stage, 500);
	stage->ifindex = 2;
	attempt(stage, 81);
	ok(says(stage, "exchange exchange flow-evicted") && stage->flow.head.key.high_port == 80 &&
		   stage->flow.flow.way[SKUA_LOW].packets == 1 && stage->flow.head.ifindex == 1 &&
		   stage->flow.head.time_ns == ms(500) && stage->flow.ours &&
		   engine_table(stage->engine, SKUA_TABLE_OUT)->evictions == 1,
	   "a full table gives up a flow, with its totals");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	says(stage, "contact-refused flow-end");
	attempt(stage, 82);
	ok(says(stage, "exchange") && stage->flow.head.key.high_port == 81 &&
		   engine_table(stage->engine, SKUA_TABLE_OUT)->evictions == 2,
	   "and one whose end was said goes without a word");
	at(stage, 200000);
	ok(!kept(stage, SKUA_TABLE_OUT) && engine_next(stage->engine) == UINT64_MAX,
	   "what was evicted is not waited for");
	stage_close(stage);
}

static void test_strangers_full(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.flows = 1;
	stage = stage_open_as(&options);
	attempt(stage, 443);
	stage->client = (struct host){ HOST_WORLD, 40000 };
	for (uint16_t port = 22; port < 24; port++) {
		stage->server = (struct host){ HOST_OURS_2, port };
		handshake(stage);
	}
	ok(engine_table(stage->engine, SKUA_TABLE_IN)->evictions == 1 &&
		   kept(stage, SKUA_TABLE_OUT) == 1 &&
		   !engine_table(stage->engine, SKUA_TABLE_OUT)->evictions && !stage->flow.ours,
	   "strangers push out strangers, never what we called");
	stage_close(stage);
}

static void test_others_full(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.pending = 1;
	options.sources = 1;
	stage = stage_open_as(&options);
	attempts(stage, 3);
	ok(kept(stage, SKUA_TABLE_PENDING) == 1 &&
		   engine_table(stage->engine, SKUA_TABLE_PENDING)->evictions == 1,
	   "a full table of attempts gives up one");
	stage->client.address = HOST_OURS_2;
	attempt(stage, 9);
	ok(kept(stage, SKUA_TABLE_SOURCES) == 1 &&
		   engine_table(stage->engine, SKUA_TABLE_SOURCES)->evictions == 1,
	   "a full table of sources a record");
	stage->said[0] = '\0';
	at(stage, 6000);
	ok(says(stage, "contact-unanswered contact-unanswered") && stage->contacts == 2,
	   "and what was given up is not said to be unanswered");
	stage_close(stage);
}

int main(void)
{
	test_slot();
	test_slot_holds();
	test_slot_again();
	test_first_tick();
	test_interfaces();
	test_overflow();
	test_overflow_window();
	test_budget_returns();
	test_said_budget();
	test_flows_full();
	test_strangers_full();
	test_others_full();
	return done();
}
