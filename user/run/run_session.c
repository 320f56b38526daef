// SPDX-License-Identifier: BSD-2-Clause
/* A live run: loop, and say what is left. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/log.h"
#include "base/text.h"
#include "base/exit.h"
#include "session/journal_stats.h"
#include "session/journal_tap.h"
#include "pipeline/accounting.h"
#include "report/summary.h"
#include "run/run_service.h"
#include "run/run_session.h"
#include "run/run_state.h"

#define WAIT_MS 100
#define STATS_EVERY_NS (3600 * SKUA_SECOND_NS)

/* The journal is told everything just before the pipeline is. */
static void note(struct run *run, enum journal_kind kind, uint64_t now_ns)
{
	if (run->journal)
		journal_record(run->journal, kind, now_ns, NULL, 0);
}

static void on_origin(void *arg, const struct fact *fact)
{
	struct run *run = arg;

	if (run->journal)
		journal_tap_fact(run->journal, fact);
	pipeline_fact(run->pipeline, fact);
}

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct run *run = arg;
	uint64_t begun_ns;

	if (event) {
		if (event->kind == SKUA_EVENT_IDENTITY && run->identities)
			identities_event(run->identities, (const struct skua_identity_event *)event,
					 run_clock_ns(CLOCK_MONOTONIC), on_origin, run);
		if (run->journal)
			journal_event(run->journal, event);
		pipeline_event(run->pipeline, event, bytes);
		if (run->logs && !run->capture->whole)
			logs_event(run->logs, event);
		return;
	}
	if (!run->ending)
		run->now_ns = now_ns;
	run->second = true;
	note(run, JOURNAL_TICK, now_ns);
	identities_tick(run->identities, now_ns, run_clock_ns(CLOCK_MONOTONIC), on_origin, run);
	begun_ns = run_clock_ns(CLOCK_MONOTONIC);
	pipeline_tick(run->pipeline, now_ns);
	tally_judged(&run->tally, run_clock_ns(CLOCK_MONOTONIC) - begun_ns);
	if (run->logs)
		logs_tick(run->logs, now_ns);
}

static void say_begin(const struct run *run)
{
	const struct run_capture *capture = run->capture;
	char links[1024], memory[TEXT_NUMBER], tables[64] = "";

	run_links_describe(&capture->links, links, sizeof(links));
	if (capture->memory)
		snprintf(tables, sizeof(tables), "; %s MB of kernel memory",
			 text_count(memory, capture->memory / 1000000));
	log_info("watching %s%s%s", links[0] ? links : "nothing yet",
		 capture->adopted ? ", going on where an earlier run stopped" : "", tables);
}

static bool reached(const struct run *run)
{
	const struct run_settings *settings = run->settings;
	uint64_t packets, bytes;

	if (settings->duration_s &&
	    run_clock_ns(CLOCK_MONOTONIC) - run->begun_ns >= settings->duration_s * SKUA_SECOND_NS)
		return true;
	if (!settings->count)
		return false;
	run_links_sum(&run->capture->links, &packets, &bytes);
	return packets >= settings->count;
}

static void say_blind(struct run *run)
{
	struct warning warning = { .time_ns = run->now_ns };
	const struct record record = { .kind = RECORD_WARNING, .warning = &warning };

	snprintf(warning.text, sizeof(warning.text), "blind on %s: packets pass that are not seen",
		 run->capture->blind);
	run->capture->turned_blind = false;
	pipeline_record(run->pipeline, &record);
}

static void add_identities(const struct run *run, struct stats *stats)
{
	struct identities_counts counts;

	identities_count(run->identities, &counts);
	stats_add_loss(stats, "control_groups_evicted", counts.groups.evicted);
	stats_add_loss(stats, "control_groups_unlooked", counts.groups.unlooked);
	stats_add_loss(stats, "control_groups_unnamed", counts.unnamed);
}

static void say_stats(struct run *run, struct stats *stats)
{
	const struct record record = { .kind = RECORD_STATS, .stats = stats };

	run_stats(run->capture, run->pipeline, run->first_ns, run->now_ns, stats);
	run_evidence_stats(&run->evidence, stats);
	run_pods_stats(&run->pods, stats);
	run_sinks_stats(&run->sinks, stats);
	add_identities(run, stats);
	pipeline_record(run->pipeline, &record);
}

/* Now and then, so that a sink elsewhere knows how far the vault's chain had come. */
static void say_hourly(struct run *run)
{
	struct stats stats;

	if (run->now_ns / STATS_EVERY_NS == run->said_hour)
		return;
	if (run->said_hour)
		say_stats(run, &stats);
	run->said_hour = run->now_ns / STATS_EVERY_NS;
}

/* Configuration and lists may have changed: somebody says so, or their files do. */
static void look_at_lists(struct run *run)
{
	int told = *run->settings->reload;

	if (told != run->reload) {
		bool lists = run->settings->lists != NULL;

		run_service_reloading(run);
		run_sinks_reopen(&run->sinks);
		run_reload(run);
		lasting_reload(&run->lasting, run->pipeline);
		if (lists || run->settings->lists)
			pipeline_reload_lists(run->pipeline);
	}
	if (run->indicators && told != run->reload)
		indicators_reload(run->indicators);
	else if (run->indicators)
		indicators_tick(run->indicators, run_clock_ns(CLOCK_MONOTONIC));
	if (told != run->reload)
		run_service_ready(run);
	run->reload = told;
}

static int loop(struct run *run, const volatile sig_atomic_t *stopped)
{
	struct run_capture *capture = run->capture;
	struct pollfd waits[] = { { .fd = capture->source->wait_fd, .events = POLLIN },
				  { .fd = capture->channel, .events = POLLIN },
				  { .fd = run->control ? control_fd(run->control) : -1,
				    .events = POLLIN },
				  { .fd = run->web ? web_fd(run->web) : -1, .events = POLLIN } };
	int err = 0;

	while (!err && !*stopped && !run->unread && !reached(run)) {
		struct pipeline_counts counts;

		if (poll(waits, 4, WAIT_MS) < 0 && errno != EINTR)
			return -errno;
		run_evidence_turn(&run->evidence);
		err = capture->source->poll(capture->source, on_event, run);
		if (!err && (waits[1].revents || run->second))
			err = capture->look(capture, run->second);
		if (capture->turned_blind)
			say_blind(run);
		if (run->control && (waits[2].revents || run->second))
			control_poll(run->control, run_clock_ns(CLOCK_MONOTONIC));
		if (run->web && (waits[3].revents || run->second))
			web_poll(run->web);
		/* Before its first second the pipeline does not know what time it is. */
		if (*run->settings->snapshot_wanted && run->status.now_ns) {
			*run->settings->snapshot_wanted = 0;
			run_evidence_everything(&run->evidence);
		}
		if (!run->second)
			continue;
		run->second = false;
		look_at_lists(run);
		run_service_tick(run);
		run_pods_tick(&run->pods);
		state_tick(run->lasting.state, run_clock_ns(CLOCK_MONOTONIC));
		run_status_count(&run->status, run->now_ns);
		run_evidence_tick(&run->evidence, run->now_ns);
		say_hourly(run);
		if (run->journal)
			run->status.journal_bytes = journal_counts(run->journal)->written;
		pipeline_counts(run->pipeline, &counts);
		run->unread = counts.sink_error == -EPIPE;
	}
	return err == -EINTR || err == SOURCE_END ? 0 : err;
}

static int finish(struct run *run)
{
	struct summary_extra extra = {};
	struct pipeline_counts counts;
	struct stats stats;
	int status, kept;

	say_stats(run, &stats);
	kept = journal_stats_finish(run->journal, &stats);
	pipeline_counts(run->pipeline, &counts);
	run->sink->close(run->sink);
	run->sink = NULL;
	status = output_check(counts.sink_error);
	if (records_close(&run->logs, run->settings->quiet) != EXIT_OK)
		status = EXIT_RUNTIME;
	if (run_sinks_say(&run->sinks))
		status = EXIT_RUNTIME;
	if (status == EXIT_OK)
		status = kept;
	extra.hidden = counts.hidden;
	if (!run->settings->quiet && !run->unread)
		report_summary(stderr, &stats, &extra);
	if (!run->settings->quiet && !run->unread)
		run_evidence_summary(&run->evidence, stderr);
	if (accounting_missing(&stats))
		log_error("the accounting does not add up: %lld packets are in no row",
			  (long long)accounting_missing(&stats));
	if (status == EXIT_OK && run->settings->exit_on_findings &&
	    stats.findings[1] + stats.findings[2] + stats.findings[3] + stats.findings[4])
		return EXIT_FINDINGS;
	return status;
}

/*
 * Whoever told us to end waits 10 to 60 s and then kills.  What is waited for, at most: the
 * attacher 3 s, selecting packets 2, the disk 5 (evidence, and state beside it), senders 3.5 in
 * all, uploader and watcher, told before the senders were, 1 each: 15.5 s, when every one of them
 * hangs. The rest is work: what full rings and tables hold takes some 3 s of a core.
 */
static int run_to_end(struct run *run, const volatile sig_atomic_t *stopped)
{
	int err, status, kept;

	if (!run->settings->quiet)
		say_begin(run);
	run->begun_ns = run_clock_ns(CLOCK_MONOTONIC);
	run->first_ns = run->now_ns = run_clock_ns(CLOCK_REALTIME);
	run_service_ready(run);
	err = loop(run, stopped);
	run_service_stopping(run);
	control_close(run->control);
	run->control = NULL;
	if (err)
		log_error("%s: capture ends: start it again",
			  err == -EPIPE ? "the attacher is gone" : strerror(-err));
	run->ending = true;
	run->now_ns = run_clock_ns(CLOCK_REALTIME);
	note(run, JOURNAL_ENDING, run->now_ns);
	pipeline_ending(run->pipeline);
	run_evidence_ending(&run->evidence);
	if (run->capture->stop(run->capture, on_event, run) && !err)
		log_error("the kernel's tables could not be read to their end");
	note(run, JOURNAL_FINISH, run->now_ns);
	if (run->logs)
		logs_finish(run->logs);
	pipeline_finish(run->pipeline);
	lasting_end(&run->lasting);
	run_evidence_finish(&run->evidence);
	run_evidence_tell_end(&run->evidence);
	watcher_tell_end(&run->pods);
	run_sinks_finish(&run->sinks);
	kept = lasting_finish(&run->lasting);
	status = finish(run);
	if (status == EXIT_OK || status == EXIT_FINDINGS)
		status = kept == EXIT_OK ? status : kept;
	return err ? EXIT_RUNTIME : status;
}

int run_session(struct run_settings *settings, const volatile sig_atomic_t *stopped)
{
	struct run run = { .settings = settings,
			   .notify = { .fd = -1 },
			   .pods.lifeline = -1,
			   .evidence.stopped = stopped };
	int status = run_open(&run);

	if (status < 0)
		status = run_to_end(&run, stopped);
	notify_fini(&run.notify);
	control_close(run.control);
	web_close(run.web);
	logs_close(run.logs);
	identities_close(run.identities);
	journal_close(run.journal);
	run_evidence_close(&run.evidence);
	run_sinks_close(&run.sinks);
	pipeline_close(run.pipeline);
	namespaces_close(run.namespaces);
	watcher_close(&run.pods);
	lasting_close(&run.lasting);
	indicators_close(run.indicators);
	history_close(run.history);
	history_close(run.derivations);
	if (run.sink)
		run.sink->close(run.sink);
	if (run.capture)
		run.capture->close(run.capture);
	return status;
}
