// SPDX-License-Identifier: BSD-2-Clause
/* Where triggers are let into the pipeline, and their findings out of it. */
#include "pipeline/pipeline_state.h"

/* Others have judged it: context has no say. */
static void take_trigger(void *arg, const struct finding *met)
{
	struct pipeline *pipeline = arg;
	struct finding finding = *met;

	finding.at_end = pipeline->at_end;
	pipeline_take(pipeline, NULL, &finding);
}

int pipeline_open_triggers(struct pipeline *pipeline)
{
	const struct pipeline_options *o = &pipeline->options;
	const struct triggers_options options = { .indicators = o->indicators,
						  .filters = o->trigger_filters,
						  .filter_count = o->trigger_filter_count,
						  .capacity = o->findings,
						  .say = take_trigger,
						  .say_arg = pipeline };

	return triggers_init(&pipeline->triggers, &options);
}

void pipeline_meet(struct pipeline *pipeline, const struct sighting *sighting)
{
	triggers_meet(&pipeline->triggers, sighting);
}
