// SPDX-License-Identifier: BSD-2-Clause
/* The one-shot report and the simple rules: each definition at its border. */
#include "analyze/compat.h"
#include "analyze/forensic.h"
#include "analyze/suspicious.h"
#include "frames_played.h"
#include "tap.h"

static struct played played;
static char *report;
static size_t report_size;
static FILE *stream;

static void begin(double variance)
{
	struct forensic_options options = { .input = "a\x1b.pcap", .variance = variance };
	struct analyst *analyst;

	stream = open_memstream(&report, &report_size);
	options.report = stream;
	if (!stream || forensic_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
}

static bool says(const char *wanted)
{
	bool good;

	free(played_end(&played));
	fclose(stream);
	good = strstr(report, wanted) != NULL;
	if (!good)
		printf("# got %s", report);
	free(report);
	return good;
}

static void play_gaps(unsigned packets, uint64_t first_ns, uint64_t second_ns)
{
	for (unsigned i = 0; i < packets; i++)
		played_frame(&played, SKUA_ACK, 0, !i ? 0 : i & 1 ? first_ns : second_ns);
}

#define S PLAYED_SECOND
#define BEACON "\"potential_beacons\":[{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"port\":80,"

static void test_beacons(void)
{
	begin(5.0);
	play_gaps(5, 10 * S, 11 * S);
	ok(says(BEACON "\"avg_interval\":10.50,\"variance\":0.2500,\"connection_count\":5}]"),
	   "five packets at regular gaps are a potential beacon, rounded as told");
	begin(5.0);
	play_gaps(4, 10 * S, 10 * S);
	ok(says("\"potential_beacons\":[]"), "four are not");
	begin(5.0);
	play_gaps(9, S, S);
	ok(says("\"potential_beacons\":[]"), "nor is a mean gap of one second");
	begin(4.0);
	play_gaps(9, 8 * S, 12 * S);
	ok(says("\"potential_beacons\":[]"), "a variance of 4 is not below 4");
	begin(4.1);
	play_gaps(9, 8 * S, 12 * S);
	ok(says("\"variance\":4.0000"), "but below 4.1");
	begin(5.0);
	played.pkt.proto = SKUA_UDP;
	play_gaps(9, 10 * S, 10 * S);
	ok(says("\"potential_beacons\":[],\"protocol_distribution\":{\"UDP/80\":9}}"),
	   "UDP has no beacons, and is counted by port");
}

static void test_pairs(void)
{
	begin(5.0);
	played_frame(&played, SKUA_ACK, 0, 0);
	played_ends(&played, "10.0.0.2", 80, "10.0.0.1", 50000);
	played.frame.length = 100;
	played_frame(&played, SKUA_ACK, 0, 0);
	played.pkt.ethertype = 0x86dd;
	played_ends(&played, "2001:db8::1", 1, "2001:db8::2", 2);
	played_frame(&played, SKUA_ACK, 0, 0);
	played.frame.verdict = SKUA_IGNORED;
	played_frame(&played, SKUA_ACK, 0, 0);
	ok(says("\"pcap_file\":\"a\\u001b.pcap\",\"total_packets\":4,\"conversations\":"
		"[{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"packets\":2,\"bytes\":160}],"
		"\"dns_queries\":[]"),
	   "both ways are one conversation; of IPv4 only; every frame is a packet");
	begin(5.0);
	played_ends(&played, "10.0.0.9", 1, "10.0.0.10", 2);
	played_frame(&played, SKUA_ACK, 0, 0);
	ok(says("[{\"src\":\"10.0.0.10\",\"dst\":\"10.0.0.9\","),
	   "whose ends are in the order of their text");
}

static void test_most(void)
{
	begin(5.0);
	for (unsigned i = 0; i < 60; i++) {
		played_ends(&played, "10.0.0.1", 1, "10.0.0.2", 1000 + i);
		played_frame(&played, SKUA_ACK, 0, 0);
	}
	played_frame(&played, SKUA_ACK, 0, 0);
	ok(says("{\"TCP/1059\":2,\"TCP/1000\":1,\"TCP/1001\":1,"),
	   "the most frequent, then the first");
	begin(5.0);
	for (unsigned i = 0; i < 60; i++) {
		played_ends(&played, "10.0.0.1", 1, "10.0.0.2", 1000 + i);
		played_frame(&played, SKUA_ACK, 0, 0);
	}
	ok(says("\"TCP/1049\":1}}"), "fifty ports are kept");
}

static void test_suspicious(void)
{
	struct suspicious_options options = { 0 };
	struct lists *lists;
	struct analyst *analyst;
	char *text;

	if (lists_open(&lists, NULL))
		abort();
	options.lists = lists;
	if (suspicious_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	for (unsigned i = 0; i < 20; i++)
		played_frame(&played, SKUA_SYN, 0, S);
	played_ends(&played, "10.0.0.3", 5, "10.0.0.4", 4444);
	played_frame(&played, SKUA_ACK, 0, S);
	text = played_end(&played);
	ok(played_count(text, "\n") == 2 &&
		   strstr(text, "\"severity\":\"HIGH\",\"finding\":\"PORT_SCAN\","
				"\"dest_ip\":\"10.0.0.2\",\"count\":20,"
				"\"trigger\":\"SYN packets to this target\",") &&
		   strstr(text, "\"severity\":\"MEDIUM\",\"finding\":\"SUSPICIOUS_PORTS\","
				"\"src_ip\":\"10.0.0.3\",\"dest_ip\":\"10.0.0.4\",\"port\":4444,"
				"\"count\":1,"),
	   "twenty SYN packets, and one from a port of the list");
	free(text);
	if (suspicious_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	for (unsigned i = 0; i < 19; i++)
		played_frame(&played, SKUA_SYN, 0, S);
	text = played_end(&played);
	ok(!*text, "nineteen are nothing");
	free(text);
	lists_close(lists);
}

int main(void)
{
	test_beacons();
	test_pairs();
	test_most();
	test_suspicious();
	return done();
}
