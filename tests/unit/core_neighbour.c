// SPDX-License-Identifier: BSD-2-Clause
/* Who asks whom for an address: ARP and ICMPv6, every kind of message, whole and cut. */
#include <string.h>
#include "skua/neighbour.h"
#include "tap.h"

#define ARP_SIZE 28
#define ARP_OPERATION 7
#define NDP_SIZE 16 /* behind the ICMPv6 header: the target */

static const __u8 arp[ARP_SIZE] = { 0,  1, 8, 0, 6, 4, 0, 1, 2, 0, 0,  0, 0, 1,
				    10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2 };
static const __u8 source[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
static const __u8 group[16] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 13, 14, 15 };
static const __u8 target[16] = { 0x20, 0x01, 0x0d, 0xb8, 21, 22, 23, 24,
				 25,   26,   27,   28,   29, 30, 31, 32 };

static bool is_ipv4(const __u64 address[2], __u8 last)
{
	const __u8 mapped[16] = { [10] = 0xff, 0xff, 10, 0, 0, last };

	return !memcmp(address, mapped, sizeof(mapped));
}

static enum skua_verdict read_arp(const __u8 *bytes, __u32 captured, __u32 left,
				  struct skua_neighbour *out)
{
	struct skua_frame frame = { bytes, bytes + ARP_SIZE, captured };
	struct skua_packet pkt = { .left = left };

	memset(out, 0xff, sizeof(*out));
	return skua_parse_arp(&frame, &pkt, out);
}

static enum skua_verdict read_ndp(__u8 type, __u32 captured, __u32 left, struct skua_neighbour *out)
{
	struct skua_frame frame = { target, target + NDP_SIZE, captured };
	struct skua_packet pkt = { .proto = SKUA_ICMPV6, .icmp_type = type, .left = left };

	memcpy(pkt.src, source, sizeof(source));
	memcpy(pkt.dst, group, sizeof(group));
	memset(out, 0xff, sizeof(*out));
	return skua_parse_ndp(&frame, &pkt, out);
}

static void test_arp(void)
{
	struct skua_neighbour out;
	__u8 bytes[ARP_SIZE];

	ok(read_arp(arp, ARP_SIZE, ARP_SIZE, &out) == SKUA_PARSED && is_ipv4(out.asker, 9) &&
		   is_ipv4(out.target, 2) && out.reply == 0 && out.proto == 0,
	   "an ARP request tells who asks for whom");
	memcpy(bytes, arp, ARP_SIZE);
	bytes[ARP_OPERATION] = 2;
	ok(read_arp(bytes, ARP_SIZE, ARP_SIZE, &out) == SKUA_PARSED && is_ipv4(out.asker, 9) &&
		   is_ipv4(out.target, 2) && out.reply == 1 && out.proto == 0,
	   "a reply who answers whom");
	ok(read_arp(arp, ARP_SIZE - 1, ARP_SIZE, &out) == SKUA_TRUNCATED,
	   "one that the capture cuts is none");
	ok(read_arp(arp, ARP_SIZE, ARP_SIZE - 1, &out) == SKUA_MALFORMED,
	   "nor one that the wire cuts");
}

/* Each of the eight bytes before the addresses but the first two, whatever else they may be. */
static void test_arp_kinds(void)
{
	struct skua_neighbour out;
	unsigned good = 0;

	for (unsigned at = 2; at < 8; at++)
		for (unsigned value = 0; value < 256; value++) {
			__u8 bytes[ARP_SIZE];

			memcpy(bytes, arp, ARP_SIZE);
			bytes[at] = value;
			good += read_arp(bytes, ARP_SIZE, ARP_SIZE, &out) == SKUA_PARSED;
		}
	ok(good == 6 + 1,
	   "only requests and replies for IPv4 over addresses of six bytes are read");
}

static void test_ndp(void)
{
	struct skua_neighbour out;
	bool quiet = true;

	ok(read_ndp(135, NDP_SIZE, NDP_SIZE, &out) == SKUA_PARSED &&
		   !memcmp(out.asker, source, 16) && !memcmp(out.target, target, 16) &&
		   out.reply == 0 && out.proto == SKUA_ICMPV6,
	   "a neighbour solicitation tells who asks for whom");
	ok(read_ndp(136, NDP_SIZE, NDP_SIZE, &out) == SKUA_PARSED &&
		   !memcmp(out.asker, target, 16) && !memcmp(out.target, group, 16) &&
		   out.reply == 1 && out.proto == SKUA_ICMPV6,
	   "an advertisement comes from its target, whoever sends it");
	for (unsigned type = 0; type < 256; type++)
		if (type != 135 && type != 136)
			quiet &= read_ndp(type, NDP_SIZE, NDP_SIZE, &out) == SKUA_IGNORED;
	ok(quiet, "no other message is about neighbours");
	for (unsigned type = 135; type <= 136; type++)
		quiet &= read_ndp(type, NDP_SIZE - 1, NDP_SIZE, &out) == SKUA_TRUNCATED &&
			 read_ndp(type, NDP_SIZE, NDP_SIZE - 1, &out) == SKUA_MALFORMED;
	ok(quiet, "one that is cut inside its target is none");
}

int main(void)
{
	test_arp();
	test_arp_kinds();
	test_ndp();
	return done();
}
