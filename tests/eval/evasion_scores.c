// SPDX-License-Identifier: BSD-2-Clause
/* Replays captures with the thresholds of beacons and DNS tunnels at 0: how near is the rest? */
#include <errno.h>
#include <stdio.h>
#include "base/log.h"
#include "capture/replay.h"
#include "pipeline/pipeline.h"

struct scores {
	struct replay *replay;
	struct pipeline *pipeline;
	struct sink *sink;
	bool ending;
};

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct scores *scores = arg;

	if (event) {
		pipeline_event(scores->pipeline, event, bytes);
		return;
	}
	if (replay_totals(scores->replay)->at_end && !scores->ending) {
		scores->ending = true;
		pipeline_ending(scores->pipeline);
	}
	pipeline_tick(scores->pipeline, now_ns);
}

static int scores_open(struct scores *scores, const char *const *paths, unsigned count)
{
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct replay_options replay = { .input = { .paths = paths, .path_count = count },
					 .engine = ENGINE_OPTIONS_DEFAULT };
	const struct sink_envelope envelope = { .mode = "replay" };
	char error[FILE_IN_ERROR_SIZE];
	int err;

	replay.engine.config.one_way = 1;
	replay.engine.config.look_through = true;
	err = replay_open(&scores->replay, &replay, error);
	if (err) {
		log_error("%s", error);
		return err;
	}
	err = sink_json_open(&scores->sink, stdout, &envelope);
	if (err)
		return err;
	pipeline.limits.beacon.threshold = 0;
	pipeline.limits.dns.threshold = 0;
	pipeline.findings = 65536;
	pipeline.min_score = 0;
	pipeline.every_update = true;
	pipeline.sinks[0] = scores->sink;
	return pipeline_open(&scores->pipeline, &pipeline);
}

static int scores_run(struct scores *scores)
{
	struct source *source = replay_source(scores->replay);
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN)
		state = source->poll(source, on_event, scores);
	pipeline_finish(scores->pipeline);
	return state < 0 ? state : 0;
}

static void scores_close(struct scores *scores)
{
	pipeline_close(scores->pipeline);
	if (scores->sink)
		scores->sink->close(scores->sink);
	if (scores->replay)
		replay_source(scores->replay)->close(replay_source(scores->replay));
}

int main(int argc, char **argv)
{
	struct scores scores = { 0 };
	int err;

	if (argc < 2) {
		fputs("Usage: evasion_scores CAPTURE...\n", stderr);
		return 2;
	}
	err = scores_open(&scores, (const char *const *)argv + 1, argc - 1);
	if (!err)
		err = scores_run(&scores);
	scores_close(&scores);
	if (err)
		log_error("%s: replay failed: error %d; try skua replay on it", argv[1], -err);
	return err ? 1 : 0;
}
