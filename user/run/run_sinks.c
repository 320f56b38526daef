// SPDX-License-Identifier: BSD-2-Clause
/* Opens, ends and counts where the findings of a live run go. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "run/run_sinks.h"
#include "sinks/file.h"
#include "sinks/remote.h"
#include "sinks/syslog_send.h"
#include "sinks/webhook.h"

bool run_sinks_check(const struct sink_settings *settings)
{
	struct syslog_target target;
	const char *wrong = settings->webhook ? webhook_check_url(settings->webhook) : NULL;

	if (settings->syslog && syslog_target_parse(&target, settings->syslog))
		log_error("--syslog '%s': say udp://HOST:PORT, tcp://HOST:PORT or unix:PATH",
			  settings->syslog);
	else if (wrong)
		log_error("--webhook '%s' %s", settings->webhook, wrong);
	else if (settings->webhook && !webhook_is_there())
		log_error("--webhook: built without libcurl: install libcurl4-openssl-dev and "
			  "build again");
	else if (!settings->webhook && (settings->webhook_secret || settings->webhook_cacert))
		log_error("--webhook-secret and --webhook-cacert are for --webhook URL");
	else
		return true;
	return false;
}

static void add(struct pipeline_options *pipeline, struct sink *sink)
{
	unsigned place = 0;

	while (pipeline->sinks[place])
		place++;
	pipeline->sinks[place] = sink;
}

static int open_file(struct run_sinks *sinks, const struct sink_envelope *envelope,
		     const struct privs_account *account, struct pipeline_options *pipeline)
{
	const char *path = sinks->settings->output;
	int err = file_sink_open(&sinks->file, path, envelope, account);

	if (err)
		log_error("--output %s: %s; name another file", path, strerror(-err));
	else
		add(pipeline, file_sink_get(sinks->file));
	return err;
}

static int open_syslog(struct run_sinks *sinks, const struct sink_envelope *envelope,
		       const struct privs_account *account, struct pipeline_options *pipeline)
{
	const struct syslog_origin origin = { .facility =
						      syslog_facility(sinks->settings->facility),
					      .host = envelope->host ? envelope->host : sinks->host,
					      .pid = getpid() };
	struct syslog_target target;
	struct sender *sender;
	int err = syslog_target_parse(&target, sinks->settings->syslog);

	if (gethostname(sinks->host, sizeof(sinks->host) - 1))
		sinks->host[0] = '\0';
	if (!err)
		err = sender_open(&sender, "syslog", account, syslog_send, &target);
	if (!err)
		err = remote_open_syslog(&sinks->syslog, sender, &origin,
					 syslog_target_limit(&target));
	if (err)
		log_error("--syslog: cannot start what sends: %s", strerror(-err));
	else
		add(pipeline, remote_sink(sinks->syslog));
	return err;
}

static int open_webhook(struct run_sinks *sinks, const struct sink_envelope *envelope,
			const struct privs_account *account, struct pipeline_options *pipeline)
{
	const struct sink_settings *settings = sinks->settings;
	struct webhook webhook = { .url = settings->webhook,
				   .cacert = settings->webhook_cacert,
				   .timeout_s = settings->webhook_timeout_s };
	char error[WEBHOOK_ERROR_SIZE];
	struct sender *sender;
	int err = 0;

	if (settings->webhook_secret)
		err = webhook_load_secret(&webhook, settings->webhook_secret, error);
	if (err) {
		log_error("--webhook-secret: %s", error);
		return err;
	}
	if (webhook_is_clear(settings->webhook))
		log_warning("%s: without https, who listens on the way can read what is found",
			    settings->webhook);
	err = sender_open(&sender, "webhook", account, webhook_send, &webhook);
	explicit_bzero(webhook.secret, sizeof(webhook.secret));
	if (!err)
		err = remote_open_json(&sinks->webhook, sender, envelope);
	if (err)
		log_error("--webhook: cannot start what sends: %s", strerror(-err));
	else
		add(pipeline, remote_sink(sinks->webhook));
	return err;
}

int run_sinks_open(struct run_sinks *sinks, const struct sink_settings *settings,
		   const struct sink_envelope *envelope, const struct privs_account *account,
		   struct pipeline_options *pipeline)
{
	int err = 0;

	sinks->settings = settings;
	if (settings->syslog)
		err = open_syslog(sinks, envelope, account, pipeline);
	if (!err && settings->webhook)
		err = open_webhook(sinks, envelope, account, pipeline);
	if (!err && settings->output)
		err = open_file(sinks, envelope, account, pipeline);
	return err;
}

void run_sinks_reopen(struct run_sinks *sinks)
{
	int err = sinks->file ? file_sink_reopen(sinks->file) : 0;

	if (err)
		log_error("cannot open %s anew: %s; the old file is written to",
			  sinks->settings->output, strerror(-err));
}

void run_sinks_finish(struct run_sinks *sinks)
{
	if (sinks->syslog)
		sender_end_input(remote_sender(sinks->syslog));
	if (sinks->webhook)
		sender_end_input(remote_sender(sinks->webhook));
	if (sinks->syslog)
		sender_finish(remote_sender(sinks->syslog));
	if (sinks->webhook)
		sender_finish(remote_sender(sinks->webhook));
}

unsigned run_sinks_tally(const struct run_sinks *sinks, struct sink_tally out[SINK_TALLIES])
{
	unsigned n = 0;

	if (sinks->file)
		file_sink_tally(sinks->file, &out[n++]);
	if (sinks->syslog)
		remote_tally(sinks->syslog, &out[n++]);
	if (sinks->webhook)
		remote_tally(sinks->webhook, &out[n++]);
	return n;
}

/* The same causes under one name each: the statistics keep names, and do not copy them. */
static uint64_t lost_by(const struct sink_tally *tally)
{
	uint64_t lost = 0;

	for (unsigned i = 0; i < tally->cause_count; i++)
		lost += tally->dropped[i].packets;
	return lost;
}

void run_sinks_stats(const struct run_sinks *sinks, struct stats *out)
{
	static const struct {
		const char *sink, *name;
	} names[] = { { "file", "output_unwritten" },
		      { "syslog", "syslog_undelivered" },
		      { "webhook", "webhook_undelivered" } };
	struct sink_tally tallies[SINK_TALLIES];
	unsigned n = run_sinks_tally(sinks, tallies);

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (!strcmp(tallies[i].name, names[j].sink))
				stats_add_undelivered(out, names[j].name, lost_by(&tallies[i]));
}

void run_sinks_view(const struct run_sinks *sinks, struct status_view *out)
{
	struct sink_tally tallies[SINK_TALLIES];
	unsigned n = run_sinks_tally(sinks, tallies);
	struct stats stats = {};

	for (unsigned i = 0; i < n; i++)
		if (tallies[i].capacity)
			view_add_table(out,
				       strcmp(tallies[i].name, "syslog") ? "webhook_waiting"
									 : "syslog_waiting",
				       tallies[i].waiting, tallies[i].capacity);
	run_sinks_stats(sinks, &stats);
	for (unsigned i = 0; i < stats.table_count; i++)
		view_add_cause(out, STATUS_GIVEN_UP, stats.tables[i].name, stats.tables[i].packets);
}

int run_sinks_say(const struct run_sinks *sinks)
{
	struct sink_tally tallies[SINK_TALLIES];
	unsigned n = run_sinks_tally(sinks, tallies);

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < tallies[i].cause_count; j++)
			if (tallies[i].dropped[j].packets)
				log_warning("%s: %llu of %llu records were not delivered: %s",
					    tallies[i].name,
					    (unsigned long long)tallies[i].dropped[j].packets,
					    (unsigned long long)tallies[i].offered,
					    tallies[i].dropped[j].name);
	if (sinks->syslog && remote_truncated(sinks->syslog))
		log_warning("syslog: %llu sentences were too long and were cut",
			    (unsigned long long)remote_truncated(sinks->syslog));
	return sinks->file ? file_sink_error(sinks->file) : 0;
}

void run_sinks_close(struct run_sinks *sinks)
{
	remote_close(sinks->syslog);
	remote_close(sinks->webhook);
	file_sink_close(sinks->file);
	sinks->syslog = sinks->webhook = NULL;
	sinks->file = NULL;
}
