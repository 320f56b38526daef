// SPDX-License-Identifier: BSD-2-Clause
/* What a capture says of its frames, and what replay makes of it: links, directions, lengths. */
#include "replay_player.h"

static unsigned lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void test_unknown_link(void)
{
	begin(147);
	for (int i = 0; i < 3; i++)
		put_frame(BASE, 0, SYN_OURS);
	play();
	ok(played.counters[SKUA_COUNT_LINK] == 3 && !played.packet_count &&
		   played.totals.packets == 3,
	   "frames of an unknown link type are counted");
	ok(lines(played.said) == 1 && strstr(played.said, "link type 147 "), "and named, once");
	made.size = 0;
	put_section(&made);
	for (uint16_t link = 148; link < 150; link++)
		put_interface(&made, link, NULL, 9, 0);
	for (int i = 0; i < 4; i++)
		put_packet(&made, i % 2, BASE * SKUA_SECOND_NS, 0, 60, 0, NULL);
	play();
	ok(played.counters[SKUA_COUNT_LINK] == 4 && lines(played.said) == 2 &&
		   strstr(played.said, "link type 148 ") && strstr(played.said, "link type 149 "),
	   "each of several once");
}

static bool reads_link(uint32_t network, const char *hex)
{
	begin(network);
	put_frame(BASE, 0, hex);
	play();
	return played.packet_count == 1 && played.packet_port == 4097 && !played.said[0];
}

static void test_links(void)
{
	ok(reads_link(1, ETH "0800" UDP_OURS), "Ethernet is read");
	ok(reads_link(12, UDP_OURS) && reads_link(14, UDP_OURS) && reads_link(101, UDP_OURS) &&
		   reads_link(228, UDP_OURS) &&
		   reads_link(229, IP6("000c", "11") UDP("000c") BYTES4),
	   "so is IP without a link layer, by all its numbers");
	ok(reads_link(0, "02000000" UDP_OURS) && reads_link(108, "00000002" UDP_OURS),
	   "and loopback of either kind");
	ok(reads_link(113, "0000 0001 0006 020000000001 0000 0800" UDP_OURS), "Linux cooked");
	ok(reads_link(276, "0800 0000 00000001 0001 00 06 0200000000010000" UDP_OURS),
	   "and its second version");
}

/* The first exchange of a cooked frame that was sent (type 4) or received (0); -1: there is none.
 */
static int opened_ours(const char *type, const char *addresses)
{
	char hex[512];

	snprintf(hex, sizeof(hex),
		 "00%s 0001 0006 020000000001 0000 0800 4500 0020 0000 0000 4011 0000 %s"
		 "1000 1001 000c 0000 deadbeef",
		 type, addresses);
	begin(113);
	put_frame(BASE, 0, hex);
	play();
	for (unsigned i = 0; i < played.event_count; i++)
		if (played.events[i].kind == SKUA_EVENT_EXCHANGE)
			return played.events[i].ours;
	return -1;
}

static void test_directions(void)
{
	ok(opened_ours("04", "cb007109 0a000001") == 1,
	   "what the capture says was sent is ours, whatever its address");
	ok(opened_ours("00", "0a000001 cb007109") == -1, "what was received is not, and waits");
	ok(opened_ours("03", "0a000001 cb007109") == 1 &&
		   opened_ours("03", "cb007109 0a000001") == -1,
	   "where it does not say, the address tells");
}

static void test_cut(void)
{
	begin(1);
	put_frame(BASE, 0, SYN_OURS);
	put_number(&made, BASE, 4);
	put_number(&made, 1, 4);
	put_number(&made, 5000, 4);
	put_number(&made, 6000, 4);
	made.size += frame_bytes(made.at + made.size, SYN_OURS);
	encode(made.at + made.size - 54 + 16, 6000 - 14, 2, true); /* the IP header agrees */
	put_fill(&made, 0, 5000 - 54);
	play();
	ok(played.captured == 3500 && played.totals.bytes == 6054,
	   "of a long frame the engine sees as much as a test run of the kernel would");
}

int main(void)
{
	test_unknown_link();
	test_links();
	test_directions();
	test_cut();
	return done();
}
