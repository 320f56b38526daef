// SPDX-License-Identifier: BSD-2-Clause
/* What a run says at its end: numbers and their words, only what happened, and sums that add up. */
#include <stdlib.h>
#include <string.h>
#include "report/summary.h"
#include "tap.h"

#define SECOND 1000000000ull

static bool says(const struct stats *stats, double elapsed_s, uint64_t hidden, const char *wanted)
{
	const struct summary_extra extra = { .elapsed_s = elapsed_s, .hidden = hidden };
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool good;

	if (!stream)
		abort();
	report_summary(stream, stats, &extra);
	fclose(stream);
	good = !strcmp(text, wanted);
	if (!good)
		printf("# %s", text);
	free(text);
	return good;
}

static void test_findings(void)
{
	struct stats stats = { 0 };

	ok(says(&stats, 0, 0, "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"),
	   "nothing is said in so many words");
	stats.findings[1] = 1;
	ok(says(&stats, 2.1, 0,
		"1 finding (1 high) in 2.1 s. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"),
	   "one is one");
	stats.findings[0] = 99;
	stats.findings[1] = 1000;
	stats.findings[2] = 2;
	stats.findings[4] = 4;
	ok(says(&stats, 0, 0,
		"1,006 findings (1,000 high, 2 medium, 4 info). 0 packets = 0 accounted + 0 "
		"ignored "
		"+ 0 lost.\n"),
	   "each severity that there is has its number");
	memset(stats.findings, 0, sizeof(stats.findings));
	stats.findings[3] = 3;
	stats.suppressed = 5;
	ok(says(&stats, 0, 7,
		"3 findings (3 low), 7 more below the score shown, 5 suppressed. 0 packets = 0 "
		"accounted + 0 ignored + 0 lost.\n"),
	   "what is not shown is told");
}

static void test_packets(void)
{
	struct stats stats = { .first_ns = SECOND,
			       .last_ns = 86401 * SECOND,
			       .packets = 1204311,
			       .accounted = 1203990,
			       .ignored_count = 3,
			       .ignored = { { "ARP", 300 }, { "none", 0 }, { "LLDP", 13 } },
			       .lost_count = 1,
			       .lost = { { "no room", 8 } } };

	ok(says(&stats, 0, 0,
		"0 findings. 1,204,311 packets over 24 h = 1,203,990 accounted + 313 ignored (ARP "
		"300, LLDP 13) + 8 lost (no room 8).\n"),
	   "packets are accounted, ignored or lost, by cause");
	stats.packets++;
	ok(says(&stats, 0, 0,
		"0 findings. 1,204,312 packets over 24 h = 1,203,990 accounted + 313 ignored (ARP "
		"300, LLDP 13) + 8 lost (no room 8).\nThese sums do not add up: please report this "
		"as a bug.\n"),
	   "or it is said that the sums do not add up");
}

static void test_one(void)
{
	const struct stats stats = {
		.first_ns = SECOND, .last_ns = SECOND, .packets = 1, .accounted = 1
	};

	ok(says(&stats, 0, 0, "0 findings. 1 packet = 1 accounted + 0 ignored + 0 lost.\n"),
	   "one packet took no time");
}

static void test_source_only(void)
{
	const struct stats stats = { .packets = 9, .accounted = 9, .source_only = 4 };

	ok(says(&stats, 0, 0,
		"0 findings. 9 packets = 9 accounted (4 to their source only) + 0 ignored + 0 "
		"lost.\n"),
	   "those of which only the sender is known are told apart");
}

static void test_totals(void)
{
	struct stats_totals totals = { 1, 2000, 1, 0, 1, 1, true };
	const struct stats stats = { .totals = &totals };

	ok(says(&stats, 0, 0,
		"0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\nDistinct: 1 TCP "
		"conversation, 2,000 UDP conversations, 1 IPv4 pair, 0 IPv6 pairs. DNS: 1 query, 1 "
		"response.\n"),
	   "distinct things, where they were counted");
	totals.exact = false;
	totals.dns_queries = totals.dns_responses = 2;
	ok(says(&stats, 0, 0,
		"0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\nDistinct, at least: 1 "
		"TCP conversation, 2,000 UDP conversations, 1 IPv4 pair, 0 IPv6 pairs. DNS: 2 "
		"queries, 2 responses.\n"),
	   "at least so many where there was no room");
}

static void test_given_up(void)
{
	struct stats stats = { .truncated = true };

	stats_add_loss(&stats, "pairs", 3);
	stats_add_loss(&stats, "nothing", 0);
	stats_add_undelivered(&stats, "syslog", 4);
	stats_add_loss(&stats, "names", 1);
	ok(stats.table_count == 3 &&
		   says(&stats, 0, 0,
			"0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\nGiven up "
			"besides "
			"(pairs 3, names 1): findings may be weaker for it.\nNot delivered (syslog "
			"4): they are missing there; no finding is weaker for it.\nThe input ended "
			"early: this is what it held up to there.\n"),
	   "what was given up, what did not arrive, and that the input ended early");
	for (unsigned i = 0; i < STATS_CAUSES; i++)
		stats_add_loss(&stats, "more", 1);
	ok(stats.table_count == STATS_CAUSES, "of so many causes no more are told");
}

int main(void)
{
	test_findings();
	test_packets();
	test_one();
	test_source_only();
	test_totals();
	test_given_up();
	return done();
}
