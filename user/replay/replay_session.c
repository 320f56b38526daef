// SPDX-License-Identifier: BSD-2-Clause
/* One replay from its first packet to the summary. */
#include <errno.h>
#include "analyze/compat.h"
#include "analyze/totals.h"
#include "base/log.h"
#include "capture/replay.h"
#include "base/exit.h"
#include "session/html_report.h"
#include "session/journal_stats.h"
#include "session/journal_tap.h"
#include "session/output.h"
#include "pipeline/accounting.h"
#include "pipeline/pipeline.h"
#include "session/progress.h"
#include "replay/replay_evidence.h"
#include "replay/replay_rita.h"
#include "replay/replay_session.h"
#include "report/summary.h"
#include "sinks/file.h"
#include "replay/told_totals.h"

struct run {
	struct replay *replay;
	struct told_totals *told_totals; /* NULL: packets alone count */
	struct pipeline *pipeline;
	struct sink *sink;
	struct journal *journal; /* NULL: none is written */
	struct replay_evidence evidence;
	struct indicators *indicators;
	struct lasting lasting;
	struct policy policy;
	bool ending;
	struct compat compat;
	struct totals totals;
	bool compat_on, totals_on;
	struct logs *logs; /* NULL: no records are asked for */
	struct replay_rita rita;
	struct file_sink *file; /* NULL: not asked for */
	struct html_report html;
	int format;  /* enum output_format, decided */
	bool unread; /* whoever read our output has gone */
	struct progress progress;
};

static void on_tick(struct run *run, uint64_t now_ns)
{
	if (replay_totals(run->replay)->at_end && !run->ending) {
		run->ending = true;
		if (run->journal)
			journal_record(run->journal, JOURNAL_ENDING, now_ns, NULL, 0);
		pipeline_ending(run->pipeline);
	}
	if (run->journal)
		journal_record(run->journal, JOURNAL_TICK, now_ns, NULL, 0);
	pipeline_tick(run->pipeline, now_ns);
	if (run->logs)
		logs_tick(run->logs, now_ns);
}

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct run *run = arg;

	if (!event) {
		on_tick(run, now_ns);
		return;
	}
	if (run->compat_on && event->kind == SKUA_EVENT_DNS)
		compat_dns(&run->compat, (const struct skua_dns_event *)event);
	if (run->totals_on && event->kind == SKUA_EVENT_DNS)
		totals_dns(&run->totals, (const struct skua_dns_event *)event);
	replay_rita_event(&run->rita, event);
	if (run->html.page)
		page_event(run->html.page, event);
	if (run->journal)
		journal_event(run->journal, event);
	pipeline_event(run->pipeline, event, bytes);
}

static void on_packet(void *arg, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct run *run = arg;

	if (run->compat_on)
		compat_packet(&run->compat, pkt, time_ns);
	if (run->totals_on)
		totals_packet(&run->totals, pkt);
	if (run->html.page)
		page_packet(run->html.page, pkt, time_ns);
}

static void on_bytes(void *arg, const struct replay_bytes *bytes)
{
	struct run *run = arg;
	const struct logs_packet packet = { .pkt = bytes->pkt,
					    .bytes = bytes->frame->bytes,
					    .captured = bytes->frame->captured,
					    .frame = bytes->number,
					    .time_ns = bytes->frame->time_ns };

	logs_packet(run->logs, &packet);
}

/* Those who look at every packet, which costs time, so only when asked for: 0 or -ENOMEM. */
static int open_counts(struct run *run, const struct replay_settings *settings,
		       struct replay_options *replay)
{
	if (settings->compat && compat_init(&run->compat, COMPAT_CAPACITY))
		return -ENOMEM;
	run->compat_on = settings->compat;
	if (settings->totals && totals_init(&run->totals, TOTALS_CAPACITY))
		return -ENOMEM;
	run->totals_on = settings->totals;
	if (run->compat_on || run->totals_on || settings->html) {
		replay->packet = on_packet;
		replay->packet_arg = run;
	}
	return 0;
}

/* -1, or the exit status.  The pipeline's options are complete but for the tap. */
static int open_journal(struct run *run, const struct replay_settings *settings,
			struct pipeline_options *pipeline)
{
	const struct sink_envelope envelope = { .host = settings->host };
	struct journal_options options = JOURNAL_OPTIONS_DEFAULT;
	char error[JOURNAL_ERROR_SIZE];

	if (!settings->journal)
		return -1;
	options.directory = settings->journal;
	options.quota = settings->journal_mb << 20;
	if (journal_tap_open(&run->journal, options, pipeline, &envelope, error)) {
		log_error("%s", error);
		return EXIT_RUNTIME;
	}
	pipeline->tap = journal_tap_fact;
	pipeline->tap_arg = run->journal;
	return -1;
}

/* 0 or -errno, logged.  Each packet is reported, for its time is that of all it stands for. */
static int open_told_totals(struct run *run, const struct replay_settings *settings,
			    struct replay_options *replay)
{
	int err;

	if (!settings->told_totals)
		return 0;
	err = told_totals_open(&run->told_totals, replay->input.paths, replay->input.path_count,
			       !settings->no_tunnels);
	replay->engine.payload = told_totals_payload;
	replay->engine.payload_arg = run->told_totals;
	replay->engine.config.report_ns = 0;
	return err;
}

/* -1, or the exit status. */
static int open_records(struct run *run, const struct replay_settings *settings,
			const struct sink_envelope *envelope, struct replay_options *replay)
{
	int err = records_open(&run->logs, &settings->records, settings->format, envelope, NULL);

	if (run->logs) {
		replay->bytes = on_bytes;
		replay->bytes_arg = run;
	}
	return err;
}

static void set_pipeline(const struct run *run, const struct replay_settings *settings,
			 struct pipeline_options *pipeline)
{
	pipeline->min_score = settings->min_score;
	pipeline->every_update = settings->every_update;
	pipeline->derive = settings->debug_scores;
	pipeline->lists = settings->lists;
	pipeline->locals = settings->locals.networks;
	pipeline->local_count = settings->locals.count;
	pipeline->sinks[0] = run->sink;
	pipeline->without_rules = settings->without_rules.texts;
	pipeline->without_rule_count = settings->without_rules.count;
}

/* Those who look over the pipeline's shoulder.  0 or -errno. */
static int open_watchers(struct run *run, const struct replay_settings *settings,
			 struct pipeline_options *pipeline)
{
	int err = settings->rita ? replay_rita_open(&run->rita, pipeline) : 0;

	run->html.path = settings->html;
	run->html.title = settings->html_title;
	return err ? err : html_report_open(&run->html, pipeline);
}

/* -1, or the exit status. */
static int open_output(struct run *run, const struct replay_settings *settings,
		       const struct sink_envelope *envelope, struct pipeline_options *pipeline)
{
	struct sink_envelope said = *envelope;

	said.schema = settings->schema;
	run->format = output_format(settings->format);
	run->sink = settings->sink;
	if (!run->sink && output_open(&run->sink, run->format, settings->colour, &said, false))
		return EXIT_RUNTIME;
	set_pipeline(run, settings, pipeline);
	if (settings->output && output_file_open(&run->file, settings->output, &said, pipeline))
		return EXIT_USAGE;
	return -1;
}

static int open_run(struct run *run, const struct replay_settings *settings,
		    const struct file_in_options *input)
{
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct replay_options replay = { .input = *input, .engine = ENGINE_OPTIONS_DEFAULT };
	const struct sink_envelope envelope = { .host = settings->host,
						.mode = "replay",
						.derived = settings->debug_scores };
	char error[FILE_IN_ERROR_SIZE];
	int err;

	replay.choice = settings->engine;
	replay.engine.config.one_way = 1;
	replay.engine.config.look_through = !settings->no_tunnels;
	replay.engine.locals = settings->locals.networks;
	replay.engine.local_count = settings->locals.count;
	if (open_counts(run, settings, &replay)) {
		log_error("cannot reserve the tables of counts: out of memory");
		return EXIT_RUNTIME;
	}
	if (open_told_totals(run, settings, &replay))
		return EXIT_USAGE;
	err = open_records(run, settings, &envelope, &replay);
	if (err >= 0)
		return err;
	err = replay_open(&run->replay, &replay, error);
	if (err) {
		log_error("%s", error);
		return err == -ENOMEM || err == -EIO ? EXIT_RUNTIME : EXIT_USAGE;
	}
	err = open_output(run, settings, &envelope, &pipeline);
	if (err >= 0)
		return err;
	if (open_watchers(run, settings, &pipeline))
		return EXIT_RUNTIME;
	err = triggers_setup(&settings->triggers, &run->indicators, &pipeline);
	if (err < 0)
		err = policy_setup(&settings->triggers,
				   "a capture does not tell the namespaces of its addresses: "
				   "name their networks",
				   &run->policy);
	if (err < 0)
		err = lasting_open(&run->lasting, &settings->lasting, NULL);
	if (err < 0)
		err = open_journal(run, settings, &pipeline);
	if (err >= 0)
		return err;
	lasting_use(&run->lasting, &pipeline);
	if (settings->snapshots) {
		if (replay_evidence_open(&run->evidence, settings, run->replay))
			return EXIT_RUNTIME;
		run->evidence.options.policy = &run->policy;
		pipeline.evidence = &run->evidence.options;
	}
	err = pipeline_open(&run->pipeline, &pipeline);
	if (!err)
		err = replay_evidence_ready(&run->evidence, run->pipeline);
	return !err ? -1 : err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
}

static int poll_to_end(struct run *run, const volatile sig_atomic_t *stopped)
{
	struct source *source = replay_source(run->replay);
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN && !*stopped && !run->unread) {
		struct pipeline_counts counts;

		state = source->poll(source, on_event, run);
		pipeline_counts(run->pipeline, &counts);
		run->unread = counts.sink_error == -EPIPE;
		progress_replay(&run->progress, run->replay,
				counts.findings[1] + counts.findings[2] + counts.findings[3]);
	}
	if (state == SOURCE_AGAIN || state == -EINTR)
		replay_stop(run->replay, on_event, run);
	if (run->journal)
		journal_record(run->journal, JOURNAL_FINISH, 0, NULL, 0);
	if (run->logs)
		logs_finish(run->logs);
	pipeline_finish(run->pipeline);
	return state < 0 && state != -EINTR ? state : 0;
}

static int finish(struct run *run, const struct replay_settings *settings,
		  const struct file_in_options *input)
{
	struct summary_extra extra = { .elapsed_s = progress_end(&run->progress) };
	const struct sink_envelope envelope = { .host = settings->host, .mode = "replay" };
	struct pipeline_counts counts;
	struct stats stats;
	const struct record record = { .kind = RECORD_STATS, .stats = &stats };
	int status;

	accounting_of_replay(run->replay, run->pipeline, &stats);
	if (run->totals_on)
		stats.totals = &run->totals.counts;
	pipeline_record(run->pipeline, &record);
	pipeline_counts(run->pipeline, &counts);
	run->sink->close(run->sink);
	run->sink = NULL;
	if (run->compat_on && run->format != FORMAT_TABLE)
		compat_write_json(&run->compat, stdout, &envelope);
	else if (run->compat_on)
		compat_write_table(&run->compat, stdout);
	replay_rita_write(&run->rita, run->format == FORMAT_TABLE, &envelope);
	status = output_check(counts.sink_error);
	if (records_close(&run->logs, settings->quiet) != EXIT_OK)
		status = EXIT_RUNTIME;
	if (run->file && file_sink_error(run->file))
		status = EXIT_RUNTIME;
	extra.hidden = counts.hidden;
	if (html_report_write(&run->html, input, counts.hidden, settings->min_score) != EXIT_OK)
		status = EXIT_RUNTIME;
	if (!settings->quiet && !run->unread)
		report_summary(stderr, &stats, &extra);
	if (!settings->quiet && !run->unread && settings->snapshots)
		replay_evidence_summary(&run->evidence, stderr);
	if (!settings->quiet && !run->unread)
		html_report_summary(&run->html, stderr);
	if (replay_evidence_error(&run->evidence))
		status = EXIT_RUNTIME;
	if (accounting_missing(&stats))
		log_error("the accounting does not add up: %lld packets are in no row",
			  (long long)accounting_missing(&stats));
	if (journal_stats_finish(run->journal, &stats) != EXIT_OK ||
	    lasting_finish(&run->lasting) != EXIT_OK)
		return EXIT_RUNTIME;
	if (status != EXIT_OK || run->unread)
		return status;
	if (stats.truncated)
		return EXIT_CUT;
	if (settings->exit_on_findings &&
	    stats.findings[1] + stats.findings[2] + stats.findings[3] + stats.findings[4])
		return EXIT_FINDINGS;
	return EXIT_OK;
}

static void close_run(struct run *run)
{
	pipeline_close(run->pipeline);
	lasting_close(&run->lasting);
	replay_evidence_close(&run->evidence);
	indicators_close(run->indicators);
	journal_close(run->journal);
	file_sink_close(run->file);
	if (run->sink)
		run->sink->close(run->sink);
	if (run->replay)
		replay_source(run->replay)->close(replay_source(run->replay));
	told_totals_close(run->told_totals);
	replay_rita_close(&run->rita);
	logs_close(run->logs);
	html_report_close(&run->html);
	if (run->compat_on)
		compat_fini(&run->compat);
	if (run->totals_on)
		totals_fini(&run->totals);
}

int replay_session(const struct replay_settings *settings, const struct file_in_options *input,
		   const volatile sig_atomic_t *stopped)
{
	struct run run = {};
	int status = open_run(&run, settings, input);

	if (status < 0) {
		progress_init(&run.progress, settings->progress);
		status = poll_to_end(&run, stopped) || replay_evidence_finish(&run.evidence, input)
				 ? EXIT_RUNTIME
				 : finish(&run, settings, input);
	}
	close_run(&run);
	return status;
}
