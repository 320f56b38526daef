// SPDX-License-Identifier: BSD-2-Clause
/* Odd flags, unused connections and overflow are found, and their benign twins are not. */
#include "scan_stage.h"
#include "tap.h"

static void test_odd(void)
{
	static const struct {
		uint8_t flags, outcome;
		unsigned enough;
		enum scan_technique technique;
		const char *sentence;
	} kinds[] = {
		{ 0, SKUA_ODD, 5, SCAN_NULL, "five NULL probes are a finding, four are not" },
		{ 0x29, SKUA_ODD, 5, SCAN_XMAS, "five XMAS probes likewise" },
		{ 0x03, SKUA_ODD, 5, SCAN_ODD, "five of SYN+FIN likewise" },
		{ 0x01, SKUA_REFUSED, 5, SCAN_FIN, "five FINs that met a RST likewise" },
		{ 0x11, SKUA_REFUSED, 5, SCAN_MAIMON, "five FIN+ACKs that met a RST likewise" },
		{ 0x10, SKUA_REFUSED, 5, SCAN_ACK, "five ACKs that met a RST likewise" },
		{ 0x01, SKUA_UNANSWERED, 20, SCAN_FIN, "FINs into silence take twenty" },
		{ 0x10, SKUA_UNANSWERED, 20, SCAN_ACK, "ACKs into silence take twenty" },
	};

	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct stage *stage = begin();
		bool early;

		for (unsigned i = 0; i < kinds[k].enough - 1; i++)
			say(stage, odd(100 + i, kinds[k].flags, kinds[k].outcome, 1 + i * 0.1));
		run_to(stage, 10);
		early = found(stage);
		say(stage, odd(99, kinds[k].flags, kinds[k].outcome, 11));
		run_to(stage, 20);
		ok(!early && found(stage) && stage->best.scan.technique == kinds[k].technique &&
			   stage->best.score_raw > 0.599 && stage->best.score_raw < 0.91,
		   kinds[k].sentence);
		end(stage);
	}
}

static void test_odd_twins(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 100; i++)
		say(stage, odd(100, 0, SKUA_ODD, i * 0.1));
	ok(!found(stage), "the same odd probe a hundred times is no scan");
	for (int i = 0; i < 12; i++)
		say(stage, odd(1000 + i % 3, 0, SKUA_ODD, 100 + 20.0 * i));
	run_to(stage, 400);
	ok(!found(stage), "four contacts with odd flags, over and over, are no scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 200; i++) {
		struct contact late =
			odd(40000 + i, 0x11, i & 1 ? SKUA_REFUSED : SKUA_UNANSWERED, i * 0.1);

		late.source_port = 443;
		say(stage, late);
	}
	run_to(stage, 60);
	ok(!found(stage), "late FINs of a server to ports that its clients drew are no scan");
	end(stage);
}

static void test_empties(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 15; i++) {
		say(stage, syn(0, 100 + i, SKUA_ANSWERED, i * 0.1));
		say(stage, syn(0, 100 + i, SKUA_EMPTY, i * 0.1 + 0.01));
	}
	run_to(stage, 5);
	ok(stage->best.score_raw == 0.5 && stage->best.scan.empty == 15 && stage->best.has_dst &&
		   stage->best.scan.technique == SCAN_CONNECT,
	   "15 open ports of a host, opened and closed unused, are a connect scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 30; i++) {
		say(stage, syn(i, 22, SKUA_ANSWERED, i * 0.1));
		say(stage, syn(i, 22, SKUA_EMPTY, i * 0.1 + 0.01));
	}
	run_to(stage, 50);
	ok(!found(stage), "a port of 30 hosts may be a health check: it waits for the rhythm");
	run_to(stage, 70);
	ok(stage->best.score_raw == 0.8 && stage->best.dport == 22 &&
		   stage->best.scan.shape == SCAN_HORIZONTAL,
	   "nothing came again within a minute: it is a scan");
	end(stage);
}

/* The one with most empty contacts has no majority of them. */
static void test_empties_elsewhere(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 15; i++) {
		say(stage, syn(0, 100 + i, SKUA_ANSWERED, i * 0.1));
		say(stage, syn(0, 100 + i, SKUA_EMPTY, i * 0.1 + 0.01));
	}
	for (int i = 1; i < 18; i++) {
		say(stage, syn(i, 22, SKUA_ANSWERED, 2 + i * 0.1));
		say(stage, syn(i, 22, SKUA_EMPTY, 2 + i * 0.1 + 0.01));
	}
	run_to(stage, 6);
	ok(stage->latest.scan.targets == 1 && !stage->latest.has_dst,
	   "15 ports of one host beside 17 others name no wrong one");
	end(stage);
}

static void test_empty_twins(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 14; i++) {
		say(stage, syn(0, 100 + i, SKUA_ANSWERED, i * 0.1));
		say(stage, syn(0, 100 + i, SKUA_EMPTY, i * 0.1 + 0.01));
	}
	run_to(stage, 100);
	ok(!found(stage), "14 unused ports are nothing");
	end(stage);
	stage = begin();
	for (int i = 0; i < 30 * 20; i++) {
		say(stage, syn(i % 30, 8080, SKUA_ANSWERED, i / 30 * 10));
		say(stage, syn(i % 30, 8080, SKUA_EMPTY, i / 30 * 10 + 0.01));
	}
	run_to(stage, 300);
	ok(!found(stage) && stage->best.score_raw > 0,
	   "a health check of 30 servers every ten seconds is shown but no finding");
	end(stage);
	stage = begin();
	for (int i = 0; i < 300; i++) {
		say(stage, syn(i, 443, SKUA_ANSWERED, i * 0.5));
		say(stage, syn(i, 443, SKUA_ANSWERED, i * 0.5 + 0.01));
		say(stage, syn(i, 443, SKUA_EMPTY, i * 0.5 + 0.3));
	}
	run_to(stage, 300);
	ok(!found(stage), "a browser that opens a second connection in vain each time is no scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 200; i++) {
		say(stage, syn(i, 443, SKUA_ANSWERED, i));
		if (i % 6 == 0)
			say(stage, syn(i, 443, SKUA_EMPTY, i + 0.3));
	}
	run_to(stage, 300);
	ok(!found(stage), "nor is one that never uses a sixth of the hosts it connects to");
	end(stage);
}

static void overflow(struct stage *stage, uint32_t attempts, uint32_t contacts)
{
	struct address from = address_of(SCANNER);
	struct skua_source_event event;
	uint64_t state = 5, sketch[SKUA_SKETCH_WORDS] = { 0 };

	memset(&event, 0, sizeof(event));
	memcpy(event.head.key.low, &from, 16);
	event.head.time_ns = event.window_ns = (START_S + stage->now_s) * SECOND;
	for (uint32_t i = 0; i < contacts; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		distinct_mark(sketch, SKUA_SKETCH_WORDS, state >> 32);
	}
	memcpy(event.sketch, sketch, sizeof(sketch));
	event.attempts = attempts;
	event.proto = SKUA_TCP;
	event.ours = 1;
	sources_overflow(&stage->sources, &event);
	run_to(stage, stage->now_s + 1);
}

static void test_overflow(void)
{
	struct stage *stage = begin();

	overflow(stage, 399, 300);
	ok(!found(stage), "fewer than 400 attempts beyond the budget do not decide alone");
	overflow(stage, 500, 60);
	ok(!found(stage), "nor do 500 to 60 contacts");
	run_to(stage, 300);
	overflow(stage, 2000, 800);
	ok(stage->best.score_raw == 1 && stage->best.scan.overflow && stage->best.count > 680 &&
		   stage->best.count < 920,
	   "2,000 attempts to 800 contacts are a scan of score 1");
	ok(!stage->sources.syn_floods, "and no flood");
	end(stage);
	stage = begin();
	for (int i = 0; i < 5; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, 0.1));
	overflow(stage, 2000, 800);
	ok(stage->best.scan.shape == SCAN_VERTICAL && stage->best.has_dst &&
		   stage->best.scan.ports == stage->best.count,
	   "a few that were listed tell that it is one target");
	end(stage);
	stage = begin();
	for (int i = 0; i < 3; i++)
		overflow(stage, 50000, 1);
	ok(!found(stage) && stage->sources.syn_floods == 3,
	   "50,000 SYNs to one port are a flood, counted as such, and no scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 200; i++)
		say(stage, syn(i, 443, i % 10 ? SKUA_ANSWERED : SKUA_REFUSED, i * 0.01));
	overflow(stage, 2000, 800);
	ok(!found(stage), "a crawler in a hurry that mostly succeeds is no scan");
	end(stage);
}

int main(void)
{
	test_odd();
	test_odd_twins();
	test_empties();
	test_empties_elsewhere();
	test_empty_twins();
	test_overflow();
	return done();
}
