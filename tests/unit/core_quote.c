// SPDX-License-Identifier: BSD-2-Clause
/* What an ICMP error quotes: which errors there are, whose packet it was, where quotes may end. */
#include <string.h>
#include "skua/quote.h"
#include "tap.h"

#define IPV4_SIZE 20
#define IPV6_SIZE 40
#define BEHIND 8 /* what an error carries of the header behind IP, at least */

static const __u8 header4[IPV4_SIZE] = { 0x45, [3] = 60, [8] = 64, 6, [12] = 10, 1,
					 2,    3,        203,      0, 113,       9 };
static const __u8 behind[BEHIND] = { 0xc0, 0x01, 0x01, 0xbb, 0x12, 0x34, 0, 7 };
static const __u8 from6[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
static const __u8 to6[16] = { 0xfd, 0, 0, 0x77, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32 };

/* An error with this quote; into memory that was used before. */
static enum skua_verdict read_quote(__u8 proto, const __u8 *bytes, __u32 size, __u32 captured,
				    __u32 left, struct skua_quote *out)
{
	struct skua_frame frame = { bytes, bytes + size, captured };
	struct skua_packet pkt = { .proto = proto, .left = left };

	memset(out, 0xff, sizeof(*out));
	return skua_parse_quote(&frame, &pkt, out);
}

static unsigned put_quote4(__u8 *bytes, __u8 proto, unsigned options)
{
	memset(bytes, 0, IPV4_SIZE + options);
	memcpy(bytes, header4, IPV4_SIZE);
	bytes[0] += options / 4;
	bytes[9] = proto;
	memcpy(bytes + IPV4_SIZE + options, behind, BEHIND);
	return IPV4_SIZE + options + BEHIND;
}

static unsigned put_quote6(__u8 *bytes, __u8 proto)
{
	memset(bytes, 0, IPV6_SIZE);
	bytes[0] = 0x60;
	bytes[6] = proto;
	memcpy(bytes + 8, from6, 16);
	memcpy(bytes + 24, to6, 16);
	memcpy(bytes + IPV6_SIZE, behind, BEHIND);
	return IPV6_SIZE + BEHIND;
}

static void test_errors(void)
{
	bool good = true, later = true;

	for (unsigned type = 0; type < 256; type++) {
		struct skua_packet pkt = { .proto = SKUA_ICMP, .icmp_type = type };

		good &= skua_is_icmp_error(&pkt) == (type == 3 || type == 11);
		pkt.proto = SKUA_ICMPV6;
		good &= skua_is_icmp_error(&pkt) == (type == 1 || type == 3);
		pkt.proto = SKUA_UDP;
		good &= !skua_is_icmp_error(&pkt);
		pkt.fragment = SKUA_LATER_FRAGMENT;
		for (pkt.proto = 0; pkt.proto < 255; pkt.proto++)
			later &= !skua_is_icmp_error(&pkt);
	}
	ok(good, "what did not arrive, or took too long, is an error, and nothing else");
	ok(later, "a later fragment is none");
}

/* The ports of a protocol, by ICMP and by ICMPv6. */
static bool has_ports(__u8 proto, __u16 sport, __u16 dport)
{
	struct skua_quote out4, out6;
	__u8 bytes[128];
	unsigned size = put_quote4(bytes, proto, 0);
	bool good = read_quote(SKUA_ICMP, bytes, size, size, size, &out4) == SKUA_PARSED;

	size = put_quote6(bytes, proto);
	return good && read_quote(SKUA_ICMPV6, bytes, size, size, size, &out6) == SKUA_PARSED &&
	       out4.sport == sport && out4.dport == dport && out6.sport == sport &&
	       out6.dport == dport && out4.proto == proto && out6.proto == proto;
}

static void test_ports(void)
{
	bool none = true;

	ok(has_ports(SKUA_TCP, 0xc001, 443) && has_ports(SKUA_UDP, 0xc001, 443) &&
		   has_ports(SKUA_SCTP, 0xc001, 443),
	   "a quote of TCP, UDP and SCTP has ports");
	ok(has_ports(SKUA_ICMP, 0x1234, 0x1234) && has_ports(SKUA_ICMPV6, 0x1234, 0x1234),
	   "one of an echo its identifier");
	for (unsigned proto = 0; proto < 256; proto++)
		if (proto != SKUA_TCP && proto != SKUA_UDP && proto != SKUA_SCTP &&
		    proto != SKUA_ICMP && proto != SKUA_ICMPV6)
			none &= has_ports(proto, 0, 0);
	ok(none, "and no other protocol has any");
}

static void test_addresses(void)
{
	static const __u8 from4[16] = { [10] = 0xff, 0xff, 10, 1, 2, 3 };
	static const __u8 to4[16] = { [10] = 0xff, 0xff, 203, 0, 113, 9 };
	static const __u8 none[3];
	struct skua_quote out;
	__u8 bytes[128];
	unsigned size = put_quote4(bytes, SKUA_TCP, 0);

	ok(read_quote(SKUA_ICMP, bytes, size, size, size, &out) == SKUA_PARSED &&
		   !memcmp(out.src, from4, 16) && !memcmp(out.dst, to4, 16) &&
		   !memcmp(out.reserved, none, sizeof(none)),
	   "a quote tells who tried to reach whom");
	size = put_quote6(bytes, SKUA_TCP);
	ok(read_quote(SKUA_ICMPV6, bytes, size, size, size, &out) == SKUA_PARSED &&
		   !memcmp(out.src, from6, 16) && !memcmp(out.dst, to6, 16) &&
		   !memcmp(out.reserved, none, sizeof(none)),
	   "in IPv6 likewise");
}

static void test_headers(void)
{
	struct skua_quote out;
	__u8 bytes[128];
	bool good = true;
	unsigned size;

	for (unsigned options = 0; options <= 40; options += 4) {
		size = put_quote4(bytes, SKUA_TCP, options);
		good &= read_quote(SKUA_ICMP, bytes, size, size, size, &out) == SKUA_PARSED &&
			out.sport == 0xc001 && out.dport == 443;
	}
	ok(good, "ports lie behind the options, however many there are");
	size = put_quote4(bytes, SKUA_TCP, 0);
	bytes[0] = 0x44;
	ok(read_quote(SKUA_ICMP, bytes, size, size, size, &out) == SKUA_MALFORMED,
	   "a header below twenty bytes is none");
	bytes[0] = 0x65;
	ok(read_quote(SKUA_ICMP, bytes, size, size, size, &out) == SKUA_MALFORMED,
	   "nor one of another version");
	bytes[0] = 0x45;
	for (unsigned bit = 0; bit < 16; bit++) {
		bytes[6] = (1u << bit) >> 8;
		bytes[7] = 1u << bit;
		good &= read_quote(SKUA_ICMP, bytes, size, size, size, &out) ==
			(bit < 13 ? SKUA_IGNORED : SKUA_PARSED);
	}
	ok(good, "a later fragment has no ports to quote; flags make none");
}

/* A quote ends on the wire at each of its bytes, or the capture ends there. */
static bool is_cut(__u8 proto, const __u8 *bytes, unsigned size)
{
	struct skua_quote out;

	for (unsigned n = 0; n < size; n++)
		if (read_quote(proto, bytes, size, n, size, &out) != SKUA_TRUNCATED ||
		    read_quote(proto, bytes, size, size, n, &out) != SKUA_MALFORMED)
			return false;
	return true;
}

int main(void)
{
	__u8 bytes[128];

	test_errors();
	test_ports();
	test_addresses();
	test_headers();
	ok(is_cut(SKUA_ICMP, bytes, put_quote4(bytes, SKUA_UDP, 0)) &&
		   is_cut(SKUA_ICMP, bytes, put_quote4(bytes, SKUA_UDP, 12)),
	   "a quote that is cut before the end of its ports is none");
	ok(is_cut(SKUA_ICMPV6, bytes, put_quote6(bytes, SKUA_UDP)), "in IPv6 likewise");
	return done();
}
