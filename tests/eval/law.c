// SPDX-License-Identifier: BSD-2-Clause
/* Draws delays. */
#include <math.h>
#include <string.h>
#include "law.h"

#define SECOND_NS 1000000000ull
#define MS_NS 1000000ull
#define UNIT (1ull << 32)

static const char *const names[LAWS] = {
	[LAW_FIXED] = "fixed",   [LAW_EMPIRE] = "empire",       [LAW_COBALT] = "cobalt",
	[LAW_SLIVER] = "sliver", [LAW_CALDERA] = "caldera",     [LAW_NORMAL] = "normal",
	[LAW_GAMMA] = "gamma",   [LAW_WEIBULL] = "weibull",     [LAW_POISSON] = "poisson",
	[LAW_LOMAX] = "lomax",   [LAW_LOGNORMAL] = "lognormal", [LAW_SESSIONS] = "sessions",
};

const char *law_name(enum law law)
{
	return names[law];
}

enum law law_find(const char *name, unsigned length)
{
	for (enum law law = 0; law < LAWS; law++)
		if (strlen(names[law]) == length && !memcmp(names[law], name, length))
			return law;
	return LAWS;
}

bool law_has_jitter(enum law law)
{
	return law >= LAW_EMPIRE && law <= LAW_NORMAL;
}

static uint64_t normal(uint64_t interval_ns, uint64_t spread_ns, struct draw *draw)
{
	uint64_t gap_ns;

	do
		gap_ns = draw_normal(draw, interval_ns, spread_ns);
	while (gap_ns < interval_ns / 50);
	return gap_ns;
}

static uint64_t whole_seconds(uint64_t interval_ns, uint64_t spread_ns, struct draw *draw)
{
	uint64_t low = (interval_ns - spread_ns + SECOND_NS - 1) / SECOND_NS;

	return draw_between(draw, low, (interval_ns + spread_ns) / SECOND_NS) * SECOND_NS;
}

static uint64_t gamma4(uint64_t interval_ns, struct draw *draw)
{
	uint64_t gap_ns = 0;

	for (unsigned i = 0; i < 4; i++)
		gap_ns += draw_exponential(draw, interval_ns / 4);
	return gap_ns;
}

/* Its square is exponential; the mean is the root of pi, halved. */
static uint64_t weibull2(uint64_t interval_ns, struct draw *draw)
{
	return interval_ns * (sqrt((double)draw_exponential(draw, UNIT) / UNIT) / 0.886226925);
}

/* exp() may differ in its last bit from machine to machine, whole milliseconds do not. */
static uint64_t whole_ms(double gap_ns)
{
	return (uint64_t)(gap_ns / MS_NS) * MS_NS;
}

/* shape: exponent of the tail, in tenths. */
static uint64_t lomax(uint64_t interval_ns, unsigned shape, struct draw *draw)
{
	double power = shape / 10.0;
	double tail = exp((double)draw_exponential(draw, UNIT) / UNIT / power) - 1;

	return whole_ms(interval_ns * (power - 1) * tail);
}

/* shape: deviation of the logarithm, in tenths. */
static uint64_t lognormal(uint64_t interval_ns, unsigned shape, struct draw *draw)
{
	double deviation = shape / 10.0;
	double above = (double)draw_normal(draw, 8 * UNIT, UNIT) / UNIT - 8;

	return whole_ms(interval_ns * exp(deviation * above - deviation * deviation / 2));
}

/* shape: exchanges of a session, on average. */
static uint64_t session(uint64_t interval_ns, unsigned shape, struct draw *draw)
{
	if (draw_below(draw, shape))
		return draw_exponential(draw, interval_ns / 20);
	return draw_exponential(draw, interval_ns * shape);
}

uint64_t law_gap(enum law law, uint64_t interval_ns, unsigned shape, struct draw *draw)
{
	uint64_t spread_ns = interval_ns / 100 * shape;

	switch (law) {
	case LAW_EMPIRE:
		return draw_between(draw, interval_ns - spread_ns, interval_ns + spread_ns);
	case LAW_COBALT:
		return draw_between(draw, interval_ns - spread_ns, interval_ns);
	case LAW_SLIVER:
		return draw_between(draw, interval_ns, interval_ns + spread_ns);
	case LAW_CALDERA:
		return whole_seconds(interval_ns, spread_ns, draw);
	case LAW_NORMAL:
		return normal(interval_ns, spread_ns, draw);
	case LAW_GAMMA:
		return gamma4(interval_ns, draw);
	case LAW_WEIBULL:
		return weibull2(interval_ns, draw);
	case LAW_POISSON:
		return draw_exponential(draw, interval_ns);
	case LAW_LOMAX:
		return lomax(interval_ns, shape, draw);
	case LAW_LOGNORMAL:
		return lognormal(interval_ns, shape, draw);
	case LAW_SESSIONS:
		return session(interval_ns, shape, draw);
	default:
		return interval_ns;
	}
}
