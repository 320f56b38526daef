// SPDX-License-Identifier: BSD-2-Clause
/* One replay of journals: each run that they hold is judged again, the earliest first. */
#include <errno.h>
#include "base/log.h"
#include "base/time_text.h"
#include "capture/engines.h"
#include "capture/journal_in.h"
#include "base/exit.h"
#include "replay/journal_session.h"
#include "session/journal_stats.h"
#include "session/journal_tap.h"
#include "session/output.h"
#include "session/progress.h"
#include "replay/replay_rita.h"
#include "report/summary.h"

struct session {
	const struct replay_settings *settings;
	struct journal_in *in;
	struct sink *sink;
	struct lasting lasting; /* through all runs */
	struct sink_envelope envelope;
	/* Of the run that is judged now: */
	struct journal_context context;
	struct pipeline *pipeline;
	struct indicators *indicators;
	struct replay_rita rita;
	struct journal_stats stats;
	bool has_stats;    /* the last of them, if it made sense */
	bool finished;     /* nothing more is judged */
	uint64_t nonsense; /* facts and statistics that are none */
	uint64_t last_ns;
};

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct session *session = arg;

	if (session->finished)
		return;
	session->last_ns = now_ns;
	if (event) {
		replay_rita_event(&session->rita, event);
		pipeline_event(session->pipeline, event, bytes);
		return;
	}
	pipeline_tick(session->pipeline, now_ns);
}

static void on_record(void *arg, enum journal_kind kind, uint64_t time_ns, const void *bytes,
		      size_t size)
{
	struct session *session = arg;
	const struct fact *fact;

	(void)time_ns;
	if (kind == JOURNAL_STATS) {
		session->has_stats = !journal_stats_read(&session->stats, bytes, size);
		session->nonsense += !session->has_stats;
	} else if (session->finished) {
		return;
	} else if (kind == JOURNAL_FACT && journal_tap_read(bytes, size, &fact)) {
		session->nonsense++;
	} else if (kind == JOURNAL_FACT) {
		pipeline_fact(session->pipeline, fact);
	} else if (kind == JOURNAL_ENDING) {
		pipeline_ending(session->pipeline);
	} else if (kind == JOURNAL_FINISH) {
		pipeline_finish(session->pipeline);
		session->finished = true;
	}
}

/* What needs packets, or would copy the journal: an exit status, or -1. */
static int check_settings(const struct replay_settings *settings,
			  const struct file_in_options *input)
{
	const struct {
		bool given;
		const char *name, *reason;
	} refused[] = {
		{ settings->engine != ENGINE_NATIVE, "--engine", "its events were made then" },
		{ settings->compat, "--compat", "that counts packets, and it has none" },
		{ settings->totals, "--totals", "that counts packets, and it has none" },
		{ settings->no_tunnels, "--no-tunnels", "its events were made then" },
		{ settings->records.kinds, "--records", "it holds no packets" },
		{ settings->told_totals, "--told-totals", "its events were made then" },
		{ settings->journal, "--journal", "it is one: copy the files" },
		{ settings->triggers.filters.count, "--trigger-filter",
		  "that looks at packets, and it has none" },
		{ settings->triggers.record.count, "--record",
		  "that is about packets, and it has none" },
		{ input->filter, "a filter", "that chooses packets, and it has none" },
	};

	for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (!refused[i].given)
			continue;
		log_error("%s: %s does not apply to a journal: %s", input->paths[0],
			  refused[i].name, refused[i].reason);
		return EXIT_USAGE;
	}
	return -1;
}

static int open_session(struct session *session, const struct file_in_options *input)
{
	const struct journal_in_options options = { .paths = input->paths,
						    .path_count = input->path_count,
						    .fact_size = sizeof(struct fact) };
	char error[JOURNAL_ERROR_SIZE];
	int err = journal_in_open(&session->in, &options, error);

	if (!err)
		return lasting_open(&session->lasting, &session->settings->lasting, NULL);
	log_error("%s", error);
	return err == -ENOMEM || err == -EIO ? EXIT_RUNTIME : EXIT_USAGE;
}

/* The sink of a JSON stream names the host of the run, so each run has its own. */
static int open_run(struct session *session, const struct journal_run *run)
{
	const struct replay_settings *settings = session->settings;
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct sink_envelope envelope = { .host = settings->host,
					  .mode = "replay",
					  .derived = settings->debug_scores };
	int err = journal_tap_context(run->context, run->context_size, &session->context, &options);

	if (err) {
		log_error("the journal's header makes no sense: it is not of this skua");
		return EXIT_USAGE;
	}
	if (!envelope.host && session->context.host[0])
		envelope.host = session->context.host;
	if (session->context.sensor_id[0])
		envelope.sensor_id = session->context.sensor_id;
	options.min_score = settings->min_score;
	options.every_update = settings->every_update;
	options.derive = settings->debug_scores;
	options.lists = settings->lists;
	if (settings->locals.count) {
		options.locals = settings->locals.networks;
		options.local_count = settings->locals.count;
	}
	session->envelope = envelope;
	session->has_stats = session->finished = false;
	session->nonsense = session->last_ns = 0;
	session->sink = settings->sink;
	envelope.schema = settings->schema;
	if (!session->sink &&
	    output_open(&session->sink, settings->format, settings->colour, &envelope, false))
		return EXIT_RUNTIME;
	options.sinks[0] = session->sink;
	options.without_rules = settings->without_rules.texts;
	options.without_rule_count = settings->without_rules.count;
	if (settings->rita && replay_rita_open(&session->rita, &options))
		return EXIT_RUNTIME;
	err = triggers_setup(&settings->triggers, &session->indicators, &options);
	if (err >= 0)
		return err;
	lasting_use(&session->lasting, &options);
	err = pipeline_open(&session->pipeline, &options);
	return !err ? -1 : err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
}

static void close_run(struct session *session)
{
	pipeline_close(session->pipeline);
	session->pipeline = NULL;
	replay_rita_close(&session->rita);
	indicators_close(session->indicators);
	session->indicators = NULL;
	if (session->sink)
		session->sink->close(session->sink);
	session->sink = NULL;
}

static bool is_unread(const struct session *session)
{
	struct pipeline_counts counts;

	pipeline_counts(session->pipeline, &counts);
	return counts.sink_error == -EPIPE;
}

/* SOURCE_END, or SOURCE_AGAIN: nobody wants the rest, or -errno. */
static int poll_to_end(struct session *session, const volatile sig_atomic_t *stopped)
{
	struct source *source = journal_in_source(session->in, on_record);
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN && !*stopped && !is_unread(session))
		state = source->poll(source, on_event, session);
	/* A run without an end said no last words either; one that is left here does. */
	if (state == SOURCE_AGAIN && !session->finished) {
		pipeline_ending(session->pipeline);
		pipeline_finish(session->pipeline);
	}
	return state;
}

/* Packets are as the run accounted for them; what was found, as it is found now. */
static void account(struct session *session, const struct pipeline_counts *counts,
		    struct stats *out)
{
	const struct journal_in_counts *read = journal_in_counts(session->in);

	*out = session->has_stats ? session->stats.stats : (struct stats){ 0 };
	if (!session->has_stats) {
		out->time_ns = session->last_ns;
		out->events = counts->events;
		out->flows = counts->flows;
		out->table_count = pipeline_losses(session->pipeline, out->tables, STATS_CAUSES);
	}
	out->pairs = counts->pairs;
	out->sources = counts->sources;
	out->domains = counts->domains;
	for (int i = 0; i < 5; i++)
		out->findings[i] = counts->findings[i];
	pipeline_suppressed(session->pipeline, out);
	stats_add_loss(out, "journal_records_lost", read->lost);
	stats_add_loss(out, "journal_records_unknown", read->unknown + session->nonsense);
	stats_add_loss(out, "journal_blocks_damaged", read->damaged);
	out->truncated |= journal_in_truncated(session->in);
}

static void say_summary(struct session *session, const struct journal_run *run,
			const struct stats *stats, const struct summary_extra *extra)
{
	char text[TIME_TEXT];

	if (session->settings->quiet)
		return;
	log_info("the run that began at %s%s:", time_format(text, run->start_ns),
		 journal_in_is_open(session->in) ? ", without an end (killed, or it goes on)" : "");
	report_summary(stderr, stats, extra);
}

static int finish_run(struct session *session, const struct journal_run *run, double elapsed_s)
{
	struct summary_extra extra = { .elapsed_s = elapsed_s };
	struct pipeline_counts counts;
	struct stats stats;
	const struct record record = { .kind = RECORD_STATS, .stats = &stats };
	int status;

	pipeline_counts(session->pipeline, &counts);
	account(session, &counts, &stats);
	pipeline_record(session->pipeline, &record);
	pipeline_counts(session->pipeline, &counts);
	session->sink->close(session->sink);
	session->sink = NULL;
	replay_rita_write(&session->rita, output_format(session->settings->format) == FORMAT_TABLE,
			  &session->envelope);
	status = output_check(counts.sink_error);
	extra.hidden = counts.hidden;
	if (counts.sink_error != -EPIPE)
		say_summary(session, run, &stats, &extra);
	if (status != EXIT_OK || counts.sink_error == -EPIPE)
		return status;
	if (stats.truncated)
		return EXIT_CUT;
	if (session->settings->exit_on_findings &&
	    stats.findings[1] + stats.findings[2] + stats.findings[3] + stats.findings[4])
		return EXIT_FINDINGS;
	return EXIT_OK;
}

static int judge_run(struct session *session, const struct journal_run *run,
		     const volatile sig_atomic_t *stopped)
{
	struct progress progress;
	int state, status = open_run(session, run);

	if (status < 0) {
		progress_init(&progress, PROGRESS_NEVER); /* it is over before it is of use */
		state = poll_to_end(session, stopped);
		status = state < 0 ? EXIT_RUNTIME
				   : finish_run(session, run, progress_end(&progress));
		if (state == SOURCE_AGAIN && status == EXIT_OK)
			status = -1;
	}
	close_run(session);
	return status;
}

/* What is worse for who reads only the status. */
static int worse(int one, int other)
{
	static const int ranks[] = { [EXIT_OK] = 0,
				     [EXIT_FINDINGS] = 1,
				     [EXIT_CUT] = 2,
				     [EXIT_USAGE] = 3,
				     [EXIT_RUNTIME] = 4 };

	return ranks[other] > ranks[one] ? other : one;
}

int journal_session(const struct replay_settings *settings, const struct file_in_options *input,
		    const volatile sig_atomic_t *stopped)
{
	struct session session = { .settings = settings };
	int got = 0, worst = EXIT_OK, status = check_settings(settings, input);
	struct journal_run run;

	if (status >= 0)
		return status;
	status = open_session(&session, input);
	if (status >= 0) {
		journal_in_close(session.in);
		lasting_close(&session.lasting);
		return status;
	}
	while (worst != EXIT_RUNTIME && !*stopped &&
	       (got = journal_in_run(session.in, &run)) == 1) {
		status = judge_run(&session, &run, stopped);
		if (status < 0)
			break;
		worst = worse(worst, status);
	}
	journal_in_close(session.in);
	if (got < 0 || lasting_finish(&session.lasting) != EXIT_OK)
		worst = EXIT_RUNTIME;
	lasting_close(&session.lasting);
	return worst;
}
