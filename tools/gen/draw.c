// SPDX-License-Identifier: BSD-2-Clause
/* Random numbers that are the same on every machine. */
#include "draw.h"

static uint64_t mix(uint64_t word)
{
	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9ull;
	word = (word ^ word >> 27) * 0x94d049bb133111ebull;
	return word ^ word >> 31;
}

struct draw draw_from(uint64_t seed, uint64_t stream)
{
	return (struct draw){ mix(seed + 0x9e3779b97f4a7c15ull) ^ mix(stream * 2 + 1) };
}

uint64_t draw_next(struct draw *draw)
{
	return mix(draw->state += 0x9e3779b97f4a7c15ull);
}

/* The remainder's bias, at most limit / 2^64, is of no interest here. */
uint64_t draw_below(struct draw *draw, uint64_t limit)
{
	return draw_next(draw) % limit;
}

uint64_t draw_between(struct draw *draw, uint64_t low, uint64_t high)
{
	return low + draw_below(draw, high - low + 1);
}

bool draw_chance(struct draw *draw, uint32_t ppm)
{
	return draw_below(draw, PPM) < ppm;
}

uint32_t draw_spread(struct draw *draw, struct spread spread)
{
	uint32_t low = spread.middle > spread.width ? spread.middle - spread.width : 0;

	return draw_between(draw, low, (uint64_t)spread.middle + spread.width);
}

/* value * fraction / 2^32, without overflow where the result fits. */
static uint64_t scale(uint64_t value, uint32_t fraction)
{
	return (value >> 32) * fraction + ((value & 0xffffffff) * fraction >> 32);
}

static uint32_t uniform(struct draw *draw)
{
	return draw_next(draw) >> 32;
}

uint64_t draw_exponential(struct draw *draw, uint64_t mean)
{
	for (uint64_t whole = 0;; whole++) {
		uint32_t first = uniform(draw), last = first, next;
		bool odd = true;

		while ((next = uniform(draw)) < last) {
			last = next;
			odd = !odd;
		}
		if (odd)
			return whole * mean + scale(mean, first);
	}
}

uint64_t draw_normal(struct draw *draw, uint64_t mean, uint64_t deviation)
{
	uint64_t above = mean, six = 6 * deviation;

	for (unsigned i = 0; i < 12; i++)
		above += scale(deviation, uniform(draw));
	return above > six ? above - six : 0;
}

uint32_t draw_size(struct draw *draw, uint32_t low, uint32_t high)
{
	uint32_t octaves = 0, base;

	while ((uint64_t)low << (octaves + 1) <= high)
		octaves++;
	base = low << draw_below(draw, octaves + 1);
	return draw_between(draw, base, (uint64_t)base * 2 < high ? base * 2 : high);
}

void draw_bytes(struct draw *draw, void *to, size_t length)
{
	unsigned char *at = to;
	uint64_t word = 0;

	for (size_t i = 0; i < length; i++, word >>= 8) {
		if (i % 8 == 0)
			word = draw_next(draw);
		at[i] = word;
	}
}
