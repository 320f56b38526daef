// SPDX-License-Identifier: BSD-2-Clause
/* The laws by which gaps are drawn: general ones, and those of known implants under their names. */
#include "law.h"

#define SHORTEST_GAP_NS 1000000 /* a law's lower tail must not stop the clock */
#define NS_PER_MS 1000000ull
#define INVERSE_MEAN_Q16 73949 /* 1 / gamma(3/2): the mean of a Weibull law of shape 2 is 1 */
#define LOG2_E_Q16 94548
#define HALF_LOG2_E_Q16 47274

/* every x fraction, in units of 1/2^16, so that a century of ns does not overflow. */
static uint64_t share(uint64_t every, uint32_t ppm)
{
	return every / 65536 * ((uint64_t)ppm * 65536 / PPM);
}

static uint64_t less(uint64_t from, uint64_t by)
{
	return by < from ? from - by : 0;
}

/* Low .. high in whole units, both included; the bounds are rounded to units first. */
static uint64_t whole(struct draw *draw, uint64_t low, uint64_t high, uint64_t unit)
{
	uint64_t first = (low + unit / 2) / unit, last = (high + unit / 2) / unit;

	return draw_between(draw, first, last > first ? last : first) * unit;
}

/* Agents of Empire draw with Get-Random, whose maximum is not drawn, between two bounds in whole
 * seconds. */
static uint64_t draw_empire(struct draw *draw, uint64_t every, uint64_t spread)
{
	uint64_t low = less(every, spread), high = every + spread;

	return whole(draw, low, high > low + NS_PER_S ? high - NS_PER_S : low, NS_PER_S);
}

/* Poseidon of Mythic takes a whole percentage below its jitter; an even one lengthens the sleep, an
 * odd one shortens it; what is added is cut to whole seconds. */
static uint64_t draw_mythic(struct draw *draw, uint64_t every, uint32_t jitter_ppm)
{
	uint32_t most = jitter_ppm / (PPM / 100);
	uint64_t percent = most ? draw_below(draw, most) : 0;
	uint64_t change = every / 100 * percent / NS_PER_S * NS_PER_S;

	return percent % 2 ? less(every, change) : every + change;
}

/* Grunts of Covenant draw whole seconds below jitter x delay, and whether to add them. */
static uint64_t draw_covenant(struct draw *draw, uint64_t every, uint64_t spread)
{
	uint64_t most = (spread + NS_PER_S / 2) / NS_PER_S;
	uint64_t change = most ? draw_below(draw, most) * NS_PER_S : 0;

	return draw_chance(draw, PPM / 2) ? less(every, change) : every + change;
}

static uint64_t root(uint64_t square)
{
	uint64_t result = 0;

	for (uint64_t bit = 1ull << 31; bit; bit >>= 1)
		if ((result + bit) * (result + bit) <= square)
			result += bit;
	return result;
}

/* The root of an exponential is a Weibull variable of shape 2. */
static uint64_t draw_weibull(struct draw *draw, uint64_t every)
{
	uint64_t exponential_q24 = draw_exponential(draw, 1 << 24);

	return every / 65536 * (root(exponential_q24 << 8) * INVERSE_MEAN_Q16 >> 16);
}

/* 2^(x / 65536) in units of 1/2^16, for x within +-14 x 65536, by the factors 2^(1/2), 2^(1/4), ...
 * of its fraction's bits. */
static uint64_t exponent(int64_t x)
{
	static const uint32_t factors_q16[] = { 92682, 77936, 71468, 68438, 66971,
						66250, 65892, 65714, 65625, 65580 };
	int64_t octaves = x >> 16;
	uint64_t result = 65536;

	for (unsigned i = 0; i < sizeof(factors_q16) / sizeof(factors_q16[0]); i++)
		if (x >> (15 - i) & 1)
			result = result * factors_q16[i] >> 16;
	return octaves >= 0 ? result << octaves : result >> -octaves;
}

/* Mean every; jitter is the deviation of the gap's natural logarithm, at most 2. */
static uint64_t draw_lognormal(struct draw *draw, uint64_t every, uint32_t jitter_ppm)
{
	int64_t sigma_q16 = (uint64_t)jitter_ppm * 65536 / PPM;
	int64_t normal_q16, x;

	if (sigma_q16 > 2 * 65536)
		sigma_q16 = 2 * 65536;
	normal_q16 = (int64_t)draw_normal(draw, 6 << 16, 1 << 16) - (6 << 16);
	x = (sigma_q16 * normal_q16 / 65536) * LOG2_E_Q16 / 65536;
	x -= (sigma_q16 * sigma_q16 / 65536) * HALF_LOG2_E_Q16 / 65536;
	return every / 65536 * exponent(x);
}

/*
 * Where the laws come from.  cobalt: its manual ("sleep [seconds] [jitter]" shortens by up to the
 * jitter; milliseconds).  sliver: implant/sliver/transports/beacon.go (interval and up to jitter
 * more, ns).  empire: Get-AgentDelay of its PowerShell agent.  poshc2: dropper.cs (milliseconds,
 * the maximum not drawn).  mythic: poseidon's profiles/http.go.  covenant: GruntHTTP.cs.  caldera:
 * c_agent.py and base_world.py (whole seconds from sleep_min to sleep_max, both drawn).
 */
static uint64_t draw_named(struct draw *draw, const struct spec *spec)
{
	uint64_t every = spec->every_ns, spread = share(every, spec->jitter_ppm);

	switch ((enum law)spec->law) {
	case LAW_COBALT:
		return whole(draw, less(every, spread), every, NS_PER_MS);
	case LAW_SLIVER:
		return every + (spread ? draw_below(draw, spread) : 0);
	case LAW_EMPIRE:
		return draw_empire(draw, every, spread);
	case LAW_POSHC2:
		return whole(draw, less(every, spread), less(every + spread, NS_PER_MS), NS_PER_MS);
	case LAW_MYTHIC:
		return draw_mythic(draw, every, spec->jitter_ppm);
	case LAW_COVENANT:
		return draw_covenant(draw, every, spread);
	case LAW_CALDERA:
		return whole(draw, every, every + spread, NS_PER_S);
	case LAW_WEIBULL:
		return draw_weibull(draw, every);
	case LAW_LOGNORMAL:
		return draw_lognormal(draw, every, spec->jitter_ppm);
	default:
		return every;
	}
}

uint64_t law_gap(struct draw *draw, const struct spec *spec)
{
	uint64_t every = spec->every_ns, spread = share(every, spec->jitter_ppm);
	uint64_t gap = 0;

	switch ((enum law)spec->law) {
	case LAW_FIXED:
		return every;
	case LAW_UNIFORM:
		gap = draw_between(draw, less(every, spread), every + spread);
		break;
	case LAW_SUB:
		gap = draw_between(draw, less(every, spread), every);
		break;
	case LAW_ADD:
		gap = draw_between(draw, every, every + spread);
		break;
	case LAW_NORMAL:
		gap = draw_normal(draw, every, spread);
		break;
	case LAW_GAMMA:
		for (unsigned i = 0; i < 4; i++)
			gap += draw_exponential(draw, every / 4);
		break;
	case LAW_EXPONENTIAL:
		gap = draw_exponential(draw, every);
		break;
	default:
		gap = draw_named(draw, spec);
		break;
	}
	return gap > SHORTEST_GAP_NS ? gap : SHORTEST_GAP_NS;
}
