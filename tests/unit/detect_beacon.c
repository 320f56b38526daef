// SPDX-License-Identifier: BSD-2-Clause
/* The beacon score: golden vectors, agreement with the oracle, and what a finding says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "detect/detect.h"
#include "track/pairs.h"
#include "tap.h"

#define SECOND 1000000000ull
#define START (1700000000 * SECOND)
#define ORACLE "tests/reference/beacon_score.py"
#define RANDOM_PAIRS 1000
#define AGREEMENT 0.02 /* detection.md 2.2 */

static struct pair *new_pair(void)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	pair->key.kind = PAIR_DOMAIN; /* no flow is kept apart */
	return pair;
}

static void add(struct pair *pair, uint64_t gap_ns, uint64_t size)
{
	uint64_t now_ns = pair->exchanges ? pair->last_ns + gap_ns : START;
	struct pair_totals totals = { .start_ns = now_ns, .out = size };

	pair_open_exchange(pair, now_ns);
	pair_close_exchange(pair, &totals);
}

static struct pair *pair_of(const double *gaps_s, unsigned count)
{
	struct pair *pair = new_pair();

	add(pair, 0, 500);
	for (unsigned i = 0; i < count; i++)
		add(pair, gaps_s[i] * SECOND + 0.5, 500);
	return pair;
}

static double score_of(const struct pair *pair)
{
	struct beacon_score score;

	return beacon_score(pair, &score) ? score.score : 0;
}

static void expect(const double *gaps_s, unsigned count, double score, const char *sentence)
{
	struct pair *pair = pair_of(gaps_s, count);

	ok(fabs(score_of(pair) - score) < 1e-4, sentence);
	free(pair);
}

static void test_golden(void)
{
	double g[100];

	for (int i = 0; i < 100; i++)
		g[i] = 60;
	expect(g, 20, 0.8154, "20 gaps of 60 s score 0.8154");
	expect(g, 6, 0.5366, "6 gaps of 60 s score 0.5366");
	expect(g, 5, 0, "5 gaps of 60 s score nothing: too few");
	for (int i = 0; i < 20; i++)
		g[i] = 30 + 30.0 * i / 19;
	expect(g, 20, 0.8154, "20 gaps evenly from 30 to 60 s score 0.8154");
	for (int i = 0; i < 21; i++)
		g[i] = i % 3 == 2 ? 120 : 60;
	expect(g, 21, 0.8230, "60, 60, 120 s seven times score 0.8230: a miss is no irregularity");
	for (int i = 0; i < 20; i++)
		g[i] = i % 2 ? 300 : 98;
	expect(g, 20, 0.8154, "98 and 300 s in turn score 0.8154");
	for (int i = 0; i < 15; i++)
		g[i] = 1 << i;
	expect(g, 15, 0, "doubling gaps score nothing");
	for (int i = 0; i < 100; i++)
		g[i] = 5;
	expect(g, 100, 0.9584, "100 gaps of 5 s score 0.9584");
	for (int i = 0; i < 12; i++)
		g[i] = 3600;
	expect(g, 12, 0.7188, "12 gaps of an hour score 0.7188");
	for (int i = 0; i < 40; i++)
		g[i] = 54 + 6 * (i * 7 % 40) / 39.0;
	expect(g, 40, 0.9007, "40 gaps from 54 to 60 s score 0.9007");
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static double uniform(uint64_t *seed)
{
	return next(seed) / 2147483648.0;
}

/* Laws of implants and of people: jitter, misses, bursts, exponential waits. */
static double random_gap(uint64_t *seed, unsigned law, double interval)
{
	double gap = interval;

	switch (law) {
	case 5:
		return -0.33 * log(1 - uniform(seed));
	case 0:
		gap = interval * (1 - 0.9 * uniform(seed));
		break;
	case 1:
		gap = interval * (0.7 + 0.6 * uniform(seed));
		while (uniform(seed) < 0.3)
			gap += interval;
		break;
	case 2:
		gap = -interval * log(1 - uniform(seed));
		break;
	case 3:
		gap = uniform(seed) < 0.6 ? 1 + uniform(seed) : interval;
		break;
	default:
		gap = interval * (1 + uniform(seed) / 50);
	}
	return gap < 0.5 ? 0.5 : gap;
}

/* Writes each pair as a line for the oracle; returns how many scores disagree, or -1. */
static int compare(FILE *lines, const char *path)
{
	static double scores[RANDOM_PAIRS];
	uint64_t seed = 1;
	char command[256];
	FILE *oracle;
	int off = 0;

	for (int i = 0; i < RANDOM_PAIRS; i++) {
		unsigned law = next(&seed) % 5, count = 5 + next(&seed) % 300;
		double interval = pow(10, 4 * uniform(&seed));
		unsigned spread = 1 + next(&seed) % 2000;
		struct pair *pair = new_pair();

		for (unsigned k = 0; k <= count; k++) {
			uint64_t gap_ns = k ? random_gap(&seed, law, interval) * SECOND : 0;
			unsigned size = 200 + next(&seed) % spread;

			add(pair, gap_ns, size);
			fprintf(lines, "%llu,%u ", (unsigned long long)gap_ns, size);
		}
		fprintf(lines, "\n");
		scores[i] = score_of(pair);
		free(pair);
	}
	if (fclose(lines))
		return -1;
	snprintf(command, sizeof(command), "python3 %s --batch < %s", ORACLE, path);
	oracle = popen(command, "r");
	for (int i = 0; oracle && i < RANDOM_PAIRS; i++) {
		char line[256];
		double expected;

		if (!fgets(line, sizeof(line), oracle)) {
			off = -1;
			break;
		}
		expected = atof(line);
		if (fabs(expected - scores[i]) > AGREEMENT) {
			printf("# pair %d: %f, oracle %f\n", i, scores[i], expected);
			off++;
		}
	}
	return !oracle || pclose(oracle) ? -1 : off;
}

static void test_oracle(void)
{
	const char *sentence = "the score agrees with the oracle within 0.02 on 1,000 random pairs";
	char path[] = "/tmp/skua-beacon-XXXXXX";
	int fd, off;

	if (access(ORACLE, R_OK) || system("python3 -c '' 2>/dev/null")) {
		skip(sentence, "needs python3, and to be run from the top of the tree");
		return;
	}
	fd = mkstemp(path);
	off = fd < 0 ? -1 : compare(fdopen(fd, "w"), path);
	ok(off == 0, sentence);
	unlink(path);
}

static bool judge(const struct pair *pair, struct finding *finding)
{
	static const struct detect_limits limits = { .beacon = BEACON_LIMITS_DEFAULT };
	struct subject subject = { .kind = SUBJECT_PAIR, .now_ns = pair->last_ns, .pair = pair };

	memset(finding, 0, sizeof(*finding));
	return beacon_detector.judge(&subject, &limits, finding);
}

static void test_finding(void)
{
	struct pair *pair = new_pair();
	struct finding finding;
	double off;

	pair->key.kind = PAIR_SERVER;
	pair->key.port = 443;
	pair->key.proto = 6;
	for (int i = 0; i < 288; i++)
		add(pair, (300 + (i % 2 ? 5 : -5)) * SECOND, 712);
	ok(judge(pair, &finding), "288 callbacks every 300 s are a finding");
	off = finding.beacon.interval_s - 300;
	ok(off < 6 && off > -6, "its interval is the median of the gaps");
	ok(finding.beacon.mad_s <= 10, "its MAD is that of the gaps");
	ok(finding.beacon.exchanges == 288 && finding.count == 288, "it counts its exchanges");
	ok(finding.beacon.bytes_out_median == 712, "it tells the usual size of a request");
	ok(finding.dport == 443 && finding.proto == 6 && finding.has_dst,
	   "its entities are those of the pair");
	ok(finding.score_raw > 0.9 && finding.score == finding.score_raw,
	   "its score is the one before context");
	ok(strstr(finding.reason, "288 exchanges every ") &&
		   strstr(finding.reason, "each request 712 B"),
	   "its reason is one sentence with the numbers");
	ok(finding.first_ns == START && finding.trigger_ns == pair->last_ns,
	   "it begins with the first exchange, not when it became plain");
	free(pair);
}

static void test_span(void)
{
	struct pair *pair = new_pair();
	struct finding finding;

	for (int i = 0; i < 14; i++)
		add(pair, 4 * SECOND, 100);
	ok(!judge(pair, &finding), "52 s of rhythm with 14 exchanges are too short");
	add(pair, 4 * SECOND, 100);
	ok(judge(pair, &finding), "with 15 exchanges 56 s are enough");
	free(pair);
	pair = new_pair();
	for (int i = 0; i < 19; i++)
		add(pair, 1 * SECOND, 100);
	ok(!judge(pair, &finding), "18 s are too short with any number of exchanges");
	for (int i = 0; i < 3; i++)
		add(pair, 1 * SECOND, 100);
	ok(judge(pair, &finding), "21 s are enough with 22 exchanges");
	free(pair);
}

static void test_missed(void)
{
	struct pair *pair = new_pair();
	struct finding finding;

	for (int i = 0; i < 30; i++)
		add(pair, (i % 5 == 4 ? 180 : 60) * SECOND, 100);
	ok(judge(pair, &finding) && finding.beacon.missed == 12,
	   "gaps of three intervals are two missed callbacks each");
	free(pair);
}

/* A poll of 10 s in one connection; beside it connections at doubling distances. */
static void add_poll(struct pair *pair, int i)
{
	static const uint64_t after_ms[] = { 600, 1800, 4200 };
	uint64_t now_ns = START + i * 10 * SECOND;

	pair_open_exchange(pair, now_ns);
	pair_keep_flow(pair, START, 40000, now_ns);
	for (int k = 0; k < 3; k++) {
		uint64_t side_ns = now_ns + after_ms[k] * 1000000;

		pair_open_exchange(pair, side_ns);
		pair_keep_flow(pair, side_ns, 41000 + k, side_ns);
	}
}

static void test_kept_flow(void)
{
	struct pair *pair = new_pair();
	struct beacon_score score;
	struct finding finding;

	pair->key.kind = PAIR_SERVER;
	for (int i = 0; i < 14; i++)
		add_poll(pair, i);
	ok(beacon_score(pair, &score) && score.by_flow,
	   "side connections do not dilute the steady poll of one connection");
	ok(judge(pair, &finding) && finding.beacon.keepalive && finding.beacon.exchanges == 14,
	   "the finding then speaks of that connection");
	free(pair);
}

static void test_coverage(void)
{
	struct pair *pair = new_pair();
	struct beacon_score score;

	for (int i = 0; i < 121; i++)
		add(pair, (i == 60 ? 23 * 3600 : 60) * SECOND, 100);
	ok(beacon_score(pair, &score) && fabs(score.coverage - 2 / 24.0) < 1e-9,
	   "an hour of calls, a silent day and another hour cover 2 of 24 slots");
	free(pair);
}

/* Three arrivals a second, by chance: what merging leaves of them is no rhythm. */
static void test_dense(void)
{
	struct pair *pair = new_pair();
	struct beacon_score score;
	struct finding finding;
	uint64_t seed = 7, now_ns = START;

	for (int i = 0; i < 600; i++) {
		pair_open_exchange(pair, now_ns);
		now_ns += random_gap(&seed, 5, 0) * SECOND;
	}
	ok(beacon_score(pair, &score) && score.score < 0.5,
	   "traffic without pauses is not regular because it is merged");
	ok(!judge(pair, &finding), "so it is no finding");
	free(pair);
	pair = new_pair();
	for (int i = 0; i < 60; i++)
		for (int k = 0; k < 3; k++)
			pair_open_exchange(pair, START + i * 10 * SECOND + k * SECOND / 5);
	ok(judge(pair, &finding), "callbacks of three connections each are one");
	free(pair);
}

static void test_wilson(void)
{
	ok(rhythm_wilson(0, 0) == 0, "of nothing, nothing is sure");
	ok(fabs(rhythm_wilson(10, 10) - 10 / (10 + 1.645 * 1.645)) < 1e-12,
	   "ten of ten are surely more than 78 %");
	ok(fabs(rhythm_wilson(5, 10) - 0.26928) < 1e-3, "five of ten are surely more than 26 %");
}

int main(void)
{
	test_wilson();
	test_golden();
	test_oracle();
	test_finding();
	test_span();
	test_missed();
	test_kept_flow();
	test_coverage();
	test_dense();
	return done();
}
