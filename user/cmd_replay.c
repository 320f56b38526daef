// SPDX-License-Identifier: BSD-2-Clause
/* skua replay: find scans, beacons and exfiltration in capture files. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "analyze/compat.h"
#include "analyze/totals.h"
#include "base/log.h"
#include "capture/replay.h"
#include "cmd.h"
#include "options.h"
#include "pipeline/accounting.h"
#include "pipeline/pipeline.h"
#include "progress.h"
#include "report/summary.h"

enum format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV };
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct settings {
	const char *read;
	int format, colour, progress;
	double min_score;
	struct option_networks locals;
	const char *lists;
	const char *host;
	bool compat, exit_on_findings, numeric, no_tunnels, quiet, totals;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "read", 'r', OPTION_TEXT, FIELD(read), "FILE", "a capture file, or - for a pipe" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table csv",
	  "how findings are printed" },
	{ "min-score", 0, OPTION_NUMBER, FIELD(min_score), "SCORE",
	  "show findings from this score on (0.5; 0 shows what context calmed)" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "our side; repeatable (default: private addresses)" },
	{ "lists", 0, OPTION_TEXT, FIELD(lists), "DIR",
	  "list files of known services and ports (default: built in)" },
	{ "compat", 0, OPTION_FLAG, FIELD(compat), NULL,
	  "also report by the simple rules PORT_SCAN, DNS_EXFILTRATION, SUSPICIOUS_PORTS" },
	{ "totals", 0, OPTION_FLAG, FIELD(totals), NULL,
	  "also count distinct conversations, address pairs and DNS messages" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "do not look inside VXLAN, Geneve, GRE, GTP-U and IP in IP" },
	{ "exit-on-findings", 0, OPTION_FLAG, FIELD(exit_on_findings), NULL,
	  "exit with status 3 when there are findings" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "name of this host in JSON records" },
	{ "color", 0, OPTION_CHOICE, FIELD(colour), "auto always never", "colours in tables" },
	{ "progress", 0, OPTION_CHOICE, FIELD(progress), PROGRESS_STYLES, "progress on stderr" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no summary on stderr" },
	{ "numeric", 'n', OPTION_FLAG, FIELD(numeric), NULL,
	  "accepted for tcpdump's sake: addresses are never resolved" },
	{ .name = NULL },
};

static const struct option_command command = {
	.usage = "replay [OPTION]... FILE... [FILTER]",
	.about = "Reads pcap and pcapng files, plain or compressed (.gz, .zst, .lz4), directories\n"
		 "of them, or a pipe (-), and prints what it finds, highest score first.  Several\n"
		 "files are merged by time.  FILTER is a tcpdump expression; arguments up to the\n"
		 "first that is no existing path are files, -- separates.\n"
		 "Exit: 0 done, 1 failure, 2 usage, 3 see --exit-on-findings, 4 input cut short.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

struct run {
	struct replay *replay;
	struct pipeline *pipeline;
	struct sink *sink;
	struct compat compat;
	struct totals totals;
	bool compat_on, totals_on;
	struct progress progress;
};

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct run *run = arg;

	if (!event) {
		if (replay_totals(run->replay)->at_end)
			pipeline_ending(run->pipeline);
		pipeline_tick(run->pipeline, now_ns);
		return;
	}
	if (run->compat_on && event->kind == SKUA_EVENT_DNS)
		compat_dns(&run->compat, (const struct skua_dns_event *)event);
	if (run->totals_on && event->kind == SKUA_EVENT_DNS)
		totals_dns(&run->totals, (const struct skua_dns_event *)event);
	pipeline_event(run->pipeline, event, bytes);
}

static void on_packet(void *arg, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct run *run = arg;

	if (run->compat_on)
		compat_packet(&run->compat, pkt, time_ns);
	if (run->totals_on)
		totals_packet(&run->totals, pkt);
}

static int open_sink(const struct settings *settings, struct sink **out)
{
	const struct sink_envelope envelope = { .host = settings->host, .mode = "replay" };
	bool terminal = isatty(STDOUT_FILENO);
	bool colour = settings->colour == COLOUR_ALWAYS;
	int format = settings->format;

	if (settings->colour == COLOUR_AUTO) {
		const char *term = getenv("TERM");

		colour = terminal && !getenv("NO_COLOR") && term && strcmp(term, "dumb");
	}
	if (format == FORMAT_AUTO)
		format = terminal ? FORMAT_TABLE : FORMAT_JSON;
	if (format == FORMAT_TABLE)
		return sink_table_open(out, stdout, colour);
	if (format == FORMAT_CSV)
		return sink_csv_open(out, stdout);
	return sink_json_open(out, stdout, &envelope);
}

/* The arguments up to the first that is no existing path are files, the rest is the filter. */
static int split_arguments(int argc, char **argv, struct file_in_options *input, char *filter,
			   size_t size)
{
	int files = 0;

	while (files < argc && strcmp(argv[files], "--") &&
	       (!strcmp(argv[files], "-") || !access(argv[files], F_OK)))
		files++;
	input->path_count = files;
	input->paths = (const char *const *)argv;
	if (files < argc && !strcmp(argv[files], "--"))
		files++;
	filter[0] = '\0';
	for (int i = files; i < argc; i++) {
		if (strlen(filter) + strlen(argv[i]) + 2 > size)
			return -E2BIG;
		if (filter[0])
			strcat(filter, " ");
		strcat(filter, argv[i]);
	}
	input->filter = filter[0] ? filter : NULL;
	return 0;
}

/* Those who look at every packet, which costs time, so only when asked for: 0 or -ENOMEM. */
static int open_counts(struct run *run, const struct settings *settings,
		       struct replay_options *replay)
{
	if (settings->compat && compat_init(&run->compat, COMPAT_CAPACITY))
		return -ENOMEM;
	run->compat_on = settings->compat;
	if (settings->totals && totals_init(&run->totals, TOTALS_CAPACITY))
		return -ENOMEM;
	run->totals_on = settings->totals;
	if (run->compat_on || run->totals_on) {
		replay->packet = on_packet;
		replay->packet_arg = run;
	}
	return 0;
}

static int open_run(struct run *run, const struct settings *settings,
		    const struct file_in_options *input)
{
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct replay_options replay = { .input = *input, .engine = ENGINE_OPTIONS_DEFAULT };
	char error[FILE_IN_ERROR_SIZE];
	int err;

	replay.engine.config.one_way = 1;
	replay.engine.config.look_through = !settings->no_tunnels;
	replay.engine.locals = settings->locals.count ? settings->locals.networks : NULL;
	replay.engine.local_count = settings->locals.count;
	if (open_counts(run, settings, &replay)) {
		log_error("cannot reserve the tables of counts: out of memory");
		return EXIT_RUNTIME;
	}
	err = replay_open(&run->replay, &replay, error);
	if (err) {
		log_error("%s", error);
		return err == -ENOMEM || err == -EIO ? EXIT_RUNTIME : EXIT_USAGE;
	}
	if (open_sink(settings, &run->sink)) {
		log_error("cannot write findings: out of memory");
		return EXIT_RUNTIME;
	}
	pipeline.min_score = settings->min_score;
	pipeline.lists = settings->lists;
	pipeline.locals = settings->locals.networks;
	pipeline.local_count = settings->locals.count;
	pipeline.sinks[0] = run->sink;
	return pipeline_open(&run->pipeline, &pipeline) ? EXIT_USAGE : -1;
}

static int poll_to_end(struct run *run)
{
	struct source *source = replay_source(run->replay);
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN && !stopped) {
		struct pipeline_counts counts;

		state = source->poll(source, on_event, run);
		pipeline_counts(run->pipeline, &counts);
		progress_replay(&run->progress, run->replay,
				counts.findings[1] + counts.findings[2] + counts.findings[3]);
	}
	pipeline_finish(run->pipeline);
	return state < 0 && state != -EINTR ? state : 0;
}

static int finish(struct run *run, const struct settings *settings)
{
	struct summary_extra extra = { .elapsed_s = progress_end(&run->progress) };
	const struct sink_envelope envelope = { .host = settings->host, .mode = "replay" };
	struct pipeline_counts counts;
	struct stats stats;
	const struct record record = { .kind = RECORD_STATS, .stats = &stats };

	accounting_of_replay(run->replay, run->pipeline, &stats);
	if (run->totals_on)
		stats.totals = &run->totals.counts;
	pipeline_counts(run->pipeline, &counts);
	pipeline_record(run->pipeline, &record);
	run->sink->close(run->sink);
	run->sink = NULL;
	if (run->compat_on && settings->format != FORMAT_TABLE && !isatty(STDOUT_FILENO))
		compat_write_json(&run->compat, stdout, &envelope);
	else if (run->compat_on)
		compat_write_table(&run->compat, stdout);
	fflush(stdout);
	extra.hidden = counts.hidden;
	if (!settings->quiet)
		report_summary(stderr, &stats, &extra);
	if (accounting_missing(&stats))
		log_error("the accounting does not add up: %lld packets are in no row",
			  (long long)accounting_missing(&stats));
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
	if (run->sink)
		run->sink->close(run->sink);
	if (run->replay)
		replay_source(run->replay)->close(replay_source(run->replay));
	if (run->compat_on)
		compat_fini(&run->compat);
	if (run->totals_on)
		totals_fini(&run->totals);
}

int cmd_replay(int argc, char **argv)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct settings settings = { .min_score = 0.5 };
	struct file_in_options input = {};
	struct run run = {};
	char filter[4096];
	int first, status = options_parse(&command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (split_arguments(argc - first, argv + first, &input, filter, sizeof(filter))) {
		log_error("the filter is longer than %zu bytes", sizeof(filter) - 1);
		return EXIT_USAGE;
	}
	if (settings.read) {
		input.paths = &settings.read;
		input.path_count = 1;
	}
	if (!input.path_count) {
		log_error(argc > first ? "%s: no such file: name a capture, or - for a pipe"
				       : "no capture: name a file, a directory, or - for a pipe",
			  argc > first ? argv[first] : "");
		return EXIT_USAGE;
	}
	/* Without SA_RESTART, so that a pipe that is silent can be left. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	status = open_run(&run, &settings, &input);
	if (status < 0) {
		progress_init(&run.progress, settings.progress);
		status = poll_to_end(&run) ? EXIT_RUNTIME : finish(&run, &settings);
	}
	close_run(&run);
	return status;
}
