// SPDX-License-Identifier: BSD-2-Clause
/* skua status: what a running agent sees, and how it fares. */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "serve/status.h"

#define WATCH_MAX_S 86400

struct settings {
	const char *socket;
	int format; /* enum format */
	const char *watch;
};

enum format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE };

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ "watch", 0, OPTION_TEXT, FIELD(watch), "SECONDS", "ask again and again, until Ctrl-C" },
	{ .name = NULL },
};

const struct option_command status_command = {
	.usage = "status [OPTION]...",
	.about = "Asks the agent that 'skua run' started: which interfaces it watches, how many\n"
		 "packets went where and why, how full its tables are, what it found.\n"
		 "Exit: 0 done, 1 no answer, 2 usage.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static int show(const struct settings *settings, bool clear)
{
	bool table = settings->format == FORMAT_TABLE ||
		     (settings->format == FORMAT_AUTO && isatty(STDOUT_FILENO));
	struct client client = { settings->socket, AGENT_TIMEOUT_MS, 0 };
	struct status_view view;
	int err = client_status(&client, &view);

	if (err) {
		agent_error_say(&client, err);
		return EXIT_RUNTIME;
	}
	if (table && clear)
		fputs("\033[H\033[J", stdout);
	if (table)
		status_write_table(stdout, &view);
	else
		status_write_json(stdout, &view);
	return fflush(stdout) ? EXIT_RUNTIME : EXIT_OK;
}

static int watch(const struct settings *settings, double seconds)
{
	const struct timespec pause = { seconds, (seconds - (time_t)seconds) * 1e9 };
	static const struct sigaction stopping = { .sa_handler = stop };
	int status;

	/* Without SA_RESTART, so that the pause ends at once. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	do {
		status = show(settings, isatty(STDOUT_FILENO));
	} while (!status && !stopped && !nanosleep(&pause, NULL));
	return stopped ? EXIT_OK : status;
}

int cmd_status(int argc, char **argv)
{
	struct settings settings = { .socket = CONTROL_PATH };
	int first, status = options_parse(&status_command, argc, argv, &settings, &first);
	double seconds;
	char *end;

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("status: '%s' is one word too many: 'skua status --help' says what it "
			  "takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	if (!settings.watch)
		return show(&settings, false);
	seconds = strtod(settings.watch, &end);
	if (end == settings.watch || *end || !(seconds >= 0.1 && seconds <= WATCH_MAX_S)) {
		log_error("--watch: '%s' is not a number of seconds from 0.1 to %d", settings.watch,
			  WATCH_MAX_S);
		return EXIT_USAGE;
	}
	return watch(&settings, seconds);
}
