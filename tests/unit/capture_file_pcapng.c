// SPDX-License-Identifier: BSD-2-Clause
/* pcapng captures: sections, interfaces, clocks, comments, and damage of every kind. */
#include "capture/file_clock.h"
#include "capture_bytes.h"
#include "tap.h"

#define US 1700000000123456ull

static struct bytes made;
static struct reading got;

static void begin(bool big)
{
	made.size = 0;
	made.big = big;
	put_section(&made);
}

static void read_made(void)
{
	read_bytes(&got, made.at, made.size, NULL);
}

static void test_interfaces(bool big)
{
	begin(big);
	put_interface(&made, 1, "eth0", 0xff, 0);
	put_interface(&made, 113, "any", 9, 0);
	put_interface(&made, 12, NULL, 0x80 | 20, 0);
	put_packet(&made, 1, US * 1000 + 789, 1, 61, 0, NULL);
	put_packet(&made, 0, US, 2, 62, 0, NULL);
	put_packet(&made, 2, (5ull << 20) + (1 << 19), 3, 63, 0, NULL);
	put_packet(&made, 0, US + 1, 4, 64, 0, NULL);
	read_made();
	ok(got.count == 4 && !got.truncated && got.seen[0].linktype == 113 &&
		   got.seen[1].linktype == 1 && got.seen[2].linktype == 101,
	   "interfaces of different link types");
	ok(got.seen[0].time_ns == US * 1000 + 789 && got.seen[1].time_ns == US * 1000 &&
		   got.seen[2].time_ns == 5500000000,
	   "and of different resolutions, decimal and binary");
	ok(got.seen[0].interface == 1 && got.seen[1].interface == 2 && got.seen[2].interface == 3 &&
		   got.seen[3].interface == 2,
	   "are numbered in the order of their frames");
	ok(!strcmp(got.seen[0].name, "any") && !strcmp(got.seen[1].name, "eth0") &&
		   !got.seen[2].name[0],
	   "and named as the file names them");
	ok(got.seen[0].captured == 61 && got.seen[0].last == 1 && got.seen[2].last == 3,
	   "padding is not part of a frame");
}

static void test_clock(void)
{
	struct file_clock clock;

	file_clock_init(&clock);
	ok(file_clock_ns(&clock, 7) == 7000, "microseconds unless said otherwise");
	clock.offset_s = 100;
	ok(file_clock_ns(&clock, 7) == 100000007000, "if_tsoffset adds seconds");
	clock.offset_s = -100;
	ok(file_clock_ns(&clock, 100000007) == 7000 && file_clock_ns(&clock, 7) == 0,
	   "or takes them away, but never goes before 1970");
	ok(file_clock_ns(&clock, UINT64_MAX) == INT64_MAX, "nor beyond the year 2262");
	clock.offset_s = INT64_MAX;
	ok(file_clock_ns(&clock, UINT64_MAX) == INT64_MAX, "whatever is added");
	clock.offset_s = INT64_MIN;
	ok(file_clock_ns(&clock, UINT64_MAX) == 0, "or taken away");
	clock.offset_s = 0;
	file_clock_set_resolution(&clock, 12);
	ok(file_clock_ns(&clock, 1999) == 1, "picoseconds are cut to nanoseconds");
	file_clock_set_resolution(&clock, 28);
	ok(file_clock_ns(&clock, UINT64_MAX) == 1, "as short as 10^-28 seconds");
	file_clock_set_resolution(&clock, 29);
	ok(file_clock_ns(&clock, UINT64_MAX) == 0, "and nothing is left of shorter ones");
	file_clock_set_resolution(&clock, 0);
	ok(file_clock_ns(&clock, 3) == 3000000000, "whole seconds");
	file_clock_set_resolution(&clock, 0x80 | 127);
	ok(file_clock_ns(&clock, UINT64_MAX) == 0, "2^-127 seconds are no time");
	file_clock_set_resolution(&clock, 0x80);
	ok(file_clock_ns(&clock, 3) == 3000000000, "2^0 seconds are");
}

static void test_offset_option(bool big)
{
	begin(big);
	put_interface(&made, 1, "a", 6, 1700000000);
	put_interface(&made, 1, "b", 6, -5);
	put_packet(&made, 0, 1500000, 1, 60, 0, NULL);
	put_packet(&made, 1, 6500000, 1, 60, 0, NULL);
	read_made();
	ok(got.seen[0].time_ns == 1700000001500000000 && got.seen[1].time_ns == 1500000000,
	   big ? "if_tsoffset in a big-endian file" : "if_tsoffset in a little-endian file");
}

static void test_sections(void)
{
	begin(true);
	put_interface(&made, 1, "eth0", 0xff, 0);
	put_packet(&made, 0, 1, 1, 60, 0, NULL);
	made.big = false;
	put_section(&made);
	put_interface(&made, 113, "eth1", 9, 0);
	put_interface(&made, 1, "eth0", 9, 0);
	put_packet(&made, 0, 2, 2, 60, 0, NULL);
	put_packet(&made, 1, 3, 3, 60, 0, NULL);
	read_made();
	ok(got.count == 3 && !got.truncated && got.seen[0].time_ns == 1000 &&
		   got.seen[1].time_ns == 2 && got.seen[1].linktype == 113,
	   "sections of different byte order have interfaces of their own");
	ok(got.seen[1].interface == 2 && got.seen[2].interface == 1,
	   "but an interface that goes on under its name keeps its number");
	put_section(&made);
	put_packet(&made, 0, 4, 4, 60, 0, NULL);
	read_made();
	ok(got.count == 3 && got.truncated && strstr(got.said, "not described"),
	   "a packet of an interface that its section does not describe is damage");
}

static void put_simple(uint8_t value, uint32_t length, uint32_t captured)
{
	size_t start = begin_block(&made, 3);

	put_number(&made, length, 4);
	put_fill(&made, value, captured);
	end_block(&made, start);
}

static void test_other_packets(void)
{
	size_t start;

	begin(false);
	put_interface(&made, 1, NULL, 0xff, 0);
	made.at[made.size - 4 - 4 - 4] = 50; /* snapshot length of the interface */
	put_packet(&made, 0, 77, 1, 60, 0, NULL);
	put_simple(2, 1500, 50);
	put_simple(3, 21, 21);
	start = begin_block(&made, 2);
	put_number(&made, 0, 2);
	put_number(&made, 0xffff, 2); /* drops */
	put_number(&made, 0, 4);
	put_number(&made, 99, 4);
	put_number(&made, 5, 4);
	put_number(&made, 1400, 4);
	put_fill(&made, 4, 5);
	put_fill(&made, 0, 3);
	put_option(&made, 2, "\x02\0\0\0", 4);
	end_block(&made, start);
	read_made();
	ok(got.count == 4 && got.seen[1].captured == 50 && got.seen[1].length == 1500 &&
		   got.seen[1].last == 2,
	   "a simple packet is cut at the snapshot length");
	ok(got.seen[1].time_ns == 77000, "and has the time of the packet before");
	ok(got.seen[2].captured == 21 && got.seen[2].length == 21, "a short one is whole");
	ok(got.seen[3].captured == 5 && got.seen[3].length == 1400 && got.seen[3].last == 4 &&
		   got.seen[3].time_ns == 99000 && got.seen[3].direction == FRAME_OUT,
	   "the obsolete packet block is read, with its flags");
}

static void test_options(void)
{
	begin(false);
	put_interface(&made, 1, "eth0", 0xff, 0);
	put_packet(&made, 0, 1, 1, 60, 1, "first");
	put_packet(&made, 0, 1, 1, 61, 2, "four");
	put_packet(&made, 0, 1, 1, 60, 4, NULL);
	put_packet(&made, 0, 1, 1, 60, 0, "");
	read_made();
	ok(got.seen[0].direction == FRAME_IN && got.seen[1].direction == FRAME_OUT &&
		   got.seen[2].direction == FRAME_UNKNOWN && got.seen[3].direction == 0,
	   "epb_flags tell the direction, or do not");
	ok(!strcmp(got.seen[0].comment, "first") && !strcmp(got.seen[1].comment, "four") &&
		   !strcmp(got.seen[2].comment, "-") && !strcmp(got.seen[3].comment, ""),
	   "comments are theirs alone, without padding, and need none");
	made.at[made.size - 4 - 4 + 2] = 200; /* the last option's length */
	read_made();
	ok(got.count == 4 && !got.truncated && got.counts.skipped_options == 1,
	   "options that run past their block are counted, the packet is good");
}

static void test_two_comments(void)
{
	size_t start;

	begin(true);
	put_interface(&made, 1,
		      "a name of an interface that is longer than anybody has any use for", 6, 0);
	start = begin_block(&made, 6);
	put_fill(&made, 0, 20);
	put_option(&made, 1, "first", 5);
	put_option(&made, 1, "second", 6);
	put_option(&made, 2, "\0\0\0\1", 4);
	end_block(&made, start);
	read_made();
	ok(got.count == 1 && !strcmp(got.seen[0].comment, "first") &&
		   got.seen[0].direction == FRAME_IN,
	   "of several comments the first is shown, and the options behind it are read");
	ok(strlen(got.seen[0].name) == 63 && !strncmp(got.seen[0].name, "a name of an", 12),
	   "a name that is too long is cut");
}

static void test_skipping(void)
{
	size_t start;

	begin(false);
	put_interface(&made, 1, "eth0", 0xff, 0);
	start = begin_block(&made, 0x40000bad);
	put_fill(&made, 9, 700000);
	end_block(&made, start);
	put_packet(&made, 0, 1, 1, 60, 0, NULL);
	start = begin_block(&made, 5);
	end_block(&made, start);
	read_made();
	ok(got.count == 1 && !got.truncated && got.counts.skipped_blocks == 2,
	   "unknown blocks of any length are passed over and counted");
	made.at[made.size - 4]++;
	read_made();
	ok(got.count == 1 && got.truncated, "unless their two lengths differ");
}

/* Writes `value` into the 32-bit number at `at`, reads, and looks for the complaint. */
static bool is_damage(size_t at, uint32_t value, const char *complaint)
{
	uint8_t old[4];

	memcpy(old, made.at + at, 4);
	encode(made.at + at, value, 4, made.big);
	read_made();
	memcpy(made.at + at, old, 4);
	return !got.opened && !got.ended && got.truncated && got.warnings == 1 && got.count == 1 &&
	       strstr(got.said, complaint);
}

static void test_damage(bool big)
{
	size_t second;

	begin(big);
	put_interface(&made, 1, "eth0", 0xff, 0);
	put_packet(&made, 0, 1, 1, 60, 0, NULL);
	second = made.size;
	put_packet(&made, 0, 2, 2, 60, 0, NULL);
	ok(is_damage(second + 4, 94, "impossible length"), "a length that is no multiple of 4");
	ok(is_damage(second + 4, 8, "impossible length"), "a length shorter than a block");
	ok(is_damage(second + 4, 0xfffffffc, "absurd length"), "a length beyond all bounds");
	ok(is_damage(second + 4, 20, "lengths differ"), "a length that only the head has");
	ok(is_damage(made.size - 4, 20, "lengths differ"), "or only the tail");
	ok(is_damage(second + 8, 1, "not described"), "an interface that is not there");
	ok(is_damage(second + 20, 61, "does not fit"), "a captured length beyond the block");
	ok(is_damage(second + 20, 0xffffffff, "does not fit"), "or near 2^32");
}

/* A section of two interfaces and three packets; ends[i] is where its i-th piece ends. */
static unsigned int put_pieces(size_t *ends)
{
	unsigned int n = 0;

	begin(false);
	ends[n++] = made.size;
	put_interface(&made, 1, "eth0", 0xff, 0);
	ends[n++] = made.size;
	for (unsigned int i = 0; i < 3; i++) {
		put_packet(&made, 0, i, 1, 30 + i, 1, "a comment");
		ends[n++] = made.size;
	}
	put_section(&made);
	ends[n++] = made.size;
	return n;
}

static void test_cuts(void)
{
	size_t ends[8], whole;
	unsigned int n = put_pieces(ends);
	bool delivered = true, said = true;

	for (size_t size = 4; size <= made.size; size++) {
		for (whole = 0; whole < n && ends[whole] <= size; whole++)
			;
		bool clean = whole && ends[whole - 1] == size;
		unsigned int packets = whole < 2 ? 0 : whole > 5 ? 3 : (unsigned int)whole - 2;

		read_bytes(&got, made.at, size, NULL);
		delivered &= !got.opened && !got.ended && got.count == packets;
		said &= got.truncated == !clean && got.warnings == !clean;
	}
	ok(delivered, "cut anywhere: the whole packets before are delivered");
	ok(said, "and what is missing is said once, but not at the end of a block");
}

static void test_too_many_interfaces(void)
{
	begin(false);
	for (unsigned int i = 0; i < 4096; i++)
		put_interface(&made, 1, NULL, 0xff, 0);
	put_packet(&made, 4095, 1, 1, 60, 0, NULL);
	read_made();
	ok(got.count == 1 && !got.truncated, "a section may have 4,096 interfaces");
	put_interface(&made, 1, NULL, 0xff, 0);
	read_made();
	ok(got.count == 1 && got.truncated && strstr(got.said, "4,096"), "but not one more");
}

int main(void)
{
	test_interfaces(false);
	test_interfaces(true);
	test_clock();
	test_offset_option(false);
	test_offset_option(true);
	test_sections();
	test_other_packets();
	test_options();
	test_two_comments();
	test_skipping();
	test_damage(false);
	test_damage(true);
	test_cuts();
	test_too_many_interfaces();
	return done();
}
