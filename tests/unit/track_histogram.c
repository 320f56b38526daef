// SPDX-License-Identifier: BSD-2-Clause
/* Bins of gaps and sizes begin exactly where they should, and the strip loses no time. */
#include <math.h>
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

/* Where bin k begins, when a bin is so many times as wide as the one before. */
static uint64_t edge(double first, unsigned k, unsigned per_octave)
{
	return ceill(first * powl(2, (long double)k / per_octave));
}

static void test_edges(void)
{
	bool gaps = true, centres = true, sizes = true, linear = true;

	for (unsigned k = 1; k < GAP_BINS; k++) {
		uint64_t from = edge(GAP_MIN_NS, k, GAP_BINS_PER_OCTAVE);

		gaps &= gap_bin(from) == k && gap_bin(from - 1) == k - 1;
		centres &= fabs(gap_bin_centre_s(k) * 1e9 / (GAP_MIN_NS * pow(2, (k + 0.5) / 8)) -
				1) < 1e-12;
	}
	ok(gaps, "every bin of gaps begins where its power is");
	ok(centres, "and has its middle between them");
	for (unsigned bytes = 0; bytes < 320; bytes++)
		linear &= size_bin(bytes) == bytes / 16;
	ok(linear, "small sizes have bins of sixteen bytes");
	for (unsigned k = 1; k < SIZE_BINS - 20; k++) {
		uint64_t from = edge(320, k, 16);

		sizes &= size_bin(from) == k + 20 && size_bin(from - 1) == k + 19;
	}
	ok(sizes, "every bin of larger ones begins where its power is");
}

/* Times that a test chose, and the strip that was told of them. */
static bool is_strip_of(const struct strip *strip, unsigned shift, const uint64_t *times,
			unsigned count)
{
	for (unsigned cell = 0; cell < STRIP_CELLS; cell++) {
		bool any = false;

		for (unsigned i = 0; i < count; i++)
			any |= times[i] >> shift == cell;
		if (strip_occupied(strip, cell) != any)
			return false;
	}
	return true;
}

static void test_strip_times(void)
{
	uint64_t times[200], seed = 1;
	bool good = true;

	for (unsigned first = 0; first < 2; first++) {
		struct strip strip = { { 0 } };
		uint8_t shift = 0;

		for (unsigned i = 0; i < 200; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			times[i] = (first ? 3 * SECOND : 0) + (seed >> 16) % ((i + 1) * SECOND);
			strip_mark(&strip, &shift, times[i]);
			good &= is_strip_of(&strip, shift, times, i + 1);
		}
	}
	ok(good, "a cell is occupied when a time was in it, and no other, however wide it became");
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
	test_edges();
	test_strip();
	test_strip_times();
	return done();
}
