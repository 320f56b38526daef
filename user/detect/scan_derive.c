// SPDX-License-Identifier: BSD-2-Clause
/* Tells how the score of a scan came about: each rule that was tried. */
#include "detect/derive.h"
#include "detect/scan_evidence.h"

void scan_derive(const struct derive_call *call, struct derivation *out)
{
	const struct tracked_source *source = call->subject->source;
	const struct scan_limits *limits = &call->limits->scan;
	/* In the order of the detector, so that on equal terms the same one counts. */
	const struct derivation_rule others[] = {
		scan_by_empties(source, limits, call->subject->now_ns).rule,
		scan_by_probes(source, limits).rule,
		scan_by_sweep(source, limits).rule,
		scan_by_slow(source, limits).rule,
	};
	struct derivation_rule overflow =
		scan_by_overflow(source, limits, call->subject->now_ns).rule;

	if (source->overflow.window_ns)
		derive_rule(call, out, &overflow);
	for (unsigned i = 0; !source_is_listed(source->key.class) && i < HORIZONS; i++) {
		struct derivation_rule rule = scan_rule_of_horizon(source, i, limits);

		derive_rule(call, out, &rule);
	}
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].name)
			derive_rule(call, out, &others[i]);
}
