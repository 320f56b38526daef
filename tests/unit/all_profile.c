// SPDX-License-Identifier: BSD-2-Clause
/* Every size of a live run comes from its profile, but those that the command line gives. */
#include "run/run_profile.h"
#include "tap.h"

static void usual(void)
{
	const struct engine_options engine_default = ENGINE_OPTIONS_DEFAULT;
	const struct pipeline_options pipeline_default = PIPELINE_OPTIONS_DEFAULT;
	const struct evidence_options evidence_default = EVIDENCE_OPTIONS_DEFAULT;
	struct engine_options engine = ENGINE_OPTIONS_DEFAULT;
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct evidence_options evidence = EVIDENCE_OPTIONS_DEFAULT;
	struct run_settings settings = {};

	run_profile_fill(&settings);
	run_profile_engine(&settings, &engine);
	run_profile_pipeline(&settings, &pipeline);
	run_profile_evidence(&settings, &evidence);
	ok(engine.flows == engine_default.flows && engine.pending == engine_default.pending &&
		   engine.sources == engine_default.sources && settings.ring_mb == 16,
	   "by default the kernel's tables have the engine's own sizes, and 16 MB of rings");
	ok(pipeline.pairs == pipeline_default.pairs / 3 &&
		   pipeline.sources == pipeline_default.sources / 3 &&
		   pipeline.census == pipeline_default.census / 3 &&
		   pipeline.heads == pipeline_default.heads / 3 &&
		   pipeline.findings == pipeline_default.findings / 3 && pipeline.part == 3,
	   "those of judgement hold a third of what a replay's do");
	ok(evidence.recorder.ring_bytes == evidence_default.recorder.ring_bytes &&
		   evidence.recorder.keep_bytes == evidence_default.recorder.keep_bytes &&
		   evidence.recorder.pairs == evidence_default.recorder.pairs &&
		   evidence.bytes_max == evidence_default.bytes_max,
	   "those of evidence are the recorder's");
}

static void small(void)
{
	const struct engine_options engine_default = ENGINE_OPTIONS_DEFAULT;
	const struct pipeline_options pipeline_default = PIPELINE_OPTIONS_DEFAULT;
	const struct evidence_options evidence_default = EVIDENCE_OPTIONS_DEFAULT;
	struct engine_options engine = ENGINE_OPTIONS_DEFAULT;
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct evidence_options evidence = EVIDENCE_OPTIONS_DEFAULT;
	struct run_settings settings = { .profile = RUN_PROFILE_SMALL };

	run_profile_fill(&settings);
	run_profile_engine(&settings, &engine);
	run_profile_pipeline(&settings, &pipeline);
	run_profile_evidence(&settings, &evidence);
	ok(engine.flows * 8 == engine_default.flows &&
		   engine.pending * 8 == engine_default.pending &&
		   engine.sources * 8 == engine_default.sources && settings.ring_mb == 2,
	   "small: the kernel's tables and rings hold an eighth");
	ok(pipeline.pairs * 8 == pipeline_default.pairs &&
		   pipeline.sources * 8 == pipeline_default.sources &&
		   pipeline.census * 8 == pipeline_default.census &&
		   pipeline.heads * 8 == pipeline_default.heads &&
		   pipeline.findings * 8 == pipeline_default.findings && pipeline.part == 8,
	   "small: judgement's hold an eighth");
	ok(evidence.recorder.ring_bytes * 8 == evidence_default.recorder.ring_bytes &&
		   evidence.recorder.keep_bytes * 8 == evidence_default.recorder.keep_bytes &&
		   evidence.recorder.pairs * 8 == evidence_default.recorder.pairs &&
		   evidence.bytes_max * 8 == evidence_default.bytes_max,
	   "small: evidence's hold an eighth, and a file of it likewise");
}

static void given(void)
{
	struct evidence_options evidence = EVIDENCE_OPTIONS_DEFAULT;
	struct engine_options engine = ENGINE_OPTIONS_DEFAULT;
	struct run_settings settings = { .profile = RUN_PROFILE_SMALL,
					 .flows = 10000,
					 .ring_mb = 4,
					 .recorder_mb = 12,
					 .keep_mb = 5 };

	run_profile_fill(&settings);
	run_profile_engine(&settings, &engine);
	run_profile_evidence(&settings, &evidence);
	ok(engine.flows == 10000 && settings.ring_mb == 4 &&
		   evidence.recorder.ring_bytes == 12 << 20 &&
		   evidence.recorder.keep_bytes == 5 << 20,
	   "what the command line gives stays, whatever the profile");
	settings.no_keep = true;
	run_profile_evidence(&settings, &evidence);
	ok(evidence.recorder.keep_bytes == 0, "--no-keep keeps nothing");
}

int main(void)
{
	usual();
	small();
	given();
	return done();
}
