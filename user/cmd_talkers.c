// SPDX-License-Identifier: BSD-2-Clause
/* skua talkers: who sent and received how much. */
#include "analyst/analyst_session.h"
#include "analyze/conversation_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	uint64_t top;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "top", 0, OPTION_NUMBER, offsetof(struct settings, top), "ROWS",
	  "only the first so many" },
	{ .name = NULL },
};

const struct option_command talkers_command = {
	.usage = "talkers [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each address, most bytes first: packets and\n"
		 "bytes it sent and received (whole frames).",
	.rows = rows,
};

int cmd_talkers(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct talker_options options;
	struct analyst *analyst;
	int first, status = options_parse(&talkers_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options.top = settings.top;
	if (talker_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
