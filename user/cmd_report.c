// SPDX-License-Identifier: BSD-2-Clause
/* skua report: what replay finds, as one HTML file for people. */
#include <stddef.h>
#include "base/log.h"
#include "capture/journal_in.h"
#include "cmd.h"
#include "command_tables.h"
#include "analyst/input_arguments.h"
#include "session/progress.h"
#include "replay/replay_session.h"

#define FIELD(name) offsetof(struct replay_settings, name)

static const struct option_row rows[] = {
	{ "output", 'o', OPTION_TEXT, FIELD(html), "FILE",
	  "where the report goes (report.html); -: standard output" },
	{ "title", 0, OPTION_TEXT, FIELD(html_title), "TEXT",
	  "its heading (default: the name of the capture)" },
	{ "read", 'r', OPTION_TEXT, FIELD(read), "FILE", "a capture file, or - for a pipe" },
	{ "min-score", 0, OPTION_SHARE, FIELD(min_score), "SCORE",
	  "show findings from this score on (0.5)" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "our side; repeatable (default: private addresses)" },
	{ "lists", 0, OPTION_TEXT, FIELD(lists), "DIR",
	  "list files of known services and ports (default: built in)" },
	{ "suppressions", 0, OPTION_TEXT, FIELD(lasting.suppressions), "FILE",
	  "findings that need not be said: see skua suppress" },
	{ "indicators", 0, OPTION_TEXTS, FIELD(triggers.indicators), "PATH",
	  "look out for what these files or folders list: addresses, networks, names, JA4" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "do not look inside VXLAN, Geneve, GRE, GTP-U and IP in IP" },
	{ "progress", 0, OPTION_CHOICE, FIELD(progress), PROGRESS_STYLES, "progress on stderr" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no summary on stderr" },
	{ .name = NULL },
};

const struct option_command report_command = {
	.usage = "report [OPTION]... FILE... [FILTER]",
	.about = "Reads captures as replay does, once, and writes what it finds as one HTML file:\n"
		 "findings with their reasons and charts, traffic over time, top talkers.  It "
		 "opens\n"
		 "offline, fetches nothing and is whole without its script.  The same capture "
		 "gives\n"
		 "the same file.\n"
		 "Exit: 0 done, 1 failure, 2 usage, 4 input cut short.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static int pass_over(struct sink *sink, const struct record *record)
{
	(void)sink;
	(void)record;
	return 0;
}

static void stay(struct sink *sink)
{
	(void)sink;
}

int cmd_report(int argc, char **argv)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct sink nowhere = { "none", pass_over, stay };
	struct replay_settings settings = { .html = "report.html",
					    .min_score = 0.5,
					    .sink = &nowhere };
	struct file_in_options input = {};
	char filter[INPUT_FILTER_SIZE];
	int first, status = options_parse_among(&report_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (input_arguments(argc - first, argv + first, &settings.read, &input, filter))
		return EXIT_USAGE;
	if (journal_in_is_journal(input.paths, input.path_count)) {
		log_error("report: a journal holds no packets to draw: name the capture itself");
		return EXIT_USAGE;
	}
	/* Without SA_RESTART, so that a pipe that is silent can be left. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	return replay_session(&settings, &input, &stopped);
}
