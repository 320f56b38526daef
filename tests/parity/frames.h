/* SPDX-License-Identifier: BSD-2-Clause */
/* Every branch of the parser as a frame, with what must be read from it. */
#ifndef PARITY_FRAMES_H
#define PARITY_FRAMES_H

#include <ctype.h>
#include <stdlib.h>
#include "skua/link.h"

#define FRAME_BUFFER 2304 /* bytes: the longest frame below fits */

struct frame {
	const char *name;
	enum skua_link link;
	enum skua_verdict verdict;
	unsigned proto, sport, dport, payload;
	const char *hex;
	unsigned beyond; /* bytes on the wire that were not captured */
};

#define ETH "020000000002 020000000001 "
#define ADDR4 "0a000001 0a000002 "
#define IP4(total, proto) "4500" total "0000 0000 40" proto "0000 " ADDR4
#define IP4_FRAGMENT(total, offset, proto) "4500" total "0001" offset "40" proto "0000 " ADDR4
#define ADDR6 "20010db8000000000000000000000001 20010db8000000000000000000000002 "
#define IP6(length, next) "60000000" length next "40 " ADDR6
#define TCP_SYN "c001 01bb 00000064 00000000 50020000 00000000 "
#define UDP(length) "1000 1001" length "0000 "
#define BYTES4 "deadbeef "
#define ZERO32 "0000000000000000000000000000000000000000000000000000000000000000"
#define ZERO256 ZERO32 ZERO32 ZERO32 ZERO32 ZERO32 ZERO32 ZERO32 ZERO32
#define ZERO1984                                                                                   \
	ZERO256 ZERO256 ZERO256 ZERO256 ZERO256 ZERO256 ZERO256 ZERO32 ZERO32 ZERO32 ZERO32 ZERO32 \
		ZERO32
#define PAD "0000000000000000000000000000"
#define DNS_QUERY "1234 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001"
#define E SKUA_LINK_ETHERNET

static const struct frame frames[] = {
	{ "udp", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0020", "11") UDP("000c") BYTES4 PAD, 0 },
	{ "tcp syn", E, SKUA_PARSED, 6, 49153, 443, 0, ETH "0800" IP4("0028", "06") TCP_SYN, 0 },
	{ "tcp with options not captured", E, SKUA_PARSED, 6, 49153, 443, 100,
	  ETH "0800" IP4("0098", "06") "c001 01bb 00000064 00000000 80100000 00000000", 112 },
	{ "a tcp header that claims more than the packet", E, SKUA_MALFORMED, 6, 0, 0, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 f0100000 00000000", 0 },
	{ "a tcp header below twenty bytes", E, SKUA_MALFORMED, 6, 0, 0, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 40100000 00000000", 0 },
	{ "tcp cut by the capture", E, SKUA_TRUNCATED, 6, 0, 0, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064", 12 },
	{ "tcp cut by the ip length", E, SKUA_MALFORMED, 6, 0, 0, 0,
	  ETH "0800" IP4("001c", "06") TCP_SYN, 0 },
	{ "sctp", E, SKUA_PARSED, 132, 4096, 4097, 4,
	  ETH "0800" IP4("0024", "84") "1000 1001 00000001 00000002" BYTES4 PAD, 0 },
	{ "icmp echo", E, SKUA_PARSED, 1, 7, 7, 4,
	  ETH "0800" IP4("0020", "01") "0800 0000 0007 0001" BYTES4 PAD, 0 },
	{ "icmp unreachable has no ports", E, SKUA_PARSED, 1, 0, 0, 4,
	  ETH "0800" IP4("0020", "01") "0303 0000 0007 0001" BYTES4 PAD, 0 },
	{ "a protocol without ports", E, SKUA_PARSED, 89, 0, 0, 12,
	  ETH "0800" IP4("0020", "59") UDP("000c") BYTES4 PAD, 0 },
	{ "ipv4 with options", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800 4600 0024 0000 0000 4011 0000" ADDR4 "94040000" UDP("000c") BYTES4 PAD, 0 },
	{ "ipv4 options cut by the capture", E, SKUA_TRUNCATED, 17, 0, 0, 0,
	  ETH "0800 4f00 0060 0000 0000 4011 0000" ADDR4 "94040000", 64 },
	{ "ipv4 options beyond the wire", E, SKUA_MALFORMED, 17, 0, 0, 0,
	  ETH "0800 4f00 0060 0000 0000 4011 0000" ADDR4 "94040000", 0 },
	{ "an ihl below five", E, SKUA_MALFORMED, 0, 0, 0, 0,
	  ETH "0800 4300 0020 0000 0000 4011 0000" ADDR4 UDP("000c") BYTES4, 0 },
	{ "a total length below the header", E, SKUA_MALFORMED, 0, 0, 0, 0,
	  ETH "0800" IP4("0010", "11") UDP("000c") BYTES4, 0 },
	{ "a total length of zero means all there is", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0000", "11") UDP("000c") BYTES4, 0 },
	{ "version six in an ipv4 frame", E, SKUA_MALFORMED, 0, 0, 0, 0,
	  ETH "0800 6500 0020 0000 0000 4011 0000" ADDR4 UDP("000c") BYTES4, 0 },
	{ "a first fragment has ports", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4_FRAGMENT("0020", "2000", "11") UDP("000c") BYTES4 PAD, 0 },
	{ "a later fragment has none", E, SKUA_PARSED, 17, 0, 0, 12,
	  ETH "0800" IP4_FRAGMENT("0020", "0009", "11") UDP("000c") BYTES4 PAD, 0 },
	{ "the highest bit of a fragment offset counts", E, SKUA_PARSED, 17, 0, 0, 12,
	  ETH "0800" IP4_FRAGMENT("0020", "1000", "11") UDP("000c") BYTES4 PAD, 0 },
	{ "one vlan tag", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "8100 0007 0800" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "two vlan tags", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "88a8 0007 8100 0008 0800" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "three vlan tags", E, SKUA_TOO_DEEP, 0, 0, 0, 0,
	  ETH "88a8 0007 8100 0008 8100 0009 0800" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "one mpls label", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "8847 00010140" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "four mpls labels behind a vlan tag", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "8100 0007 8847 00010040 00020040 00030040 00040140" IP6("000c", "11") UDP("000c")
		  BYTES4,
	  0 },
	{ "five mpls labels", E, SKUA_TOO_DEEP, 0, 0, 0, 0,
	  ETH "8847 00010040 00020040 00030040 00040040 00050140" IP4("0020", "11") UDP("000c"),
	  0 },
	{ "an mpls pseudo-wire", E, SKUA_IGNORED, 0, 0, 0, 0,
	  ETH "8847 00010140 00000000 020000000002 020000000001 0800" PAD, 0 },
	{ "pppoe with ipv4", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "8864 1100 0001 0022 0021" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "pppoe with ipv6", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "8864 1100 0001 0036 0057" IP6("000c", "11") UDP("000c") BYTES4, 0 },
	{ "pppoe with lcp", E, SKUA_IGNORED, 0, 0, 0, 0, ETH "8864 1100 0001 0006 c021" PAD PAD,
	  0 },
	{ "pppoe shorter than its protocol", E, SKUA_MALFORMED, 0, 0, 0, 0,
	  ETH "8864 1100 0001 0001 0021" PAD PAD, 0 },
	{ "arp", E, SKUA_IGNORED, 0, 0, 0, 0, ETH "0806 0001 0800 0604 0001" PAD PAD, 0 },
	{ "ipv6 udp", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "86dd" IP6("000c", "11") UDP("000c") BYTES4, 0 },
	{ "ipv6 tcp", E, SKUA_PARSED, 6, 49153, 443, 0, ETH "86dd" IP6("0014", "06") TCP_SYN, 0 },
	{ "icmpv6 echo", E, SKUA_PARSED, 58, 9, 9, 4,
	  ETH "86dd" IP6("000c", "3a") "8000 0000 0009 0001" BYTES4, 0 },
	{ "six extension headers", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "86dd" IP6("003c", "00") "3c00000000000000 3c00000000000000 2b00000000000000"
				       "3c00000000000000 3c00000000000000 1100000000000000" UDP(
					       "000c") BYTES4,
	  0 },
	{ "seven extension headers", E, SKUA_TOO_DEEP, 0, 0, 0, 0,
	  ETH "86dd" IP6("0044", "00") "3c00000000000000 3c00000000000000 2b00000000000000"
				       "3c00000000000000 3c00000000000000 3c00000000000000"
				       "1100000000000000" UDP("000c") BYTES4,
	  0 },
	{ "an authentication header counts in words", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "86dd" IP6("0018", "33") "1101 0000 00000001 00000002" UDP("000c") BYTES4, 0 },
	{ "an extension beyond the packet", E, SKUA_MALFORMED, 0, 0, 0, 0,
	  ETH "86dd" IP6("0014", "00") "11ff000000000000" UDP("000c") BYTES4, 0 },
	{ "an ipv6 first fragment", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "86dd" IP6("0014", "2c") "1100 0001 00000001" UDP("000c") BYTES4, 0 },
	{ "an ipv6 later fragment that begins like an extension", E, SKUA_PARSED, 60, 0, 0, 12,
	  ETH "86dd" IP6("0014", "2c") "3c00 0009 00000001" UDP("000c") BYTES4, 0 },
	{ "an atomic fragment is whole", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "86dd" IP6("0014", "2c") "1100 0000 00000001" UDP("000c") BYTES4, 0 },
	{ "vxlan", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0052", "11") "c000 12b5 003e 0000 0800000000002a00" ETH
				       "0800" IP4("0020", "11") UDP("000c") BYTES4,
	  0 },
	{ "vxlan with a vlan tag inside", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("005e", "11") "c000 12b5 004a 0000 0800000000002a00" ETH
				       "8100 0007 0800" IP4("0028", "06") TCP_SYN,
	  0 },
	{ "garbage on the vxlan port stays what it is", E, SKUA_PARSED, 17, 49152, 4789, 12,
	  ETH "0800" IP4("0028", "11") "c000 12b5 0014 0000 0800000000002a00" BYTES4 PAD, 0 },
	{ "geneve with an option, ipv4 inside", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("004c", "11") "c000 17c1 0038 0000 0200080000002a00 0000000100000000" IP4(
		  "0020", "11") UDP("000c") BYTES4,
	  0 },
	{ "geneve with 128 bytes of options", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("00c4", "11") "c000 17c1 00b0 0000 2000080000002a00" ZERO32 ZERO32 ZERO32
		  ZERO32 IP4("0020", "11") UDP("000c") BYTES4,
	  0 },
	{ "gre with key and sequence", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0040", "2f") "3000 0800 00000001 00000002" IP4("0020", "11") UDP("000c")
		  BYTES4,
	  0 },
	{ "gre bridging ethernet", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("005a", "2f") "0000 6558" ETH "86dd" IP6("000c", "11") UDP("000c") BYTES4,
	  0 },
	{ "erspan ii", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0052", "2f") "1000 88be 00000001 1001000000000000" ETH
				       "0800" IP4("0020", "11") UDP("000c") BYTES4,
	  0 },
	{ "pptp is not looked through", E, SKUA_PARSED, 47, 0, 0, 12,
	  ETH "0800" IP4("0020", "2f") "3001 880b 00000001 00000002" PAD, 0 },
	{ "ip in ip", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0034", "04") IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "6in4", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("0050", "29") IP6("0014", "06") TCP_SYN, 0 },
	{ "only one tunnel is looked through", E, SKUA_PARSED, 4, 0, 0, 32,
	  ETH "0800" IP4("0048", "04") IP4("0034", "04") IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "a dns query", E, SKUA_PARSED, 17, 4096, 53, 33,
	  ETH "0800" IP4("003d", "11") "1000 0035 0029 0000" DNS_QUERY, 0 },
	{ "a dns name with a pointer", E, SKUA_PARSED, 17, 4096, 53, 33,
	  ETH "0800" IP4("003d", "11") "1000 0035 0029 0000 1234 0100 0001 0000 0000 0000 03777777"
				       "c00c 00000000000000 00000000000000000000",
	  0 },
	{ "a dns query cut by the capture", E, SKUA_PARSED, 17, 4096, 53, 33,
	  ETH "0800" IP4("003d", "11") "1000 0035 0029 0000 1234 0100 0001 0000 0000 0000 03777777",
	  17 },
	{ "gtp-u", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4("0044", "11") "0868 0868 0030 0000 30ff 0020 00000001" IP4("0020", "11")
		  UDP("000c") BYTES4,
	  0 },
	{ "gtp-u with sequence number and one extension", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800" IP4(
		  "004c",
		  "11") "0868 0868 0038 0000 36ff 0028 00000001 0001 00 85 01 1009 00" IP4("0020",
											   "11")
		  UDP("000c") BYTES4,
	  0 },
	{ "gtp-u with three extensions stays what it is", E, SKUA_PARSED, 17, 2152, 2152, 56,
	  ETH
	  "0800" IP4("0054", "11") "0868 0868 0040 0000 34ff 0030 00000001 0000 00 85 01 1009 85"
				   "01 1009 85 01 1009 00" IP4("0020", "11") UDP("000c") BYTES4,
	  0 },
	{ "gtp-u with an extension of length zero stays what it is", E, SKUA_PARSED, 17, 2152, 2152,
	  48,
	  ETH "0800" IP4(
		  "004c",
		  "11") "0868 0868 0038 0000 34ff 0028 00000001 0000 00 85 00 1009 00" IP4("0020",
											   "11")
		  UDP("000c") BYTES4,
	  0 },
	{ "gtp-u signalling stays what it is", E, SKUA_PARSED, 17, 2152, 2152, 8,
	  ETH "0800" IP4("0024", "11") "0868 0868 0010 0000 3001 0000 00000001" PAD, 0 },
	{ "an icmp timestamp request has an identifier", E, SKUA_PARSED, 1, 7, 7, 12,
	  ETH "0800" IP4("0028", "01") "0d00 0000 0007 0001 00000000 00000000 00000000" PAD, 0 },
	{ "an icmp error that quotes a syn", E, SKUA_PARSED, 1, 0, 0, 28,
	  ETH "0800" IP4("0038", "01") "0303 0000 00000000" IP4("0030", "06") "c001 01bb 00000064",
	  0 },
	{ "an icmp error that quotes too little", E, SKUA_PARSED, 1, 0, 0, 24,
	  ETH "0800" IP4("0034", "01") "0303 0000 00000000" IP4("0030", "06") "c001 01bb", 0 },
	{ "an icmpv6 error that quotes a datagram", E, SKUA_PARSED, 58, 0, 0, 48,
	  ETH "86dd" IP6("0038", "3a") "0104 0000 00000000" IP6("000c", "11") UDP("000c"), 0 },
	{ "a neighbour solicitation", E, SKUA_PARSED, 58, 0, 0, 16,
	  ETH "86dd" IP6("0018", "3a") "8700 0000 00000000 20010db8000000000000000000000003", 0 },
	{ "a neighbour advertisement", E, SKUA_PARSED, 58, 0, 0, 16,
	  ETH "86dd" IP6("0018", "3a") "8800 0000 60000000 20010db8000000000000000000000003", 0 },
	{ "a neighbour solicitation cut by the capture", E, SKUA_PARSED, 58, 0, 0, 16,
	  ETH "86dd" IP6("0018", "3a") "8700 0000 00000000 20010db8", 12 },
	{ "an arp request", E, SKUA_IGNORED, 0, 0, 0, 0,
	  ETH "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002" PAD, 0 },
	{ "an arp reply", E, SKUA_IGNORED, 0, 0, 0, 0,
	  ETH "0806 0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002" PAD, 0 },
	{ "arp of another kind", E, SKUA_IGNORED, 0, 0, 0, 0,
	  ETH "0806 0001 0800 06 04 0003 020000000001 0a000001 020000000002 0a000002" PAD, 0 },
	{ "lldp", E, SKUA_IGNORED, 0, 0, 0, 0, ETH "88cc 0207" PAD PAD, 0 },
	{ "spanning tree has a length instead of a type", E, SKUA_IGNORED, 0, 0, 0, 0,
	  ETH "0026 424203" PAD PAD, 0 },
	{ "the largest length is no type", E, SKUA_IGNORED, 0, 0, 0, 0, ETH "05ff 424203" PAD PAD,
	  0 },
	{ "a null probe", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 50000000 00000000", 0 },
	{ "an xmas probe", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 50290000 00000000", 0 },
	{ "a lone fin", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 50010000 00000000", 0 },
	{ "a syn with fin", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800" IP4("0028", "06") "c001 01bb 00000064 00000000 50030000 00000000", 0 },
	{ "a syn to everybody", E, SKUA_PARSED, 6, 49153, 443, 0,
	  ETH "0800 4500 0028 0000 0000 4006 0000 0a000001 ffffffff" TCP_SYN, 0 },
	{ "a datagram to a group", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800 4500 0020 0000 0000 4011 0000 0a000001 e0000001" UDP("000c") BYTES4 PAD, 0 },
	{ "a datagram below the groups", E, SKUA_PARSED, 17, 4096, 4097, 4,
	  ETH "0800 4500 0020 0000 0000 4011 0000 0a000001 dfffffff" UDP("000c") BYTES4 PAD, 0 },
	{ "a datagram from a well-known port is a reply", E, SKUA_PARSED, 17, 1023, 1024, 4,
	  ETH "0800" IP4("0020", "11") "03ff 0400 000c 0000" BYTES4 PAD, 0 },
	{ "a datagram between high ports is a question", E, SKUA_PARSED, 17, 1024, 1024, 4,
	  ETH "0800" IP4("0020", "11") "0400 0400 000c 0000" BYTES4 PAD, 0 },
	{ "dns over tcp, two messages in a segment", E, SKUA_PARSED, 6, 4096, 53, 70,
	  ETH "0800" IP4("006e", "06") "1000 0035 00000064 00000001 50180000 00000000"
				       "0021" DNS_QUERY "0021" DNS_QUERY,
	  0 },
	{ "dns over tcp, a message longer than the segment", E, SKUA_PARSED, 6, 4096, 53, 35,
	  ETH "0800" IP4("004b", "06") "1000 0035 00000064 00000001 50180000 00000000"
				       "0200" DNS_QUERY,
	  0 },
	{ "dns over tcp, a message of length zero", E, SKUA_PARSED, 6, 4096, 53, 35,
	  ETH "0800" IP4("004b", "06") "1000 0035 00000064 00000001 50180000 00000000"
				       "0000" DNS_QUERY,
	  0 },
	{ "dns over tcp, one byte", E, SKUA_PARSED, 6, 4096, 53, 1,
	  ETH "0800" IP4("0029", "06") "1000 0035 00000064 00000001 50180000 00000000"
				       "00",
	  0 },
	{ "dns with two questions", E, SKUA_PARSED, 17, 4096, 53, 33,
	  ETH "0800" IP4("003d", "11") "1000 0035 0029 0000 1234 0100 0002 0000 0000 0000 03777777"
				       "076578616d706c65 03636f6d 00 0001 0001",
	  0 },
	{ "raw ipv4", SKUA_LINK_RAW, SKUA_PARSED, 17, 4096, 4097, 4,
	  IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "raw ipv6", SKUA_LINK_RAW, SKUA_PARSED, 17, 4096, 4097, 4,
	  IP6("000c", "11") UDP("000c") BYTES4, 0 },
	{ "bsd loopback, little endian", SKUA_LINK_NULL, SKUA_PARSED, 17, 4096, 4097, 4,
	  "1e000000" IP6("000c", "11") UDP("000c") BYTES4, 0 },
	{ "bsd loopback, big endian", SKUA_LINK_NULL, SKUA_PARSED, 17, 4096, 4097, 4,
	  "00000002" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "linux cooked", SKUA_LINK_SLL, SKUA_PARSED, 17, 4096, 4097, 4,
	  "0000 0001 0006 020000000001 0000 0800" IP4("0020", "11") UDP("000c") BYTES4, 0 },
	{ "linux cooked, second version", SKUA_LINK_SLL2, SKUA_PARSED, 17, 4096, 4097, 4,
	  "86dd 0000 00000001 0001 00 06 0200000000010000" IP6("000c", "11") UDP("000c") BYTES4,
	  0 },
#include "frames_more.h"
};
#define FRAMES (sizeof(frames) / sizeof(frames[0]))

#undef E

/* Hexadecimal digits with spaces, to at most FRAME_BUFFER bytes; returns how many. */
static inline unsigned frame_bytes(unsigned char *out, const char *hex)
{
	unsigned n = 0;

	for (; *hex && n < FRAME_BUFFER; hex++) {
		char pair[3] = { hex[0], hex[1] };

		if (isspace((unsigned char)*hex))
			continue;
		out[n++] = strtoul(pair, NULL, 16);
		hex++;
	}
	return n;
}

#endif /* PARITY_FRAMES_H */
