// SPDX-License-Identifier: BSD-2-Clause
/* Learns what somebody usually sends in an hour. */
#include <string.h>
#include "skua/log2.h"
#include "track/baseline.h"

#define HOUR_NS 3600000000000ull
#define DAY_HOURS 24
#define OCTAVES_MAX ((int64_t)64 * BASELINE_ONE) /* of any count */
#define VARIANCE_MAX ((int64_t)64 * 64 * BASELINE_ONE)
/* A clock that leaps by years must not be followed hour by hour. */
#define DECAY_DAYS_MAX (64 * BASELINE_ONE / BASELINE_PEAK_DECAY)

int64_t baseline_log2(uint64_t bytes)
{
	return (int64_t)skua_log2_q8(bytes == UINT64_MAX ? bytes : bytes + 1) *
	       (BASELINE_ONE / 256);
}

/* Welford's update, whose weight falls no further than to a week's. */
static void learn(struct baseline *baseline, int64_t value)
{
	int64_t n = baseline->hours < BASELINE_WEEK ? baseline->hours + 1 : BASELINE_WEEK;
	int64_t before = value - baseline->mean, after;

	baseline->mean += before / n;
	after = value - baseline->mean;
	baseline->variance += (before * after / BASELINE_ONE - baseline->variance) / n;
	if (baseline->variance < 0) /* by rounding */
		baseline->variance = 0;
	if (baseline->hours < UINT32_MAX)
		baseline->hours++;
	if (value > baseline->today)
		baseline->today = (int32_t)value;
}

static void insert_peak(struct baseline *baseline, int32_t peak)
{
	for (int i = 0; i < BASELINE_PEAKS; i++) {
		int32_t kept = baseline->peaks[i];

		if (peak <= kept)
			continue;
		baseline->peaks[i] = peak;
		peak = kept;
	}
}

static void end_day(struct baseline *baseline, uint64_t days)
{
	int32_t decay = days < DECAY_DAYS_MAX ? (int32_t)days * BASELINE_PEAK_DECAY
					      : DECAY_DAYS_MAX * BASELINE_PEAK_DECAY;

	insert_peak(baseline, baseline->today);
	baseline->today = 0;
	for (int i = 0; i < BASELINE_PEAKS; i++)
		baseline->peaks[i] = baseline->peaks[i] > decay ? baseline->peaks[i] - decay : 0;
}

/* The hour that went on is over, and those up to this one were silent. */
static void pass_hours(struct baseline *baseline, uint64_t hour)
{
	uint64_t days = hour / DAY_HOURS - baseline->hour / DAY_HOURS;
	uint64_t silent = hour - baseline->hour - 1;

	learn(baseline, baseline_log2(baseline->out));
	for (uint64_t i = 0; silent <= BASELINE_SILENCE_MAX && i < silent; i++)
		learn(baseline, 0);
	if (days)
		end_day(baseline, days);
	baseline->hour = hour;
	baseline->out = baseline->in = 0;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

void baseline_add(struct baseline *baseline, uint64_t out, uint64_t in, uint64_t now_ns)
{
	uint64_t hour = now_ns / HOUR_NS;

	if (!baseline->hour)
		baseline->hour = hour;
	if (hour > baseline->hour)
		pass_hours(baseline, hour);
	baseline->out = add(baseline->out, out);
	baseline->in = add(baseline->in, in);
	if (now_ns > baseline->last_ns)
		baseline->last_ns = now_ns;
}

bool baseline_is_mature(const struct baseline *baseline)
{
	return baseline->hours >= BASELINE_MATURE;
}

bool baseline_is_usual(const struct baseline *baseline, uint64_t bytes)
{
	return baseline_log2(bytes) <= baseline->peaks[BASELINE_PEAKS - 1] + BASELINE_PEAK_SLACK;
}

double baseline_deviation(const struct baseline *baseline)
{
	double deviation = __builtin_sqrt((double)baseline->variance / BASELINE_ONE);

	return deviation > 1 ? deviation : 1;
}

double baseline_z(const struct baseline *baseline, uint64_t bytes)
{
	double above = (double)(baseline_log2(bytes) - baseline->mean) / BASELINE_ONE;

	return above / baseline_deviation(baseline);
}

uint64_t baseline_bytes(const struct baseline *baseline)
{
	unsigned whole = baseline->mean / BASELINE_ONE;
	uint64_t power = 1ull << (whole < 63 ? whole : 63);
	double part = (double)(baseline->mean % BASELINE_ONE) / BASELINE_ONE;

	/* 2^x lies below the line from 1 to 2; so bent, within a hundredth of it. */
	return power + (uint64_t)(power * (part - 0.34 * part * (1 - part))) - 1;
}

bool baseline_is_sound(const struct baseline *baseline)
{
	for (int i = 0; i < BASELINE_PEAKS; i++)
		if (baseline->peaks[i] < 0 || baseline->peaks[i] > OCTAVES_MAX)
			return false;
	return baseline->hour && baseline->hour <= UINT64_MAX / HOUR_NS && baseline->mean >= 0 &&
	       baseline->mean <= OCTAVES_MAX && baseline->variance >= 0 &&
	       baseline->variance <= VARIANCE_MAX && baseline->today >= 0 &&
	       baseline->today <= OCTAVES_MAX && baseline->peaks[0] >= baseline->peaks[1];
}
