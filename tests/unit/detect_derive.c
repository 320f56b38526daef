// SPDX-License-Identifier: BSD-2-Clause
/* What is told of a score gives that score, and the smallest that is told is the smallest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "detect/derive.h"
#include "detect/scan_evidence.h"
#include "track/baseline.h"
#include "track/domains.h"
#include "track/pairs.h"
#include "track/uploads.h"
#include "tap.h"

#define SECOND 1000000000ull
#define START (1700000000 * SECOND)

static const struct detect_limits limits = DETECT_LIMITS_DEFAULT;

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void add(struct pair *pair, uint64_t gap_ns)
{
	uint64_t now_ns = pair->exchanges ? pair->last_ns + gap_ns : START;
	struct pair_totals totals = { .start_ns = now_ns, .out = 500 };

	pair_open_exchange(pair, now_ns);
	pair_close_exchange(pair, &totals);
}

/* So many gaps of 60 s, of which every seventh is a burst and every fifth a missed callback. */
static struct pair *new_pair(unsigned gaps, bool odd)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	pair->key.kind = PAIR_DOMAIN; /* no flow is kept apart */
	add(pair, 0);
	for (unsigned i = 1; i <= gaps; i++)
		add(pair, (odd && i % 5 == 0 ? 120 : odd && i % 7 == 0 ? 1 : 60) * SECOND);
	return pair;
}

static struct derivation derive(const struct pair *pair, struct finding *finding, double shown)
{
	const struct subject subject = { .kind = SUBJECT_PAIR,
					 .now_ns = pair->last_ns,
					 .pair = pair };
	const struct derive_call call = { &subject, &limits, finding, shown };
	struct derivation derivation;
	unsigned factors = finding->factor_count;
	struct finding_factor kept = finding->factors[0];

	memset(finding, 0, sizeof(*finding));
	beacon_detector.judge(&subject, &limits, finding);
	finding->factor_count = factors;
	finding->factors[0] = kept;
	if (!detect_derive(&call, &derivation))
		abort();
	return derivation;
}

static double allowed(const struct derivation_evidence *e, double nats)
{
	double most = e->allowed + (nats - e->at) / e->per;

	return nats <= 0 || most < 0 ? 0 : most > 1 ? 1 : most;
}

static double share_of(const struct derivation_evidence *e, double gaps)
{
	double share = (e->nats / gaps - e->none) / (e->full - e->none);

	return share < 0 ? 0 : share > 1 ? 1 : share;
}

static double recompute(const struct derivation *derivation)
{
	const struct derivation_beacon *b = &derivation->beacon;
	const struct derivation_evidence *e = &b->evidence;
	double regularity = 0, most = allowed(e, e->nats), later = allowed(e, e->time_nats);

	if (!near(most, e->most) || !near(later, e->time_most))
		return -1;
	for (unsigned i = 0; i < derivation->part_count; i++) {
		const struct derivation_part *part = &derivation->parts[i];
		bool mixture = !strcmp(part->name, "by_mixture");
		double wilson = mixture && part->n ? 1 : rhythm_wilson(part->k, part->n);
		double over = (wilson - part->null) / (1 - part->null), value;
		double least = strcmp(part->name, "by_time") || later < most ? most : later;

		if (mixture && part->n && !near(share_of(e, part->n), part->factor))
			return -1;
		value = part->weight * part->factor * (over > 0 ? over : 0);
		value = value < least ? value : least;
		if (!near(value, part->value) || !near(least, part->most))
			return -1;
		regularity = value > regularity ? value : regularity;
	}
	return regularity * (b->base + b->size_weight * rhythm_wilson(b->size_k, b->size_n) +
			     b->coverage_weight * b->slots_held / b->slots);
}

static void test_beacon(void)
{
	struct finding finding = { 0 };
	struct pair *plain = new_pair(20, false), *odd = new_pair(60, true);
	struct derivation derivation = derive(plain, &finding, 0.5);
	uint32_t gaps = 0;

	ok(near(finding.score_raw, 0.8154) || fabs(finding.score_raw - 0.8154) < 1e-4,
	   "20 gaps of 60 s score as the golden vector says");
	ok(near(recompute(&derivation), finding.score_raw) &&
		   near(derivation.score, finding.score_raw),
	   "what is told of it gives that score");
	ok(derivation.beacon.bin_count == 1 && derivation.beacon.bins[0].count == 20 &&
		   derivation.beacon.bins[0].from_s <= 60 && derivation.beacon.bins[0].to_s > 60,
	   "its gaps are in the one bin that 60 s is in");
	ok(derivation.smallest == 7, "seven of these exchanges would still be found");
	derivation = derive(odd, &finding, 0.5);
	for (unsigned i = 0; i < derivation.beacon.bin_count; i++)
		gaps += derivation.beacon.bins[i].count;
	ok(gaps == 60 && derivation.beacon.bin_count == 3, "of three kinds of gaps all are told");
	ok(derivation.beacon.missed == 12, "callbacks that were missed are told");
	ok(near(recompute(&derivation), finding.score_raw), "and it still gives the score");
	free(plain);
	free(odd);
}

/* What the score was made of, in the units that are told. */
static void test_beacon_told(void)
{
	struct finding finding = { 0 };
	struct pair *pair = new_pair(60, true);
	struct derivation derivation = derive(pair, &finding, 0.5);
	const struct derivation_beacon *told = &derivation.beacon;
	struct beacon_score score;

	if (!beacon_score(pair, &score))
		abort();
	ok(told->size_from_bytes <= 500 && told->size_to_bytes > 500 &&
		   size_bin(told->size_from_bytes) == score.size_at &&
		   size_bin(told->size_from_bytes - 1) == score.size_at - 1 &&
		   size_bin(told->size_to_bytes) == score.size_at + BEACON_SIZE_WINDOW &&
		   size_bin(told->size_to_bytes - 1) == score.size_at + BEACON_SIZE_WINDOW - 1,
	   "the densest sizes are told from their first byte to their last");
	ok(told->size_k == 61 && told->size_n == 61 && near(told->size, score.size),
	   "and how many of all exchanges are of them");
	ok(told->slots_held == score.slots_held && told->slots == score.slots &&
		   near(told->slot_s, score.slot_s) && told->slots &&
		   near(told->coverage, (double)told->slots_held / told->slots),
	   "coverage is the share of slots that hold one");
	ok(fabs(told->median_s - 60) < 3 && told->bursts_below_s > 1 && told->bursts_below_s < 60 &&
		   near(told->regularity, score.rhythm.regularity) && !told->by_flow,
	   "gaps below those of bursts are left out, and the median is that of the others");
	ok(near(told->base + told->size_weight + told->coverage_weight, 1) &&
		   near(derivation.threshold, limits.beacon.threshold),
	   "what it is weighed with adds up to one");
	free(pair);
}

/* Half of the callbacks are missed, and gaps jitter by a third: what counts is the mixture. */
static void test_mixture(void)
{
	struct finding finding = { 0 };
	struct pair *pair = new_pair(0, false);
	struct derivation derivation;
	uint32_t seed = 7;

	for (int i = 0; i < 120; i++) {
		uint64_t gap_ns = 0;

		do {
			seed = seed * 1664525 + 1013904223;
			gap_ns += (40 + (seed >> 16) % 41) * SECOND;
			seed = seed * 1664525 + 1013904223;
		} while (seed >> 31);
		add(pair, gap_ns);
	}
	derivation = derive(pair, &finding, 0.5);
	ok(near(recompute(&derivation), derivation.score) && derivation.score > 0.5 &&
		   near(derivation.score, finding.score_raw),
	   "of a beacon that misses every second callback what is told gives its score");
	ok(near(derivation.parts[RHYTHM_MIXTURE].value, derivation.beacon.regularity) &&
		   derivation.parts[RHYTHM_MIXTURE].n == derivation.parts[RHYTHM_COUNT].n,
	   "the mixture is what counts, and it is of the same gaps");
	ok(derivation.beacon.evidence.missed_percent == 50 &&
		   derivation.beacon.evidence.jitter_percent == 33 &&
		   fabs(derivation.beacon.evidence.interval_s - 60) < 6,
	   "and the beacon behind it is told: about 60 s, a third of jitter, half missed");
	free(pair);
}

/* Few gaps, which allow little; and a call every hour, beside a busy one that allows nothing. */
static void test_allowed(void)
{
	struct finding finding = { 0 };
	struct pair *few = new_pair(0, false), *busy = new_pair(0, false);
	struct derivation derivation;

	for (int i = 0; i < 8; i++)
		add(few, (42 + 5 * i) * SECOND);
	derivation = derive(few, &finding, 0.5);
	ok(near(recompute(&derivation), derivation.score) &&
		   derivation.beacon.evidence.most < 0.6 &&
		   near(derivation.beacon.regularity, derivation.beacon.evidence.most),
	   "what evidence allows is told where it decides, and gives the score");
	for (int i = 0; i < 24; i++)
		add(busy, 3600 * SECOND);
	for (int i = 0; i < 300; i++)
		add(busy, (2 + i * i % 53 * (i % 3 + 1)) * SECOND);
	derivation = derive(busy, &finding, 0.5);
	ok(near(recompute(&derivation), derivation.score) &&
		   derivation.beacon.evidence.time_nats > derivation.beacon.evidence.nats &&
		   derivation.beacon.evidence.time_from_s > 400 &&
		   derivation.parts[RHYTHM_TIME].most > derivation.beacon.evidence.most,
	   "what by_time asks of its own gaps is told, and gives the score");
	free(few);
	free(busy);
}

/* Context as it is decides what would be shown. */
static void test_context(void)
{
	struct finding calmed = { .factor_count = 1,
				  .factors = { { .name = "known-service", .factor = 0.2 } } };
	struct finding raised = { .factor_count = 1,
				  .factors = { { .name = "x", .factor = 0.05, .raise = true } } };
	struct pair *pair = new_pair(40, false);
	struct derivation derivation = derive(pair, &calmed, 0.5);

	ok(derivation.smallest == 0, "what context calms below what is shown has no smallest");
	derivation = derive(pair, &calmed, 0.15);
	ok(derivation.smallest > 7 && derivation.smallest <= 41,
	   "shown from 0.15 on, it takes more exchanges than seven");
	ok(near(derive_after_context(&raised, 0.98), 1) &&
		   near(derive_after_context(&raised, 0.5), 0.55) &&
		   near(derive_after_context(&calmed, 0.5), 0.1),
	   "raises are added and end at 1, factors multiply");
	free(pair);
}

static void test_rules(void)
{
	struct finding finding = { 0 };
	const struct derive_call call = { NULL, &limits, &finding, 0.6 };
	struct derivation derivation = { 0 };
	struct derivation_rule rule = { .name = "failures",
					.of = "failures",
					.measure = 30,
					.from = 10,
					.floor = 0.5,
					.step = 0.02,
					.factor = 1,
					.holds = true };

	derive_rule(&call, &derivation, &rule);
	ok(near(derivation.score, 0.9) && derivation.smallest == 15,
	   "30 failures score 0.9; shown from 0.6 on, 15 are the fewest");
	rule.holds = false;
	rule.measure = 1000;
	derive_rule(&call, &derivation, &rule);
	ok(near(derivation.score, 0.9) && derivation.rules[1].score == 0,
	   "a rule that does not hold scores nothing");
	for (unsigned i = 0; i < 2 * DERIVATION_RULES; i++)
		derive_rule(&call, &derivation, &rule);
	ok(derivation.rule_count == DERIVATION_RULES, "more rules than there is room for are left");
}

static void test_upload(void)
{
	struct upload upload = { .last_ns = SECOND };
	const struct subject subject = { .kind = SUBJECT_UPLOAD, .upload = &upload };
	struct finding finding = { 0 };
	struct derive_call call = { &subject, &limits, &finding, 0.55 };
	struct derivation derivation;

	upload.out[0] = 200000000;
	upload.in[0] = 1000;
	if (!exfil_volume_detector.judge(&subject, &limits, &finding) ||
	    !detect_derive(&call, &derivation))
		abort();
	ok(near(derivation.score, finding.score_raw), "of an upload what is told gives its score");
	upload.out[0] = derivation.smallest;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(finding.score_raw >= 0.55, "so many bytes as are said to be the fewest are still shown");
	upload.out[0] = derivation.smallest - 1;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(finding.score_raw < 0.55, "and one byte less is not");
}

/* A day of 1 MiB an hour, each an octave off; and an hour of so many bytes. */
static struct baseline usual_hours(uint64_t out)
{
	return (struct baseline){
		.hours = 24, .mean = 20 * BASELINE_ONE, .variance = BASELINE_ONE, .out = out
	};
}

static void test_unusual(void)
{
	struct upload upload = { .out = { 30000000 }, .last_ns = SECOND };
	struct baseline usual = usual_hours(16777215);
	const struct subject subject = { .kind = SUBJECT_UPLOAD,
					 .upload = &upload,
					 .usual = &usual };
	struct finding finding = { 0 };
	struct derive_call call = { &subject, &limits, &finding, 0.55 };
	struct derivation derivation;

	if (!exfil_volume_detector.judge(&subject, &limits, &finding) ||
	    !detect_derive(&call, &derivation))
		abort();
	ok(near(derivation.score, finding.score_raw) && near(derivation.score, 0.6) &&
		   derivation.rule_count == 3 && near(derivation.rules[2].measure, 4),
	   "of an unusual hour a third rule is told, and gives its score");
	ok(derivation.usual.known && !derivation.usual.of_source && derivation.usual.hours == 24 &&
		   near((derivation.usual.octaves - derivation.usual.mean) /
				derivation.usual.deviation,
			derivation.usual.z) &&
		   near(derivation.usual.z, finding.exfil.baseline.z),
	   "with the mean and the deviation that it was compared with");
	ok(!strcmp(derivation.smallest_of, "bytes within the hour"), "the hour's bytes are told");
	usual.out = derivation.smallest;
	upload.out[0] -= 16777215 - usual.out;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(finding.score_raw >= 0.55, "with as few as are said it would still be shown");
	usual.out--;
	upload.out[0]--;
	finding.score_raw = 0;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(finding.score_raw < 0.55, "and with one byte less it would not");
	usual.hours = 23;
	upload.out[0] = 80000000;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	detect_derive(&call, &derivation);
	ok(derivation.rule_count == 2 && !derivation.usual.known &&
		   near(derivation.score, finding.score_raw),
	   "of who is not known for a day there is no such rule");
}

/* As much on two days before is a backup: the volume alone would have been found. */
static void test_explained(void)
{
	struct upload upload = { .out = { 80000000 }, .last_ns = SECOND };
	struct baseline usual = usual_hours(80000000);
	const struct subject subject = { .kind = SUBJECT_UPLOAD,
					 .upload = &upload,
					 .usual = &usual };
	struct finding finding = { 0 };
	const struct derive_call call = { &subject, &limits, &finding, 0.5 };
	struct derivation derivation;

	usual.peaks[0] = usual.peaks[1] = baseline_log2(80000000);
	ok(detect_derive(&call, &derivation) && derivation.score == 0 && derivation.smallest == 0 &&
		   !derivation.rules[0].holds && !derivation.rules[2].holds,
	   "of a backup no rule is said to hold");
}

int main(void)
{
	test_beacon();
	test_beacon_told();
	test_mixture();
	test_allowed();
	test_context();
	test_rules();
	test_upload();
	test_unusual();
	test_explained();
	return done();
}
