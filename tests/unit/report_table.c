// SPDX-License-Identifier: BSD-2-Clause
/* What a person sees of the findings, and of the run at its end. */
#include <inttypes.h>
#include <stdlib.h>
#include "report/sink.h"
#include "report/summary.h"
#include "report_samples.h"
#include "tap.h"

struct page {
	struct sink *sink;
	FILE *stream;
	char *text;
	size_t size;
};

static void open_page(struct page *page, bool colour)
{
	page->stream = open_memstream(&page->text, &page->size);
	sink_table_open(&page->sink, page->stream, colour);
}

static void add(struct page *page, struct finding *finding)
{
	const struct record record = { .kind = RECORD_FINDING, .finding = finding };

	finding_set_id(finding);
	page->sink->write(page->sink, &record);
}

/* The text, to be freed. */
static char *close_page(struct page *page)
{
	page->sink->close(page->sink);
	fclose(page->stream);
	return page->text;
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got\n%s# want\n%s", text, expected);
	free(text);
	return same;
}

static void test_rows(void)
{
	struct finding dns = sample_dns(FINDING_DNS_EXFIL), beacon = sample_beacon(),
		       scan = sample_scan(), port = sample_port(), old = beacon;
	struct page page;

	open_page(&page, false);
	add(&page, &port);
	dns.score = 0.91;
	add(&page, &dns);
	old.score = 0.5;
	strcpy(old.reason, "7 exchanges");
	add(&page, &old);
	add(&page, &beacon);
	add(&page, &scan);
	ok(is(close_page(&page),
	      "SCORE  KIND             WHO                           WHAT\n"
	      "0.97   beacon           10.9.0.5 -> 203.0.113.5:443   288 exchanges every 300.6 s "
	      "(MAD 5.2 s) for 24 h; unnamed-server +0.05\n"
	      "0.95   scan             2001:db8::7                   horizontal SYN scan: 40 "
	      "targets on port 445 in 5 s\n"
	      "0.91   dns_exfil        10.9.0.8 -> evil.example      4,102 unique names, about "
	      "165 kB hidden in them; talkative-zone x0.40\n"
	      "0.30   suspicious_port  10.9.0.6 -> 203.0.113.6:4444  traffic on port 4444, which "
	      "Metasploit uses by default: 812 packets\n"),
	   "rows by falling score, the last state of each finding, columns aligned");
}

static void test_forms(void)
{
	struct finding f = sample_port();
	struct page page;

	open_page(&page, false);
	ok(is(close_page(&page), ""), "without findings there is no table");
	open_page(&page, true);
	f.score = 0.9;
	add(&page, &f);
	ok(is(close_page(&page),
	      "SCORE  KIND             WHO                           WHAT\n"
	      "\033[1;31m0.90   suspicious_port\033[0m  10.9.0.6 -> 203.0.113.6:4444  traffic on "
	      "port 4444, which Metasploit uses by default: 812 packets\n"),
	   "colours where they are allowed");
	open_page(&page, false);
	address_parse(&f.dst, "2001:db8::1");
	strcpy(f.reason, "x");
	add(&page, &f);
	ok(is(close_page(&page), "SCORE  KIND             WHO                             WHAT\n"
				 "0.90   suspicious_port  10.9.0.6 -> [2001:db8::1]:4444  x\n"),
	   "an IPv6 address is bracketed before a port");
}

static void test_hostile(void)
{
	struct finding f = sample_dns(FINDING_DNS_EXFIL), plain = sample_port();
	struct page page;
	char *text;

	open_page(&page, false);
	memset(f.entity, 0xff, FINDING_NAME - 1);
	strcpy(f.reason, "\033[2J\xe2\x80\xae\n0.99   beacon");
	add(&page, &f);
	strcpy(plain.reason, "x");
	add(&page, &plain);
	text = close_page(&page);
	ok(!strchr(text, '\033') && !strstr(text, "\xe2\x80\xae"),
	   "neither terminal sequences nor bidi overrides come through");
	ok(strstr(text, "\\x1b[2J\\u{202e}\\x0a0.99   beacon;"), "they are shown, in one row");
	ok(strstr(text, "10.9.0.6 -> 203.0.113.6:4444  x\n"),
	   "a long name moves no row but its own");
	free(text);
}

static void add_many(struct page *page, struct finding finding)
{
	for (unsigned i = 0; i < 10010; i++) {
		finding.dst.bytes[14] = i >> 8;
		finding.dst.bytes[15] = i & 255;
		add(page, &finding);
	}
}

/* More findings than rows: the highest scores stay, the rest is counted. */
static void test_full(void)
{
	struct finding f = sample_port();
	struct page page;
	char *text, *last;
	unsigned lines = 0;

	strcpy(f.reason, "x");
	open_page(&page, false);
	f.score = 0.9;
	f.dport = 9;
	add(&page, &f);
	f.score = 0.2;
	f.dport = 10;
	add_many(&page, f);
	f.state = FINDING_UPDATE;
	add_many(&page, f);
	text = close_page(&page);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	last = strstr(text, "and ");
	ok(lines == 10002, "a table has 10,000 rows at most");
	ok(last && !strcmp(last, "and 11 more, which this table had no room for\n"),
	   "those without a row are counted, once");
	ok(strstr(text, ":9  "), "the highest score keeps its row");
	free(text);
}

/* Twins are told apart by nothing that a row shows: their order is still the same each time. */
static void test_order(void)
{
	struct finding f = sample_port(), g = f;
	struct page page;
	char *text;

	f.trigger_ns--;
	f.dport = 1;
	g.dport = 2;
	open_page(&page, false);
	add(&page, &g);
	add(&page, &f);
	text = close_page(&page);
	ok(strstr(text, ".6:1 ") < strstr(text, ".6:2 "), "equal scores are in order of time");
	free(text);
}

static bool summary(const struct stats *stats, double elapsed_s, uint64_t hidden,
		    const char *expected)
{
	const struct summary_extra extra = { .elapsed_s = elapsed_s, .hidden = hidden };
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report_summary(stream, stats, &extra);
	fclose(stream);
	return is(text, expected);
}

static void test_summary_of_delivery(void)
{
	struct stats stats = { .tables = { { "webhook_undelivered", 12, true } },
			       .table_count = 1 };

	ok(summary(&stats, 0, 0,
		   "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"
		   "Not delivered (webhook_undelivered 12): they are missing there; no finding is "
		   "weaker for it.\n"),
	   "what did not arrive somewhere makes no finding weaker, and is not said to");
	stats.tables[1] = (struct stats_cause){ "pairs", 1 };
	stats.table_count = 2;
	ok(summary(&stats, 0, 0,
		   "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"
		   "Given up besides (pairs 1): findings may be weaker for it.\n"
		   "Not delivered (webhook_undelivered 12): they are missing there; no finding is "
		   "weaker for it.\n"),
	   "which is apart from what does");
}

static void test_summary(void)
{
	struct stats_totals totals = { .tcp = 1023,
				       .udp = 1,
				       .ipv4 = 2,
				       .dns_queries = 1,
				       .dns_responses = 2,
				       .exact = true };
	struct stats stats = { .first_ns = SAMPLE_NS - 86400000000000ull,
			       .last_ns = SAMPLE_NS,
			       .packets = 1204311,
			       .accounted = 1203998,
			       .ignored = { { "ARP", 300 }, { "PPP", 0 }, { "LLDP", 13 } },
			       .ignored_count = 3,
			       .findings = { 0, 3, 0, 0, 0 } };

	ok(summary(&stats, 2.1, 0,
		   "3 findings (3 high) in 2.1 s. 1,204,311 packets over 24 h = 1,203,998 "
		   "accounted + 313 ignored (ARP 300, LLDP 13) + 0 lost.\n"),
	   "the summary is one sentence about findings, one that accounts for all packets");
	stats.lost[0] = (struct stats_cause){ "truncated", 1 };
	stats.lost_count = 1;
	stats.source_only = 7;
	stats.tables[0] = (struct stats_cause){ "pairs", 1200 };
	stats.table_count = 1;
	stats.truncated = true;
	stats.findings[1] = 0;
	stats.findings[2] = 1;
	ok(summary(&stats, 0, 4,
		   "1 finding (1 medium), 4 more below the score shown. 1,204,311 packets over "
		   "24 h = 1,203,998 accounted (7 to their source only) + 313 ignored (ARP 300, "
		   "LLDP 13) + 1 lost (truncated 1).\n"
		   "These sums do not add up: please report this as a bug.\n"
		   "Given up besides (pairs 1,200): findings may be weaker for it.\n"
		   "The input ended early: this is what it held up to there.\n"),
	   "what makes the result weaker is said, and sums that do not add up");
	stats = (struct stats){ 0 };
	ok(summary(&stats, 0, 0, "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"),
	   "nothing is said of nothing");
	stats.totals = &totals;
	ok(summary(&stats, 0, 0,
		   "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"
		   "Distinct: 1,023 TCP conversations, 1 UDP conversation, 2 IPv4 pairs, 0 IPv6 "
		   "pairs. DNS: 1 query, 2 responses.\n"),
	   "totals are one line");
	totals.exact = false;
	totals.dns_queries = 9;
	ok(summary(&stats, 0, 0,
		   "0 findings. 0 packets = 0 accounted + 0 ignored + 0 lost.\n"
		   "Distinct, at least: 1,023 TCP conversations, 1 UDP conversation, 2 IPv4 pairs, "
		   "0 IPv6 pairs. DNS: 9 queries, 2 responses.\n"),
	   "which says when there was no room");
}

int main(void)
{
	test_rows();
	test_forms();
	test_hostile();
	test_full();
	test_order();
	test_summary();
	test_summary_of_delivery();
	return done();
}
