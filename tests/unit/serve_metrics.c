// SPDX-License-Identifier: BSD-2-Clause
/* Metrics as text: hostile labels, both formats, histogram; and addresses to listen at. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "serve/metrics.h"
#include "serve/web_address.h"
#include "tap.h"

static struct status_view view;
static struct tally tally;

static char *page(bool open)
{
	const struct metrics metrics = { .view = &view, .tally = &tally };
	char *bytes = NULL;
	size_t length;
	FILE *stream = open_memstream(&bytes, &length);

	metrics_write(stream, &metrics, open);
	fclose(stream);
	return bytes;
}

static bool has(bool open, const char *line)
{
	char *text = page(open);
	bool found = strstr(text, line);

	if (!found)
		printf("# %s is missing\n", line);
	free(text);
	return found;
}

static void test_labels(void)
{
	struct status_interface *hostile = view_add_interface(&view, "a\"b\\c\nd");

	view_text(hostile->role, sizeof(hostile->role), "uplink");
	view_text(hostile->hook, sizeof(hostile->hook), "tc");
	view_text(hostile->state, sizeof(hostile->state), "blind");
	hostile->packets = 7;
	ok(has(false, "skua_interface_packets_total{interface=\"a\\\"b\\\\c\\nd\",role=\"uplink\","
		      "hook=\"tc\"} 7\n"),
	   "a label can end neither itself nor the line");
	ok(has(false, "\",hook=\"tc\"} 1\n# HELP"), "one that is blind is told as 1");
	view_text(hostile->role, sizeof(hostile->role), "\xc3\xa4\xff\xc3");
	ok(has(false, "role=\"\xc3\xa4\\\\xff\\\\xc3\","),
	   "of a label, bytes that are no UTF-8 are shown, and others stay");
	view_text(hostile->role, sizeof(hostile->role), "uplink");
}

static void test_formats(void)
{
	view.packets = 18446744073709551615ull;
	ok(has(false,
	       "# TYPE skua_packets_total counter\nskua_packets_total 18446744073709551615\n"),
	   "text 0.0.4 names the type of the sample, and counts as far as 64 bits do");
	ok(has(true, "# TYPE skua_packets counter\nskua_packets_total 1844"),
	   "OpenMetrics names that of the family");
	ok(!has(false, "# EOF\n") && has(true, "# EOF\n"), "and has an end");
}

static void test_tally(void)
{
	struct finding finding = { .kind = FINDING_SCAN, .score = 0.9, .score_raw = 0.9 };
	struct warning warning = { 0 };
	struct record record = { .kind = RECORD_FINDING, .finding = &finding };

	tally.sink.write(&tally.sink, &record);
	finding.state = FINDING_UPDATE;
	tally.sink.write(&tally.sink, &record);
	tally.sink.write(&tally.sink, &record);
	record = (struct record){ .kind = RECORD_WARNING, .warning = &warning };
	tally.sink.write(&tally.sink, &record);
	ok(has(false, "skua_findings_total{kind=\"scan\",severity=\"high\"} 1\n"),
	   "a finding counts when it is new");
	ok(has(false, "skua_finding_updates_total 2\n") && has(false, "skua_warnings_total 1\n"),
	   "and updates and warnings for themselves");
	tally_judged(&tally, 50000);
	tally_judged(&tally, 1000000);
	tally_judged(&tally, 5000000000);
	ok(has(false, "le=\"0.0001\"} 1\n") && has(false, "le=\"0.0010\"} 2\n") &&
		   has(false, "le=\"1.0000\"} 2\n") && has(false, "le=\"+Inf\"} 3\n") &&
		   has(false, "skua_judging_seconds_sum 5.001050\n"),
	   "a bound belongs to its bucket, what is beyond all to the last");
}

static void test_addresses(void)
{
	static const char *const bad[] = {
		"",          "0",     "65536",  "a:9477",          "127.0.0.1:", "::1:9477",
		"[::1]9477", "unix:", "[:9477", "127.0.0.1:9477x", "1.2.3:80",   "-1"
	};
	struct web_address address;
	unsigned refused = 0;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refused += web_address_parse(&address, bad[i]) == -EINVAL;
	ok(refused == sizeof(bad) / sizeof(*bad), "what is no address is refused");
	ok(!web_address_parse(&address, "9477") && web_address_is_local(&address) &&
		   address.in.sin_port == htons(9477),
	   "a port alone is on loopback");
	ok(!web_address_parse(&address, "0.0.0.0:80") && !web_address_is_local(&address),
	   "who says so gets another");
	ok(!web_address_parse(&address, "[::1]:80") && web_address_is_local(&address) &&
		   !web_address_parse(&address, "unix:/x") && web_address_is_local(&address),
	   "loopback of IPv6 and Unix sockets are local, too");
}

int main(void)
{
	tally_init(&tally);
	test_labels();
	test_formats();
	test_tally();
	test_addresses();
	return done();
}
