// SPDX-License-Identifier: BSD-2-Clause
/* Which gaps are explained by a beacon that jitters and misses callbacks, and which by chance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "detect/detect.h"
#include "tap.h"

#define SECOND 1000000000ull
#define SHAPES "tests/reference/gap_shapes.py"
#define BEACONS 200
#define PAIRS 1000
#define MOST_EXCHANGES 64 /* up to there each one is judged */

static uint64_t seed;

static double uniform(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) / 2147483648.0;
}

static double normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += uniform();
	return sum;
}

struct schedule {
	double low, high; /* shares of the interval, even between */
	double missed;
};

/* Callbacks every 60 s or so. */
static double beacon_gap(const struct schedule *schedule)
{
	double gap = 0;

	do
		gap += 60 * (schedule->low + (schedule->high - schedule->low) * uniform());
	while (uniform() < schedule->missed);
	return gap;
}

static double exponential_gap(void)
{
	return -30 * log(1 - uniform());
}

static double lognormal_gap(void)
{
	return 20 * exp(normal());
}

static double pareto_gap(void)
{
	return 5 / (1 - uniform());
}

static double bursty_gap(void)
{
	return uniform() < 0.15 ? -1200 * log(1 - uniform()) : 15 * exp(0.9 * normal());
}

static double mixed_gap(void)
{
	return uniform() < 0.3 ? -240 * log(1 - uniform()) : -30 * log(1 - uniform());
}

static void add(struct pair *pair, double gap_s, uint64_t size)
{
	uint64_t now_ns =
		pair->exchanges ? pair->last_ns + (uint64_t)(gap_s * SECOND) : 1700000000 * SECOND;
	struct pair_totals totals = { .start_ns = now_ns, .out = size };

	if (pair_open_exchange(pair, now_ns))
		pair_close_exchange(pair, &totals);
}

static bool judge(const struct pair *pair, struct finding *finding)
{
	static const struct detect_limits limits = { .beacon = BEACON_LIMITS_DEFAULT };
	struct subject subject = { .kind = SUBJECT_PAIR, .now_ns = pair->last_ns, .pair = pair };

	memset(finding, 0, sizeof(*finding));
	return beacon_detector.judge(&subject, &limits, finding);
}

/* Of 200 beacons, those found with that many exchanges; *high: of high severity. */
static int count_found(const struct schedule *schedule, unsigned exchanges, int *high)
{
	int found = 0;

	*high = 0;
	seed = 1;
	for (int i = 0; i < BEACONS; i++) {
		struct pair pair = { .key.kind = PAIR_DOMAIN };
		struct finding finding;

		while (pair.exchanges < exchanges)
			add(&pair, beacon_gap(schedule), 500);
		found += judge(&pair, &finding);
		*high += finding.score_raw >= 0.75;
	}
	return found;
}

static void expect_found(const struct schedule *schedule, unsigned exchanges, int expected,
			 const char *sentence)
{
	int high, found = count_found(schedule, exchanges, &high);

	if (found != expected)
		printf("# %d of %d\n", found, BEACONS);
	ok(found == expected, sentence);
}

static void test_found(void)
{
	static const struct schedule half = { 0.5, 1, 0.5 }, either = { 0.5, 1.5, 0.5 };
	static const struct schedule some = { 0.5, 1.5, 0.2 }, wide = { 0.1, 1.9, 0 };
	static const struct schedule sure = { 0.5, 1.5, 0 };
	int high;

	expect_found(&sure, 20, 199, "60 s with 50 % jitter either way is found at 20 exchanges");
	expect_found(&some, 30, 196, "with a fifth missed as well, at 30");
	expect_found(&half, 60, 200, "30 to 60 s with half of them missed at 60");
	expect_found(&either, 60, 163, "30 to 90 s with half of them missed mostly at 60");
	expect_found(&either, 100, 199, "and at 100");
	expect_found(&wide, 100, 197, "6 to 114 s at 100");
	count_found(&either, 100, &high);
	ok(high == 0, "what only its shape tells is never of high severity");
}

/* Of 1,000 pairs, those that are ever a finding up to 64 exchanges, with sizes of all kinds. */
static int count_alarms(double (*gap)(void))
{
	int alarms = 0;

	seed = 2;
	for (int i = 0; i < PAIRS; i++) {
		struct pair pair = { .key.kind = PAIR_DOMAIN };
		struct finding finding;
		bool alarm = false;

		while (pair.exchanges < MOST_EXCHANGES && !alarm) {
			/* One after the other: compilers differ in which argument they work out
			 * first. */
			double size = 200 + 1800 * uniform();

			add(&pair, gap(), size);
			alarm = judge(&pair, &finding);
		}
		alarms += alarm;
	}
	return alarms;
}

static void expect_alarms(double (*gap)(void), int expected, const char *sentence)
{
	int alarms = count_alarms(gap);

	if (alarms != expected)
		printf("# %d of %d\n", alarms, PAIRS);
	ok(alarms == expected, sentence);
}

static void test_silent(void)
{
	expect_alarms(exponential_gap, 0, "exponential gaps are no beacon");
	expect_alarms(lognormal_gap, 0, "nor are lognormal ones");
	expect_alarms(bursty_gap, 0, "nor are sessions of short gaps");
	expect_alarms(mixed_gap, 0, "nor are exponential gaps of two lengths");
	expect_alarms(pareto_gap, 45,
		      "Pareto gaps begin as sharply as a beacon's: few of them pass for one");
}

static double evidence_of(double gap_s, unsigned count)
{
	uint16_t gaps[GAP_BINS] = { 0 };

	for (unsigned i = 0; i < count; i++)
		gap_count(gaps, gap_s * SECOND);
	return rhythm_evidence(gaps, 0, &(struct rhythm_shape){ 0 });
}

static void test_evidence(void)
{
	uint16_t gaps[GAP_BINS] = { 0 };
	double few = evidence_of(60, 20), many = evidence_of(60, 40000);

	ok(fabs(few - 31.96) < 0.02, "20 gaps of 60 s are evidence of 32.0 nats");
	ok(fabs(evidence_of(60, 6) - 12.63) < 0.02, "6 of 12.6, as few gaps are believed less");
	ok(evidence_of(60, 5) == 0, "5 are none");
	ok(fabs(many - 39946) < 20, "40,000 of 39,946: no sum overflows");
	ok(evidence_of(0.4, 100) == 0, "gaps below half a second are merging's, and none");
	for (int i = 0; i < 18; i++)
		gap_count(gaps, (SECOND << i) / 4);
	ok(rhythm_evidence(gaps, 0, &(struct rhythm_shape){ 0 }) == 0,
	   "gaps of all lengths are none");
}

/* Counts are halved where they would not fit 16 bits: around there, and up to what a bin holds. */
static void test_many(void)
{
	double worst = 1;

	for (unsigned count = 32500; count <= UINT16_MAX; count += count < 33000 ? 1 : 500) {
		double share = evidence_of(60, count) / count;

		if (fabs(share - 1) > fabs(worst - 1))
			worst = share;
	}
	if (fabs(worst - 1) >= 0.01)
		printf("# %f\n", worst);
	ok(fabs(worst - 1) < 0.01,
	   "each gap of a steady beacon is evidence, however many there are");
}

static void test_table(void)
{
	const char *sentence = "the shapes are what " SHAPES " makes of their laws";

	if (access(SHAPES, R_OK) || system("python3 -c '' 2>/dev/null"))
		skip(sentence, "needs python3, and to be run from the top of the tree");
	else
		ok(system("python3 " SHAPES " --check") == 0, sentence);
}

int main(void)
{
	test_evidence();
	test_many();
	test_found();
	test_silent();
	test_table();
	return done();
}
