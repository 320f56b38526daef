// SPDX-License-Identifier: BSD-2-Clause
/* Segments in any order make the same bytes, and the first copy wins. */
#include <stdlib.h>
#include <string.h>
#include "dissect/head.h"
#include "tap.h"

static struct head head;

static void clear(void)
{
	memset(&head, 0, sizeof(head));
}

static bool add(uint32_t offset, const char *text)
{
	return head_add(&head, offset, (const uint8_t *)text, strlen(text));
}

static bool holds(const char *text)
{
	return head_ready(&head) == strlen(text) && !memcmp(head.bytes, text, strlen(text));
}

static void test_order(void)
{
	clear();
	add(0, "abc");
	add(3, "def");
	ok(holds("abcdef"), "segments in order are joined");
	clear();
	add(3, "def");
	ok(head_ready(&head) == 0, "nothing is ready before the beginning is there");
	add(0, "abc");
	ok(holds("abcdef") && head.ranges == 1, "out of order they are joined as well");
	clear();
	add(0, "ab");
	add(4, "ef");
	add(2, "cd");
	ok(holds("abcdef") && head.ranges == 1, "a hole is filled");
}

static void test_overlap(void)
{
	clear();
	add(0, "abc");
	add(0, "XYZ");
	ok(holds("abc"), "of two copies the first wins");
	add(1, "XYZdef");
	ok(holds("abcYZdef") == false && holds("abcZdef"), "of an overlap only what is new counts");
	clear();
	add(2, "cd");
	add(6, "gh");
	add(0, "ABCDEFGHIJ");
	ok(holds("ABcdEFghIJ"), "what lies around earlier segments fills the holes");
}

static void test_bounds(void)
{
	static char large[2 * HEAD_BYTES];

	clear();
	memset(large, 'x', sizeof(large) - 1);
	ok(add(HEAD_BYTES - 1, "ab") && head.range[0].to == HEAD_BYTES,
	   "what lies beyond the window is dropped");
	ok(add(HEAD_BYTES, "ab") && add(UINT32_MAX, "ab") && head.ranges == 1,
	   "what begins beyond it leaves no trace");
	add(0, large);
	ok(head_ready(&head) == HEAD_BYTES && head.bytes[HEAD_BYTES - 1] == 'a',
	   "more than fits fills it");
}

static void test_holes(void)
{
	clear();
	for (int i = 0; i < HEAD_RANGES; i++)
		add(1 + 2 * i, "x");
	ok(!add(100, "y") && head.range[HEAD_RANGES - 1].to < 100,
	   "with too many holes the furthest piece is refused");
	ok(add(0, "a") && holds("ax"), "a piece that touches another is kept");
	ok(add(2, "b") && holds("axbx") && head.ranges == HEAD_RANGES - 1,
	   "closing a hole makes room");
	ok(add(100, "y") && head.ranges == HEAD_RANGES, "for another piece");
	ok(!add(50, "z") && head.range[HEAD_RANGES - 1].to == 51,
	   "one that is nearer takes the place of the furthest");
}

static void test_drop(void)
{
	clear();
	add(0, "abcdef");
	add(8, "ij");
	head_drop(&head, 2);
	ok(holds("cdef"), "what was dropped is gone, the rest moves up");
	add(4, "gh");
	ok(holds("cdefghij"), "and so do later pieces");
	head_drop(&head, 8);
	ok(!head.ranges && !head_ready(&head), "all can be dropped");
	clear();
	add(0, "ab");
	add(4, "ef");
	head_drop(&head, 2);
	ok(head.ranges == 1 && head.range[0].from == 2 && !head_ready(&head),
	   "a hole stays a hole when all before it is dropped");
}

/* Random pieces of a text, with lies in what was received before, give the text. */
static void test_random(void)
{
	char text[400];
	uint64_t random = 7;
	unsigned good = 0;

	for (int i = 0; i < (int)sizeof(text); i++)
		text[i] = 'a' + i % 26;
	for (int run = 0; run < 500; run++) {
		clear();
		for (int i = 0; head_ready(&head) < sizeof(text) && i < 10000; i++) {
			uint32_t from, length;

			random = random * 6364136223846793005u + 1442695040888963407u;
			from = (random >> 33) % sizeof(text);
			length = (random >> 50) % 40;
			if (length > sizeof(text) - from)
				length = sizeof(text) - from;
			head_add(&head, from, (uint8_t *)text + from, length);
		}
		good += head_ready(&head) == sizeof(text) &&
			!memcmp(head.bytes, text, sizeof(text));
	}
	ok(good == 500, "random pieces of a text make the text");
}

int main(void)
{
	test_order();
	test_overlap();
	test_bounds();
	test_holes();
	test_drop();
	test_random();
	return done();
}
