// SPDX-License-Identifier: BSD-2-Clause
/* skua findings: what a running agent has found lately, and finds. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd.h"
#include "command_tables.h"
#include "client/findings_table.h"
#include "client/follow.h"
#include "option/options.h"
#include "session/output.h"

struct settings {
	const char *socket;
	int format; /* index into the choices */
	bool follow;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "follow", 0, OPTION_FLAG, FIELD(follow), NULL, "go on with what comes, until Ctrl-C" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how they are printed; auto: a table on a terminal, else JSON" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ .name = NULL },
};

const struct option_command findings_command = {
	.usage = "findings [OPTION]...",
	.about = "Prints what the running agent found, as far back as it remembers.\n"
		 "Exit: 0 done, 1 no answer, 2 usage.",
	.rows = rows,
};

/* What was asked for so far, and where answers go: a sink, or standard output as they are. */
struct reading {
	struct client client;
	struct sink *sink; /* NULL: JSON */
	uint64_t next;
	bool answered, waiting;
};

static int print(const struct reading *reading, const struct control_answer *answer)
{
	if (reading->sink)
		return findings_table_add(reading->sink, answer->bytes, answer->length);
	errno = 0;
	if (fwrite(answer->bytes, 1, answer->length, stdout) == answer->length && !fflush(stdout))
		return 0;
	return errno ? -errno : -EIO;
}

static void say_missed(const struct reading *reading, uint64_t missed)
{
	char number[TEXT_NUMBER];

	if (missed && reading->next)
		log_warning("%s findings were gone before they could be read",
			    text_count(number, missed));
	else if (missed)
		log_info("%s earlier findings are no longer kept", text_count(number, missed));
}

/* Everything that there is now.  0 or -errno of the client; of the output in *write_err. */
static int read_all(struct reading *reading, int *write_err)
{
	for (;;) {
		struct control_answer answer;
		int err = client_findings(&reading->client, reading->next, &answer);

		if (err)
			return err;
		reading->answered = true;
		say_missed(reading, answer.missed);
		reading->next = answer.next;
		if (!answer.length)
			return 0;
		*write_err = print(reading, &answer);
		free(answer.bytes);
		if (*write_err)
			return 0;
	}
}

static int read_once(struct reading *reading, int *write_err)
{
	int err = read_all(reading, write_err);

	if (err)
		agent_error_say(&reading->client, err);
	return err;
}

static int read_on(struct reading *reading, int *write_err)
{
	follow_begin();
	for (;;) {
		int err = read_all(reading, write_err);

		if (*write_err || follow_is_stopped())
			return 0;
		if (err && (!reading->answered || !follow_may_pass(err))) {
			agent_error_say(&reading->client, err);
			return err;
		}
		if (err && !reading->waiting)
			log_warning("the agent at %s does not answer: waiting for it",
				    reading->client.path);
		reading->waiting = err;
		if (!follow_wait(STDOUT_FILENO))
			return 0;
	}
}

static int show(const struct settings *settings)
{
	static const enum output_format formats[] = { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE };
	enum output_format format = output_format(formats[settings->format]);
	struct reading reading = { .client = { settings->socket, AGENT_TIMEOUT_MS, 0 } };
	int write_err = 0, err;

	if (format == FORMAT_TABLE && findings_table_add(NULL, "", 0)) {
		log_error("--format table: built without jansson: use json");
		return EXIT_USAGE;
	}
	if (format == FORMAT_TABLE &&
	    output_open(&reading.sink, format, COLOUR_AUTO, NULL, settings->follow))
		return EXIT_RUNTIME;
	err = settings->follow ? read_on(&reading, &write_err) : read_once(&reading, &write_err);
	if (reading.sink)
		reading.sink->close(reading.sink);
	return err ? EXIT_RUNTIME : output_check(write_err);
}

int cmd_findings(int argc, char **argv)
{
	struct settings settings = { .socket = CONTROL_PATH };
	int first, status = options_parse(&findings_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("findings: '%s' is one word too many: 'skua findings --help' says what "
			  "it takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	return show(&settings);
}
