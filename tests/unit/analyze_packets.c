// SPDX-License-Identifier: BSD-2-Clause
/* Frames by flags, payload, port and gap: each condition alone, and what is no condition. */
#include <errno.h>
#include "analyze/conversation_answers.h"
#include "analyze/packet_answers.h"
#include "frames_played.h"
#include "tap.h"

static struct played played;

static void begin(const struct packet_options *options)
{
	struct analyst *analyst;

	if (packet_answers_open(&analyst, options))
		abort();
	played_begin(&played, analyst);
}

static bool shows(unsigned rows, const char *wanted)
{
	char *text = played_end(&played);
	bool good = played_count(text, "\n") == rows && strstr(text, wanted);

	if (!good)
		printf("# got %s", text);
	free(text);
	return good;
}

static void test_syn(void)
{
	const struct packet_options options = { .syn = true };

	begin(&options);
	played_frame(&played, SKUA_SYN | SKUA_ACK, 0, 0);
	played_frame(&played, SKUA_SYN | 0x40, 0, 0);
	played_frame(&played, SKUA_ACK, 0, 0);
	played.pkt.fragment = SKUA_LATER_FRAGMENT;
	played_frame(&played, SKUA_SYN, 0, 0);
	ok(shows(1, "\"frame\":2,\"src_ip\":\"10.0.0.1\",\"src_port\":50000,"
		    "\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"proto\":\"TCP\","
		    "\"flags\":[\"SYN\",\"ECE\"],\"length\":60,\"payload\":0}"),
	   "--syn shows a SYN that acknowledges nothing, whatever else it bears");
	begin(&options);
	played.pkt.proto = SKUA_UDP;
	played_frame(&played, SKUA_SYN, 0, 0);
	ok(shows(0, ""), "UDP has no SYN");
}

static void test_length(void)
{
	struct packet_options options = { .by_length = true };

	packet_lengths_parse(&options.lengths, ">1000");
	begin(&options);
	played_frame(&played, SKUA_ACK, 1000, 0);
	played_frame(&played, SKUA_ACK, 1001, 0);
	played.pkt.proto = SKUA_UDP;
	played_frame(&played, 0, 1400, 0);
	ok(shows(1, "\"frame\":2"), "--len '>1000' shows TCP with 1,001 bytes, not with 1,000");
}

static bool parses(const char *text, uint32_t least, uint32_t most)
{
	struct packet_lengths lengths = { 7, 7 };

	return !packet_lengths_parse(&lengths, text) && lengths.least == least &&
	       lengths.most == most;
}

static void test_length_words(void)
{
	static const char *const bad[] = { "",    ">",     "-1",        "1..", "9..8",
					   "> 5", "5x",    ">=5..7",    "<0",  ">4294967295",
					   "=>5", "1...3", "4294967296" };
	struct packet_lengths lengths = { 7, 8 };
	unsigned refused = 0;

	ok(parses(">5", 6, UINT32_MAX) && parses(">=5", 5, UINT32_MAX), "more than, at least");
	ok(parses("<5", 0, 4) && parses("<=5", 0, 5), "less than, at most");
	ok(parses("5", 5, 5) && parses("=5", 5, 5) && parses("5..9", 5, 9), "exactly, from to");
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused += packet_lengths_parse(&lengths, bad[i]) == -EINVAL;
	ok(refused == sizeof(bad) / sizeof(bad[0]) && lengths.least == 7 && lengths.most == 8,
	   "what is no length is refused and changes nothing");
}

static void test_port(void)
{
	const struct packet_options options = { .ports = { 4444, 53 }, .port_count = 2 };

	begin(&options);
	played_frame(&played, SKUA_ACK, 0, 0);
	played.pkt.sport = 4444;
	played_frame(&played, SKUA_ACK, 0, 0);
	played.pkt.proto = SKUA_UDP;
	played.pkt.sport = 1;
	played.pkt.dport = 53;
	played_frame(&played, 0, 0, 0);
	played.pkt.proto = SKUA_ICMP;
	played_frame(&played, 0, 0, 0);
	ok(shows(2, "\"frame\":3"), "--port: any of them, at either end, of what has ports");
}

static void test_gap(void)
{
	struct packet_options options = { .ports = { 80 }, .port_count = 1, .by_gap = true };

	gap_range_parse(&options.gap, "55..65");
	begin(&options);
	played_frame(&played, SKUA_ACK, 0, 60 * PLAYED_SECOND);
	played_frame(&played, SKUA_ACK, 0, 55 * PLAYED_SECOND);
	played_frame(&played, SKUA_ACK, 0, 55 * PLAYED_SECOND + 1);
	played_frame(&played, SKUA_ACK, 0, 65 * PLAYED_SECOND);
	played.pkt.dport = 81; /* not shown: no frame before another */
	played_frame(&played, SKUA_ACK, 0, 30 * PLAYED_SECOND);
	played.pkt.dport = 80;
	played_frame(&played, SKUA_ACK, 0, 30 * PLAYED_SECOND);
	played.frame.time_ns -= 100 * PLAYED_SECOND;
	played_frame(&played, SKUA_ACK, 0, 0);
	ok(shows(2, "\"frame\":6,\"src_ip\":\"10.0.0.1\",\"src_port\":50000,"
		    "\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"proto\":\"TCP\","
		    "\"flags\":[\"ACK\"],\"length\":60,\"payload\":0,\"gap_s\":60.000000000}"),
	   "--gap: more than 55 and less than 65 s after the frame that was shown before");
}

static void play_two_pairs(void)
{
	for (unsigned i = 0; i < 4; i++) {
		played_ends(&played, "10.0.0.1", 50000, "10.0.0.2", 80);
		played_frame(&played, SKUA_ACK, 0, 30 * PLAYED_SECOND);
		played_ends(&played, "10.0.0.3", 50000, "10.0.0.2", 80);
		played_frame(&played, SKUA_ACK, 0, 30 * PLAYED_SECOND);
	}
}

static void test_per_pair(void)
{
	struct packet_options options = { .by_gap = true };

	gap_range_parse(&options.gap, "55..65");
	begin(&options);
	play_two_pairs();
	ok(shows(0, ""), "two conversations by turns hide each other's gaps");
	options.per_pair = true;
	begin(&options);
	play_two_pairs();
	played.frame.verdict = SKUA_IGNORED;
	played_frame(&played, 0, 0, 60 * PLAYED_SECOND);
	ok(shows(6, "\"frame\":8"), "--per-pair finds them; frames without IP are no pair");
}

static void test_conversations(void)
{
	struct conversation_options options = { .by_gap = true, .per_pair = true };
	struct analyst *analyst;

	gap_range_parse(&options.gap, "55..65");
	if (conversation_answers_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	play_two_pairs();
	played_ends(&played, "10.0.0.4", 50000, "10.0.0.2", 80);
	played_frame(&played, SKUA_ACK, 0, 60 * PLAYED_SECOND);
	ok(shows(2, "\"gap_frames\":3}"), "conversations --gap: those that have such frames");
	options.per_pair = false;
	if (conversation_answers_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	play_two_pairs();
	played_ends(&played, "10.0.0.4", 50000, "10.0.0.2", 80);
	played_frame(&played, SKUA_ACK, 0, 60 * PLAYED_SECOND);
	ok(shows(1, "\"src_ip\":\"10.0.0.4\""), "without --per-pair: behind any of the layer");
}

static void test_full(void)
{
	struct gaps gaps = { 0 };
	int64_t gap_ns = 0;
	unsigned known = 0;

	if (gaps_init(&gaps, true, 4))
		abort();
	begin(&(struct packet_options){ 0 });
	for (unsigned i = 0; i < 20; i++) {
		played.pkt.sport = i % 5;
		played.frame.time_ns += PLAYED_SECOND;
		known += gaps_next(&gaps, &played.frame, &gap_ns);
	}
	ok(known && known + gaps.table.evictions == 16 && gaps.table.used == 4,
	   "a full table forgets who was silent longest, and counts it");
	gaps_fini(&gaps);
	free(played_end(&played));
}

int main(void)
{
	struct gap_range range = { 1, 2 };

	test_syn();
	test_length();
	test_length_words();
	test_port();
	test_gap();
	test_per_pair();
	test_conversations();
	test_full();
	ok(!gap_range_parse(&range, "0.5..1.25") && range.least_ns == 500000000 &&
		   range.most_ns == 1250000000,
	   "gaps have decimals");
	ok(gap_range_parse(&range, "5") && gap_range_parse(&range, "6..5") &&
		   gap_range_parse(&range, "a..b") && gap_range_parse(&range, "1..2s") &&
		   gap_range_parse(&range, "-1..2") && range.least_ns == 500000000,
	   "what is no gap is refused");
	return done();
}
