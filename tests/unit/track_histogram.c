// SPDX-License-Identifier: BSD-2-Clause
/* Bins of gaps and sizes begin exactly where they should, and the strip loses no time. */
#include "track/histogram.h"
#include "tap.h"

#define SECOND 1000000000ull

static void test_histogram(void)
{
	uint16_t gaps[GAP_BINS] = { 0 };
	uint8_t sizes[SIZE_BINS] = { 0 };

	ok(gap_bin(0) == 0 && gap_bin(GAP_MIN_NS) == 0 && gap_bin(UINT64_MAX) == GAP_BINS - 1,
	   "gaps of any length have a bin");
	ok(gap_bin(499999999) == 7 && gap_bin(500000000) == 8, "each octave begins exactly");
	ok(gap_bin(272626933) == 0 && gap_bin(272626934) == 1, "each eighth begins exactly");
	ok(size_bin(319) == 19 && size_bin(320) == 20 && size_bin(639) == 35 && size_bin(640) == 36,
	   "sizes: 16 bytes a bin to 320, then 16 bins an octave");
	ok(size_bin(UINT64_MAX) == SIZE_BINS - 1, "sizes of any length have a bin");
	for (int i = 0; i < 70000; i++)
		gap_count(gaps, SECOND);
	gap_count(gaps, 4 * SECOND);
	ok(gaps[16] > 32768 && gaps[16] < 65535 && gaps[32] == 1, "a full bin halves all");
	for (int i = 0; i < 300; i++)
		size_count(sizes, 0);
	ok(sizes[0] > 128 && sizes[0] < 255, "sizes likewise");
}

static void test_strip(void)
{
	struct strip strip = { { 0 } };
	uint8_t shift = 0;
	unsigned set = 0;

	strip_mark(&strip, &shift, 0);
	strip_mark(&strip, &shift, 68 * SECOND);
	ok(shift == STRIP_SHIFT_MIN, "a minute fits without widening");
	strip_mark(&strip, &shift, 86400 * SECOND);
	for (unsigned i = 0; i < STRIP_CELLS; i++)
		set += strip_occupied(&strip, i);
	ok(strip_occupied(&strip, 0) && strip_occupied(&strip, 86400 * SECOND >> shift) && set == 2,
	   "a day later, cells are merged and none is lost");
	ok((86400 * SECOND >> shift) >= STRIP_CELLS / 2, "and half of them are in use");
	strip_mark(&strip, &shift, UINT64_MAX);
	ok(shift == 55, "no time is too long");
}

int main(void)
{
	test_histogram();
	test_strip();
	return done();
}
