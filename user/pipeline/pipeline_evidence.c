// SPDX-License-Identifier: BSD-2-Clause
/* What the pipeline says of evidence, and what it asks it for. */
#include <string.h>
#include "base/log.h"
#include "base/remedy.h"
#include "pipeline/pipeline_state.h"

static const char *name_of(void *arg, const struct address *server)
{
	const struct pipeline *pipeline = arg;

	return census_name_of(&pipeline->census, server);
}

int pipeline_open_evidence(struct pipeline *pipeline)
{
	struct evidence_options options = *pipeline->options.evidence;
	int err;

	options.name = name_of;
	options.name_arg = pipeline;
	err = evidence_open(&pipeline->evidence, &options);
	if (err && options.recorder.file)
		log_error("cannot keep packets for evidence in %s: %s; %s", options.recorder.file,
			  strerror(-err), remedy_write(err));
	else if (err)
		log_error("cannot keep packets for evidence: %s; name a smaller --recorder and "
			  "--keep",
			  strerror(-err));
	return err;
}

static void say(struct pipeline *pipeline, const struct finding *finding)
{
	const struct record record = { .kind = RECORD_FINDING, .finding = finding };

	pipeline_record(pipeline, &record);
}

static const struct finding *find(void *arg, const struct finding *finding)
{
	struct pipeline *pipeline = arg;

	return ledger_find(&pipeline->ledger, finding);
}

void pipeline_evidence_tick(struct pipeline *pipeline, bool at_end)
{
	if (pipeline->evidence)
		evidence_tick(pipeline->evidence, pipeline->now_ns, at_end, find, pipeline);
}

void pipeline_catch_up(struct pipeline *pipeline)
{
	if (pipeline->evidence)
		evidence_catch_up(pipeline->evidence, find, pipeline);
}

void pipeline_published(struct pipeline *pipeline, const struct finding *finding)
{
	struct finding now;

	ledger_published(&pipeline->ledger, finding, pipeline->now_ns, &now);
	say(pipeline, &now);
}

void pipeline_trigger(struct pipeline *pipeline, struct finding *finding, uint64_t post_ns)
{
	finding->kind = FINDING_TRIGGER;
	finding->trigger.matched = TRIGGER_MANUAL;
	finding->score = finding->score_raw = 1;
	finding->trigger_ns = finding->first_ns = finding->last_ns = pipeline->now_ns;
	finding->count = 1;
	/* Who asks again on one day means one more file, though not one more finding. */
	if (ledger_take(&pipeline->ledger, finding))
		say(pipeline, finding);
	if (pipeline->evidence)
		evidence_finding(pipeline->evidence, finding, pipeline->now_ns + post_ns);
}

struct evidence *pipeline_evidence(const struct pipeline *pipeline)
{
	return pipeline->evidence;
}
