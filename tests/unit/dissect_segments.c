// SPDX-License-Identifier: BSD-2-Clause
/* TCP segments in any order become one row of bytes, with its holes told. */
#include <string.h>
#include "dissect/segments.h"
#include "tap.h"

#define SEQ 4294967290u /* wraps after six bytes */

static struct segments segments;
static struct waiting_room room;
static struct segments_counters counters;
static char said[256];

/* "abc[3]def": three bytes were lost between. */
static void deliver(void *arg, uint64_t lost, const uint8_t *bytes, uint32_t length)
{
	size_t at = strlen(said);

	(void)arg;
	if (lost)
		at += sprintf(said + at, "[%llu]", (unsigned long long)lost);
	if (length > sizeof(said) / 2)
		at += sprintf(said + at, "<%u>", length);
	else if (length)
		memcpy(said + at, bytes, length);
	said[at + (length > sizeof(said) / 2 ? 0 : length)] = 0;
}

static void begin(void)
{
	segments_fini(&segments, &room);
	room = (struct waiting_room){ .limit = 2 * SEGMENTS_HELD_MAX };
	segments = (struct segments){ 0 };
	counters = (struct segments_counters){ 0 };
	said[0] = 0;
	segments_begin(&segments, SEQ);
}

/* A piece of "abcdefghij..." from there on, cut by the capture to so many bytes. */
static void add_cut(uint32_t from, uint32_t length, uint32_t captured)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyz";
	const uint8_t *bytes = captured ? (const uint8_t *)text + from : NULL;
	const struct segments_in in = { SEQ + from, bytes, captured, length };

	segments_add(&segments, &in, &room, &counters, deliver, NULL);
}

static void add(uint32_t from, uint32_t length)
{
	add_cut(from, length, length);
}

static bool is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# got %s, want %s\n", said, wanted);
	return !strcmp(said, wanted);
}

static void test_order(void)
{
	begin();
	add(0, 3);
	add(3, 5);
	ok(is("abcdefgh"), "segments in order come out as they are, also where numbers wrap");
	begin();
	add(6, 3);
	add(3, 3);
	ok(is(""), "what is behind a hole waits");
	add(0, 3);
	ok(is("abcdefghi") && counters.held == 2 && !counters.gaps, "until the hole is filled");
}

static void test_repeated(void)
{
	begin();
	add(0, 4);
	add(0, 4);
	add(2, 4);
	ok(is("abcdef") && counters.repeated == 6, "what comes again is counted, not said again");
	begin();
	add(4, 4);
	add(2, 4);
	add(6, 4);
	add(0, 2);
	ok(is("abcdefghij"), "pieces that overlap behind a hole fit together");
}

static void test_lost(void)
{
	begin();
	add(0, 2);
	add(5, 2);
	segments_acked(&segments, SEQ + 7);
	ok(is("ab"), "an acknowledgement says nothing until something more comes");
	add(7, 2);
	ok(is("ab[3]fghi") && counters.gaps == 1 && counters.gap_bytes == 3,
	   "what the receiver has, and we have not, is lost");
	begin();
	add(0, 2);
	add(4, 2);
	segments_finish(&segments, &room, &counters, deliver, NULL);
	ok(is("ab[2]ef"), "at the end what waits is said, with the loss before it");
	add(2, 2);
	ok(is("ab[2]ef"), "and what comes too late is not");
}

static void test_cut(void)
{
	begin();
	add_cut(0, 6, 2);
	add(6, 2);
	ok(is("ab[4]gh") && counters.gap_bytes == 4, "what the capture cut off is lost");
	begin();
	add_cut(0, 6, 2);
	add(3, 5);
	ok(is("ab[4]gh"), "and stays lost when a part of it comes again");
	begin();
	add(0, 4);
	add_cut(2, 4, 0);
	ok(is("abcd[2]") && counters.repeated == 2 && counters.gap_bytes == 2,
	   "of a piece known in part that was cut off entirely the rest is lost");
}

static void test_full(void)
{
	static uint8_t much[SEGMENTS_HELD_MAX];
	const struct segments_in in = { SEQ + 10, much, sizeof(much), sizeof(much) };
	const struct segments_in more = { SEQ + 10 + sizeof(much), much, 1, 1 };

	begin();
	segments_add(&segments, &in, &room, &counters, deliver, NULL);
	ok(is("") && segments.held_bytes == sizeof(much), "as much as may wait waits");
	segments_add(&segments, &more, &room, &counters, deliver, NULL);
	ok(is("[10]<1048576>") && counters.full == 1 && !segments.held_bytes,
	   "beyond that the hole is given up");
}

static void test_pieces(void)
{
	begin();
	for (uint32_t i = 0; i < SEGMENTS_PIECES_MAX; i++)
		add_cut(2 + i % 8, 1, 0);
	ok(is("") && segments.held_pieces == SEGMENTS_PIECES_MAX && !segments.held_bytes,
	   "pieces of which nothing was captured wait, too, but not for ever");
	add_cut(9, 1, 1);
	ok(counters.full == 1 && !segments.held_pieces && is("[2][1][1][1][1][1][1][1]j"),
	   "beyond their number the holes are given up");
	begin();
	room.limit = 50;
	add(4, 3);
	ok(room.used && !room.no_memory, "what waits is taken from the room of all");
	add(10, 8);
	ok(room.no_memory == 1 && !room.used && is("[4]efg[3]klmnopqr"),
	   "and who finds none gives up his holes, and loses nothing else");
}

static void test_elsewhere(void)
{
	const struct segments_in far = { SEQ + (1u << 31) - 5, (const uint8_t *)"far", 3, 3 };

	begin();
	add(0, 2);
	segments_add(&segments, &far, &room, &counters, deliver, NULL);
	ok(is("abfar"), "numbers that lie nowhere near belong to another connection");
}

int main(void)
{
	test_order();
	test_repeated();
	test_lost();
	test_cut();
	test_full();
	test_pieces();
	test_elsewhere();
	segments_fini(&segments, &room);
	return done();
}
