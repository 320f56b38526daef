// SPDX-License-Identifier: BSD-2-Clause
/* Classic captures of every kind are read alike, and to the last whole packet when cut. */
#include <errno.h>
#include "capture_bytes.h"
#include "tap.h"

static struct bytes made;
static struct reading got;

static void begin(bool big, uint32_t magic, uint32_t network)
{
	made.size = 0;
	made.big = big;
	put_pcap_header(&made, magic, network);
}

static void put_modified(uint32_t seconds, uint32_t fraction, uint32_t captured)
{
	put_number(&made, seconds, 4);
	put_number(&made, fraction, 4);
	put_number(&made, captured, 4);
	put_number(&made, captured, 4);
	put_number(&made, 0, 8); /* interface, protocol, packet type */
	put_fill(&made, 7, captured);
}

static void test_kinds(void)
{
	static const struct {
		uint32_t magic;
		uint64_t time_ns;
		const char *big, *little;
	} kinds[] = {
		{ PCAP_MICRO, 1700000000123456000, "microseconds, big-endian",
		  "microseconds, little-endian" },
		{ PCAP_NANO, 1700000000000123456, "nanoseconds, big-endian",
		  "nanoseconds, little-endian" },
		{ PCAP_MODIFIED, 1700000000123456000, "modified, big-endian",
		  "modified, little-endian" },
	};

	for (unsigned int i = 0; i < 6; i++) {
		uint32_t magic = kinds[i / 2].magic;

		begin(i % 2, magic, 1);
		for (unsigned int packet = 0; packet < 2; packet++)
			if (magic == PCAP_MODIFIED)
				put_modified(1700000000, 123456, 60);
			else
				put_record(&made, 1700000000, 123456, 7, 60, 60);
		read_bytes(&got, made.at, made.size, NULL);
		ok(!got.opened && !got.ended && got.count == 2 && !got.truncated &&
			   got.seen[1].time_ns == kinds[i / 2].time_ns &&
			   got.seen[1].captured == 60 && got.seen[1].linktype == 1 &&
			   got.seen[1].first == 7 && got.seen[1].last == 7,
		   i % 2 ? kinds[i / 2].big : kinds[i / 2].little);
	}
}

static uint16_t linktype_of(uint32_t network)
{
	begin(true, PCAP_MICRO, network);
	put_record(&made, 1, 0, 0, 4, 4);
	read_bytes(&got, made.at, made.size, NULL);
	return got.count == 1 ? got.seen[0].linktype : 0xffff;
}

static void test_linktypes(void)
{
	ok(linktype_of(12) == 101 && linktype_of(14) == 101 && linktype_of(101) == 101,
	   "raw IP is 101 under all its numbers");
	ok(linktype_of(0x34000001) == 1, "the length of the frame check sequence is masked off");
	ok(linktype_of(276) == 276 && linktype_of(0) == 0 && linktype_of(60000) == 60000,
	   "other link types stay what they are, also those nobody knows");
}

static void test_lengths(void)
{
	begin(false, PCAP_MICRO, 1);
	put_record(&made, 1, 0, 1, 0, 1500);
	put_record(&made, 2, 0, 2, 100, 40);
	put_record(&made, 3, 0, 3, 262144, 300000);
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.count == 3 && !got.truncated && got.seen[0].captured == 0 &&
		   got.seen[0].length == 1500,
	   "a frame of which nothing was captured is a frame");
	ok(got.seen[1].captured == 100 && got.seen[1].length == 100,
	   "the wire length is at least the captured one");
	ok(got.seen[2].captured == 262144 && got.seen[2].last == 3 && got.seen[2].length == 300000,
	   "a frame of 256 KiB is read whole, whatever snapshot length the header claims");

	begin(false, PCAP_MICRO, 1);
	put_record(&made, 1, 0, 1, 60, 1500);
	put_record(&made, 2, 0, 2, 262145, 262145);
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.count == 1 && got.truncated && strstr(got.said, "damaged at byte 100:"),
	   "a longer one is damage, named with its place");
	begin(false, PCAP_MICRO, 249); /* USBPcap: libpcap would allow 128 MiB */
	put_record(&made, 2, 0, 2, 262145, 262145);
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.count == 0 && got.truncated, "for every link type");
}

static void test_times(void)
{
	begin(false, PCAP_MICRO, 1);
	put_record(&made, 0xffffffff, 999999, 0, 4, 4);
	put_record(&made, 5, 0xffffffff, 0, 4, 4);
	put_record(&made, 5, 1000000, 0, 4, 4);
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.seen[0].time_ns == 4294967295999999000, "seconds are unsigned: 2106, not 1969");
	ok(got.seen[1].time_ns == 5999999999 && got.seen[2].time_ns == 5999999999,
	   "a fraction of more than a second is held below the next");
}

static void test_directions(void)
{
	static const uint8_t types[] = { 0, 1, 2, 3, 4, 9 };
	static const enum frame_direction wanted[] = { FRAME_IN,      FRAME_IN,  FRAME_IN,
						       FRAME_UNKNOWN, FRAME_OUT, FRAME_UNKNOWN };
	bool good = true, good2 = true;

	for (unsigned int i = 0; i < sizeof(types); i++) {
		begin(false, PCAP_MICRO, 113);
		put_record(&made, 1, 0, 0, 16, 16);
		made.at[made.size - 15] = types[i];
		read_bytes(&got, made.at, made.size, NULL);
		good &= got.seen[0].direction == wanted[i];
		begin(false, PCAP_MICRO, 276);
		put_record(&made, 1, 0, 0, 20, 20);
		made.at[made.size - 10] = types[i];
		read_bytes(&got, made.at, made.size, NULL);
		good2 &= got.seen[0].direction == wanted[i];
	}
	ok(good, "the packet type of Linux cooked frames tells their direction");
	ok(good2, "that of version 2, too");
	begin(false, PCAP_MICRO, 276);
	put_record(&made, 1, 0, 4, 11, 11);
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.seen[0].direction == FRAME_UNKNOWN, "a cut cooked header tells nothing");
}

/* Whole packets in the first size bytes of a file of two: header 24, records 16 + 60. */
static unsigned int whole_before(size_t size)
{
	return size < 24 + 76 ? 0 : size < 24 + 2 * 76 ? 1 : 2;
}

static void test_cuts(void)
{
	bool delivered = true, said = true;

	begin(false, PCAP_NANO, 1);
	put_record(&made, 1, 0, 1, 60, 60);
	put_record(&made, 2, 0, 1, 60, 60);
	for (size_t size = 4; size <= made.size; size++) {
		bool whole = size == 24 || size == 100 || size == 176;

		read_bytes(&got, made.at, size, NULL);
		delivered &= !got.opened && !got.ended && got.count == whole_before(size);
		said &= got.truncated == !whole && got.warnings == !whole;
	}
	ok(delivered, "cut anywhere: the whole packets before are delivered");
	ok(said, "and what is missing is said once, but not at the end of a packet");
	read_bytes(&got, made.at, 99, NULL);
	ok(strstr(got.said, "damaged at byte 24:"),
	   "with the place of the packet that is not whole");
}

static void test_refusals(void)
{
	read_bytes(&got, "\x05VNF\xea\x09", 6, NULL);
	ok(got.opened == -EINVAL && strstr(got.error, "begins with 05 56 4e 46 ea 09;"),
	   "not a capture: refused, with its first bytes");
	read_bytes(&got, "", 0, NULL);
	ok(got.opened == -EINVAL && strstr(got.error, "empty"), "nor is an empty file");
	read_bytes(&got, "\xd4\xc3\xb2", 3, NULL);
	ok(got.opened == -EINVAL && strstr(got.error, "d4 c3 b2;"), "nor are three bytes");
	begin(false, PCAP_MICRO, 1);
	made.at[4] = 9;
	read_bytes(&got, made.at, made.size, NULL);
	ok(got.opened == -EINVAL && strstr(got.error, "version 9.4"),
	   "a version that libpcap does not know is refused in its words");
}

int main(void)
{
	test_kinds();
	test_linktypes();
	test_lengths();
	test_times();
	test_directions();
	test_cuts();
	test_refusals();
	return done();
}
