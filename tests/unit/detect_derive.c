// SPDX-License-Identifier: BSD-2-Clause
/* What is told of a score gives that score, and the smallest that is told is the smallest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "detect/derive.h"
#include "detect/scan_evidence.h"
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

static double recompute(const struct derivation *derivation)
{
	const struct derivation_beacon *b = &derivation->beacon;
	double regularity = 0;

	for (unsigned i = 0; i < derivation->part_count; i++) {
		const struct derivation_part *part = &derivation->parts[i];
		double over = (rhythm_wilson(part->k, part->n) - part->null) / (1 - part->null);
		double value = part->weight * part->factor * (over > 0 ? over : 0);

		if (!near(value, part->value))
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

int main(void)
{
	test_beacon();
	test_context();
	test_rules();
	test_upload();
	return done();
}
