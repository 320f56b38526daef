// SPDX-License-Identifier: BSD-2-Clause
/* Says a finding that was judged now, and how its score came about. */
#include "detect/derive.h"
#include "pipeline/pipeline_state.h"

void pipeline_say(struct pipeline *pipeline, const struct subject *subject,
		  const struct finding *finding, double shown)
{
	const struct derive_call call = { subject, &pipeline->options.limits, finding, shown };
	struct record record = { .kind = RECORD_FINDING, .finding = finding };
	struct derivation derivation;

	if (pipeline->options.derive && subject && detect_derive(&call, &derivation))
		record.derivation = &derivation;
	pipeline_record(pipeline, &record);
}
