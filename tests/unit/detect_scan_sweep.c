// SPDX-License-Identifier: BSD-2-Clause
/* Scans over UDP and sweeps by ICMP, ARP and NS are found, and their benign twins are not. */
#include "scan_stage.h"
#include "tap.h"

static void test_udp(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 30; i++)
		say(stage, udp(0, 100 + i, SKUA_UNREACHABLE, i));
	run_to(stage, 60);
	ok(stage->found_s == 10 && stage->best.scan.technique == SCAN_UDP &&
		   stage->best.scan.shape == SCAN_VERTICAL && stage->best.proto == SKUA_UDP,
	   "a UDP scan is found at the tenth unreachable port, one a second");
	end(stage);
	stage = begin();
	for (int i = 0; i < 19; i++)
		say(stage, udp(i, 161, SKUA_UNANSWERED, i * 0.1));
	run_to(stage, 10);
	ok(!found(stage), "silence of 19 over UDP is nothing");
	say(stage, udp(20, 161, SKUA_UNANSWERED, 11));
	run_to(stage, 20);
	ok(stage->best.score_raw == 0.7, "of 20, none answered, it is a finding");
	end(stage);
}

static void test_udp_twins(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 80; i++)
		say(stage, udp(i, 6346, i % 5 ? SKUA_UNANSWERED : SKUA_ANSWERED, i * 0.5));
	run_to(stage, 60);
	ok(!found(stage), "80 peers of which a fifth answer are no scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 40; i++) {
		struct contact far = udp(i, 161, SKUA_UNREACHABLE, i * 0.1);

		far.icmp_code = 1;
		say(stage, far);
	}
	ok(!found(stage), "that a router cannot reach hosts is not their refusal");
	for (int i = 0; i < 80; i++) {
		say(stage, udp(100 + i, 443, SKUA_UNANSWERED, 60 + i * 0.1));
		say(stage, udp(200, 33434 + i, SKUA_UNANSWERED, 65 + i * 0.1));
		say(stage, udp(100 + i, 514, SKUA_UNANSWERED, 65 + i * 0.1));
	}
	run_to(stage, 100);
	ok(!found(stage), "dropped QUIC, traceroute and syslog are no scan");
	for (int i = 0; i < 30; i++) {
		struct contact wide = udp(0, 5000, SKUA_UNANSWERED, 100 + i * 0.1);

		wide.to = address_plus("239.1.1.1", i);
		say(stage, wide);
	}
	run_to(stage, 120);
	ok(!found(stage), "multicast owes no answer");
	end(stage);
}

static void test_ping(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 19; i++)
		say(stage, ping(i, SKUA_UNANSWERED, i * 0.1));
	run_to(stage, 10);
	ok(!found(stage), "19 silent hosts pinged are no sweep");
	say(stage, ping(19, SKUA_UNANSWERED, 10));
	run_to(stage, 20);
	ok(stage->best.score_raw == 0.5 && stage->best.scan.technique == SCAN_ICMP &&
		   stage->best.scan.shape == SCAN_HORIZONTAL && !stage->best.has_dst,
	   "the twentieth within a minute makes it one");
	ok(!strcmp(stage->best.reason, "ICMP sweep: 20 targets in 10 s, 20 unanswered"),
	   "the sentence of a sweep names no ports");
	end(stage);
	stage = begin();
	for (int i = 0; i < 100; i++)
		say(stage, ping(i, i % 5 < 3 ? SKUA_ANSWERED : SKUA_UNANSWERED, i * 0.1));
	run_to(stage, 20);
	ok(!found(stage), "a monitor whose hosts mostly answer is no sweep");
	for (int i = 0; i < 100; i++)
		say(stage, ping(i % 15, SKUA_UNANSWERED, 100 + i));
	run_to(stage, 220);
	ok(!found(stage), "15 dead hosts, pinged for ever, are no sweep");
	end(stage);
}

static void ask(struct stage *stage, uint8_t proto, uint32_t target, bool answered, double at_s)
{
	struct address from = address_of(proto ? "fe80::9" : SCANNER);
	struct address to = address_plus(proto ? "fe80::1:0" : VICTIM, target);

	run_to(stage, (uint64_t)at_s);
	neighbour_say(&stage->sources, proto, from, to, false, at_s);
	if (answered)
		neighbour_say(&stage->sources, proto, to, from, true, at_s + 0.001);
}

static void test_neighbours(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 200; i++)
		ask(stage, 0, i, i % 20 == 0, i * 0.01);
	run_to(stage, 5);
	ok(stage->best.score_raw == 1 && stage->best.scan.technique == SCAN_ARP &&
		   !stage->best.proto && stage->best.scan.direction == SCAN_INTERNAL,
	   "who asks 200 neighbours by ARP, of which a twentieth is there, sweeps");
	end(stage);
	stage = begin();
	for (int i = 0; i < 30; i++)
		ask(stage, SKUA_ICMPV6, i, false, i * 0.01);
	run_to(stage, 5);
	ok(stage->best.score_raw == 0.6 && stage->best.scan.technique == SCAN_NS &&
		   stage->best.proto == SKUA_ICMPV6,
	   "neighbour solicitations for 30 absent hosts are a sweep, too");
	end(stage);
}

static void test_neighbour_twins(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 50; i++)
		ask(stage, 0, i, true, i * 0.1);
	run_to(stage, 10);
	ok(!found(stage), "a gateway whose neighbours answer is no sweep");
	for (int i = 0; i < 50; i++)
		ask(stage, 0, i, false, 20 + i * 0.1);
	run_to(stage, 40);
	ok(!found(stage), "nor when it soon asks again and the answers are not seen");
	for (int i = 0; i < 60; i++)
		ask(stage, 0, i, false, 200 + 4.0 * i);
	run_to(stage, 500);
	ok(!found(stage), "15 questions a minute are no sweep, for however long");
	for (int i = 0; i < 60; i++) {
		struct address own = address_plus(VICTIM, i);

		neighbour_say(&stage->sources, 0, own, own, false, 500);
		neighbour_say(&stage->sources, 0, address_of("0.0.0.0"), own, false, 500);
		neighbour_say(&stage->sources, SKUA_ICMPV6, address_of("::"), own, false, 500);
	}
	run_to(stage, 510);
	ok(!found(stage), "announcements and probes for one's own address are no sweep");
	end(stage);
}

int main(void)
{
	test_udp();
	test_udp_twins();
	test_ping();
	test_neighbours();
	test_neighbour_twins();
	return done();
}
