// SPDX-License-Identifier: BSD-2-Clause
/* What is usual: exact means and variances, silence, peaks of two days, and what a file may hold.
 */
#include <math.h>
#include <string.h>
#include "track/baseline.h"
#include "tap.h"

#define HOUR_NS 3600000000000ull
#define DAY0 (20000 * 24ull) /* hours since the epoch: a midnight */

static struct baseline baseline;

/* Bytes in each hour, the first of them so many hours behind that midnight. */
static void feed(uint64_t hour, unsigned count, uint64_t bytes)
{
	for (unsigned i = 0; i < count; i++)
		baseline_add(&baseline, bytes, 1, (DAY0 + hour + i) * HOUR_NS);
}

static bool near(double value, double expected)
{
	return fabs(value - expected) < 1e-4;
}

static void test_mean(void)
{
	memset(&baseline, 0, sizeof(baseline));
	feed(0, 24, 1023); /* log2(1 + 1023) = 10 */
	ok(baseline.hours == 23 && !baseline_is_mature(&baseline), "23 hours are over: too few");
	feed(24, 1, 1023);
	ok(baseline.hours == 24 && baseline_is_mature(&baseline), "24 hours are a day");
	ok(baseline.mean == 10 * BASELINE_ONE && baseline.variance == 0, "one size: no variance");
	ok(baseline_deviation(&baseline) == 1, "the deviation is an octave at least");
	ok(near(baseline_z(&baseline, 8191), 3) && near(baseline_z(&baseline, 1023), 0) &&
		   near(baseline_z(&baseline, 0), -10),
	   "three octaves more are three of them");
	ok(baseline_bytes(&baseline) == 1023, "and means its bytes");
	ok(baseline.out == 1023 && baseline.in == 1, "the hour that goes on is kept apart");
	feed(24, 1, 1000);
	ok(baseline.out == 2023 && baseline.hours == 24, "and adds up");
	feed(20, 1, 10);
	ok(baseline.out == 2033, "a clock that steps back adds to it");
}

static void test_variance(void)
{
	memset(&baseline, 0, sizeof(baseline));
	for (unsigned i = 0; i < 24; i += 2) {
		feed(i, 1, 15);        /* 4 */
		feed(i + 1, 1, 65535); /* 16 */
	}
	feed(24, 1, 0);
	ok(near((double)baseline.mean / BASELINE_ONE, 10) &&
		   near((double)baseline.variance / BASELINE_ONE, 36),
	   "4 and 16 by turns: a mean of 10, a variance of 36");
	ok(near(baseline_deviation(&baseline), 6) && near(baseline_z(&baseline, (1 << 28) - 1), 3),
	   "so that 28 is three deviations above");
}

static void test_silence(void)
{
	memset(&baseline, 0, sizeof(baseline));
	feed(0, 1, 1023);
	feed(25, 1, 1023); /* 24 silent hours between */
	ok(baseline.hours == 25 && near((double)baseline.mean / BASELINE_ONE, 10 / 25.0),
	   "silent hours are learnt");
	feed(51, 1, 1023); /* 25 */
	ok(baseline.hours == 26, "who is silent for more than a day is off: nothing is learnt");
	memset(&baseline, 0, sizeof(baseline));
	feed(0, 1000, 1023);
	feed(1000, 168, 0);
	ok(baseline.mean > 3 * BASELINE_ONE && baseline.mean < 4 * BASELINE_ONE,
	   "after another week a third of what was is left: 1/e");
}

/* The largest hour of one day is an exception, of two days a habit. */
static void test_peaks(void)
{
	memset(&baseline, 0, sizeof(baseline));
	feed(0, 24, 1000);
	feed(26, 1, 1 << 20);
	feed(27, 20, 1000);
	ok(!baseline_is_usual(&baseline, 1 << 20), "the peak of this day is none yet");
	feed(48, 1, 1000);
	ok(!baseline_is_usual(&baseline, 1 << 20), "nor that of one day before");
	ok(baseline_is_usual(&baseline, 1800) && !baseline_is_usual(&baseline, 1900),
	   "twice of every day is usual, less what two days forget");
	feed(50, 1, 1 << 20);
	feed(72, 1, 1000);
	ok(baseline_is_usual(&baseline, 1 << 20), "two days make it usual");
	ok(baseline_is_usual(&baseline, 1900000) && !baseline_is_usual(&baseline, 2100000),
	   "and twice as much, less what two days forget");
	for (unsigned day = 3; day < 20; day++)
		feed(24 * day, 24, 1000);
	ok(!baseline_is_usual(&baseline, 1 << 20) && baseline_is_usual(&baseline, 1 << 19),
	   "after two weeks half as much is");
}

static void test_bounds(void)
{
	memset(&baseline, 0, sizeof(baseline));
	ok(!baseline_is_sound(&baseline), "what never saw an hour was not made here");
	feed(0, 200, UINT64_MAX);
	feed(200, 2, 1);
	ok(baseline_is_sound(&baseline) && baseline.mean <= (int64_t)64 * BASELINE_ONE,
	   "the largest counts do not run over");
	baseline_add(&baseline, UINT64_MAX, UINT64_MAX, UINT64_MAX);
	baseline_add(&baseline, UINT64_MAX, UINT64_MAX, UINT64_MAX);
	ok(baseline.out == UINT64_MAX && baseline_is_sound(&baseline), "nor do sums and clocks");
	baseline.mean = -1;
	ok(!baseline_is_sound(&baseline), "a mean below nothing is none");
	baseline.mean = 0;
	baseline.peaks[1] = baseline.peaks[0] + 1;
	ok(!baseline_is_sound(&baseline), "nor are peaks that rise");
}

int main(void)
{
	test_mean();
	test_variance();
	test_silence();
	test_peaks();
	test_bounds();
	return done();
}
