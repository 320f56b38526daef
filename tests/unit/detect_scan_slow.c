// SPDX-License-Identifier: BSD-2-Clause
/* Sweeps and odd probes too slow for a minute are found, and their benign twins are not. */
#include "scan_stage.h"
#include "tap.h"

static struct stage *play_odd(unsigned count, uint8_t flags, uint8_t outcome, double every_s)
{
	struct stage *stage = begin();

	for (unsigned i = 0; i < count; i++)
		say(stage, odd(100 + i, flags, outcome, 1 + i * every_s));
	run_to(stage, stage->now_s + 10);
	return stage;
}

static void test_probes(void)
{
	static const struct {
		uint8_t flags, outcome;
		double every_s;
		unsigned enough;
		const char *sentence;
	} kinds[] = {
		{ 0, SKUA_ODD, 20, 5, "NULL probes three a minute: at the fifth in five minutes" },
		{ 0, SKUA_ODD, 300, 6, "one in five minutes: at the sixth in an hour" },
		{ 0x29, SKUA_ODD, 3600, 8, "XMAS probes, one an hour: at the eighth of the day" },
		{ 0x01, SKUA_REFUSED, 300, 6, "a lone FIN that met a RST counts like odd flags" },
		{ 0x10, SKUA_REFUSED, 300, 10, "ACKs that met a RST take ten in an hour" },
		{ 0x11, SKUA_REFUSED, 1200, 30, "FIN+ACKs likewise thirty a day" },
		{ 0x01, SKUA_UNANSWERED, 300, 20, "FINs into silence take twenty, however slow" },
		{ 0x10, SKUA_UNANSWERED, 60, 30, "ACKs into silence take thirty in an hour" },
		{ 0x10, SKUA_UNREACHABLE, 60, 30, "that they are unreachable says no more" },
	};

	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct stage *few = play_odd(kinds[k].enough - 1, kinds[k].flags, kinds[k].outcome,
					     kinds[k].every_s);
		struct stage *stage = play_odd(kinds[k].enough, kinds[k].flags, kinds[k].outcome,
					       kinds[k].every_s);

		ok(!found(few) && stage->best.score_raw == 0.6 &&
			   stage->best.scan.slow == (kinds[k].every_s > 60 || kinds[k].enough > 5),
		   kinds[k].sentence);
		end(few);
		end(stage);
	}
}

static void test_ping(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 24; i++)
		say(stage, ping(i, SKUA_UNANSWERED, 60.0 * i));
	run_to(stage, 60 * 24);
	ok(!found(stage), "24 silent hosts, pinged one a minute, are no sweep");
	say(stage, ping(24, SKUA_UNANSWERED, 60 * 24));
	run_to(stage, 60 * 25);
	ok(stage->best.score_raw == 0.5 && stage->best.scan.slow &&
		   stage->best.scan.horizon_s == 3600 && stage->best.scan.targets == 25 &&
		   stage->best.scan.technique == SCAN_ICMP,
	   "the twenty-fifth of the hour makes it a slow one");
	ok(!strcmp(stage->best.reason, "slow ICMP sweep: 25 targets in 24 min, 25 unanswered"),
	   "its sentence says how slow");
	end(stage);
	stage = begin();
	for (int i = 0; i < 300; i++)
		say(stage, ping(i % 50, i % 50 < 26 ? SKUA_ANSWERED : SKUA_UNANSWERED, 60.0 * i));
	run_to(stage, 60 * 301);
	ok(!found(stage), "a monitor whose fifty hosts mostly answer is none");
	for (int i = 0; i < 1400; i++)
		say(stage, ping(100 + i % 40, SKUA_UNANSWERED, 18100 + 50.0 * i));
	run_to(stage, 18100 + 70000);
	ok(stage->best.scan.targets < 66,
	   "forty dead hosts, pinged for ever, are found by the hour in which that began at most");
	end(stage);
}

/* 100 at once, 40 of them answered first: as many as fill the minute's list. */
static void test_fast_ping(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 100; i++)
		if (i % 5 < 2)
			say(stage, ping(i, SKUA_ANSWERED, 1 + i * 0.001));
	for (int i = 0; i < 100; i++)
		if (i % 5 >= 2)
			say(stage, ping(i, SKUA_UNANSWERED, 1 + i * 0.001));
	run_to(stage, 20);
	ok(stage->best.score_raw == 1 && stage->best.scan.contacts > 90 &&
		   stage->best.scan.contacts < 110 && !stage->best.scan.slow,
	   "a hundred pinged within 0.1 s, of which 40 answer, are a sweep of about a hundred");
	end(stage);
}

static void ask(struct stage *stage, uint32_t target, bool answered, double at_s)
{
	struct address from = address_of(SCANNER), to = address_plus(VICTIM, target);

	run_to(stage, (uint64_t)at_s);
	neighbour_say(&stage->sources, 0, from, to, false, at_s);
	if (answered)
		neighbour_say(&stage->sources, 0, to, from, true, at_s + 0.001);
}

static void test_neighbours(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 30; i++)
		ask(stage, i, i % 10 == 0, 60.0 * i);
	run_to(stage, 60 * 31);
	ok(stage->best.score_raw > 0.54 && stage->best.scan.technique == SCAN_ARP &&
		   stage->best.scan.answered == 3,
	   "thirty neighbours asked for, one a minute, of which three are there, are a sweep");
	end(stage);
	stage = begin();
	for (int i = 0; i < 90; i++)
		ask(stage, i, false, 300.0 * i);
	run_to(stage, 300 * 90);
	ok(found(stage) && stage->best.scan.horizon_s == 86400,
	   "where no answer is seen, it takes ninety a day");
	end(stage);
}

static void test_gateway(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 60; i++)
		ask(stage, i, false, 5.0 * i);
	run_to(stage, 300);
	ok(!found(stage), "a gateway that starts asks for sixty in five minutes, answers unseen");
	for (int round = 1; round < 20; round++)
		for (int i = 0; i < 60 + 2 * round; i++)
			ask(stage, i, false, 4000.0 * round + 20.0 * i);
	run_to(stage, 86000);
	ok(!found(stage), "and again and again, all day, until they are ninety-eight");
	end(stage);
	stage = begin();
	for (int i = 0; i < 2000; i++)
		ask(stage, i % 100, i % 100 < 60, 40.0 * i);
	run_to(stage, 81000);
	ok(!found(stage), "nor is one whose neighbours mostly answer");
	end(stage);
}

static void test_udp_silence(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 79; i++)
		say(stage, udp(i, 161, SKUA_UNANSWERED, 300.0 * i));
	run_to(stage, 300 * 79);
	ok(!found(stage), "79 that are silent over UDP within a day are dead services");
	say(stage, udp(79, 161, SKUA_UNANSWERED, 300 * 79));
	say(stage, udp(80, 161, SKUA_UNANSWERED, 300 * 80));
	say(stage, udp(81, 161, SKUA_UNANSWERED, 300 * 81));
	run_to(stage, 300 * 82);
	ok(found(stage) && stage->best.scan.slow, "a few more are a scan");
	end(stage);
}

int main(void)
{
	test_probes();
	test_ping();
	test_fast_ping();
	test_neighbours();
	test_gateway();
	test_udp_silence();
	return done();
}
