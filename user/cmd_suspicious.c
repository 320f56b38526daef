// SPDX-License-Identifier: BSD-2-Clause
/* skua suspicious: what stands out by simple rules. */
#include "analyst/analyst_session.h"
#include "analyze/suspicious.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	const char *lists;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "lists", 0, OPTION_TEXT, offsetof(struct settings, lists), "DIR",
	  "list files, of which suspicious-tlds.txt is used (default: built in)" },
	{ .name = NULL },
};

const struct option_command suspicious_command = {
	.usage = "suspicious [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each thing that stands out by simple rules\n"
		 "that weigh nothing: who, what, how often, when and why.  PORT_SCAN (20 SYN\n"
		 "packets to one target), DNS_EXFILTRATION (names of more than 60 characters),\n"
		 "SUSPICIOUS_PORTS (ten well-known ones); programs, scripts and documents with\n"
		 "macros over HTTP, FTP and SMB; administrative shares and pipes; refused logins\n"
		 "of FTP and SMB, and what looks like them in SSH and RDP; names below top-level\n"
		 "domains known for abuse.  'skua replay' scores instead, and gives reasons.",
	.rows = rows,
};

int cmd_suspicious(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct suspicious_options options;
	struct lists *lists = NULL;
	struct analyst *analyst;
	int first, status = options_parse(&suspicious_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (lists_open(&lists, settings.lists))
		return EXIT_USAGE;
	options.lists = lists;
	if (suspicious_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		status = EXIT_RUNTIME;
	} else {
		status = analyst_session(&settings.common, argc - first, argv + first, analyst);
	}
	lists_close(lists);
	return status;
}
