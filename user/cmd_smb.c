// SPDX-License-Identifier: BSD-2-Clause
/* skua smb: what was done to which file of which share. */
#include "analyst/analyst_session.h"
#include "analyze/smb_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	bool all;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "all", 0, OPTION_FLAG, offsetof(struct settings, all), NULL,
	  "every command, not only those of sessions, trees and files" },
	{ .name = NULL },
};

const struct option_command smb_command = {
	.usage = "smb [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each SMB operation, on any port: session\n"
		 "setup, tree connect, create, read, write and close, with tree, file, bytes and "
		 "the\n"
		 "status of the response.  A row comes when the response is known, or when none\n"
		 "will come.  SMB1 is shown in the words of SMB2; what is encrypted or compressed\n"
		 "is not read.",
	.rows = rows,
};

int cmd_smb(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct analyst *analyst;
	int first, status = options_parse(&smb_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (smb_answers_open(&analyst, settings.all)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
