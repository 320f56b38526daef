// SPDX-License-Identifier: BSD-2-Clause
/* What the parser takes from headers: addresses, ports, and how much of a frame is padding. */
#include <string.h>
#include "skua/parse.h"
#include "tap.h"

#define TRAILER 6 /* bytes behind the packet, as an Ethernet card or a switch puts them there */

static const __u8 tcp[] = "\xc0\x00\x01\xbb\0\0\0\x64\0\0\0\x65\x50\x18\x20\0\0\0\0\0hello";
static const __u8 from6[16] = "\x20\x01\x0d\xb8\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c";
static const __u8 to6[16] = "\xfd\0\0\x77\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c";

/* Ethernet, this network header, TCP with five bytes, and a trailer. */
static enum skua_verdict parse(const char *type, const __u8 *header, size_t size,
			       struct skua_parsed *out)
{
	__u8 bytes[128] = { 0 };
	__u32 length = 14 + size + sizeof(tcp) - 1 + TRAILER;
	struct skua_frame frame = { .data = bytes, .end = bytes + length, .captured = length };

	memcpy(bytes + 12, type, 2);
	memcpy(bytes + 14, header, size);
	memcpy(bytes + 14 + size, tcp, sizeof(tcp) - 1);
	return skua_parse(&frame, length, SKUA_LINK_ETHERNET, true, out);
}

static bool is_segment(const struct skua_packet *pkt)
{
	return pkt->proto == SKUA_TCP && pkt->sport == 49152 && pkt->dport == 443 &&
	       pkt->seq == 100 && pkt->ack == 101 && pkt->tcp_flags == (SKUA_PSH | SKUA_ACK);
}

static void test_ipv6(void)
{
	__u8 header[40] = { 0x60, [5] = 25, 6, 64 };
	struct skua_parsed parsed;

	memcpy(header + 8, from6, 16);
	memcpy(header + 24, to6, 16);
	ok(parse("\x86\xdd", header, sizeof(header), &parsed) == SKUA_PARSED &&
		   is_segment(&parsed.pkt),
	   "a segment over IPv6 is read");
	ok(!memcmp(parsed.pkt.src, from6, 16) && !memcmp(parsed.pkt.dst, to6, 16),
	   "with its addresses");
	ok(parsed.pkt.payload == 5 && parsed.pkt.left == 25, "what lies behind it is no payload");
	header[5] = 0;
	ok(parse("\x86\xdd", header, sizeof(header), &parsed) == SKUA_PARSED &&
		   parsed.pkt.payload == 5 + TRAILER,
	   "but where no length is told, all is");
}

static void test_ipv4(void)
{
	static const __u8 mapped[16] = { [10] = 0xff, 0xff, 10, 1, 2, 3 };
	static const __u8 mapped_to[16] = { [10] = 0xff, 0xff, 203, 0, 113, 9 };
	__u8 header[20] = { 0x45, [3] = 45, [8] = 64, 6, [12] = 10, 1, 2, 3, 203, 0, 113, 9 };
	struct skua_parsed parsed;

	ok(parse("\x08\0", header, sizeof(header), &parsed) == SKUA_PARSED &&
		   is_segment(&parsed.pkt),
	   "a segment over IPv4 is read");
	ok(!memcmp(parsed.pkt.src, mapped, 16) && !memcmp(parsed.pkt.dst, mapped_to, 16),
	   "with its addresses, mapped");
	ok(parsed.pkt.payload == 5 && parsed.pkt.left == 25, "and without what lies behind it");
	header[3] = 200;
	ok(parse("\x08\0", header, sizeof(header), &parsed) == SKUA_PARSED &&
		   parsed.pkt.payload == 5 + TRAILER,
	   "a length beyond the frame ends with the frame");
}

int main(void)
{
	test_ipv6();
	test_ipv4();
	return done();
}
