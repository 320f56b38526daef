// SPDX-License-Identifier: BSD-2-Clause
/* skua suspicious: what stands out by simple rules. */
#include "analyst_session.h"
#include "analyze/suspicious.h"
#include "base/log.h"
#include "cmd.h"

struct settings {
	struct analyst_settings common;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ .name = NULL },
};

static const struct option_command command = {
	.usage = "suspicious [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each thing that stands out by simple rules\n"
		 "that weigh nothing: PORT_SCAN (20 SYN packets to one target), DNS_EXFILTRATION\n"
		 "(names of more than 60 characters), SUSPICIOUS_PORTS (ten well-known ones).\n"
		 "'skua replay' scores instead, and gives reasons.",
	.rows = rows,
};

int cmd_suspicious(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct analyst *analyst;
	int first, status = options_parse(&command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (suspicious_open(&analyst)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
