// SPDX-License-Identifier: BSD-2-Clause
/* Fixed-size summaries of gaps, sizes and occupied times. */
#include "track/histogram.h"

#define OCTAVE_MAX 17 /* thresholds are scaled by 2^17, so no comparison needs rounding */
#define SIZE_LINEAR 320
#define SIZE_LINEAR_BINS 20
#define SIZE_BINS_PER_OCTAVE 16

/* ceil(2.5e8 * 2^17 * 2^(k/8)) */
static const uint64_t gap_steps[GAP_BINS_PER_OCTAVE] = {
	32768000000000, 35733757383976, 38967938744410, 42494838526805,
	46340950011842, 50535164326968, 55108987470068, 60096776975462,
};

/* ceil(320 * 2^17 * 2^(k/16)) */
static const uint64_t size_steps[SIZE_BINS_PER_OCTAVE] = {
	41943040, 43800018, 45739210, 47764258, 49878962, 52087292, 54393394, 56801595,
	59316417, 61942579, 64685011, 67548861, 70539504, 73662555, 76923875, 80329586,
};

/*
 * floor(count * log2(value / base)) for value >= base: the powers between are
 * irrational, so comparing with their ceilings is exact.
 */
static unsigned ratio_bin(uint64_t value, uint64_t base, const uint64_t *steps, unsigned count)
{
	unsigned octave = 0, step = 0;

	if (value >= base << (OCTAVE_MAX + 1))
		return (OCTAVE_MAX + 1) * count;
	while (value >= base << (octave + 1))
		octave++;
	value <<= OCTAVE_MAX - octave;
	while (step + 1 < count && value >= steps[step + 1])
		step++;
	return octave * count + step;
}

unsigned gap_bin(uint64_t gap_ns)
{
	unsigned bin;

	if (gap_ns < GAP_MIN_NS)
		return 0;
	bin = ratio_bin(gap_ns, GAP_MIN_NS, gap_steps, GAP_BINS_PER_OCTAVE);
	return bin < GAP_BINS ? bin : GAP_BINS - 1;
}

double gap_bin_centre_s(unsigned bin)
{
	/* 0.25 * 2^((k + 0.5)/8) */
	static const double centres[GAP_BINS_PER_OCTAVE] = {
		0.26106844560685344, 0.2846971586891729,  0.310464453018371,   0.33856388673422316,
		0.36920653648487484, 0.40262258298731357, 0.43906304009332486, 0.47880164034928685,
	};

	return centres[bin % GAP_BINS_PER_OCTAVE] * (1u << bin / GAP_BINS_PER_OCTAVE);
}

void gap_count(uint16_t bins[GAP_BINS], uint64_t gap_ns)
{
	unsigned bin = gap_bin(gap_ns);

	if (bins[bin] == UINT16_MAX)
		for (unsigned i = 0; i < GAP_BINS; i++)
			bins[i] -= bins[i] / 2;
	bins[bin]++;
}

unsigned size_bin(uint64_t bytes)
{
	unsigned bin;

	if (bytes < SIZE_LINEAR)
		return bytes / 16;
	bin = ratio_bin(bytes, SIZE_LINEAR, size_steps, SIZE_BINS_PER_OCTAVE) + SIZE_LINEAR_BINS;
	return bin < SIZE_BINS ? bin : SIZE_BINS - 1;
}

void size_count(uint8_t bins[SIZE_BINS], uint64_t bytes)
{
	unsigned bin = size_bin(bytes);

	if (bins[bin] == UINT8_MAX)
		for (unsigned i = 0; i < SIZE_BINS; i++)
			bins[i] -= bins[i] / 2;
	bins[bin]++;
}

bool strip_occupied(const struct strip *strip, unsigned cell)
{
	return strip->bits[cell / 64] >> cell % 64 & 1;
}

static void strip_widen(struct strip *strip)
{
	struct strip wide = { { 0 } };

	for (unsigned i = 0; i < STRIP_CELLS; i++)
		if (strip_occupied(strip, i))
			wide.bits[i / 128] |= 1ull << i / 2 % 64;
	*strip = wide;
}

void strip_mark(struct strip *strip, uint8_t *shift, uint64_t offset_ns)
{
	uint64_t cell;

	if (!*shift)
		*shift = STRIP_SHIFT_MIN;
	for (; offset_ns >> *shift >= STRIP_CELLS; ++*shift)
		strip_widen(strip);
	cell = offset_ns >> *shift;
	strip->bits[cell / 64] |= 1ull << cell % 64;
}
