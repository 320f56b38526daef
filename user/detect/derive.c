// SPDX-License-Identifier: BSD-2-Clause
/* Tells how the score of a finding came about: what all kinds share. */
#include <string.h>
#include "detect/derive.h"
#include "detect/scan_evidence.h"

#define SMALLEST_MAX 100000 /* beyond, a measure is no count that a search should walk through */

double derive_after_context(const struct finding *finding, double score_raw)
{
	double score = score_raw;

	for (unsigned i = 0; i < finding->factor_count; i++)
		if (finding->factors[i].raise)
			score += finding->factors[i].factor;
	score = score > 1 ? 1 : score;
	for (unsigned i = 0; i < finding->factor_count; i++)
		if (!finding->factors[i].raise)
			score *= finding->factors[i].factor;
	return score;
}

bool derive_shows(const struct derive_call *call, double score_raw)
{
	return score_raw > 0 && derive_after_context(call->finding, score_raw) >= call->shown;
}

static uint64_t smallest_of(const struct derive_call *call, struct derivation_rule rule)
{
	uint64_t most = rule.measure > SMALLEST_MAX ? SMALLEST_MAX : rule.measure;

	for (uint64_t n = rule.from; n <= most; n++) {
		rule.measure = n;
		if (derive_shows(call, scan_rule_score(&rule)))
			return n;
	}
	return 0;
}

void derive_rule(const struct derive_call *call, struct derivation *out,
		 const struct derivation_rule *rule)
{
	struct derivation_rule *row = &out->rules[out->rule_count];

	if (out->rule_count == DERIVATION_RULES)
		return;
	*row = *rule;
	row->score = scan_rule_score(row);
	out->rule_count++;
	if (row->score <= out->score)
		return;
	out->score = row->score;
	out->smallest_of = row->of;
	out->smallest = smallest_of(call, *row);
}

/* Uploads and echoes share a kind of finding, never a kind of subject. */
bool detect_derive(const struct derive_call *call, struct derivation *out)
{
	memset(out, 0, sizeof(*out));
	out->shown = call->shown;
	for (int i = 0; detectors[i]; i++)
		if (detectors[i]->subject == call->subject->kind && detectors[i]->derive) {
			detectors[i]->derive(call, out);
			return true;
		}
	return false;
}
