// SPDX-License-Identifier: BSD-2-Clause
/* Scans told by how contacts end are found at any speed, busy harmless hosts are not. */
#include "scan_stage.h"
#include "tap.h"

static void test_vertical(void)
{
	struct stage *stage = begin();
	const struct finding *best = &stage->best;

	for (int i = 0; i < 1000; i++)
		say(stage, syn(0, 1 + i, i % 167 ? SKUA_REFUSED : SKUA_HALF_OPEN, i / 200.0));
	run_to(stage, 20);
	ok(found(stage) && stage->found_s <= 1, "a scan of 1,000 ports is found within a second");
	ok(best->kind == FINDING_SCAN && best->score_raw == 1, "its score reaches 1");
	*(&stage->best) = stage->latest;
	ok(best->scan.shape == SCAN_VERTICAL && best->scan.technique == SCAN_SYN &&
		   best->scan.direction == SCAN_INTERNAL,
	   "it is a vertical SYN scan among neighbours");
	ok(best->has_dst && best->dst.bytes[15] == 20 && best->proto == SKUA_TCP && !best->dport,
	   "its entities are source, target and protocol");
	ok(best->count > 860 && best->count < 1140 && best->scan.ports == best->count &&
		   best->scan.targets == 1,
	   "its ports are counted within three standard errors");
	ok(best->scan.refused + best->scan.half_open >= best->count - 1 &&
		   best->scan.refused <= best->count,
	   "its outcomes add up to its contacts");
	ok(best->scan.port_count == FINDING_PORTS && best->scan.port_list[0] == 1,
	   "the first ports are told");
	ok(strstr(best->reason, "vertical SYN scan: about ") == best->reason &&
		   strstr(best->reason, " ports in 4.9 s, ") && strstr(best->reason, " refused"),
	   "the sentence says shape, technique, extent, time and outcome");
	ok(!best->scan.slow && !best->scan.overflow && best->last_ns > best->first_ns,
	   "a fast scan is not called slow");
	end(stage);
}

/* n failed contacts, then the clock runs on: the highest score. */
static double score_of_ports(int n, uint8_t outcome)
{
	struct stage *stage = begin();
	double score;

	for (int i = 0; i < n; i++)
		say(stage, syn(0, 100 + i, outcome, 1 + i * 0.01));
	run_to(stage, 30);
	score = stage->best.score_raw;
	end(stage);
	return score;
}

static void test_thresholds(void)
{
	ok(score_of_ports(9, SKUA_REFUSED) == 0, "nine refused ports are nothing");
	ok(score_of_ports(10, SKUA_REFUSED) == 0.5, "ten are a finding of 0.50");
	ok(score_of_ports(15, SKUA_UNANSWERED) == 0.6, "15 in silence one of 0.60");
	ok(score_of_ports(15, SKUA_UNREACHABLE) == 0.6, "and 15 unreachable ones likewise");
	ok(score_of_ports(60, SKUA_HALF_OPEN) == 1, "60 half-open ones reach 1");
}

static void test_shapes(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 40; i++)
		say(stage, syn(i, 445, SKUA_UNANSWERED, i * 0.1));
	run_to(stage, 20);
	ok(stage->best.scan.shape == SCAN_HORIZONTAL && stage->best.dport == 445 &&
		   !stage->best.has_dst && stage->best.scan.targets == 40,
	   "one port of 40 hosts is a horizontal scan of that port");
	end(stage);
	stage = begin();
	for (int i = 0; i < 40; i++)
		say(stage, syn(i % 5, 20 + i / 5, SKUA_REFUSED, i * 0.1));
	run_to(stage, 20);
	ok(stage->latest.scan.shape == SCAN_MIXED, "eight ports of five hosts are mixed");
	for (int i = 0; i < 100; i++)
		say(stage, syn(i % 10, 20 + i / 10, SKUA_REFUSED, 20 + i * 0.1));
	run_to(stage, 40);
	ok(stage->latest.scan.shape == SCAN_BLOCK, "ten ports of ten hosts are a block");
	end(stage);
}

static void test_connect(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 12; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, i * 0.001));
	for (int i = 0; i < 3; i++) {
		say(stage, syn(0, 200 + i, SKUA_ANSWERED, 0.1));
		say(stage, syn(0, 200 + i, SKUA_EMPTY, 0.2));
	}
	run_to(stage, 10);
	ok(stage->best.score_raw == 0.54 && stage->best.scan.technique == SCAN_CONNECT,
	   "three open ports, closed unused, do not excuse twelve refused ones");
	end(stage);
}

static void test_benign_tcp(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 1000; i++)
		say(stage, syn(0, 21, i % 3 ? SKUA_ANSWERED : SKUA_REFUSED, i * 0.05));
	ok(!found(stage), "a thousand connections to one port are no scan");
	for (int i = 0; i < 40; i++)
		say(stage, syn(i, 80, i % 4 ? SKUA_ANSWERED : SKUA_UNANSWERED, 100 + i * 0.1));
	run_to(stage, 200);
	ok(!found(stage), "a crawl of which a quarter is dead is no scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 30; i++) {
		struct contact peer = syn(0, 20000 + 311 * i, SKUA_UNANSWERED, 300 + i);

		peer.to = address_plus("198.51.100.1", i);
		say(stage, peer);
	}
	run_to(stage, 400);
	ok(!found(stage) && stage->best.score_raw > 0,
	   "dead peers elsewhere, each at a port of its own, are shown but no finding");
	end(stage);
}

/* Failures of a fifth, every contact new: a random walk that goes down. */
static void test_mostly_successful(void)
{
	struct stage *stage = begin();
	uint64_t state = 7;

	for (int i = 0; i < 60000; i++) {
		bool fails;

		state = state * 6364136223846793005u + 1442695040888963407u;
		fails = (state >> 33) % 5 == 0;
		say(stage,
		    syn(i % 30000, 80 + i / 30000, fails ? SKUA_REFUSED : SKUA_ANSWERED, i * 0.2));
	}
	ok(!found(stage), "60,000 contacts of which a fifth fails at random are no scan");
	for (int i = 0; i < 25; i++)
		say(stage, syn(30001, 100 + i, SKUA_REFUSED, 12010 + i * 0.1));
	run_to(stage, 12020);
	ok(found(stage), "all these successes bank no credit for a scan that follows");
	end(stage);
}

static void test_known_peers_die(void)
{
	struct stage *stage = begin();

	for (int round = 0; round < 60; round++)
		for (int i = 0; i < 60; i++)
			say(stage, syn(i, 9100, round > 50 && i < 14 ? SKUA_REFUSED : SKUA_ANSWERED,
				       round * 30 + i * 0.5));
	run_to(stage, 2000);
	ok(!found(stage), "14 of 60 monitored hosts that go down are no scan");
	end(stage);
}

/* Three IPv6 addresses in vain before IPv4 answers, page after page, from two addresses. */
static void test_broken_ipv6(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 200; i++) {
		struct contact vain = syn(0, 443, SKUA_UNANSWERED, i * 8.0);

		vain.from = address_of("2001:db8::9");
		vain.to = address_plus("2600:1::1", i);
		say(stage, vain);
		say(stage, syn(i, 443, SKUA_ANSWERED, i * 8.0 + 5.5));
	}
	run_to(stage, 1700);
	ok(!found(stage), "a browsing host whose IPv6 is broken is no scanner");
	for (int i = 0; i < 100; i++) {
		struct contact probe = syn(0, 443, SKUA_UNANSWERED, 1750 + i * 0.1);

		probe.from = address_of("2001:db8::b");
		probe.to = address_plus("2600:1::1", i);
		say(stage, probe);
	}
	run_to(stage, 1790);
	ok(found(stage), "a hundred silent hosts of the web within seconds are a scan");
	end(stage);
	stage = begin();
	for (int i = 0; i < 15; i++) {
		struct contact probe = syn(0, 20 + i, SKUA_UNANSWERED, 1800 + i * 0.1);

		probe.from = address_of("2001:db8::a");
		probe.to = address_of("2600:1::1");
		say(stage, probe);
	}
	run_to(stage, 1820);
	ok(found(stage), "15 silent ports over IPv6 are");
	end(stage);
}

static void test_slow(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 20; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, i * 60.0));
	run_to(stage, 1300);
	ok(found(stage) && stage->found_s <= 900, "a probe a minute is found within 15 minutes");
	ok(stage->best.scan.slow && stage->best.scan.horizon_s == 3600 &&
		   strstr(stage->best.reason, "slow vertical SYN scan") == stage->best.reason,
	   "it is called slow, with its horizon");
	end(stage);
	stage = begin();
	for (int i = 0; i < 30; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, i * 20.0));
	run_to(stage, 700);
	ok(stage->best.score_raw == 0.9 && !stage->best.scan.slow,
	   "three a minute take long, but each five minutes of them are enough");
	end(stage);
	stage = begin();
	for (int i = 0; i < 12; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, i * 4000.0));
	run_to(stage, 60000);
	ok(found(stage) && stage->best.scan.horizon_s == 86400,
	   "a probe in 67 minutes is found within a day");
	end(stage);
	stage = begin();
	for (int i = 0; i < 20; i++)
		say(stage, syn(0, 100 + i, SKUA_REFUSED, i * 10000.0));
	run_to(stage, 210000);
	ok(!found(stage), "nine a day are not");
	end(stage);
}

static void test_direction(void)
{
	struct stage *stage = begin();

	for (int i = 0; i < 15; i++) {
		struct contact contact = syn(0, 100 + i, SKUA_REFUSED, i * 0.1);

		contact.to = address_of("203.0.113.5");
		say(stage, contact);
	}
	run_to(stage, 5);
	ok(stage->best.scan.direction == SCAN_OUTBOUND, "from ours to elsewhere is outbound");
	end(stage);
	for (int summary = 0; summary < 2; summary++) {
		stage = begin();
		stage->limits.scan.inbound_summary = summary;
		for (int i = 0; i < 15; i++) {
			struct contact contact = syn(0, 100 + i, SKUA_REFUSED, i * 0.1);

			contact.from = address_of("203.0.113.5");
			contact.stranger = true;
			say(stage, contact);
		}
		run_to(stage, 5);
		if (summary)
			ok(found(stage) && stage->best.scan.noise,
			   "with inbound_summary a stranger's is noise");
		else
			ok(stage->best.scan.direction == SCAN_INBOUND && !stage->best.scan.noise,
			   "a stranger's is inbound");
		end(stage);
	}
	stage = begin();
	for (int i = 0; i < 15; i++) {
		struct contact contact = syn(0, 100 + i, SKUA_REFUSED, i * 0.1);

		contact.from = address_of("203.0.113.5");
		contact.to = address_of("198.51.100.7");
		contact.stranger = true;
		say(stage, contact);
	}
	run_to(stage, 5);
	ok(found(stage) && !stage->best.scan.noise,
	   "among strangers, where nobody is known to be inside, it is not");
	end(stage);
}

int main(void)
{
	test_vertical();
	test_thresholds();
	test_shapes();
	test_connect();
	test_benign_tcp();
	test_mostly_successful();
	test_known_peers_die();
	test_broken_ipv6();
	test_slow();
	test_direction();
	return done();
}
